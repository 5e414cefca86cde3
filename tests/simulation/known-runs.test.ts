// What the simulator found once, and that it plays the same thing twice.
import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { playLight } from './light.ts'
import { prove } from './proving.ts'

test('every run that ever broke a promise keeps it now', { timeout: 600_000 }, async () => {
  const seeds = JSON.parse(readFileSync(new URL('seeds.json', import.meta.url), 'utf8')) as readonly unknown[]
  const plans = readdirSync(new URL('found/', import.meta.url))
  const proved = await prove('--known', '--brief')
  expect(proved).toMatchObject({ code: 0 })
  // None of them is passed over.
  expect(proved.text).toContain(`${seeds.length + plans.length} runs from`)
})

test('whoever plays a seed again sees the same, event by event', { timeout: 300_000 }, async () => {
  const args = ['--seed', 'again', '--hours', '1', '--brief']
  const [one, other] = [await prove(...args), await prove(...args)]
  expect(one).toMatchObject({ code: 0 })
  expect(logOf(other.text)).toBe(logOf(one.text))
})

test('two hundred light nodes come together, and in the same way twice', { timeout: 120_000 }, () => {
  const wish = { seed: 'two hundred', nodes: 200, hours: 4 }
  const outcome = playLight(wish)
  expect(outcome).toMatchObject({ states: 1, missing: 0 })
  expect(outcome.forks).toBeGreaterThan(0)
  expect(playLight(wish)).toEqual(outcome)
})

function logOf(text: string): string | undefined {
  return /log [0-9a-f]+/.exec(text)?.[0]
}

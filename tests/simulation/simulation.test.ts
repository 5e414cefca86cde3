// The simulator as a test: what it found once, what it finds now, and that it would notice. Each in a process of its own, as
// `npm run prove` does it, since a core that is broken on purpose is broken while it is loaded.
import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import { brokenBuilds } from './broken-builds.ts'
import { playLight } from './light.ts'

/** CI searches for three minutes. */
const MINUTES = Number(process.env['STEWARD_PROVE_MINUTES'] ?? '0.3')
const PROVE = new URL('./prove.ts', import.meta.url).pathname

interface Proved {
  readonly code: number | null
  readonly text: string
}

function prove(...args: readonly string[]): Promise<Proved> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [PROVE, ...args], { stdio: ['ignore', 'pipe', 'pipe'] })
    let text = ''
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (part: Buffer) => void (text += part.toString()))
    child.once('exit', (code) => resolve({ code, text }))
  })
}

test('every run that ever broke a promise keeps it now', { timeout: 600_000 }, async () => {
  expect(await prove('--known', '--brief')).toMatchObject({ code: 0 })
})

test(
  `no promise is broken in ${MINUTES} minutes of runs that nobody has seen before`,
  { timeout: 900_000 },
  async () => {
    const from = randomBytes(4).toString('hex')
    const proved = await prove('--minutes', String(MINUTES), '--from', from)
    // The seed shows in the output whatever came of it.
    console.log(proved.text)
    expect(proved).toMatchObject({ code: 0 })
  },
)

test('whoever plays a seed again sees the same, event by event', { timeout: 300_000 }, async () => {
  const args = ['--seed', 'again', '--hours', '1', '--brief']
  const [one, other] = [await prove(...args), await prove(...args)]
  expect(one).toMatchObject({ code: 0 })
  expect(logOf(other.text)).toBe(logOf(one.text))
})

test('two hundred light nodes come together, and in the same way twice', { timeout: 120_000 }, () => {
  const wish = { seed: 'two hundred', nodes: 200, hours: 2 }
  const outcome = playLight(wish)
  expect(outcome).toMatchObject({ states: 1 })
  expect(playLight(wish)).toEqual(outcome)
})

function logOf(text: string): string | undefined {
  return /log [0-9a-f]+/.exec(text)?.[0]
}

test.each(brokenBuilds.map(({ name, what, seed, caughtBy }) => [name, what, seed, caughtBy] as const))(
  'a core that is broken on purpose is caught: %s (%s)',
  { timeout: 300_000 },
  async (name, _what, seed, caughtBy) => {
    const proved = await prove('--broken', name, '--from', seed, '--minutes', '2', '--hours', '2', '--brief')
    expect(proved).toMatchObject({ code: 1 })
    expect(caughtBy).toContain(/BROKEN (\S+)/.exec(proved.text)?.[1]?.replace(':', ''))
  },
)

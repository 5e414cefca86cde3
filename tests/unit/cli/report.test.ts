import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { Place, type Core } from '#tests/kit/place.ts'
import { say } from './command-line.ts'

/** Three nodes of which two saw different things; their cores are stopped, so that the command line may have the data folder. */
async function differing(place: Place): Promise<Core> {
  const cores = await place.network('ada', 'ben', 'cleo')
  const [ada, ben] = cores
  await ada.observe('report.json', { value: 1 })
  await ben.observe('report.json', { value: 2 })
  await place.settle(cores)
  for (const core of cores) await core.stop()
  return ada
}

test('the command line makes, reads, compares and exports reports, and says by its exit code what waits', async () => {
  await using place = new Place()
  const ada = await differing(place)
  const run = (...words: string[]) => say(['--home', ada.home, '--json', ...words], place.folder)
  const read = (...words: string[]) => say(['--home', ada.home, ...words], place.folder)

  expect((await read('report', 'list')).out).toContain('No reports yet')
  const made = await run('report', 'make', '--out', 'out')
  expect(made.code).toBe(1)
  expect(made.json).toMatchObject({ recommendation: 'no-go', openConflicts: 1, nodes: 3, exitCode: 1 })
  expect(existsSync(join(place.folder, 'out/_report/network/latest/summary.md'))).toBe(true)
  expect(readFileSync(join(place.folder, 'out/_bus/events/events.jsonl'), 'utf8')).toContain('conflict.open')

  expect((await read('report', 'show')).out).toContain('# Network report: network of ada')
  const { id } = made.json as { id: string }
  expect((await run('report', 'compare', id)).json).toMatchObject({ opened: { total: 0 } })
  expect((await run('report', 'schema', 'summary')).json).toMatchObject({
    title: 'Steward network report: summary.json',
  })
  expect((await run('report', 'show', 'nonsense')).code).toBe(2)
  expect((await run('report', 'list')).json).toMatchObject({ items: [{ id }] })
})

test('the guard fails where the nodes do not converge', async () => {
  await using place = new Place()
  const ada = await differing(place)
  const guarded = await say(['--home', ada.home, '--json', 'report', 'guard'], place.folder)
  expect(guarded.code).toBe(1)
  const { measures } = guarded.json as { measures: { id: string; state: string }[] }
  expect(measures.map(({ id, state }) => [id, state])).toEqual([
    ['hash-match', 'fail'],
    ['gap-rate', 'ok'],
    ['anchor-latency', 'not-measured'],
    ['tag-ratio', 'not-measured'],
    ['automation-accuracy', 'not-measured'],
  ])
  expect((await say(['--home', ada.home, 'brief', '--dry-run'], place.folder)).out).toMatch(/Open conflicts +1/)
})

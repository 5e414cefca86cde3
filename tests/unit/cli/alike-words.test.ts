// Several conflicts at once in the terminal: found by their options, compared, and decided by one rule. Through a running host.
import { expect, test } from 'vitest'
import * as z from 'zod'
import { ConflictId } from '#core/contract/index.ts'
import { Place, type Core } from '#tests/kit/place.ts'
import { serve, type Served } from './served.ts'

const Page = z.object({ items: z.array(z.object({ id: ConflictId, subject: z.string() })) })

/** ada and ben differ about two subjects, of which one is of a task. */
async function twoConflicts(place: Place): Promise<Core> {
  const [ada, ben] = await place.network('ada', 'ben')
  await ada.observe('usage/a.json', { v: 1, same: { k: true } }, 'pilot')
  await ben.observe('usage/a.json', { v: 2, same: { k: true } }, 'pilot')
  await ada.observe('other.json', { v: 1 })
  await ben.observe('other.json', { v: 2 })
  await place.settle([ada, ben])
  return ada
}

async function pilotConflict(host: Served): Promise<ConflictId> {
  const [conflict] = Page.parse((await host.run('conflicts', '--task', 'pilot')).json).items
  if (conflict === undefined) throw new Error('there is a conflict')
  return conflict.id
}

test('conflicts are found by kind, severity, node, task and subject, and sorted; what there is to choose is said', async () => {
  await using place = new Place()
  const ada = await twoConflicts(place)
  await using host = await serve(ada)
  const subjects = async (...words: readonly string[]) =>
    Page.parse((await host.run('conflicts', ...words)).json).items.map(({ subject }) => subject)
  expect(await subjects('--sort', 'subject')).toEqual(['other.json', 'usage/a.json'])
  expect(await subjects('--task', 'pilot')).toEqual(['usage/a.json'])
  expect(await subjects('--subject', 'OTHER', '--node', 'ben', '--severity', '2')).toEqual(['other.json'])
  expect(await subjects('--kind', 'fork', 'stale')).toEqual([])
  expect(await subjects('--kind', 'hash-mismatch')).toHaveLength(2)
  expect(await subjects('--severity', '3')).toEqual([])
  expect(await subjects('--overdue')).toEqual([])
  expect((await host.read('conflicts', '--choices')).out).toMatch(
    /^Open +2\nSettled +0\nKinds +2 hash-mismatch\nSeverities +2 of 2\nTasks +pilot\nNodes +ada, ben\n$/,
  )
})

test('a conflict is shown with what differs, what is equal, and what was signed on its subject', async () => {
  await using place = new Place()
  const ada = await twoConflicts(place)
  await using host = await serve(ada)
  const id = await pilotConflict(host)
  const { out } = await host.read('show', id, '--diff', '--history')
  expect(out).toMatch(/\nDifferences:\nWHERE +\w+ #\d+ +\w+ #\d+\nv +[12] +[12]\n1 value equal\n/)
  expect(out).toMatch(/\nHistory of the subject:\n([0-9a-f]{12} +\w+ #\d+ +\S+ \S+ UTC +.+\n){2}$/)
  expect((await host.read('show', id, '--equal')).out).toMatch(/\nsame\.k +true +true\n/)
  const plainly = await host.run('show', id)
  expect(plainly.out).not.toMatch(/"(diff|history)"/)
  expect((await host.run('show', id, '--diff', '--history')).json).toMatchObject({
    items: [{ id, diff: { structured: true, equalCount: 1 }, history: [{}, {}] }],
  })
})

test('several conflicts are shown under one rule, and signed only when that is asked for', async () => {
  await using place = new Place()
  const ada = await twoConflicts(place)
  await using host = await serve(ada)
  const shown = await host.read('decide-alike', '--all', '--pick-newest')
  expect(shown.out).toMatch(
    /^([0-9a-f]{12} +would sign +For .*\n){2}Nothing was signed\. With --sign it is 2 decisions; 0 would/,
  )
  expect(await ada.conflicts()).toHaveLength(2)

  const id = await pilotConflict(host)
  const signed = await host.read(
    'decide-alike',
    id.slice(7, 19),
    '--pick-node',
    'ben',
    '--sign',
    '--reason',
    'his meter',
  )
  expect(signed.out).toMatch(
    /^[0-9a-f]{12} +signed [0-9a-f]{12} +For a\.json, ben's receipt #\d+.*\nSigned 1 decision; 0 not signed\.\n$/,
  )
  expect((await ada.steward.conflicts.get({ id })).decisions).toMatchObject([{ reason: 'his meter' }])

  expect(
    (await host.run('decide-alike', '--subject', 'other', '--none', '--sign', '--reason', 'x')).json,
  ).toMatchObject({
    items: [
      { subject: 'other.json', verdict: { type: 'none' }, decision: expect.any(String) as string, problem: null },
    ],
  })
  expect(await ada.conflicts()).toEqual([])
  expect((await host.read('decide-alike', '--all', '--none')).out).toBe('No open conflict fits.\n')
  expect((await host.read('decide-alike', id, '--none')).out).toMatch(/ +stays open +.*It was solved meanwhile\.\n/)
})

test.each([
  [['--all'], 'The rule is missing: one of --pick-newest, --pick-node and --none.'],
  [['--pick-newest'], 'Which conflicts is missing.'],
  [['--all', '--pick-newest', '--none'], 'cannot be used with'],
  [['--all', '--none', '--sign'], 'The reason is missing'],
  [['abcdef', '--all', '--pick-newest'], 'Conflicts are named by their ids and by options as well.'],
])('decide-alike %j signs nothing and says what is missing', async (words, sentence) => {
  await using place = new Place()
  const ada = await place.node('ada', { exchange: null })
  await using host = await serve(ada)
  const said = await host.read('decide-alike', ...words)
  expect([said.code, said.out]).toEqual([2, ''])
  expect(said.err).toContain(sentence)
})

import { expect, test } from 'vitest'
import { namesOf } from '#core/aggregate/words.ts'
import { Directories, feedReceipt } from '../../kit/directories.ts'

const AT = '_report/a.json'

test.each([
  [['a'], 'a'],
  [['a', 'b'], 'a and b'],
  [['a', 'b', 'c', 'd'], 'a, b, c and d'],
  [['a', 'b', 'c', 'd', 'e', 'f'], 'a, b, c, d and 2 others'],
])('%j are named as %s', (labels, text) => {
  expect(namesOf(labels)).toBe(text)
})

test('signatures that were not checked are said to be so', async () => {
  using place = new Directories()
  place.found('ada')
  place.write('ada', AT, feedReceipt(place.key, { value: 1 }))
  const { summary, files, receipts } = await place.merge({ labels: ['ada'], signatures: 'skipped' })
  expect(summary.checks.signatures).toEqual({ status: 'skipped' })
  expect(receipts[0]?.variants[0]?.signature).toEqual({
    state: 'skipped',
    why: 'Signatures were not to be checked.',
  })
  expect(files['summary.md']).toContain('| ada | 1 | not checked | 1 event, newest | missing | 100 % |')
})

test('what is expected and here at every node is one sentence', async () => {
  using place = new Directories()
  for (const label of ['ada', 'ben']) place.write(label, AT, '{}')
  const { files } = await place.merge({ labels: ['ada', 'ben'], expect: [AT] })
  expect(files['summary.md']).toContain('## Coverage\n\n2 artefacts of 2 expected are here (100 %).\n\n##')
})

test('of many stories about one path four are told, and since when there are two is told where all say it', async () => {
  using place = new Directories()
  const labels = ['ada', 'ben', 'cleo', 'dora', 'eve', 'finn']
  for (const [at, label] of labels.entries())
    place.write(label, AT, JSON.stringify({ generated_at: `2026-02-0${9 - at}T00:00:00Z`, n: at }))
  const { conflicts } = await place.merge({ labels })
  expect(conflicts).toMatchObject([{ kind: 'hash-mismatch', since: '2026-02-05T00:00:00.000Z' }])
  expect(conflicts[0]?.happened).toMatch(/ at dora, 2 more\. No anchor is newer/)
  place.write('finn', AT, '{"n": 9}')
  expect((await place.merge({ labels })).conflicts).toMatchObject([{ since: null }])
})

test('an item about a file that a plan names says which step', async () => {
  using place = new Directories()
  const plan = (id: string, receipts: readonly string[]) =>
    JSON.stringify({ plan_id: id, steps: [{ id: 'S1', status: 'open', receipts }], receipts: [AT, '_report/b.json'] })
  for (const [at, label] of ['ada', 'ben'].entries()) {
    place.write(label, AT, `{"n": ${at}}`)
    place.write(label, '_report/b.json', `{"n": ${at}}`)
    place.write(label, '_plans/levels.plan.json', plan('levels', [AT]))
  }
  const { conflicts, files } = await place.merge({ labels: ['ada', 'ben'] })
  expect(conflicts.map(({ path, plans }) => [path, plans])).toEqual([
    [AT, [{ plan: 'levels', step: 'S1' }]],
    ['_report/b.json', [{ plan: 'levels', step: null }]],
  ])
  expect(files['summary.md']).toContain(' Plan levels, step S1.')
  expect(files['summary.md']).toContain(' Plan levels.\n')
})

test('a plan file that cannot be read is told once', async () => {
  using place = new Directories()
  place.write('ada', AT, '{}')
  place.write('ada', '_plans/torn.plan.json', '{"plan_id":')
  const { conflicts, notices } = await place.merge({ labels: ['ada'] })
  expect([...conflicts, ...notices].filter(({ path }) => path.startsWith('_plans'))).toMatchObject([
    { kind: 'unreadable', path: '_plans/torn.plan.json' },
  ])
})

test('a plan that names more receipts than are kept in mind is told, and compared all the same', async () => {
  using place = new Directories()
  place.write('ada', AT, '{}')
  const receipts = Array.from({ length: 50_010 }, (_, at) => `_report/${at}.json`)
  place.write('ada', '_plans/p.plan.json', JSON.stringify({ plan_id: 'p', steps: [], receipts }))
  const { notices, receipts: paths } = await place.merge({ labels: ['ada'] })
  expect(notices.map(({ happened }) => happened)).toContain(
    'The plans name more receipts than are kept in mind; 10 links are not shown.',
  )
  expect(paths.map(({ path }) => path)).toEqual(['_plans/p.plan.json', AT])
})

test('of items of one kind the summary shows twenty, whichever batch and list they come from', async () => {
  using place = new Directories()
  place.write('ada', AT, '{}')
  for (let at = 0; at < 30; at++) place.write('ada', `_report/torn-${at}.json`, '{"')
  const { summary, conflicts } = await place.merge({
    labels: ['ada'],
    expect: Array.from({ length: 30 }, (_, at) => `_report/never-${at}.json`),
  })
  expect(conflicts.filter(({ kind }) => kind === 'unreadable')).toHaveLength(30)
  const shown = Map.groupBy(summary.shown, ({ kind }) => kind)
  expect([shown.get('unreadable')?.length, shown.get('missing-artefact')?.length]).toEqual([20, 20])
})

import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { Instant } from '#core/contract/index.ts'
import { namesOf } from '#core/aggregate/words.ts'
import { Directories, feedReceipt, FIXTURES, mergeInto } from '../../kit/directories.ts'

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
  expect(files['summary.md']).toContain(
    '| ada | 1 | not checked | 1 event, newest | missing | not measured | 2026-02-01T10:00:00.000Z |',
  )
  expect(files['summary.md']).toContain('| Signatures hold | not checked | none | NO |')
  expect(summary).toMatchObject({ nodes: [{ coverage: null }], coverage: { ratio: null, expected: 0 } })
})

test('what is expected and here at every node is one sentence', async () => {
  using place = new Directories()
  for (const label of ['ada', 'ben']) place.write(label, AT, '{}')
  const { files } = await place.merge({ labels: ['ada', 'ben'], expect: [AT] })
  expect(files['summary.md']).toContain('## Coverage\n\n2 artefacts of 2 expected are here (100 %).\n\n##')
  expect(files['summary.md']).toContain('| Expected artefacts are covered | 100 % | at least 95 % | yes |')
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

const NODES = ['ada', 'ben', 'cleo']
const lastLine = (text: string | undefined) => text?.trimEnd().split('\n').at(-1)

test('three nodes that agree end with a go, and each risk says what was found', async () => {
  using place = new Directories()
  for (const label of NODES) {
    place.found(label)
    place.write(label, AT, feedReceipt(place.key, { value: 1 }))
  }
  const { files } = await place.merge({ expect: [AT] })
  expect(lastLine(files['summary.md'])).toBe('**Recommendation: go.** Every criterion that could be measured is met.')
  for (const line of [
    '- **Byzantine node: clear.** 3 signatures hold, 0 do not. 0 files state hashes that do not fit.',
    '- **Withholding: clear.** 3 of 3 expected artefacts are here (100 %); 0 missing.',
    '| Enough nodes | 3 directories | at least 3 | yes |',
  ])
    expect(files['summary.md']).toContain(line)
})

test('what does not hold is an alarm, and a no-go that names what is not met', async () => {
  using place = new Directories()
  for (const label of NODES) place.found(label, label === 'ada' ? ['first', 'second'] : ['first'])
  place.write('ada', AT, feedReceipt(place.key, { value: 1 }))
  place.write('ben', AT, feedReceipt(place.key, { value: 1 }).replace('"level"', '"depth"'))
  place.write('cleo', '_report/b.json', feedReceipt(place.key, { value: 2, issuedAt: '2027-01-01T00:00:00Z' }))
  const { files } = await place.merge({ expect: [AT], signatures: 'required' })
  expect(lastLine(files['summary.md'])).toBe(
    '**Recommendation: no-go.** Not met: signatures hold; hashes hold; nothing waits for a person; expected artefacts are covered.',
  )
  expect(files['summary.md']).toContain(
    '- **Byzantine node: alarm.** 2 signatures hold, 1 does not. 1 file states a hash that does not fit.',
  )
  expect(files['summary.md']).toContain('- **Replay: watch.** ')
  expect(files['summary.md']).toContain(
    '- **Withholding: alarm.** 2 of 3 expected artefacts are here (66.6 %); 1 missing.',
  )
})

test('nodes without any anchors are not said to have known ones', async () => {
  using place = new Directories()
  for (const label of NODES) place.write(label, AT, '{}')
  const { files } = await place.merge()
  expect(files['summary.md']).toContain(
    '| Anchors are known and of one chain | no anchors | none against it | not measured |',
  )
  expect(lastLine(files['summary.md'])).toMatch(/^\*\*Recommendation: go\.\*\*/)
})

test('every conflict and notice about the real directories has an id of its own, whatever the as-of time', async () => {
  using place = new Directories()
  const nodes = ['node-a', 'node-b', 'node-c'].map((label) => ({ label, folder: join(FIXTURES, label) }))
  const told = await mergeInto(join(place.folder, 'out'), { nodes })
  const ids = [...told.conflicts, ...told.notices].map(({ id }) => id)
  expect(ids.length).toBeGreaterThan(10)
  expect(new Set(ids).size).toBe(ids.length)
  // An instant by its form.
  const later = await mergeInto(join(place.folder, 'later'), { nodes, asOf: '2026-06-01T12:00:00.000Z' as Instant })
  expect([...later.conflicts, ...later.notices].map(({ id }) => id)).toEqual(ids)
})

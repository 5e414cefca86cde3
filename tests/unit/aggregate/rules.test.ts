import { expect, test } from 'vitest'
import { Directories, feedReceipt } from '../../kit/directories.ts'

const AT = '_report/usage/external-summary.json'

test('under two verified anchors the later one wins, and the rule is named', async () => {
  using place = new Directories()
  place.found('ada', ['first', 'second'])
  place.found('ben', ['first'])
  place.write('ada', AT, '{"feeds": {"a": 1}}')
  place.write('ben', AT, '{"feeds": {"a": 2}}')
  const { summary, receipts, notices } = await place.merge({ labels: ['ada', 'ben'] })
  expect(summary.exitCode).toBe(0)
  expect(receipts[0]?.variants.map(({ nodes, standing }) => [nodes, standing])).toEqual(
    expect.arrayContaining([
      [['ada'], 'stands'],
      [['ben'], 'superseded'],
    ]),
  )
  expect(notices.find(({ kind }) => kind === 'superseded')?.happened).toContain('the most recent anchor wins')
})

test('an unsigned file under newer anchors does not take the place of a signed one', async () => {
  using place = new Directories()
  place.found('ada', ['first', 'second'])
  place.found('ben', ['first'])
  place.write('ada', AT, '{"feed_id": "quay", "observations": []}')
  place.write('ben', AT, feedReceipt(place.key, { value: 1.5 }))
  const { conflicts } = await place.merge({ labels: ['ada', 'ben'] })
  expect(conflicts).toMatchObject([{ kind: 'hash-mismatch', nodes: ['ada', 'ben'] }])
  expect(conflicts[0]?.happened).toContain('is not signed, and may not take the place of a signed one')
})

test('anchors that part ways decide nothing and are told themselves', async () => {
  using place = new Directories()
  place.found('ada', ['first', 'ours'])
  place.found('ben', ['first', 'theirs'])
  place.write('ada', AT, '{"a": 1}')
  place.write('ben', AT, '{"a": 2}')
  const { summary, conflicts } = await place.merge({ labels: ['ada', 'ben'] })
  expect(summary).toMatchObject({ exitCode: 3, checks: { anchors: { status: 'conflict' } } })
  expect(conflicts.map(({ kind }) => kind)).toEqual(['anchor-failure', 'diverging-anchors'])
})

test('a node without anchors is told, and where it differs nobody wins', async () => {
  using place = new Directories()
  place.found('ada')
  place.write('ada', AT, '{"a": 1}')
  place.write('ben', AT, '{"a": 2}')
  const { summary, conflicts } = await place.merge({ labels: ['ada', 'ben'] })
  expect(summary.exitCode).toBe(1)
  expect(conflicts.map(({ kind, path, nodes }) => [kind, path, nodes])).toEqual([
    ['missing-anchor', 'governance/anchors.json', ['ben']],
    ['missing-anchor', AT, ['ada', 'ben']],
  ])
})

test('the same content in different bytes is agreed, whatever the numbers look like', async () => {
  using place = new Directories()
  place.write('ada', AT, '{"a": 24.0, "b": [1, 2]}')
  place.write('ben', AT, '{\r\n  "b": [1,2],\r\n  "a": 24.0\r\n}\r\n')
  place.write('cleo', AT, '{"a": 24, "b": [1, 2]}')
  const { receipts, conflicts } = await place.merge()
  expect(receipts[0]).toMatchObject({ state: 'conflict' })
  expect(conflicts[0]?.happened).toMatch(/ at ada and ben, .* at cleo\./)
  const two = await place.merge({ labels: ['ada', 'ben'] })
  expect(two.receipts[0]).toMatchObject({ state: 'same-content' })
})

test('what is expected and missing is named, with its share for each node and pattern', async () => {
  using place = new Directories()
  for (const label of ['ada', 'ben']) place.write(label, AT, '{}')
  place.write('ada', '_report/external/quay/1.json', '{}')
  place.write('ada', '_report/external/quay/2.json', '{}')
  place.write('ben', '_report/external/quay/2.json', '{}')
  const { summary, notices } = await place.merge({
    labels: ['ada', 'ben'],
    expect: ['_report/external/*.json', '_report/never.json', AT],
  })
  expect(summary.coverage.patterns).toMatchObject([
    { pattern: '_report/external/*.json', ratio: 750_000, nodes: [{ ratio: 1_000_000 }, { ratio: 500_000 }] },
    { pattern: '_report/never.json', ratio: 0 },
    { pattern: AT, ratio: 1_000_000 },
  ])
  expect(notices.filter(({ kind }) => kind === 'missing-artefact').map(({ path, nodes }) => [path, nodes])).toEqual([
    ['_report/external/quay/1.json', ['ben']],
    ['_report/never.json', ['ada', 'ben']],
  ])
})

test('stale is what is older than its limit while a newer one exists elsewhere; the time of the file plays no part', async () => {
  using place = new Directories()
  place.write('ada', AT, '{"generated_at": "2026-02-27T10:00:00Z"}')
  place.write('ben', AT, '{"generated_at": "2026-03-01T10:00:00Z"}')
  place.write('ada', '_report/old.json', '{"generated_at": "2020-01-01T00:00:00Z"}')
  const { notices, files } = await place.merge({
    labels: ['ada', 'ben'],
    freshness: [{ pattern: '_report/*', limitMs: 24 * 3_600_000 }],
  })
  expect(notices.filter(({ kind }) => kind === 'stale').map(({ path, nodes }) => [path, nodes])).toEqual([
    [AT, ['ada']],
  ])
  expect(Object.values(files).join('')).not.toMatch(/modified|mtime/)
})

test('a receipt that is dated ahead does not count until its time comes', async () => {
  using place = new Directories()
  place.write('ada', AT, '{"generated_at": "2026-03-02T10:00:00Z"}')
  place.write('ben', AT, '{"generated_at": "2026-03-01T10:00:00Z"}')
  const { receipts, notices } = await place.merge({ labels: ['ada', 'ben'] })
  expect(receipts[0]).toMatchObject({ state: 'single' })
  expect(notices.filter(({ kind }) => kind === 'held-future').map(({ nodes }) => nodes)).toEqual([['ada']])
})

test('where signatures are required, what has none does not count and is told', async () => {
  using place = new Directories()
  for (const label of ['ada', 'ben']) {
    place.found(label)
    place.write(label, '_report/external/quay/1.json', feedReceipt(place.key, { value: 1.5 }))
    place.write(label, AT, '{"a": 1}')
  }
  const { summary, conflicts, receipts } = await place.merge({ labels: ['ada', 'ben'], signatures: 'required' })
  expect(summary).toMatchObject({ exitCode: 3, checks: { signatures: { status: 'missing' } } })
  expect(conflicts).toMatchObject([{ kind: 'missing-signature', path: AT, nodes: ['ada', 'ben'] }])
  expect(receipts.map(({ state }) => state)).toEqual(['agreed', 'none'])
})

test('only what fits --include is read', async () => {
  using place = new Directories()
  place.write('ada', AT, '{}')
  place.write('ada', '_report/other/x.json', '{}')
  const { receipts } = await place.merge({ labels: ['ada'], include: ['_report/usage/*'] })
  expect(receipts.map(({ path }) => path)).toEqual([AT])
})

test('receipts that a plan names and its node does not have are listed, also outside of what is read', async () => {
  using place = new Directories()
  const plan = {
    plan_id: 'levels',
    steps: [{ id: 'S1', status: 'open', receipts: [AT, '_report/gone.json'] }],
    receipts: [AT, 'docs/levels.md', 'docs/none.md', '../ben/_report/secret.json', '/etc/hostname'],
  }
  for (const label of ['ada', 'ben']) {
    place.found(label)
    place.write(label, AT, '{"a": 1}')
    place.write(label, 'docs/levels.md', 'Levels.')
    place.write(label, '_plans/levels.plan.json', JSON.stringify(plan))
  }
  place.write('ben', '_report/secret.json', '{}')
  place.write('ben', '_report/gone.json', '{}')
  const { notices, files } = await place.merge({ labels: ['ada', 'ben'] })
  const told = notices.filter(({ code }) => code === 'plan-receipt-missing')
  expect(told.map(({ path, nodes, happened }) => [path, nodes, /receipt (.*), which/.exec(happened)?.[1]])).toEqual([
    ['_plans/levels.plan.json', ['ada', 'ben'], '../ben/_report/secret.json'],
    ['_plans/levels.plan.json', ['ada', 'ben'], '/etc/hostname'],
    ['_plans/levels.plan.json', ['ada'], '_report/gone.json'],
    ['_plans/levels.plan.json', ['ada', 'ben'], 'docs/none.md'],
  ])
  expect(files['summary.md']).toContain('levels names the receipt \\_report/gone.json, which is not here.')
})

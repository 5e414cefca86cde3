import { expect, test } from 'vitest'
import type { ContentHash, Instant, Json, Policy } from '#core/contract/index.ts'
import { sha256Id, type Anchor } from '#core/receipts/index.ts'
import { setObservations } from '#core/reconcile/index.ts'
import { instantAt, START, TestNode } from '#tests/kit/nodes.ts'
import { reportOf } from '#tests/kit/report.ts'
import { allSigned, foundNetwork, LATER, World } from '#tests/kit/world.ts'

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS

function founded(names: readonly string[], policy: Partial<Policy> = {}) {
  const nodes = names.map((name) => new TestNode(name))
  const genesis = foundNetwork(nodes, policy)
  return { nodes, genesis, world: new World().joinNetwork(genesis.id) }
}

test('a forged receipt in place of one that is missing is an alarm, a failed criterion, and exit code 3', async () => {
  const { nodes, genesis, world } = founded(['ada', 'ben', 'cleo'])
  using _ = world
  const [, ben] = nodes as [TestNode, TestNode, TestNode]
  world.deliver(allSigned(nodes))
  const since: Instant = LATER
  world.ledger.write(LATER, (tx) =>
    setObservations(tx, [{ type: 'withheld', node: ben.id, fromSeq: 2, toSeq: 4, since }]),
  )
  const refused = [{ node: ben.id, reason: 'bad-signature', things: 1 }]
  const { summary, files } = await reportOf(world, { network: genesis.id, refused })
  expect(summary.exitCode).toBe(3)
  expect(summary.criteria.filter(({ state }) => state === 'fail').map(({ id }) => id)).toEqual([
    'signatures',
    'withheld',
  ])
  expect(summary.risks.find(({ risk }) => risk === 'byzantine')).toMatchObject({ level: 'alarm' })
  expect(summary.nodes.find(({ name }) => name === 'ben')).toMatchObject({ missing: [{ from: 2, to: 4 }] })
  // When this node noticed it is this node's alone.
  expect(files.get('conflicts.json')).toContain('"kind":"withheld"')
  expect(files.get('conflicts.json')).not.toContain(`"since":"${since}"`)

  // What was refused once and came whole later is evidence and no failure any more.
  world.ledger.write(LATER, (tx) => setObservations(tx, []))
  const healed = await reportOf(world, { network: genesis.id, refused })
  expect(healed.summary.exitCode).toBe(0)
  expect(healed.summary.recommendation.computed).toBe('go')
  expect(healed.summary.risks.find(({ risk }) => risk === 'byzantine')).toMatchObject({ level: 'watch' })
})

test('what policy expects and a node lacks is named, and the coverage falls below its bound', async () => {
  const { nodes, genesis, world } = founded(['ada', 'ben'], { expected: ['usage/*.json', 'never.json'] })
  using _ = world
  const [ada, ben] = nodes as [TestNode, TestNode]
  ada.observe('usage/a.json', { value: 1 })
  ben.observe('usage/a.json', { value: 1 })
  ada.observe('usage/b.json', { value: 1 })
  world.deliver(allSigned(nodes))
  const { summary, files } = await reportOf(world, { network: genesis.id })
  expect(summary.coverage).toMatchObject({ basis: 'expected', have: 3, of: 6, ratio: 500_000 })
  expect(summary.coverage.patterns.map(({ pattern, missingCount }) => [pattern, missingCount])).toEqual([
    ['never.json', 2],
    ['usage/*.json', 1],
  ])
  expect(summary.criteria.find(({ id }) => id === 'coverage')).toMatchObject({ state: 'fail', value: 500_000 })
  expect(files.get('summary.md')).toContain('`usage/b.json` at ben')
})

test('a drift that a newer anchor ended counts as repaired, and the anchor’s latency is measured', async () => {
  const { nodes, genesis, world } = founded(['ada', 'ben', 'cleo'])
  using _ = world
  const [ada, ben] = nodes as [TestNode, TestNode, TestNode]
  const [v1, v2] = ['v1', 'v2'].map((name) => sha256Id<ContentHash>(name)) as [ContentHash, ContentHash]
  const under = (hash: ContentHash): Anchor => ({ hash, time: instantAt(START) })
  const anchor = (hash: ContentHash, previous: ContentHash | null, atMs: number) =>
    ada.sign({ kind: 'governance/anchor', subject: 'anchor', task: null, anchor: null, body: { hash, previous } }, atMs)
  anchor(v1, null, 0)
  ada.observe('report.json', { value: 1 }, { anchor: under(v1), atMs: HOUR_MS })
  ben.observe('report.json', { value: 2 }, { anchor: under(v1), atMs: 2 * HOUR_MS })
  anchor(v2, v1, 2 * HOUR_MS + 20 * MINUTE_MS)
  ada.observe('report.json', { value: 3 }, { anchor: under(v2), atMs: 3 * HOUR_MS })
  world.deliver(allSigned(nodes))
  const { summary } = await reportOf(world, { network: genesis.id })
  expect(summary.ocers.selfRepair).toMatchObject({ found: 1, closed: 1, open: 0, medianHours: 1 })
  expect(summary.convergence.measures.find(({ id }) => id === 'anchor-latency')).toMatchObject({
    value: 20,
    state: 'ok',
  })
  expect(summary.counts.superseded).toBe(1)
})

test('nothing in a name or a subject becomes markup in the Markdown', async () => {
  const hostile = '[x](javascript:alert(1)) <img src=x> | **bold** `code`\u202e'
  const { nodes, genesis, world } = founded([hostile, 'ben', 'cleo'])
  using _ = world
  nodes[0]!.observe('a|b`c<script>.json', { value: 1 })
  nodes[1]!.observe('a|b`c<script>.json', { value: 2 })
  world.deliver(allSigned(nodes))
  const text = (await reportOf(world, { network: genesis.id })).files.get('summary.md') ?? ''
  expect(text).not.toMatch(/(?<!\\)<(img|script)/)
  expect(text).not.toContain('[x](')
  expect(text).not.toContain('\u202e')
  for (const line of text.split('\n').filter((one) => one.startsWith('| '))) {
    // Every row of a table has as many cells as its head.
    expect(line.replaceAll('\\|', '').split('|').length).toBeGreaterThan(3)
  }
})

test('the Markdown of fifty nodes stays short and points to the files for the rest', async () => {
  const { nodes, genesis, world } = founded(Array.from({ length: 50 }, (__, index) => `node-${index}`))
  using _ = world
  for (const [index, node] of nodes.entries())
    for (let file = 0; file < 12; file++) node.observe(`file-${file}.json`, { value: file === 3 ? 0 : index % 2 })
  world.deliver(allSigned(nodes))
  const { files } = await reportOf(world, { network: genesis.id })
  const text = files.get('summary.md') ?? ''
  expect(Buffer.byteLength(text)).toBeLessThan(20_000)
  expect(text).toContain('30 more nodes')
  expect(text).toContain('3 more are in conflicts.json.')
})

test('of what standing rules decided, what was withdrawn or decided otherwise by hand does not stand; older ones are not counted', async () => {
  const { nodes, genesis, world } = founded(['ada', 'ben', 'cleo'])
  using _ = world
  const [ada, ben] = nodes as [TestNode, TestNode, TestNode]
  const subject = 'a.json'
  const asOf = instantAt(START + 20 * 24 * HOUR_MS)
  const recently = 19 * 24 * HOUR_MS
  const about = (conflict: string) => ({ conflict: sha256Id(conflict), kind: 'hash-mismatch', members: [genesis.id] })
  const sign = (kind: string, body: { readonly [key: string]: Json }, atMs: number, by = ada) =>
    by.sign({ kind, subject, task: null, anchor: null, body }, atMs)
  const decide = (conflict: string, type: string, rule: string | null, atMs = recently, by = ada) =>
    sign('decision/made', { ...about(conflict), verdict: verdictOf(type), reason: '', rule }, atMs, by)
  const verdictOf = (type: string): Json => (type === 'pick' ? { type, receipt: genesis.id } : { type })

  decide('too old', 'none', genesis.id, HOUR_MS)
  decide('stands', 'none', genesis.id)
  decide('confirmed', 'none', genesis.id)
  decide('overruled', 'none', genesis.id)
  const taken = decide('taken back', 'none', genesis.id)
  sign('decision/withdrawn', { decision: taken.id, reason: 'wrong' }, recently + 1)
  sign('decision/withdrawn', { decision: 'none of all' }, recently + 2)
  sign('decision/made', { conflict: 'none of all' }, recently + 3)
  sign('report/override', { report: 'none of all' }, recently + 4)
  decide('confirmed', 'none', null, recently, ben)
  decide('overruled', 'pick', null, recently, ben)
  decide('overruled', 'none', null, recently, ben)

  sign('plan/step', { receipts: [], note: 'serves CMD-3' }, recently + 5)
  for (const [index, body] of [
    { receipts: [genesis.id], note: 'CMDs' },
    { receipts: 'none', note: 7 },
  ].entries())
    ben.sign({ kind: 'plan/step', subject: `step-${index}`, task: null, anchor: null, body }, recently + index)
  ben.sign({ kind: 'plan/step', subject: 'step-0', task: null, anchor: null, body: { receipts: [] } }, recently + 9)
  world.deliver(allSigned(nodes), asOf)
  const { summary, files } = await reportOf(world, { network: genesis.id, asOf })
  const measure = (id: string) => summary.convergence.measures.find((one) => one.id === id)
  expect(measure('automation-accuracy')).toMatchObject({
    value: 500_000,
    state: 'fail',
    basis: '2 of 4 decisions by standing rules within 14 days.',
  })
  expect(measure('tag-ratio')).toMatchObject({ value: 333_333, basis: '1 of 3 plan steps.' })
  expect(summary.plans).toEqual({ steps: 3, withoutReceipts: 3 })
  expect(files.get('summary.md')).toContain('- **Plans:** 3 steps told of, 3 without a receipt.')
  expect(summary.recommendation.overrides).toEqual([])
  // Only what was signed within seven days is new.
  expect(summary.ocers.observation.value).toBe(summary.counts.merged - 5)
})

test('what nodes withhold is named by node and number, with what was refused of whom; a node of which nothing came is silent', async () => {
  const names = Array.from({ length: 12 }, (__, index) => `node-${String(index).padStart(2, '0')}`)
  const { nodes, genesis, world } = founded(['ada', 'ben', 'cleo', ...names])
  using _ = world
  const [ada, ben, cleo] = nodes as [TestNode, TestNode, TestNode]
  world.deliver(allSigned([ada, ben, cleo]))
  const withheld = (node: TestNode, fromSeq: number, toSeq: number) =>
    ({ type: 'withheld', node: node.id, fromSeq, toSeq, since: LATER }) as const
  world.ledger.write(LATER, (tx) => setObservations(tx, [withheld(ben, 3, 3), withheld(cleo, 2, 4)]))
  const refused = [
    ...nodes.slice(3).map(({ id }) => ({ node: id, reason: 'bad-signature', things: 1 })),
    { node: null, reason: 'weak-key', things: 2 },
  ]
  const checks = [
    { id: 'receipts', label: 'Receipts', ok: false, detail: 'One does not hold.' },
    { id: 'projections', label: 'Projections', ok: null, detail: 'Not made.' },
  ] as const
  const { summary } = await reportOf(world, { network: genesis.id, refused, checks })
  const risk = (name: string) => summary.risks.find((one) => one.risk === name)
  const [missing, silent] = risk('withholding')?.evidence ?? []
  expect(missing).toMatch(
    /^4 receipts counted by signed heads have not come: (ben #3, cleo #2 to #4|cleo #2 to #4, ben #3)\.$/,
  )
  expect(silent).toMatch(/^Nothing is merged from .* and 2 more\.$/)
  expect(risk('byzantine')?.evidence[1]).toMatch(/^14 things refused .* and 3 more\.$/)
  expect(summary.blockers).toMatchObject({
    total: 3,
    items: [{ what: 'Receipts failed', why: 'One does not hold.' }, {}, {}],
  })
  expect(summary.exitCode).toBe(3)
  expect(summary.criteria.find(({ id }) => id === 'determinism')).toMatchObject({ value: null, state: 'not-measured' })
  expect(summary.nodes.find(({ node }) => node === nodes[5]!.id)).toMatchObject({ receipts: 0, merged: 0, head: null })

  world.ledger.write(LATER, (tx) => setObservations(tx, [withheld(ben, 3, 3)]))
  const one = await reportOf(world, {
    network: genesis.id,
    refused: [{ node: null, reason: 'weak-key', things: 2 }],
    checks: [],
  })
  const evidence = (name: string) => one.summary.risks.find(({ risk: which }) => which === name)?.evidence ?? []
  expect(evidence('withholding')[0]).toBe('1 receipt counted by signed heads has not come: ben #3.')
  expect(evidence('byzantine')[1]).toContain('of nobody that can be named (weak-key, 2)')
  expect(one.summary.criteria[0]).toMatchObject({
    state: 'not-measured',
    basis: 'The stored receipts were not read again for this report.',
  })
})

test('a network in which nobody has said anything yet has nothing to cover and nothing to measure', async () => {
  using world = new World()
  const { summary, files } = await reportOf(world)
  expect(summary).toMatchObject({ network: { name: '' }, coverage: { ratio: null }, counts: { receipts: 0 } })
  expect(summary.convergence.measures.find(({ id }) => id === 'gap-rate')).toMatchObject({ value: null })
  expect(files.get('summary.md')).toContain('- Coverage: nothing to cover yet.')
  expect(files.get('conflicts.json')).toContain('"conflicts": [\n]')
})

// What changed between two reports, as the window lists it: opened, closed, changed while open, and the figures that moved.
import { expect, test } from 'vitest'
import type { ReportedConflict, ReportSummary, SummaryFile } from '#core/contract/index.ts'
import { compareReports, reportIdOf } from '#core/report/index.ts'
import { instantAt, START, TestNode } from '#tests/kit/nodes.ts'
import { reportOf, type MadeReport } from '#tests/kit/report.ts'
import { allSigned, foundNetwork, LATER, World } from '#tests/kit/world.ts'

/** Three nodes; ada and ben differ about each of these. */
async function made(subjects: readonly string[]): Promise<MadeReport> {
  const nodes = ['ada', 'ben', 'cleo'].map((name) => new TestNode(name))
  const genesis = foundNetwork(nodes)
  for (const subject of subjects) for (const [v, node] of nodes.slice(0, 2).entries()) node.observe(subject, { v })
  using world = new World().joinNetwork(genesis.id)
  world.deliver(allSigned(nodes))
  return await reportOf(world, { network: genesis.id })
}

const conflictsIn = ({ files }: MadeReport) =>
  (JSON.parse(files.get('conflicts.json') ?? '') as { conflicts: ReportedConflict[] }).conflicts

function compared(
  { summary }: MadeReport,
  from: readonly ReportedConflict[],
  to: readonly ReportedConflict[],
  change: (facts: SummaryFile) => SummaryFile = (facts) => facts,
) {
  const side = (conflicts: readonly ReportedConflict[], facts: SummaryFile) => ({
    // Only its name is read of it.
    summary: { id: reportIdOf(instantAt(START)) } as ReportSummary,
    facts,
    conflicts: lines(conflicts),
  })
  return compareReports(side(from, summary), side(to, change(summary)))
}

async function* lines(conflicts: readonly ReportedConflict[]) {
  yield* await Promise.resolve(['{', ...conflicts.map((one) => `${JSON.stringify(one)},`), ']', '}'])
}

const decision = (more: object) =>
  ({
    id: `sha256:${'1'.repeat(64)}`,
    node: new TestNode('ben').id,
    nodeName: 'ben',
    time: LATER,
    verdict: { type: 'none' },
    sentence: 'none holds.',
    reason: '',
    planStep: null,
    withdrawn: null,
    counts: true,
    ...more,
  }) as ReportedConflict['decisions'][number]
const withdrawn = { receipt: `sha256:${'2'.repeat(64)}`, time: LATER, reason: 'x' }

test('conflicts that came, went, or came back are listed, the gravest first', async () => {
  const report = await made(['a.json', 'b.json', 'c.json'])
  const [a, b, c] = conflictsIn(report) as [ReportedConflict, ReportedConflict, ReportedConflict]
  const settled = { ...b, status: 'settled' } as const
  const grave = { ...c, severity: 3 } as const
  const came = await compared(report, [settled], [a, b, grave])
  expect(came.opened.items.map(({ id }) => id)).toEqual([c.id, ...[a.id, b.id].sort()])
  expect(came.closed.total + came.changed.total).toBe(0)
  expect((await compared(report, [], [settled])).opened.total).toBe(0)

  const by = (...names: string[]) => names.map((nodeName) => decision({ nodeName }))
  const went = await compared(
    report,
    [a, b, c, { ...settled, id: a.id }],
    [
      { ...settled, decisions: [...by('ben', 'cleo', 'ben'), decision({ nodeName: 'ada', counts: false })] },
      { ...c, status: 'settled' },
    ],
  )
  expect(went.closed.items.map(({ how }) => how).toSorted()).toEqual([
    'Settled by a decision.',
    'Settled by ben and cleo.',
  ])
  const gone = await compared(report, [a, settled], [])
  expect(gone.closed.items).toMatchObject([{ id: a.id, how: 'Its claims are others now.' }])
})

test.each([
  ['a decision signed', {}, { decisions: [decision({})] }],
  ['2 decisions signed', {}, { decisions: [decision({}), decision({})] }],
  ['a decision withdrawn', { decisions: [decision({})] }, { decisions: [decision({ withdrawn })] }],
  ['overdue now', {}, { overdue: true }],
  ['severity 2 is 3 now', {}, { severity: 3 }],
  ['a decision signed, overdue now', {}, { decisions: [decision({})], overdue: true }],
] as const)('of a conflict that stays open it is told: %s', async (how, then, now) => {
  const report = await made(['a.json'])
  const [a] = conflictsIn(report) as [ReportedConflict]
  const { changed, opened, closed } = await compared(
    report,
    [{ ...a, ...then } as ReportedConflict],
    [{ ...a, ...now } as ReportedConflict],
  )
  expect(changed.items).toMatchObject([{ id: a.id, how }])
  expect(opened.total + closed.total).toBe(0)
  expect((await compared(report, [a], [a])).changed.total).toBe(0)
})

test('figures say which way is better; who joined and who left is named', async () => {
  const report = await made(['a.json'])
  const { figures, nodes } = await compared(report, [], [], (facts) => ({
    ...facts,
    counts: { ...facts.counts, nodes: 2 },
    nodes: facts.nodes.filter(({ name }) => name !== 'cleo'),
    conflicts: { ...facts.conflicts, open: 5, settled: 1_200 },
    coverage: { ...facts.coverage, ratio: null },
  }))
  expect(nodes).toEqual({ joined: [], left: ['cleo'] })
  const figure = (label: string) => figures.find((one) => one.label === label)
  expect(figure('Nodes')).toEqual({ label: 'Nodes', from: '3', to: '2', better: null })
  expect(figure('Open conflicts')).toEqual({ label: 'Open conflicts', from: '1', to: '5', better: false })
  expect(figure('Settled conflicts')).toEqual({ label: 'Settled conflicts', from: '0', to: '1,200', better: true })
  expect(figure('Coverage')).toMatchObject({ to: '–', better: null })
})

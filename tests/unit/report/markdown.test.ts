// summary.md, sentence by sentence: what it says of a network in this or that state. It is a pure function of summary.json.
import { beforeAll, expect, test } from 'vitest'
import type { ReportNode, SummaryFile } from '#core/contract/index.ts'
import { markdownOf } from '../../../core/report/markdown.ts'
import { escaped } from '../../../core/report/markdown-text.ts'
import { median } from '../../../core/report/wording.ts'
import { instantAt, START, TestNode } from '#tests/kit/nodes.ts'
import { reportOf } from '#tests/kit/report.ts'
import { allSigned, foundNetwork, World } from '#tests/kit/world.ts'

let base: SummaryFile
let [ada, ben]: ReportNode[] = []

beforeAll(async () => {
  const nodes = ['ada', 'ben'].map((name) => new TestNode(name))
  const genesis = foundNetwork(nodes)
  for (const [v, node] of nodes.entries()) node.observe('a.json', { v })
  using world = new World().joinNetwork(genesis.id)
  world.deliver(allSigned(nodes))
  base = (await reportOf(world, { network: genesis.id })).summary
  ;[ada, ben] = base.nodes
})

const told = (change: (summary: SummaryFile) => Partial<SummaryFile>) => markdownOf({ ...base, ...change(base) })
const line = (text: string, beginning: string) => text.split('\n').find((one) => one.startsWith(beginning)) ?? ''

test('what is overdue is counted, and after how long it is', () => {
  const conflicts = (change: Partial<SummaryFile['conflicts']>) =>
    told(() => ({ conflicts: { ...base.conflicts, ...change } }))
  expect(conflicts({ overdue: 1, overdueHours: 24 })).toContain(', 1 of them overdue, 0 settled')
  expect(conflicts({ overdue: 1, overdueHours: 24 })).toContain(
    '1 open for more than a day, which is what policy allows.',
  )
  expect(conflicts({ overdueHours: 168 })).toContain('0 open for more than 7 days')
  expect(conflicts({ overdueHours: 0 })).not.toContain('which is what policy allows')
  expect(conflicts({ open: 0, settled: 0 })).toContain('None, and none ever.')
  expect(conflicts({ oldest: null })).not.toContain('the oldest has been open since')
  const settled = conflicts({ open: 0, settled: 2, openByKind: [], openBySeverity: [] })
  expect(settled).toContain('No conflict is open; 2 settled.')
  expect(settled).not.toContain('Open, by kind')
})

test('nodes with something the matter come first, each with what it is', () => {
  const node = (name: string, more: Partial<ReportNode>) => ({ ...ada!, name, ...more })
  const nodes = [
    node('whole', { brief: { receipt: ada!.head!.id, time: instantAt(START) } }),
    node('blocked', { blocked: true, merged: 0, coverage: null }),
    node('silent', { merged: 0, head: null }),
    node('gap', {
      missing: [
        { from: 3, to: 3 },
        { from: 5, to: 7 },
      ],
    }),
    node('forked', { forkedAt: 4, receipts: 9, merged: 3 }),
    node('waits', { openConflicts: 9 }),
    { ...ben!, name: 'same' },
    node('same', {}),
  ]
  const rows = told(() => ({ nodes }))
    .split('## Nodes')[1]!
    .split('## Coverage')[0]!
    .split('\n')
  const named = rows.filter((row) => row.startsWith('| ')).slice(2)
  expect(named.map((row) => row.split(' ')[1])).toEqual([
    'forked',
    'gap',
    'blocked',
    'silent',
    'waits',
    'same',
    'same',
    'whole',
  ])
  expect(named.find((row) => row.includes('forked'))).toContain('two stories at #4; 6 not merged')
  expect(named.find((row) => row.includes('gap'))).toContain('missing #3, #5 to #7')
  expect(named.find((row) => row.includes('blocked'))).toContain('blocked at this node')
  expect(named.find((row) => row.includes('silent'))).toContain('| – |')
  expect(named.find((row) => row.includes('silent'))).toContain('nothing here yet')
  expect(named.find((row) => row.includes('whole'))).toContain('brief of 2026-11-21 12:00 UTC')
})

test('imported directories have rows of their own, at most twenty', () => {
  const origins = Array.from({ length: 23 }, (_, index) => ({
    name: `dir-${index}`,
    subjects: index,
    coverage: index === 0 ? null : 500_000,
  }))
  const text = told(() => ({ origins }))
  expect(line(text, '| dir-0')).toBe('| dir-0 | 0 | – | – | – | – |')
  expect(line(text, '| dir-1')).toBe('| dir-1 | 1 | 50.0 % | – | – | – |')
  expect(text).toContain('3 more directories are in summary.json.')
  expect(told(() => ({ origins: origins.slice(0, 2) }))).not.toMatch(/more director/)
})

test('what is the matter alike is said once; what has no room is counted', () => {
  const item = (id: string, subject: string | null, what: string) => ({
    id,
    subject,
    what,
    why: 'It waits.',
    remedy: 'Look.',
  })
  const node = new TestNode('ada').id
  const text = told(() => ({
    blockers: {
      total: 30,
      items: [
        item('check:file', null, 'Ledger file failed'),
        item('x', node, 'Two stories'),
        item('y', 'b.json', 'It differs'),
      ],
    },
  }))
  expect(text.split('It waits.')).toHaveLength(2)
  expect(text).toContain('- Ledger file failed `check:file`')
  expect(text).toContain(`- Two stories: \`${node.slice(8, 20)}…\` \`x\``)
  expect(text).toContain('- It differs: `b.json` `y`')
  expect(text).toContain('27 more are in conflicts.json.')
  const none = told(() => ({ blockers: { total: 0, items: [] } }))
  expect(none).toContain('Nothing: everything that can be reconciled is.')
  expect(none).toContain('- Nothing stands in the way.')
})

test('of what policy expects the least is named, and nothing where all have it', () => {
  const claimant = (name: string, have: number) => ({ claimant: `id of ${name}`, name, origin: false, have, of: 4 })
  const pattern = (name: string, claimants: ReturnType<typeof claimant>[], more: object) =>
    ({
      pattern: name,
      ratio: 500_000,
      claimants,
      missing: [],
      missingCount: 0,
      ...more,
    }) as SummaryFile['coverage']['patterns'][number]
  const coverage = (patterns: SummaryFile['coverage']['patterns']) =>
    told(() => ({ coverage: { basis: 'expected', ratio: 500_000, have: 4, of: 8, patterns } }))
  const text = coverage([
    pattern('a/*', [claimant('cleo', 1), claimant('ben', 1), claimant('ada', 2)], {
      missingCount: 12,
      missing: [{ name: 'ben', subject: 'a/1' }],
    }),
    pattern('b/*', [claimant('ada', 4)], { ratio: null }),
  ])
  expect(line(text, '| `a/*`')).toBe('| `a/*` | 50.0 % | 12 | ben has 1 of 4 |')
  expect(line(text, '| `b/*`')).toBe('| `b/*` | – | 0 |  |')
  expect(text).toContain('- `a/1` at ben\n\n11 more are in summary.json.')
  expect(coverage([pattern('b/*', [claimant('ada', 4)], {})])).not.toContain('Missing:')
  expect(told(() => ({ coverage: { basis: 'subjects', ratio: null, have: 0, of: 0, patterns: [] } }))).toContain(
    'Nobody speaks of anything yet.',
  )
})

test('plans, overrides and figures that nobody could measure are told as what they are', () => {
  expect(told(() => ({ plans: { steps: 2, withoutReceipts: 1 } }))).toContain(
    '- **Plans:** 2 steps told of, 1 without a receipt.',
  )
  const override = {
    receipt: ada!.head!.id,
    node: ada!.node,
    nodeName: 'ada',
    time: instantAt(START),
    verdict: 'go',
    reason: 'seen',
  } as const
  const overridden = told(({ recommendation }) => ({
    recommendation: {
      ...recommendation,
      effective: 'go',
      computed: 'no-go',
      overrides: [
        { ...override, inForce: true, lapsed: null },
        { ...override, inForce: false, lapsed: 'It is old.' },
      ],
    },
  }))
  expect(overridden).toContain('**Go** (computed: no-go; overridden), for the reasons at the end')
  expect(overridden).toMatch(/\n\*\*Recommendation: go\*\*, overriding the computed no-go\.\n$/)
  expect(overridden).toContain('ada signed **go** on 2026-11-21 12:00 UTC')
  expect(overridden).toContain('*Lapsed: It is old.*')
  const measured = told(({ convergence }) => ({
    convergence: {
      ...convergence,
      ok: true,
      measures: convergence.measures.map((one) => ({ ...one, value: null, state: 'not-measured' })),
    },
    checks: base.checks.map((check, index) => ({ ...check, ok: index === 0 ? null : index !== 1 })),
  }))
  expect(measured).toContain('## Convergence: ok')
  expect(line(measured, '| Anchor latency')).toMatch(/^\| Anchor latency \| not measured \| ≤ 30 min \| – \|/)
  expect(line(measured, '| Receipts | not made')).not.toBe('')
  expect(line(measured, '| Feeds | **FAIL**')).not.toBe('')
  const quiet = told(({ ocers }) => ({
    ocers: {
      ...ocers,
      coherence: { ...ocers.coherence, value: null, history: [] },
      selfRepair: { ...ocers.selfRepair, medianHours: 2.5, history: [] },
    },
    counts: { ...base.counts, sharedSubjects: 0, receipts: base.counts.merged + 4 },
  }))
  expect(quiet).toContain('**Coherence:** nothing is spoken of by several nodes.')
  expect(quiet).toContain('in a median of 2.5 hours')
  expect(quiet).toContain('No subject is spoken of by several nodes yet.')
  expect(quiet).toContain('(4 more are held and not merged)')
})

test('a long text is cut with a mark, and marks that turn text round are written out', () => {
  expect(escaped('x'.repeat(161))).toBe(`${'x'.repeat(160)}…`)
  expect(escaped('a\u202eb')).toBe('a\\\\u{202e}b')
})

test('the middle of an even number is between the two', () => {
  expect([median([]), median([3]), median([4, 1]), median([9, 1, 2])]).toEqual([null, 3, 2.5, 2])
})

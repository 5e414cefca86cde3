// Queries tell the truth: every filter, sort and page in SQL against the naive answer over all conflicts in memory.
import fc from 'fast-check'
import { afterAll, expect, test } from 'vitest'
import {
  ConflictKind,
  type ConflictFilter,
  type ConflictSort,
  type ConflictSummary,
  type Severity,
} from '#core/contract/index.ts'
import { conflictCounts, conflictFacets, listConflicts, setObservations } from '#core/reconcile/index.ts'
import { instantAt, START, TestNode } from '#tests/kit/nodes.ts'
import { allSigned, foundNetwork, LATER, World } from '#tests/kit/world.ts'
import { propertyRuns } from '#tests/kit/property-runs.ts'

const RUNS = propertyRuns({ usual: 1_000 })
const TASKS = [null, 'pilot', 'trial 100%', 'x'] as const
const NAMES = ['report', 'Summary', 'a_b', 'usage%', 'plan']

const nodes = ['ada', 'ben', 'cleo', 'dora'].map((name) => new TestNode(name))
const world = crowdedWorld()
const all = world.conflicts({ status: 'all' })
afterAll(() => world[Symbol.dispose]())

const filter = fc.record(
  {
    status: fc.constantFrom<ConflictFilter['status']>('open', 'settled', 'all'),
    kinds: fc.subarray([...ConflictKind.options], { maxLength: 4 }),
    severity: fc.constantFrom<Severity>(1, 2, 3),
    node: fc.constantFrom(...nodes.map((node) => node.id)),
    task: fc.constantFrom('pilot', 'trial 100%', 'x', 'unknown'),
    subject: fc.constantFrom('REPORT', 'a_', '%', '.json', 'sage%', '_', 'none such', ''),
  },
  { requiredKeys: ['status'] },
)
const sort = fc.constantFrom<ConflictSort>('severity', 'newest', 'oldest', 'subject')

test('the crowd that is asked about holds every state and several kinds', () => {
  expect(all.length).toBeGreaterThan(60)
  expect(new Set(all.map((conflict) => conflict.status))).toEqual(new Set(['open', 'settled']))
  expect(new Set(all.map((conflict) => conflict.kind)).size).toBeGreaterThan(4)
})

test('every page of every filter and sort is what a naive search finds', () => {
  fc.assert(
    fc.property(filter, sort, fc.integer({ min: 1, max: 40 }), (wanted, order, limit) => {
      const expected = naive(wanted, order)
      const found: ConflictSummary[] = []
      let after
      do {
        const page = listConflicts(world.db, { filter: wanted, sort: order, after, limit })
        expect(page.items.length).toBeLessThanOrEqual(limit)
        found.push(...page.items)
        after = page.next ?? undefined
      } while (after !== undefined)
      expect(found.map((conflict) => conflict.id)).toEqual(expected.map((conflict) => conflict.id))
    }),
    { numRuns: RUNS },
  )
})

test('kept counts are what counting gives', () => {
  const open = all.filter((conflict) => conflict.status === 'open')
  const counts = conflictCounts(world.db)
  expect(counts).toMatchObject({ open: open.length, settled: all.length - open.length })
  for (const kind of ConflictKind.options) {
    expect(counts.openByKind[kind] ?? 0).toBe(open.filter((conflict) => conflict.kind === kind).length)
  }
  for (const severity of [1, 2, 3]) {
    expect(counts.openBySeverity[severity]).toBe(open.filter((conflict) => conflict.severity === severity).length)
  }
  expect(conflictFacets(world.db).tasks).toEqual([...new Set(all.flatMap((conflict) => conflict.task ?? []))].sort())
})

test('every page is one walk along an index, without sorting', () => {
  const plans = (['severity', 'newest', 'oldest', 'subject'] as const).map((order) => {
    const seen: string[] = []
    const spy = {
      prepare: (sql: string) => {
        if (sql.includes('INDEXED BY')) {
          const rows = world.ledger.raw.prepare(`EXPLAIN QUERY PLAN ${sql}`).all({
            limit: 10,
            subjectPart: '%a%',
            wantedSeverity: 2,
            taskMark: 0,
            task: '',
            nodeMark: 1,
            node: '',
          }) as { detail: string }[]
          seen.push(...rows.map((row) => row.detail))
        }
        return world.db.prepare(sql)
      },
    }
    listConflicts(spy as typeof world.db, { filter: { status: 'open', subject: 'a' }, sort: order, limit: 10 })
    return seen.join('; ')
  })
  for (const plan of plans) {
    expect(plan).toContain('COVERING INDEX')
    expect(plan).not.toContain('TEMP B-TREE')
  }
})

test('a cursor of another list is refused with a sentence', () => {
  const { next } = listConflicts(world.db, { filter: { status: 'open' }, sort: 'newest', limit: 1 })
  expect(() =>
    listConflicts(world.db, { filter: { status: 'open' }, sort: 'subject', after: next!, limit: 1 }),
  ).toThrow(/cursor/)
})

function naive(wanted: ConflictFilter, order: ConflictSort): ConflictSummary[] {
  const part = wanted.subject?.toLowerCase() ?? ''
  return all
    .filter(
      (conflict) =>
        (wanted.status === 'all' || conflict.status === wanted.status) &&
        (wanted.kinds === undefined || wanted.kinds.length === 0 || wanted.kinds.includes(conflict.kind)) &&
        (wanted.severity === undefined || conflict.severity === wanted.severity) &&
        (wanted.node === undefined ||
          conflict.subject === wanted.node ||
          conflict.members.some((member) => member.node === wanted.node)) &&
        (wanted.task === undefined || conflict.task === wanted.task) &&
        conflict.subject.toLowerCase().includes(part),
    )
    .sort(comparison(order))
}

function comparison(order: ConflictSort): (one: ConflictSummary, other: ConflictSummary) => number {
  const text = (a: string, b: string) => (a === b ? 0 : a < b ? -1 : 1)
  switch (order) {
    case 'severity':
      return (a, b) => b.severity - a.severity || text(b.since, a.since) || text(b.id, a.id)
    case 'newest':
      return (a, b) => text(b.since, a.since) || text(b.id, a.id)
    case 'oldest':
      return (a, b) => text(a.since, b.since) || text(a.id, b.id)
    case 'subject':
      return (a, b) => text(a.subject, b.subject) || text(a.id, b.id)
  }
}

/** Some of everything: tasks, patterns in names, equal times, settled and open, local observations. */
function crowdedWorld(): World {
  const [ada, ben, cleo, dora] = nodes as [TestNode, TestNode, TestNode, TestNode]
  const genesis = foundNetwork(nodes, { freshness: [{ subject: '**/plan-*', maxAgeHours: 1 }] })
  for (let index = 0; index < 80; index++) {
    const subject = `_report/${NAMES[index % NAMES.length]}-${index % 20}.json`
    const options = { task: TASKS[index % 3]!, atMs: (index % 7) * 1000 }
    nodes[index % 4]!.observe(subject, { count: index }, options)
    nodes[(index + 1 + (index % 2)) % 4]!.observe(
      subject,
      { count: index % 5 },
      { ...options, atMs: (index % 5) * 2000 },
    )
    if (index % 9 === 0) nodes[index % 4]!.observe(`misfit/${index}`, { content: 1 }, options)
  }
  const made = new World().joinNetwork(genesis.id)
  made.deliver(allSigned(nodes))
  for (const [index, conflict] of made.conflicts().entries()) {
    if (index % 3 !== 0 || !conflict.decidable) continue
    const members = conflict.members.map((member) => member.receipt)
    const body = {
      conflict: conflict.id,
      kind: conflict.kind,
      members,
      verdict: { type: 'none' },
      reason: 'test',
    }
    ada.sign({ kind: 'decision/made', subject: conflict.subject, task: conflict.task, anchor: null, body })
    if (index % 2 === 0) {
      const pick = { ...body, verdict: { type: 'pick', receipt: members[0]! } }
      ben.sign({ kind: 'decision/made', subject: conflict.subject, task: conflict.task, anchor: null, body: pick })
    }
  }
  cleo.forkAfter(cleo.signed[2]!).observe('fork.json', { count: 1 })
  made.deliver(allSigned(nodes))
  made.ledger.write(LATER, (tx) =>
    setObservations(tx, [{ type: 'withheld', node: dora.id, fromSeq: 900, toSeq: 901, since: instantAt(START) }]),
  )
  return made
}

// Lists through the contract, with filters combined, sorted and paged in any way, give what a naive look at everything gives.
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type {
  ConflictFilter,
  ConflictKind,
  ConflictSort,
  ConflictSummary,
  Cursor,
  NodeId,
  ReceiptFilter,
  ReceiptSummary,
} from '#core/contract/index.ts'
import { Place, type Core } from '#tests/kit/place.ts'
import { propertyRuns } from '#tests/kit/property-runs.ts'

const SUBJECTS = ['a/Report.json', 'a/report_1.json', 'b/usage%.json', 'b/USAGE.json']
const TASKS = [null, 'pilot', 'second pilot']

let place: Place
let ada: Core
let nodes: NodeId[]
let receipts: ReceiptSummary[]
let conflicts: ConflictSummary[]

beforeAll(async () => {
  place = new Place()
  const cores = await place.network('ada', 'ben', 'cleo')
  const [first] = cores
  if (first === undefined) throw new Error('ada was asked for')
  ada = first
  nodes = cores.map(({ id }) => id)
  // A fixed story in which everything occurs: agreements, conflicts, decided ones, stale ones, several receipts in one moment.
  const { policy } = await ada.steward.network.get({})
  const freshness = [{ subject: 'b/**', maxAgeHours: 1 }]
  await ada.steward.network.signPolicy({ policy: { ...policy, freshness } })
  await place.settle(cores)
  let draw = 7
  const next = (below: number) => (draw = (draw * 75 + 74) % 65_537) % below
  for (let n = 0; n < 45; n++) {
    const core = cores[next(3)] ?? ada
    if (next(3) > 0) place.pass(next(4) * 600_000)
    else place.nowMs -= 1000
    await core.observe(SUBJECTS[next(4)] ?? '', { value: next(3) }, TASKS[next(3)] ?? null)
  }
  await place.settle(cores)
  place.pass(2 * 3_600_000)
  for (const { id, members, decidable } of (await ada.conflicts()).filter((_, nth) => nth % 2 === 0)) {
    const [picked] = members
    if (!decidable || picked === undefined) continue
    const verdict = { type: 'pick' as const, receipt: picked.receipt }
    const seen = members.map(({ receipt }) => receipt)
    await ada.steward.conflicts.decide({ conflict: id, members: seen, verdict, reason: '', planStep: null })
  }
  await place.settle(cores)
  receipts = (await receiptPages({}, 'oldest', 200)).flat()
  conflicts = (await conflictPages({ status: 'all' }, 'oldest', 200)).flat()
})
afterAll(() => place[Symbol.asyncDispose]())

async function everyPage<T>(
  page: (after: Cursor | null) => Promise<{ items: T[]; next: Cursor | null }>,
): Promise<T[][]> {
  const pages: T[][] = []
  let after: Cursor | null = null
  do {
    const { items, next }: { items: T[]; next: Cursor | null } = await page(after)
    pages.push(items)
    after = next
  } while (after !== null)
  return pages
}

const receiptPages = (filter: ReceiptFilter, sort: 'newest' | 'oldest', limit: number) =>
  everyPage((after) => ada.steward.receipts.list({ filter, sort, limit, ...(after === null ? {} : { after }) }))

const conflictPages = (filter: ConflictFilter, sort: ConflictSort, limit: number) =>
  everyPage((after) => ada.steward.conflicts.list({ filter, sort, limit, ...(after === null ? {} : { after }) }))

const holds = (text: string, part: string | undefined) =>
  part === undefined || text.toLowerCase().includes(part.toLowerCase())
const ids = (items: readonly { readonly id: string }[]) => items.map(({ id }) => id)
const sortedIds = (items: readonly { readonly id: string }[]) => ids(items).toSorted()

const some = <T>(values: () => readonly T[]) =>
  fc.option(
    fc.nat(1000).map((n) => values()[n % values().length]),
    { nil: undefined },
  )
const subjectPart = fc.option(
  fc.constantFrom('report', 'REPORT', '_1', '%', 'a/', 'e.json', 'network', '', 'nothing like it'),
  {
    nil: undefined,
  },
)
const task = fc.option(fc.constantFrom('pilot', 'second pilot', 'none such'), { nil: undefined })
const limit = fc.oneof(fc.integer({ min: 1, max: 7 }), fc.constant(200))

function defined<T extends object>(filter: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  // Exactly the members that are undefined are gone.
  return Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== undefined)) as never
}

test('the story has enough in it to ask about', () => {
  expect(receipts.length).toBeGreaterThan(50)
  expect(new Set(conflicts.map(({ status }) => status))).toEqual(new Set(['open', 'settled']))
  expect(new Set(conflicts.map(({ kind }) => kind)).size).toBeGreaterThan(1)
})

test('receipts: filters, both sorts, all pages', async () => {
  const filters = fc.record({
    node: some(() => nodes),
    kind: fc.option(fc.constantFrom('evidence/observed', 'node/profile', 'decision/made', 'no/kind'), {
      nil: undefined,
    }),
    task,
    subject: subjectPart,
    from: some(() => receipts.map(({ time }) => time)),
    to: some(() => receipts.map(({ time }) => time)),
  })
  await fc.assert(
    fc.asyncProperty(
      filters,
      fc.constantFrom('newest' as const, 'oldest' as const),
      limit,
      async (wish, sort, size) => {
        const filter: ReceiptFilter = defined(wish)
        const wanted = receipts.filter(
          (receipt) =>
            (filter.node === undefined || receipt.node === filter.node) &&
            (filter.kind === undefined || receipt.kind === filter.kind) &&
            (filter.task === undefined || receipt.task === filter.task) &&
            holds(receipt.subject, filter.subject) &&
            (filter.from === undefined || receipt.time >= filter.from) &&
            (filter.to === undefined || receipt.time <= filter.to),
        )
        const pages = await receiptPages(filter, sort, size)
        const found = pages.flat()
        expect(ids(found)).toEqual(ids(sort === 'oldest' ? wanted : wanted.toReversed()))
        for (const page of pages.slice(0, -1)) expect(page).toHaveLength(size)
        const { total } = await ada.steward.receipts.list({ filter, sort, limit: 1 })
        expect(total).toBe(wanted.length)
      },
    ),
    { numRuns: propertyRuns({ usual: 1_000 }) },
  )
  const times = receipts.map(({ time, id }) => `${time} ${id}`)
  expect(times).toEqual(times.toSorted())
})

test('conflicts: filters, every sort, all pages, and the counts', async () => {
  const kinds: ConflictKind[] = ['hash-mismatch', 'stale', 'fork', 'missing-anchor']
  const filters = fc.record({
    status: fc.constantFrom('open' as const, 'settled' as const, 'all' as const),
    kinds: fc.option(fc.subarray(kinds), { nil: undefined }),
    severity: fc.option(fc.constantFrom(1 as const, 2 as const, 3 as const), { nil: undefined }),
    node: some(() => nodes),
    task,
    subject: subjectPart,
  })
  const sorts = fc.constantFrom<ConflictSort>('severity', 'newest', 'oldest', 'subject')
  await fc.assert(
    fc.asyncProperty(filters, sorts, limit, async (wish, sort, size) => {
      const filter: ConflictFilter = defined(wish)
      const wanted = conflicts.filter(
        (conflict) =>
          (filter.status === 'all' || conflict.status === filter.status) &&
          (filter.kinds === undefined || filter.kinds.length === 0 || filter.kinds.includes(conflict.kind)) &&
          (filter.severity === undefined || conflict.severity === filter.severity) &&
          (filter.node === undefined || conflict.members.some(({ node }) => node === filter.node)) &&
          (filter.task === undefined || conflict.task === filter.task) &&
          holds(conflict.subject, filter.subject),
      )
      const found = (await conflictPages(filter, sort, size)).flat()
      expect(sortedIds(found)).toEqual(sortedIds(wanted))
      // Pages of any size are cuts of the same order, and the order is the one that was asked for.
      expect(ids(found)).toEqual(ids((await conflictPages(filter, sort, 200)).flat()))
      expect(found.map(keyOf(sort))).toEqual(found.map(keyOf(sort)).toSorted(orderOf(sort)))
    }),
    { numRuns: propertyRuns({ usual: 1_000 }) },
  )
  const { open, settled, openByKind, openBySeverity } = await ada.steward.conflicts.counts({})
  const openOnes = conflicts.filter(({ status }) => status === 'open')
  expect([open, settled]).toEqual([openOnes.length, conflicts.length - openOnes.length])
  const tally = (of: (conflict: ConflictSummary) => string) =>
    Object.fromEntries([...Map.groupBy(openOnes, of)].map(([key, group]) => [key, group.length]))
  const counted = (counts: Record<string, number>) =>
    Object.fromEntries(Object.entries(counts).filter(([, n]) => n > 0))
  expect(counted(openByKind)).toEqual(tally(({ kind }) => kind))
  expect(counted(openBySeverity)).toEqual(tally(({ severity }) => String(severity)))
})

const keyOf = (sort: ConflictSort) => (conflict: ConflictSummary) =>
  sort === 'subject'
    ? conflict.subject
    : sort === 'severity'
      ? `${conflict.severity} ${conflict.since}`
      : conflict.since

const orderOf = (sort: ConflictSort) => (a: string, b: string) => {
  const ascending = a < b ? -1 : a > b ? 1 : 0
  return sort === 'subject' || sort === 'oldest' ? ascending : -ascending
}

import type { ConflictFilter, ConflictSort, ConflictSummary, Cursor } from '#core/contract/index.ts'
import type { ReadDb } from '#core/ledger/index.ts'
import { listConflicts } from '#core/reconcile/index.ts'
import { mustHold, type Invariant } from '../machinery/invariant.ts'
import type { Random } from '../machinery/random.ts'
import { allConflicts, conflictsWhere } from './asking.ts'

export const queriesTellTheTruth: Invariant = {
  id: 'I17',
  holds: 'Filters, also several at once, sorts and pages answer what looking at everything would.',
  examine(_world, { name, ledger }, random) {
    if (ledger === null) return
    const all = inPages(ledger, { status: 'all' }, 'newest', 200)
    for (let query = 0; query < QUERIES && all.length > 0; query++) {
      const filter = drawFilter(all, random)
      const sort = random.pick(SORTS)
      const found = inPages(ledger, filter, sort, random.between(1, 20)).map(({ id }) => id)
      const naive = all.filter((conflict) => fits(conflict, filter)).toSorted(ORDERS[sort])
      mustHold(
        found.join() === naive.map(({ id }) => id).join(),
        'I17',
        () =>
          `${JSON.stringify(filter)} by ${sort} lists ${found.length} of ${naive.length} on ${name}, or in another order.`,
      )
    }
  },
  async atRest(world) {
    const random = world.random.fork('queries')
    const machine = random.pick(world.connected)
    const all = await allConflicts(world, machine)
    for (let query = 0; query < QUERIES && all.length > 0; query++) {
      const filter = drawFilter(all, random)
      const found = await conflictsWhere(world, machine, filter)
      const naive = all.filter((conflict) => fits(conflict, filter))
      mustHold(
        idsOf(found) === idsOf(naive),
        'I17',
        () => `${JSON.stringify(filter)} finds ${found.length} of ${naive.length} on ${machine.name}.`,
      )
    }
  },
}

const QUERIES = 12

function drawFilter(all: readonly ConflictSummary[], random: Random): ConflictFilter {
  const like = random.pick(all)
  return {
    status: random.pick(['open', 'settled', 'all']),
    ...(random.chance(0.5) ? { kinds: [like.kind] } : {}),
    ...(random.chance(0.5) ? { severity: random.pick(all).severity } : {}),
  }
}

function fits(conflict: ConflictSummary, { status, kinds, severity }: ConflictFilter): boolean {
  return (
    (status === 'all' || conflict.status === status) &&
    (kinds === undefined || kinds.includes(conflict.kind)) &&
    (severity === undefined || conflict.severity === severity)
  )
}

const SORTS = ['severity', 'newest', 'oldest', 'subject'] as const satisfies readonly ConflictSort[]

type Order = (one: ConflictSummary, other: ConflictSummary) => number

const byId: Order = (one, other) => compare(one.id, other.id)
const byTime: Order = (one, other) => compare(one.since, other.since) || byId(one, other)

const ORDERS: Readonly<Record<ConflictSort, Order>> = {
  severity: (one, other) => other.severity - one.severity || byTime(other, one),
  newest: (one, other) => byTime(other, one),
  oldest: byTime,
  subject: (one, other) => compare(one.subject, other.subject) || byId(one, other),
}

function compare(one: string, other: string): number {
  return one < other ? -1 : Number(one > other)
}

/** All that a filter finds, a page at a time. */
function inPages(
  ledger: ReadDb,
  filter: ConflictFilter,
  sort: ConflictSort,
  limit: number,
): readonly ConflictSummary[] {
  const found: ConflictSummary[] = []
  for (let after: Cursor | undefined; ;) {
    const page = listConflicts(ledger, { filter, sort, limit, after })
    found.push(...page.items)
    if (page.next === null) return found
    after = page.next
  }
}

function idsOf(conflicts: readonly ConflictSummary[]): string {
  return conflicts
    .map(({ id }) => id)
    .sort()
    .join()
}

// Numbers that screens show at once: kept or looked up by key, never counted.
import type { Instant, NodeId } from '#core/contract/index.ts'
import { twoHoursOf } from './append.ts'
import type { ReadDb } from './types.ts'

/** How many receipts the ledger holds. */
export function counters(db: ReadDb): { readonly receipts: number } {
  // Nothing is ever deleted and a rolled back number is used again, so the last arrival is the count.
  const row = db.prepare<[], { receipts: number | null }>('SELECT max(arrival) AS receipts FROM receipt').get()
  return { receipts: row?.receipts ?? 0 }
}

/** Receipts that arrived here in each of the last twelve two-hour buckets, oldest first, the last one being `now`'s. */
export function recentArrivals(
  db: ReadDb,
  now: Instant,
): readonly { readonly from: Instant; readonly receipts: number }[] {
  const last = twoHoursOf(now)
  const counts = db.prepare<[string], { receipts: number }>('SELECT receipts FROM arrivals WHERE two_hours = ?')
  return Array.from({ length: BUCKETS }, (_, index) => {
    const bucket = last - BUCKETS + 1 + index
    // toISOString prints the very form that Instant asks for.
    const from = new Date(bucket * 2 * 60 * 60 * 1000).toISOString() as Instant
    return { from, receipts: counts.get(String(bucket))?.receipts ?? 0 }
  })
}

/** What lists of receipts may be filtered by, each in the order of its text. */
export interface ReceiptFacets {
  readonly kinds: readonly string[]
  /** The first thousand. */
  readonly tasks: readonly string[]
  readonly nodes: readonly NodeId[]
}

export function receiptFacets(db: ReadDb): ReceiptFacets {
  return {
    kinds: db.prepare<[], string>('SELECT DISTINCT kind FROM tally ORDER BY kind').pluck().all(),
    tasks: namedTasks(db, MOST_TASKS),
    nodes: db
      .prepare<[], NodeId>('SELECT id FROM node WHERE key IN (SELECT node_key FROM tally) ORDER BY id')
      .pluck()
      .all(),
  }
}

const BUCKETS = 12

const MOST_TASKS = 1000

/** The first tasks that receipts name, in the order of their text. */
export function namedTasks(db: ReadDb, limit: number): readonly string[] {
  // Jumps from one task to the next in the index instead of walking over every subject.
  return db
    .prepare<[number], string>(`
      WITH RECURSIVE task (name) AS (
        SELECT min(task) FROM subject WHERE task > ''
        UNION ALL
        SELECT (SELECT min(task) FROM subject WHERE task > name AND task > '') FROM task WHERE name IS NOT NULL
      )
      SELECT name FROM task WHERE name IS NOT NULL LIMIT ?
    `)
    .pluck()
    .all(limit)
}

// How many receipts were held back (waiting, held, refused) in each two hours, for the picture of the day. Kept, not counted.
import type { Instant } from '#core/contract/index.ts'
import type { ReadDb, Tx } from '#core/ledger/index.ts'

const TWO_HOURS_MS = 2 * 60 * 60 * 1000
const BUCKETS = 12

export function countHeldBack(tx: Tx): void {
  tx.prepare<[number], never>(`
    INSERT INTO exchange_held_back (two_hours, receipts) VALUES (?, 1)
    ON CONFLICT (two_hours) DO UPDATE SET receipts = receipts + 1
  `).run(bucketOf(tx.now))
}

/** The last twelve buckets of two hours, oldest first, the last one being `now`'s; as the ledger counts its arrivals. */
export function recentHeldBack(db: ReadDb, now: Instant): readonly number[] {
  const last = bucketOf(now)
  const find = db.prepare<[number], { receipts: number }>('SELECT receipts FROM exchange_held_back WHERE two_hours = ?')
  return Array.from({ length: BUCKETS }, (_, index) => find.get(last - BUCKETS + 1 + index)?.receipts ?? 0)
}

function bucketOf(instant: Instant): number {
  return Math.floor(Date.parse(instant) / TWO_HOURS_MS)
}

// Receipts that are right but early: behind a gap (`waiting`) or ahead of the clock (`held`). They were verified when they came;
// they are verified again before they are appended, since between the two lies a disk.
import type { Instant, NodeId, ReceiptId } from '#core/contract/index.ts'
import { onlyRow, type ReadDb, type Tx } from '#core/ledger/index.ts'
import { LIMITS } from '#core/receipts/index.ts'
import type { VerifiedReceipt } from '#core/receipts/index.ts'
import { countHeldBack } from './held-back.ts'

export interface EarlyReceipt {
  readonly id: ReceiptId
  readonly node: NodeId
  readonly seq: number
  readonly time: Instant
  readonly source: string
  readonly line: string
  readonly firstSeen: Instant
}

export interface EarlyTotals {
  readonly waiting: number
  readonly held: number
}

/** How much of each node is kept as early: looked up once, then kept along, since a full share is ten thousand rows. */
export class EarlyShares {
  readonly #shares = new Map<string, { receipts: number; bytes: number }>()

  /** False where there is no room for so many bytes more. */
  take(tx: Tx, node: NodeId, outcome: EarlyOutcome, bytes: number): boolean {
    const key = `${outcome} ${node}`
    const share = this.#shares.get(key) ?? { ...shareOf(tx, node, outcome) }
    this.#shares.set(key, share)
    if (share.receipts >= LIMITS.waitingReceiptsPerNode || share.bytes + bytes > LIMITS.waitingBytesPerNode)
      return false
    share.receipts++
    share.bytes += bytes
    return true
  }

  forget(): void {
    this.#shares.clear()
  }
}

export type EarlyOutcome = 'waiting' | 'held'

/** False where the node's share is used up: the receipt stays in the folder and is read again when there is room. */
export function keepEarly(
  tx: Tx,
  shares: EarlyShares,
  outcome: EarlyOutcome,
  receipt: VerifiedReceipt,
  source: string,
): boolean {
  const { node, seq, time } = receipt.receipt
  const bytes = Buffer.byteLength(receipt.line)
  if (!isEarly(tx, receipt.id)) {
    if (!shares.take(tx, node, outcome, bytes)) return false
    countHeldBack(tx)
  }
  someEarlyByTx.set(tx, true)
  tx.prepare<[ReceiptId, string, NodeId, number, Instant, string, number, string, Instant], never>(`
    INSERT INTO exchange_early (id, outcome, node, seq, time, source, bytes, line, first_seen)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT (id) DO UPDATE SET outcome = excluded.outcome
  `).run(receipt.id, outcome, node, seq, time, source, bytes, receipt.line, tx.now)
  return true
}

export function dropEarly(tx: Tx, shares: EarlyShares, id: ReceiptId): void {
  if (!isSomeEarly(tx)) return
  const { changes } = tx.prepare<[ReceiptId], never>('DELETE FROM exchange_early WHERE id = ?').run(id)
  if (changes > 0) shares.forget()
}

/** Asked once in a write: mostly nothing is early, and then each of its receipts would be looked for in vain. */
function isSomeEarly(tx: Tx): boolean {
  const known = someEarlyByTx.get(tx)
  if (known !== undefined) return known
  const find = tx.prepare<[], { found: 0 | 1 }>('SELECT EXISTS (SELECT 1 FROM exchange_early) AS found')
  const found = onlyRow(find.get()).found === 1
  someEarlyByTx.set(tx, found)
  return found
}

const someEarlyByTx = new WeakMap<Tx, boolean>()

function isEarly(db: ReadDb, id: ReceiptId): boolean {
  return (
    db.prepare<[ReceiptId], { found: 1 }>('SELECT 1 AS found FROM exchange_early WHERE id = ?').get(id) !== undefined
  )
}

/** How much of one node is kept as early. */
export function shareOf(
  db: ReadDb,
  node: NodeId,
  outcome: EarlyOutcome,
): { readonly receipts: number; readonly bytes: number } {
  const find = db.prepare<[NodeId, string], { receipts: number; bytes: number }>(`
    SELECT count(*) AS receipts, coalesce(sum(bytes), 0) AS bytes
    FROM exchange_early WHERE node = ? AND outcome = ?
  `)
  return onlyRow(find.get(node, outcome))
}

/** The lowest number of a node's receipts that wait for a gap to close; null where none waits. */
export function firstWaiting(db: ReadDb, node: NodeId): number | null {
  const find = db.prepare<[NodeId], { seq: number | null }>(`
    SELECT min(seq) AS seq FROM exchange_early WHERE node = ? AND outcome = 'waiting'
  `)
  return onlyRow(find.get(node)).seq
}

/**
 * Of the receipts from one seq to another those that did not arrive: from the first to the last of them. What is here and waits or is
 * held is no more missing than what was admitted. Null where all came.
 */
export function notArrived(
  db: ReadDb,
  node: NodeId,
  range: { readonly fromSeq: number; readonly toSeq: number },
): { readonly fromSeq: number; readonly toSeq: number } | null {
  const here = new Set(
    db
      .prepare<[NodeId, number, number], { seq: number }>(`
        SELECT seq FROM exchange_early WHERE node = ? AND outcome IN ('waiting', 'held') AND seq BETWEEN ? AND ?
      `)
      .all(node, range.fromSeq, range.toSeq)
      .map(({ seq }) => seq),
  )
  let { fromSeq, toSeq } = range
  while (here.has(fromSeq)) fromSeq += 1
  while (here.has(toSeq)) toSeq -= 1
  return fromSeq > range.toSeq ? null : { fromSeq, toSeq }
}

/** The receipt at this place of a feed is here, dated ahead of the clock. */
export function isHeldAt(db: ReadDb, node: NodeId, seq: number): boolean {
  const find = db.prepare<[NodeId, number], { found: 1 }>(`
    SELECT 1 AS found FROM exchange_early WHERE node = ? AND outcome = 'held' AND seq = ? LIMIT 1
  `)
  return find.get(node, seq) !== undefined
}

export function earlyTotals(db: ReadDb): EarlyTotals {
  const count = db.prepare<[], EarlyTotals>(`
    SELECT count(*) FILTER (WHERE outcome = 'waiting') AS waiting, count(*) FILTER (WHERE outcome = 'held') AS held
    FROM exchange_early
  `)
  return onlyRow(count.get())
}

/** Nodes of which something waits. */
export function nodesWithWaiting(db: ReadDb): readonly NodeId[] {
  return db
    .prepare<[], NodeId>("SELECT DISTINCT node FROM exchange_early WHERE outcome = 'waiting' ORDER BY node")
    .pluck()
    .all()
}

/** The waiting receipts that follow `tailSeq` without a gap, in order; at most `limit`. */
export function waitingAfter(db: ReadDb, node: NodeId, tailSeq: number, limit: number): readonly EarlyReceipt[] {
  const rows = db
    .prepare<[NodeId, number], EarlyReceipt>(`
      SELECT id, node, seq, time, source, line, first_seen AS firstSeen FROM exchange_early
      WHERE node = ? AND outcome = 'waiting' ORDER BY seq, id LIMIT ?
    `)
    .all(node, limit)
  const ready: EarlyReceipt[] = []
  let reached = tailSeq
  for (const row of rows) {
    if (row.seq > reached + 1) break
    reached = Math.max(reached, row.seq)
    ready.push(row)
  }
  return ready
}

/** Held receipts whose time has come by `latest`, oldest first; at most `limit`. */
export function heldUntil(db: ReadDb, latest: Instant, limit: number): readonly EarlyReceipt[] {
  return db
    .prepare<[Instant, number], EarlyReceipt>(`
      SELECT id, node, seq, time, source, line, first_seen AS firstSeen FROM exchange_early
      WHERE outcome = 'held' AND time <= ? ORDER BY time, node, seq, id LIMIT ?
    `)
    .all(latest, limit)
}

export function heldReceipts(db: ReadDb, limit: number): readonly EarlyReceipt[] {
  return db
    .prepare<[number], EarlyReceipt>(`
      SELECT id, node, seq, time, source, line, first_seen AS firstSeen FROM exchange_early
      WHERE outcome = 'held' ORDER BY node, seq, id LIMIT ?
    `)
    .all(limit)
}

/** Up to when a receipt's time may lie for it not to be held any more. */
export function latestTaken(now: Instant): Instant {
  // toISOString prints the very form of an Instant.
  return new Date(Date.parse(now) + LIMITS.aheadMs).toISOString() as Instant
}

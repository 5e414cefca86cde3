// Looking receipts up: by id, by feed, in bulk. Lists for a person are in list-receipts.ts.
import type { Instant, NodeId, ReceiptId, Way } from '#core/contract/index.ts'
import type { FeedTail } from '#core/receipts/index.ts'
import { EMPTY_TAIL, LedgerTail } from './feed-tail.ts'
import { receiptIdFromBytes, receiptIdToBytes } from './receipt-id-bytes.ts'
import type { ReadDb, ReceiptRow } from './types.ts'

export function receiptById(db: ReadDb, id: ReceiptId): ReceiptRow | null {
  const row = db.prepare<[Buffer], StoredRow>(`${SELECT_RECEIPT} WHERE id = ?`).get(receiptIdToBytes(id))
  return row === undefined ? null : receiptFromRow(row)
}

/** Ids that begin with these hex digits (without `sha256:`), in the order of their bytes. */
export function receiptIdsStarting(db: ReadDb, hex: string, limit: number): readonly ReceiptId[] {
  const from = Buffer.from(hex.padEnd(64, '0'), 'hex')
  const to = Buffer.from(hex.padEnd(64, 'f'), 'hex')
  return db
    .prepare<[Buffer, Buffer, number], Buffer>('SELECT id FROM receipt WHERE id BETWEEN ? AND ? ORDER BY id LIMIT ?')
    .pluck()
    .all(from, to, limit)
    .map(receiptIdFromBytes)
}

/** By which way, from where and when a receipt came to this node; null where it is not held. */
export function arrivalOf(
  db: ReadDb,
  id: ReceiptId,
): { readonly way: Way; readonly source: string; readonly at: Instant } | null {
  const row = db
    .prepare<[Buffer], { way: Way; source: string; arrivedMs: number }>(`
      SELECT way, source.text AS source, arrived_ms AS arrivedMs
      FROM receipt JOIN source ON source.key = source_key
      WHERE receipt.id = ?
    `)
    .get(receiptIdToBytes(id))
  return row === undefined ? null : { way: row.way, source: row.source, at: instantFromMs(row.arrivedMs) }
}

/** Those of `ids` that the ledger holds. One look-up in an index each, so that a replay costs no more than that. */
export function knownIds(db: ReadDb, ids: readonly ReceiptId[]): ReadonlySet<ReceiptId> {
  const find = db.prepare<[Buffer], { found: 1 }>('SELECT 1 AS found FROM receipt WHERE id = ?')
  return new Set(ids.filter((id) => find.get(receiptIdToBytes(id)) !== undefined))
}

/** What `knownAmong` looks at of a receipt. */
export interface Placed {
  readonly id: ReceiptId
  readonly receipt: { readonly node: NodeId; readonly seq: number }
}

/** The ids that the ledger holds of these receipts. Nothing behind the end of a feed is held, so that what is new costs one look-up a feed. */
export function knownAmong(db: ReadDb, receipts: readonly Placed[]): ReadonlySet<ReceiptId> {
  const ends = new Map<NodeId, number>()
  const endOf = (node: NodeId): number => {
    const end = ends.get(node) ?? feedTailOf(db, node).seq
    ends.set(node, end)
    return end
  }
  return knownIds(
    db,
    receipts.filter(({ receipt: { node, seq } }) => seq <= endOf(node)).map(({ id }) => id),
  )
}

/**
 * The receipts of a feed from one seq to another, both included, in the order of seq and then id (a fork has several at
 * one seq). Read page by page: other reads and writes may happen in between.
 */
export function* receiptsOfNode(
  db: ReadDb,
  node: NodeId,
  fromSeq: number,
  toSeq: number,
): Generator<ReceiptRow, void, void> {
  const nodeKey = nodeKeyOf(db, node)
  if (nodeKey === null) return
  let seq = fromSeq
  while (seq <= toSeq) {
    // Whole seqs only: a page of at most 64 stories times its seqs.
    const last = Math.min(toSeq, seq + PAGE_SEQS - 1)
    const rows = db
      .prepare<[number, number, number], StoredRow>(
        `${SELECT_RECEIPT} WHERE node_key = ? AND seq BETWEEN ? AND ? ORDER BY seq, id`,
      )
      .all(nodeKey, seq, last)
    if (rows.length === 0) return
    for (const row of rows) yield receiptFromRow(row)
    seq = last + 1
  }
}

/** Where the feed of a node ends here; an empty tail for a node of which nothing is held. */
export function feedTailOf(db: ReadDb, node: NodeId): FeedTail {
  const nodeKey = nodeKeyOf(db, node)
  return nodeKey === null ? EMPTY_TAIL : new LedgerTail(db, nodeKey)
}

/** The first seq at which a feed tells two stories; null while it tells one. */
export function forkSeqOf(db: ReadDb, nodeKey: number): number | null {
  const row = db.prepare<[number], { seq: number }>('SELECT seq FROM feed_fork WHERE node_key = ?').get(nodeKey)
  return row?.seq ?? null
}

export function nodeKeyOf(db: ReadDb, node: NodeId): number | null {
  return db.prepare<[NodeId], { key: number }>('SELECT key FROM node WHERE id = ?').get(node)?.key ?? null
}

const PAGE_SEQS = 256

interface StoredRow extends Omit<ReceiptRow, 'id'> {
  readonly id: Buffer
}

const SELECT_RECEIPT = `
  SELECT arrival, id, node_key AS nodeKey, seq, kind, subject_key AS subjectKey, time_ms AS timeMs, line
  FROM receipt
`

function receiptFromRow(row: StoredRow): ReceiptRow {
  return { ...row, id: receiptIdFromBytes(row.id) }
}

/** The instant of a column in milliseconds. */
function instantFromMs(ms: number): Instant {
  // toISOString prints the very form that Instant asks for, for all years that an Instant can have.
  return new Date(ms).toISOString() as Instant
}

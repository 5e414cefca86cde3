// VerifiedReceipt -> Admission -> ledger row. The only code that writes receipts.
import type { Instant, NodeId } from '#core/contract/index.ts'
import { admit } from '#core/receipts/index.ts'
import type { Admission, VerifiedReceipt } from '#core/receipts/index.ts'
import { EMPTY_TAIL, LedgerTail } from './feed-tail.ts'
import type { LedgerMemo } from './memo.ts'
import { PROJECTED_TOGETHER, projectBatch } from './projections.ts'
import { receiptIdToBytes } from './receipt-id-bytes.ts'
import { gatheredOf } from './transaction.ts'
import type { Arrival, ProjectedReceipt, ReadDb, Tx } from './types.ts'

const TWO_HOURS_MS = 2 * 60 * 60 * 1000

/**
 * Judges a receipt by the feed rules and keeps it if they take it (`appended` or `forked`). Every other outcome writes
 * nothing: what waits or is held is the caller's to ask again, what is known is known.
 */
export function append(tx: Tx, receipt: VerifiedReceipt, arrival: Arrival): Admission {
  const { db, memo, appended, topics } = gatheredOf(tx)
  const { node, seq } = receipt.receipt
  const heldKey = findNodeKey(tx, memo, node)
  const admission = admit(heldKey === null ? EMPTY_TAIL : tailOf(db, memo, heldKey), receipt, tx.now)
  if (admission.outcome !== 'appended' && admission.outcome !== 'forked') return admission

  const nodeKey = heldKey ?? addNode(tx, memo, node)
  const subjectKey = internSubject(tx, memo, receipt)
  const row = insertReceipt(tx, receipt, nodeKey, subjectKey, internSource(tx, memo, arrival.source), arrival)
  if (admission.outcome === 'forked') rememberFork(tx, nodeKey, seq)
  tailOf(db, memo, nodeKey).grow(seq, receipt.id)
  appended.push({ arrival: row, nodeKey, subjectKey, receipt })
  topics.add('receipts')
  if (appended.length >= PROJECTED_TOGETHER) projectAppended(tx)
  return admission
}

/** Counts what a write has appended since it was last asked, and shows it to the projections; `settleProjections` follows at the end. */
export function projectAppended(tx: Tx): void {
  const { appended, features } = gatheredOf(tx)
  if (appended.length === 0) return
  keepCounts(tx, appended)
  projectBatch(tx, features, appended)
  appended.length = 0
}

function keepCounts(tx: Tx, appended: readonly ProjectedReceipt[]): void {
  const countByKind = new Map<number, Map<string, number>>()
  for (const { nodeKey, receipt } of appended) {
    const ofNode = countByKind.get(nodeKey) ?? new Map<string, number>()
    countByKind.set(nodeKey, ofNode.set(receipt.receipt.kind, (ofNode.get(receipt.receipt.kind) ?? 0) + 1))
  }
  const add = tx.prepare<[number, string, number], never>(`
    INSERT INTO kept (node_key, what, number) VALUES (?, ?, ?)
    ON CONFLICT (node_key, what) DO UPDATE SET number = number + excluded.number
  `)
  for (const [nodeKey, ofNode] of countByKind) {
    for (const [kind, count] of ofNode) add.run(nodeKey, kind, count)
  }
  add.run(OF_ALL_NODES, String(twoHoursOf(tx.now)), appended.length)
}

const OF_ALL_NODES = 0

/** Number of the two-hour bucket, counted from 1970, that an instant falls into. */
export function twoHoursOf(instant: Instant): number {
  return Math.floor(Date.parse(instant) / TWO_HOURS_MS)
}

function insertReceipt(
  tx: Tx,
  { id, receipt, leaf, line }: VerifiedReceipt,
  nodeKey: number,
  subjectKey: number,
  sourceKey: number,
  { way }: Arrival,
): number {
  const { lastInsertRowid } = tx
    .prepare<[Buffer, number, number, string, number, number, string, number, number, Uint8Array, string], never>(
      INSERT_RECEIPT,
    )
    .run(
      receiptIdToBytes(id),
      nodeKey,
      receipt.seq,
      receipt.kind,
      subjectKey,
      Date.parse(receipt.time),
      way,
      sourceKey,
      Date.parse(tx.now),
      leaf,
      line,
    )
  return Number(lastInsertRowid)
}

const INSERT_RECEIPT = `
  INSERT INTO receipt
    (id, node_key, seq, kind, subject_key, time_ms, way, source_key, arrived_ms, leaf, line)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
`

function rememberFork(tx: Tx, nodeKey: number, seq: number): void {
  tx.prepare<[number, number], never>(`
    INSERT INTO feed_fork (node_key, seq) VALUES (?, ?)
    ON CONFLICT (node_key) DO UPDATE SET seq = min(seq, excluded.seq)
  `).run(nodeKey, seq)
}

function tailOf(db: ReadDb, memo: LedgerMemo, nodeKey: number): LedgerTail {
  const known = memo.tails.get(nodeKey)
  if (known !== undefined) return known
  const tail = new LedgerTail(db, nodeKey)
  memo.tails.set(nodeKey, tail)
  return tail
}

function findNodeKey(tx: Tx, memo: LedgerMemo, node: NodeId): number | null {
  const known = memo.nodeKeys.get(node)
  if (known !== undefined) return known
  const row = tx.prepare<[NodeId], { key: number }>('SELECT key FROM node WHERE id = ?').get(node)
  if (row === undefined) return null
  memo.nodeKeys.set(node, row.key)
  return row.key
}

function addNode(tx: Tx, memo: LedgerMemo, node: NodeId): number {
  const key = Number(tx.prepare<[NodeId], never>('INSERT INTO node (id) VALUES (?)').run(node).lastInsertRowid)
  memo.nodeKeys.set(node, key)
  return key
}

function internSubject(tx: Tx, memo: LedgerMemo, { receipt }: VerifiedReceipt): number {
  const { subject } = receipt
  const task = receipt.task ?? ''
  const name = `${task}\n${subject}`
  const known = memo.subjectKeys.get(name)
  if (known !== undefined) return known
  const row = tx
    .prepare<[string, string], { key: number }>('SELECT key FROM subject WHERE subject = ? AND task = ?')
    .get(subject, task)
  const key =
    row?.key ??
    Number(
      tx.prepare<[string, string], never>('INSERT INTO subject (subject, task) VALUES (?, ?)').run(subject, task)
        .lastInsertRowid,
    )
  memo.subjectKeys.set(name, key)
  return key
}

function internSource(tx: Tx, memo: LedgerMemo, text: string): number {
  const known = memo.sourceKeys.get(text)
  if (known !== undefined) return known
  const row = tx.prepare<[string], { key: number }>('SELECT key FROM source WHERE text = ?').get(text)
  const key =
    row?.key ?? Number(tx.prepare<[string], never>('INSERT INTO source (text) VALUES (?)').run(text).lastInsertRowid)
  memo.sourceKeys.set(text, key)
  return key
}

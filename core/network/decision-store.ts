// Decisions as they were signed, and which of them a reader may count. Both halves of the app that follow decisions read here:
// the network for forks, core/reconcile for everything else.
import type { NodeId, ReceiptId } from '#core/contract/index.ts'
import { receiptIdFromBytes, receiptIdToBytes, type ReadDb } from '#core/ledger/index.ts'
import { parseStoredLine, type Receipt } from '#core/receipts/index.ts'
import type { CastDecision, Said } from './decisions.ts'
import { DecisionBody } from './kinds.ts'
import type { MergedFeeds, ReceiptPlace } from './merged-feeds.ts'

export interface SignedDecision extends ReceiptPlace {
  readonly id: ReceiptId
  readonly node: NodeId
  readonly timeMs: number
  readonly body: DecisionBody
}

export interface SignedWithdrawal extends ReceiptPlace {
  readonly id: ReceiptId
  readonly timeMs: number
  readonly reason: string
}

/** A receipt as a decision may list it. */
export interface HeldReceipt extends ReceiptPlace {
  readonly id: ReceiptId
  readonly node: NodeId
  readonly subjectKey: number
  readonly receipt: Receipt
}

/** All decisions on the subject, in the order of their ids. */
export function decisionsOn(db: ReadDb, subjectKey: number): SignedDecision[] {
  return db
    .prepare<[number], SignedDecisionRow>(`
      SELECT decision.arrival, decision.node_key AS nodeKey, decision.seq, decision.body,
             receipt.id AS idBytes, receipt.time_ms AS timeMs, node.id AS node
      FROM network_decision AS decision
      JOIN receipt ON receipt.arrival = decision.arrival
      JOIN node ON node.key = decision.node_key
      WHERE decision.subject_key = ?
      ORDER BY receipt.id
    `)
    .all(subjectKey)
    .map(({ idBytes, body, ...row }) => ({
      ...row,
      id: receiptIdFromBytes(idBytes),
      body: DecisionBody.parse(JSON.parse(body)),
    }))
}

/** Those of the subjects on which somebody decided. */
export function decidedAmong(db: ReadDb, subjectKeys: readonly number[]): ReadonlySet<number> {
  const rows = db
    .prepare<[string], { subjectKey: number }>(`
      SELECT DISTINCT subject_key AS subjectKey FROM network_decision
      WHERE subject_key IN (SELECT value FROM json_each(?))
    `)
    .all(JSON.stringify(subjectKeys))
  return new Set(rows.map((row) => row.subjectKey))
}

interface SignedDecisionRow extends ReceiptPlace {
  readonly idBytes: Buffer
  readonly node: NodeId
  readonly timeMs: number
  readonly body: string
}

/** Only who decided can withdraw. In the order of the feed; the first that counts is the one to show. */
export function withdrawalsOf(db: ReadDb, decision: SignedDecision): SignedWithdrawal[] {
  return db
    .prepare<[Buffer, number], ReceiptPlace & { idBytes: Buffer; timeMs: number; reason: string }>(`
      SELECT withdrawal.node_key AS nodeKey, withdrawal.seq, withdrawal.arrival, withdrawal.reason,
             receipt.id AS idBytes, receipt.time_ms AS timeMs
      FROM network_withdrawal AS withdrawal
      JOIN receipt ON receipt.arrival = withdrawal.arrival
      WHERE withdrawal.decision = ? AND withdrawal.node_key = ?
      ORDER BY withdrawal.seq, receipt.id
    `)
    .all(receiptIdToBytes(decision.id), decision.nodeKey)
    .map(({ idBytes, ...row }) => ({ ...row, id: receiptIdFromBytes(idBytes) }))
}

/** Those decisions that `counts` lets pass and that no withdrawal which counts has taken back. */
export function standingDecisions(
  db: ReadDb,
  decisions: readonly SignedDecision[],
  counts: (place: ReceiptPlace) => boolean,
  saidBy: (decision: SignedDecision) => readonly Said[],
): CastDecision[] {
  return decisions
    .filter((decision) => counts(decision) && !withdrawalsOf(db, decision).some(counts))
    .map((decision) => ({
      id: decision.id,
      node: decision.node,
      seq: decision.seq,
      kind: decision.body.kind,
      verdict: decision.body.verdict,
      members: saidBy(decision),
    }))
}

/** The stewards who may decide on a fork: those of other nodes, before any fork of their own. Blocking is local and no matter here. */
export function mayDecideFork(
  feeds: MergedFeeds,
  forkedNode: NodeId,
): (place: { readonly nodeKey: number; readonly seq: number }) => boolean {
  return (place) => feeds.isBeyondDoubt(place) && feeds.nodeOf(place.nodeKey) !== forkedNode
}

/** Members of decisions on a fork, and of decisions on those: for these the receipt itself is what is said. */
export function saidOfFeed(db: ReadDb, forkedNode: NodeId): (decision: SignedDecision) => readonly Said[] {
  return (decision) =>
    heldReceipts(db, decision.body.members)
      .filter((held) => decision.body.kind !== 'fork' || held.node === forkedNode)
      .map((held) => ({ receipt: held.id, node: held.node, hash: held.id }))
}

/** Those of the ids that the ledger holds. */
export function heldReceipts(db: ReadDb, ids: readonly ReceiptId[]): HeldReceipt[] {
  const find = db.prepare<
    [Buffer],
    ReceiptPlace & { readonly node: NodeId; readonly subjectKey: number; readonly line: string }
  >(`
    SELECT receipt.arrival, receipt.node_key AS nodeKey, receipt.seq, receipt.subject_key AS subjectKey,
           receipt.line, node.id AS node
    FROM receipt JOIN node ON node.key = receipt.node_key
    WHERE receipt.id = ?
  `)
  const held: HeldReceipt[] = []
  for (const id of new Set(ids)) {
    const row = find.get(receiptIdToBytes(id))
    if (row === undefined) continue
    const { line, ...place } = row
    held.push({ ...place, id, receipt: parseStoredLine(line).receipt })
  }
  return held
}

/** Null where the ledger holds no decision of that id. */
export function decisionById(
  db: ReadDb,
  id: ReceiptId,
): (SignedDecision & { readonly subject: string; readonly task: string | null }) | null {
  const place = db
    .prepare<[Buffer], { subjectKey: number; subject: string; task: string }>(`
      SELECT subject.key AS subjectKey, subject.subject, subject.task
      FROM receipt JOIN subject ON subject.key = receipt.subject_key
      WHERE receipt.id = ?
    `)
    .get(receiptIdToBytes(id))
  if (place === undefined) return null
  const decision = decisionsOn(db, place.subjectKey).find((other) => other.id === id)
  return decision === undefined
    ? null
    : { ...decision, subject: place.subject, task: place.task === '' ? null : place.task }
}

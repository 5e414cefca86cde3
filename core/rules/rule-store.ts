// Standing rules as they were signed. A rule counts only for the node that signed it, and only while its receipt is merged.
import type { NodeId, ReceiptId, StandingRule } from '#core/contract/index.ts'
import { receiptIdFromBytes, receiptIdToBytes, type ReadDb } from '#core/ledger/index.ts'
import type { MergedFeeds, ReceiptPlace } from '#core/network/index.ts'
import { RuleBody } from './kinds.ts'

export interface SignedRule extends ReceiptPlace {
  readonly id: ReceiptId
  readonly node: NodeId
  readonly timeMs: number
  readonly untilMs: number
  readonly rule: StandingRule
}

interface SignedRevocation extends ReceiptPlace {
  readonly id: ReceiptId
  readonly timeMs: number
  readonly reason: string
}

/** Those of one node that may still decide something, the newest first. */
export function ownRulesInForce(db: ReadDb, feeds: MergedFeeds, node: NodeId, nowMs: number): SignedRule[] {
  return db
    .prepare<[NodeId, number], RuleRow>(`
      ${SELECT_RULE} WHERE rule.node_key = (SELECT key FROM node WHERE node.id = ?) AND rule.until_ms > ?
      ORDER BY rule.seq DESC, rule.id
    `)
    .all(node, nowMs)
    .map(ruleFromRow)
    .filter((rule) => feeds.isMerged(rule) && revocationOf(db, feeds, rule) === null)
}

/** Merged rules of all nodes, the newest first. */
export function allRules(db: ReadDb, feeds: MergedFeeds): SignedRule[] {
  return db
    .prepare<[], RuleRow>(`${SELECT_RULE} ORDER BY rule.time_ms DESC, rule.id`)
    .all()
    .map(ruleFromRow)
    .filter((rule) => feeds.isMerged(rule))
}

/** Null where the ledger holds no such rule. */
export function ruleById(db: ReadDb, id: ReceiptId): SignedRule | null {
  const row = db.prepare<[Buffer], RuleRow>(`${SELECT_RULE} WHERE rule.id = ?`).get(receiptIdToBytes(id))
  return row === undefined ? null : ruleFromRow(row)
}

/** Only who signed a rule can take it back; the first that counts. */
export function revocationOf(db: ReadDb, feeds: MergedFeeds, rule: SignedRule): SignedRevocation | null {
  const rows = db
    .prepare<[Buffer, number], Omit<SignedRevocation, 'id'> & { idBytes: Buffer }>(`
      SELECT revocation.node_key AS nodeKey, revocation.seq, revocation.arrival, revocation.time_ms AS timeMs,
             revocation.reason, receipt.id AS idBytes
      FROM rules_revocation AS revocation JOIN receipt ON receipt.arrival = revocation.arrival
      WHERE revocation.rule = ? AND revocation.node_key = ?
      ORDER BY revocation.seq, receipt.id
    `)
    .all(receiptIdToBytes(rule.id), rule.nodeKey)
  const found = rows.find((row) => feeds.isMerged(row))
  if (found === undefined) return null
  const { idBytes, ...revocation } = found
  return { ...revocation, id: receiptIdFromBytes(idBytes) }
}

/** How many merged decisions of its own node name the rule. */
export function decidedCount(db: ReadDb, feeds: MergedFeeds, rule: SignedRule): number {
  return decisionPlaces(db, rule).filter((place) => feeds.isMerged(place)).length
}

/** Decisions that name the rule, the newest first. */
export function decisionPlaces(db: ReadDb, rule: SignedRule): (ReceiptPlace & { readonly idBytes: Buffer })[] {
  return db
    .prepare<[Buffer, number], ReceiptPlace & { idBytes: Buffer }>(`
      SELECT decision.node_key AS nodeKey, decision.seq, decision.arrival, receipt.id AS idBytes
      FROM rules_decision AS decision JOIN receipt ON receipt.arrival = decision.arrival
      WHERE decision.rule = ? AND decision.node_key = ?
      ORDER BY decision.seq DESC, receipt.id
    `)
    .all(receiptIdToBytes(rule.id), rule.nodeKey)
}

interface RuleRow extends ReceiptPlace {
  readonly idBytes: Buffer
  readonly node: NodeId
  readonly timeMs: number
  readonly untilMs: number
  readonly body: string
}

const SELECT_RULE = `
  SELECT rule.id AS idBytes, rule.arrival, rule.node_key AS nodeKey, rule.seq, rule.time_ms AS timeMs,
         rule.until_ms AS untilMs, rule.body, node.id AS node
  FROM rules_rule AS rule JOIN node ON node.key = rule.node_key
`

function ruleFromRow({ idBytes, body, ...row }: RuleRow): SignedRule {
  return { ...row, id: receiptIdFromBytes(idBytes), rule: RuleBody.parse(JSON.parse(body)) }
}

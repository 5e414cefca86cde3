// The few receipts that rule the network: kept as rows of their own, so that what follows from them is computed from tables and not
// from the order in which they came. A body that does not fit its kind rules nothing; core/reconcile shows it as a conflict.
import type { NodeId } from '#core/contract/index.ts'
import { receiptIdToBytes, type ProjectedReceipt, type Tx } from '#core/ledger/index.ts'
import { changesOf } from './changes.ts'
import {
  ADMIT,
  AdmitBody,
  DECISION,
  DecisionBody,
  GENESIS,
  GenesisBody,
  POLICY,
  PolicyBody,
  PROFILE,
  ProfileBody,
  WITHDRAWAL,
  WithdrawalBody,
} from './kinds.ts'

export function projectRule(tx: Tx, row: ProjectedReceipt): void {
  const { kind, body } = row.receipt.receipt
  switch (kind) {
    case GENESIS:
      return keepRule(tx, row, GenesisBody.safeParse(body).success)
    case ADMIT:
      return keepRule(tx, row, AdmitBody.safeParse(body).success)
    case POLICY:
      return keepRule(tx, row, PolicyBody.safeParse(body).success)
    case PROFILE:
      return keepProfile(tx, row)
    case DECISION:
      return keepDecision(tx, row)
    case WITHDRAWAL:
      return keepWithdrawal(tx, row)
    default:
  }
}

function keepRule(tx: Tx, { arrival, nodeKey, receipt: { receipt } }: ProjectedReceipt, fits: boolean): void {
  if (!fits) return
  tx.prepare<[number, number, number, string, string], never>(
    'INSERT INTO network_rule (arrival, node_key, seq, kind, body) VALUES (?, ?, ?, ?, ?)',
  ).run(arrival, nodeKey, receipt.seq, receipt.kind, JSON.stringify(receipt.body))
  changesOf(tx).rulesChanged = true
  tx.touched('network')
}

function keepProfile(tx: Tx, { arrival, nodeKey, receipt: { receipt } }: ProjectedReceipt): void {
  const body = ProfileBody.safeParse(receipt.body)
  if (!body.success) return
  const { name, org, region } = body.data
  tx.prepare<[number, number, number, string, string | null, string | null], never>(
    'INSERT INTO network_profile (node_key, seq, arrival, name, org, region) VALUES (?, ?, ?, ?, ?, ?)',
  ).run(nodeKey, receipt.seq, arrival, name, org ?? null, region ?? null)
  tx.touched('network')
  // Conflicts are told with the names of nodes.
  tx.touched('conflicts')
}

function keepDecision(tx: Tx, { arrival, nodeKey, subjectKey, receipt: { receipt } }: ProjectedReceipt): void {
  if (!DecisionBody.safeParse(receipt.body).success) return
  tx.prepare<[number, number, number, number, string], never>(
    'INSERT INTO network_decision (arrival, subject_key, node_key, seq, body) VALUES (?, ?, ?, ?, ?)',
  ).run(arrival, subjectKey, nodeKey, receipt.seq, JSON.stringify(receipt.body))
  reconsiderSubject(tx, subjectKey)
}

function keepWithdrawal(tx: Tx, { arrival, nodeKey, receipt: { receipt } }: ProjectedReceipt): void {
  const body = WithdrawalBody.safeParse(receipt.body)
  if (!body.success) return
  const decision = receiptIdToBytes(body.data.decision)
  tx.prepare<[Buffer, number, number, number, string], never>(
    'INSERT INTO network_withdrawal (decision, node_key, seq, arrival, reason) VALUES (?, ?, ?, ?, ?)',
  ).run(decision, nodeKey, receipt.seq, arrival, body.data.reason)
  // Where the decision is not here yet, its own arrival will ask for its withdrawals.
  const withdrawn = tx
    .prepare<[Buffer], { subjectKey: number }>('SELECT subject_key AS subjectKey FROM receipt WHERE id = ?')
    .get(decision)
  if (withdrawn !== undefined) reconsiderSubject(tx, withdrawn.subjectKey)
}

function reconsiderSubject(tx: Tx, subjectKey: number): void {
  changesOf(tx).decidedSubjects.add(subjectKey)
  // A decision on a fork has the forked node as its subject.
  const feed = tx
    .prepare<[number], { nodeKey: number; node: NodeId }>(`
      SELECT node.key AS nodeKey, node.id AS node
      FROM subject JOIN node ON node.id = subject.subject
      WHERE subject.key = ? AND subject.task = ''
    `)
    .get(subjectKey)
  if (feed !== undefined) changesOf(tx).forkedFeeds.add(feed.nodeKey)
}

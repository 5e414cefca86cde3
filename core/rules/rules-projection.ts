// Standing rules, their revocations, and which decisions name which rule. Only receipts of these few kinds are looked at.
import { receiptIdToBytes, type ProjectedReceipt, type Projection, type Tx } from '#core/ledger/index.ts'
import { DECISION, DecisionBody } from '#core/network/index.ts'
import { REVOCATION, RevocationBody, RULE, RuleBody } from './kinds.ts'

export const rulesProjection: Projection = {
  name: 'rules',
  version: 2,
  tables: ['rules_rule', 'rules_revocation', 'rules_decision'],
  create(tx) {
    tx.exec(`
      CREATE TABLE rules_rule (
        id       BLOB    NOT NULL PRIMARY KEY CHECK (length(id) = 32),
        arrival  INTEGER NOT NULL,
        node_key INTEGER NOT NULL,
        seq      INTEGER NOT NULL,
        time_ms  INTEGER NOT NULL,
        until_ms INTEGER NOT NULL,
        body     TEXT    NOT NULL
      ) STRICT, WITHOUT ROWID;
      CREATE INDEX rules_rule_by_node ON rules_rule (node_key, until_ms);

      CREATE TABLE rules_revocation (
        rule     BLOB    NOT NULL,
        node_key INTEGER NOT NULL,
        seq      INTEGER NOT NULL,
        arrival  INTEGER NOT NULL,
        time_ms  INTEGER NOT NULL,
        reason   TEXT    NOT NULL,
        PRIMARY KEY (rule, node_key, seq, arrival)
      ) STRICT, WITHOUT ROWID;

      CREATE TABLE rules_decision (
        rule     BLOB    NOT NULL,
        node_key INTEGER NOT NULL,
        seq      INTEGER NOT NULL,
        arrival  INTEGER NOT NULL,
        PRIMARY KEY (rule, node_key, seq, arrival)
      ) STRICT, WITHOUT ROWID;
    `)
  },
  project(tx, rows) {
    for (const row of rows) {
      switch (row.receipt.receipt.kind) {
        case RULE:
          keepRule(tx, row)
          break
        case REVOCATION:
          keepRevocation(tx, row)
          break
        case DECISION:
          keepDecision(tx, row)
          break
        default:
      }
    }
  },
  settle() {
    // What follows from these rows is asked when somebody looks.
  },
}

function keepRule(tx: Tx, { arrival, nodeKey, receipt: { id, receipt } }: ProjectedReceipt): void {
  const body = RuleBody.safeParse(receipt.body)
  if (!body.success) return
  tx.prepare<(Buffer | number | string)[], never>(`
    INSERT OR IGNORE INTO rules_rule (id, arrival, node_key, seq, time_ms, until_ms, body) VALUES (?, ?, ?, ?, ?, ?, ?)
  `).run(
    receiptIdToBytes(id),
    arrival,
    nodeKey,
    receipt.seq,
    Date.parse(receipt.time),
    Date.parse(body.data.until),
    JSON.stringify(receipt.body),
  )
  tx.touched('conflicts')
}

function keepRevocation(tx: Tx, { arrival, nodeKey, receipt: { receipt } }: ProjectedReceipt): void {
  const body = RevocationBody.safeParse(receipt.body)
  if (!body.success) return
  tx.prepare<(Buffer | number | string)[], never>(`
    INSERT OR IGNORE INTO rules_revocation (rule, node_key, seq, arrival, time_ms, reason) VALUES (?, ?, ?, ?, ?, ?)
  `).run(receiptIdToBytes(body.data.rule), nodeKey, receipt.seq, arrival, Date.parse(receipt.time), body.data.reason)
  tx.touched('conflicts')
}

function keepDecision(tx: Tx, { arrival, nodeKey, receipt: { receipt } }: ProjectedReceipt): void {
  // The body as a whole, as core/network reads it: what decides nothing is not counted among the decisions of a rule.
  const rule = DecisionBody.safeParse(receipt.body).data?.rule ?? null
  if (rule === null) return
  tx.prepare<[Buffer, number, number, number], never>(
    'INSERT OR IGNORE INTO rules_decision (rule, node_key, seq, arrival) VALUES (?, ?, ?, ?)',
  ).run(receiptIdToBytes(rule), nodeKey, receipt.seq, arrival)
}

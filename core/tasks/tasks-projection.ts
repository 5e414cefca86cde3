// Which receipts speak of plans, and what plans say about themselves. Only receipts of the plan kinds are looked at.
import type { ProjectedReceipt, Projection, Tx } from '#core/ledger/index.ts'
import { factsOf, PLAN_PROPOSED, PLAN_STEP, ProposedBody, StepBody } from './kinds.ts'

export const tasksProjection: Projection = {
  name: 'tasks',
  version: 1,
  tables: ['tasks_said'],
  create(tx) {
    tx.exec(`
      CREATE TABLE tasks_said (
        arrival  INTEGER NOT NULL PRIMARY KEY,
        node_key INTEGER NOT NULL,
        seq      INTEGER NOT NULL,
        plan     TEXT    NOT NULL,
        facts    TEXT    NOT NULL
      ) STRICT;
      CREATE INDEX tasks_said_by_plan ON tasks_said (plan);
    `)
  },
  project(tx, rows) {
    for (const row of rows) {
      const { kind, body } = row.receipt.receipt
      if (kind === PLAN_STEP) keep(tx, row, StepBody.safeParse(body).data?.plan, '[]')
      else if (kind === PLAN_PROPOSED) {
        keep(tx, row, ProposedBody.safeParse(body).data?.plan, JSON.stringify(factsOf(body)))
      }
    }
  },
  settle() {
    // What follows from these rows is asked when somebody looks.
  },
}

function keep(tx: Tx, { arrival, nodeKey, receipt }: ProjectedReceipt, plan: string | undefined, facts: string): void {
  if (plan === undefined) return
  tx.prepare<[number, number, number, string, string], never>(
    'INSERT OR IGNORE INTO tasks_said (arrival, node_key, seq, plan, facts) VALUES (?, ?, ?, ?, ?)',
  ).run(arrival, nodeKey, receipt.receipt.seq, plan, facts)
}

// What only this node saw: a range that a head names and nobody sent, a receipt dated ahead of the clock. It follows from what lies in
// the folder, not from receipts, so it is kept in a table of its own and shown beside the conflicts that everybody has.
import type { Instant, NodeId, ReceiptId } from '#core/contract/index.ts'
import type { Migration, ReadDb, Tx } from '#core/ledger/index.ts'
import { OPEN } from './conflict-codes.ts'
import { conflictId } from './conflict-id.ts'
import type { ConflictStore, WantedConflict } from './conflict-store.ts'

export type Observation =
  | {
      readonly type: 'withheld'
      readonly node: NodeId
      readonly fromSeq: number
      readonly toSeq: number
      readonly since: Instant
    }
  | {
      readonly type: 'held-future'
      readonly node: NodeId
      readonly receipt: ReceiptId
      readonly seq: number
      /** What the receipt gives as its time, and so when it can be merged at the latest. */
      readonly time: Instant
      readonly since: Instant
    }

export const reconcileMigrations: readonly Migration[] = [
  {
    id: 'reconcile/0001-observations',
    up: (tx) =>
      tx.exec(`
        CREATE TABLE reconcile_observation (
          kind     TEXT    NOT NULL CHECK (kind IN ('withheld', 'held-future')),
          node     TEXT    NOT NULL,
          from_seq INTEGER NOT NULL,
          to_seq   INTEGER NOT NULL,
          since    TEXT    NOT NULL,
          until    TEXT,
          PRIMARY KEY (kind, node, from_seq, to_seq)
        ) STRICT, WITHOUT ROWID;
      `),
  },
]

/** Says everything that this node observes now; what is not named any more is over. */
export function setObservations(tx: Tx, observations: readonly Observation[]): void {
  tx.prepare<[], never>('DELETE FROM reconcile_observation').run()
  const insert = tx.prepare<[string, NodeId, number, number, Instant, Instant | null], never>(`
    INSERT OR IGNORE INTO reconcile_observation (kind, node, from_seq, to_seq, since, until) VALUES (?, ?, ?, ?, ?, ?)
  `)
  for (const seen of observations) {
    if (seen.type === 'withheld') insert.run(seen.type, seen.node, seen.fromSeq, seen.toSeq, seen.since, null)
    else insert.run(seen.type, seen.node, seen.seq, seen.seq, seen.since, seen.time)
  }
  tx.prepare<[], never>("INSERT OR IGNORE INTO reconcile_fresh (what) VALUES ('observations')").run()
}

/** Takes the observations over into the conflicts, if they were said anew or the tables are. */
export function settleObservations(tx: Tx, store: ConflictStore): void {
  const { changes } = tx.prepare<[], never>("DELETE FROM reconcile_fresh WHERE what = 'observations'").run()
  if (changes === 0) return
  const wanted = readObservations(tx).map(({ kind, node, fromSeq, toSeq, since }): WantedConflict => ({
    id: conflictId({ kind, subject: node, task: null, members: [], range: [fromSeq, toSeq] }),
    kind,
    status: OPEN,
    subject: node,
    task: null,
    sinceMs: Date.parse(since),
    reopened: false,
    members: [],
    range: { node, fromSeq, toSeq },
  }))
  store.replace(OBSERVED_HERE, wanted)
}

/** Until when a receipt that is dated ahead is held back; null where nothing is held at that place. */
export function heldUntil(db: ReadDb, node: NodeId, seq: number): Instant | null {
  const row = db
    .prepare<[NodeId, number], { until: Instant | null }>(
      "SELECT until FROM reconcile_observation WHERE kind = 'held-future' AND node = ? AND from_seq = ?",
    )
    .get(node, seq)
  return row?.until ?? null
}

const OBSERVED_HERE = 0

interface ObservationRow {
  readonly kind: 'withheld' | 'held-future'
  readonly node: NodeId
  readonly fromSeq: number
  readonly toSeq: number
  readonly since: Instant
}

function readObservations(tx: Tx): ObservationRow[] {
  return tx
    .prepare<[], ObservationRow>(`
      SELECT kind, node, from_seq AS fromSeq, to_seq AS toSeq, since FROM reconcile_observation
      ORDER BY kind, node, from_seq, to_seq
    `)
    .all()
}

// What other nodes last said that they have merged, feed by feed. Local knowledge, like everything that the exchange remembers.
import type { ContentHash, Instant, NodeId, ReceiptId } from '#core/contract/index.ts'
import type { Migration, ReadDb, Tx } from '#core/ledger/index.ts'
import type { PublishedRow, VerifiedState } from '#core/receipts/index.ts'

export const stateTables: Migration = {
  id: 'exchange/0002-state',
  up: (tx) =>
    tx.exec(`
      CREATE TABLE exchange_state (
        holder TEXT NOT NULL PRIMARY KEY,
        policy TEXT NOT NULL,
        said   TEXT NOT NULL
      ) STRICT, WITHOUT ROWID;
      CREATE TABLE exchange_state_feed (
        holder TEXT    NOT NULL,
        node   TEXT    NOT NULL,
        seq    INTEGER NOT NULL,
        id     TEXT,
        aside  TEXT,
        -- Set where the holder publishes the leaves of its merged feed: their root.
        root   TEXT,
        PRIMARY KEY (holder, node)
      ) STRICT, WITHOUT ROWID;
    `),
}

export interface SaidState {
  readonly policy: ContentHash
  readonly said: Instant
  readonly rows: readonly PublishedRow[]
}

export function recordState(tx: Tx, { node: holder, policy, rows }: VerifiedState): void {
  tx.prepare<[NodeId, ContentHash, Instant], never>(
    'INSERT OR REPLACE INTO exchange_state (holder, policy, said) VALUES (?, ?, ?)',
  ).run(holder, policy, tx.now)
  tx.prepare<[NodeId], never>('DELETE FROM exchange_state_feed WHERE holder = ?').run(holder)
  const put = tx.prepare<[NodeId, NodeId, number, ReceiptId | null, string | null, string | null], never>(
    'INSERT INTO exchange_state_feed (holder, node, seq, id, aside, root) VALUES (?, ?, ?, ?, ?, ?)',
  )
  for (const { node, seq, id, aside, root } of rows) put.run(holder, node, seq, id, aside, root)
}

/** Null where the node never said, or said it in a form that this version does not know. */
export function stateSaidBy(db: ReadDb, holder: NodeId): SaidState | null {
  const said = db
    .prepare<[NodeId], { policy: ContentHash; said: Instant }>(
      'SELECT policy, said FROM exchange_state WHERE holder = ?',
    )
    .get(holder)
  if (said === undefined) return null
  const rows = db
    .prepare<[NodeId], PublishedRow>(
      'SELECT node, seq, id, aside, root FROM exchange_state_feed WHERE holder = ? ORDER BY node',
    )
    .all(holder)
  return { ...said, rows }
}

/** What all others say about one feed. */
export function statesOfFeed(db: ReadDb, node: NodeId): readonly PublishedRow[] {
  return db
    .prepare<[NodeId], PublishedRow>(
      'SELECT node, seq, id, aside, root FROM exchange_state_feed WHERE node = ? ORDER BY holder',
    )
    .all(node)
}

// What this installation chose for itself: which network it belongs to, and which nodes it does not want to hear. Local settings
// are no receipts, so they stand in tables of their own that no rebuild throws away.
import type { NodeId, ReceiptId } from '#core/contract/index.ts'
import { receiptIdFromBytes, receiptIdToBytes, type Migration, type ReadDb, type Tx } from '#core/ledger/index.ts'
import { changesOf } from './changes.ts'

export const networkMigrations: readonly Migration[] = [
  {
    id: 'network/0001-local-settings',
    up: (tx) =>
      tx.exec(`
        CREATE TABLE network_choice (
          only    INTEGER NOT NULL PRIMARY KEY CHECK (only = 1),
          genesis BLOB    NOT NULL CHECK (length(genesis) = 32)
        ) STRICT;
        -- By id and not by key: a node can be blocked before anything of it was kept.
        CREATE TABLE network_block (
          node TEXT NOT NULL PRIMARY KEY
        ) STRICT, WITHOUT ROWID;
      `),
  },
]

/** Says which genesis receipt names this node's network; nobody is admitted before. Null: none yet. */
export function setNetwork(tx: Tx, genesis: ReceiptId | null): void {
  if (chosenNetwork(tx) === genesis) return
  tx.prepare<[], never>('DELETE FROM network_choice').run()
  if (genesis !== null) {
    tx.prepare<[Buffer], never>('INSERT INTO network_choice (only, genesis) VALUES (1, ?)').run(
      receiptIdToBytes(genesis),
    )
  }
  changesOf(tx).rulesChanged = true
}

export function chosenNetwork(db: ReadDb): ReceiptId | null {
  const row = db.prepare<[], { genesis: Buffer }>('SELECT genesis FROM network_choice').get()
  return row === undefined ? null : receiptIdFromBytes(row.genesis)
}

/** For this installation only: nothing of a blocked node is merged here. What the network agrees on is not touched. */
export function setBlocked(tx: Tx, node: NodeId, blocked: boolean): void {
  const { changes } = blocked
    ? tx.prepare<[NodeId], never>('INSERT OR IGNORE INTO network_block (node) VALUES (?)').run(node)
    : tx.prepare<[NodeId], never>('DELETE FROM network_block WHERE node = ?').run(node)
  if (changes === 0) return
  const row = tx.prepare<[NodeId], { key: number }>('SELECT key FROM node WHERE id = ?').get(node)
  if (row !== undefined) changesOf(tx).ranges.push({ nodeKey: row.key, fromSeq: 1, toSeq: Number.MAX_SAFE_INTEGER })
  tx.touched('network')
  tx.touched('conflicts')
  tx.touched('receipts')
}

export function blockedNodes(db: ReadDb): ReadonlySet<NodeId> {
  // Only setBlocked writes this column, from a NodeId.
  return new Set(
    db
      .prepare<[], { node: NodeId }>('SELECT node FROM network_block')
      .all()
      .map((row) => row.node),
  )
}

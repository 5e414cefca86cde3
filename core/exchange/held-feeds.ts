// Whose feeds are held here and up to where: what a node says of itself in its `seen` note, in the folder and in a bundle.
import type { NodeId } from '#core/contract/index.ts'
import { feedTailOf, type ReadDb } from '#core/ledger/index.ts'
import type { SeenRow } from '#core/receipts/index.ts'

/** One row for each feed of another node. */
export function heldFeeds(db: ReadDb, self: NodeId): SeenRow[] {
  const nodes = db.prepare<[string], NodeId>('SELECT id FROM node WHERE id <> ? ORDER BY id').pluck().all(self)
  return nodes.flatMap((node) => {
    const tail = feedTailOf(db, node)
    const [id] = tail.idsAt(tail.seq)
    return id === undefined ? [] : [{ node, seq: tail.seq, id }]
  })
}

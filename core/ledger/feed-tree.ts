// The Merkle tree over a feed, for heads and proofs. Growing it from the start would read every leaf of a feed for each head,
// so a compact range is kept per node and goes on where it stopped. A feed with two stories has no one tree: there the tree
// ends before the fork.
import type { NodeId } from '#core/contract/index.ts'
import { createTree, type Tree, type TreeState } from '#core/receipts/index.ts'
import { feedTailOf, forkSeqOf, nodeKeyOf } from './reading.ts'
import type { ReadDb, Tx } from './types.ts'

/**
 * The tree over the first `size` receipts of a feed; by default over all of it. Null where the feed is shorter than that, or tells
 * two stories up to there.
 */
export function treeOf(tx: Tx, node: NodeId, size: number = feedTailOf(tx, node).seq): Tree | null {
  const nodeKey = singleStoried(tx, node, size)
  if (nodeKey === null) return size === 0 ? createTree() : null
  const { tree, kept, goesOn } = grownTree(tx, nodeKey, size)
  if (kept === undefined || (goesOn && tree.size > kept.size)) {
    const { peaks } = tree.state()
    tx.prepare<[number, number, Uint8Array], never>(`
      INSERT INTO feed_tree (node_key, size, peaks) VALUES (?, ?, ?)
      ON CONFLICT (node_key) DO UPDATE SET size = excluded.size, peaks = excluded.peaks
    `).run(nodeKey, tree.size, peaks)
  }
  return tree
}

/** As `treeOf`, for whoever only looks: what it had to hash is hashed again next time, unless its state is given then as `from`. */
export function treeAt(db: ReadDb, node: NodeId, size: number, from: TreeState | null = null): Tree | null {
  const nodeKey = singleStoried(db, node, size)
  if (nodeKey === null) return size === 0 ? createTree() : null
  if (from === null || from.size > size) return grownTree(db, nodeKey, size).tree
  return grow(db, nodeKey, createTree(from), size)
}

function grownTree(db: ReadDb, nodeKey: number, size: number) {
  const kept = db
    .prepare<[number], { size: number; peaks: Buffer }>('SELECT size, peaks FROM feed_tree WHERE node_key = ?')
    .get(nodeKey)
  const goesOn = kept !== undefined && kept.size <= size
  const tree = grow(db, nodeKey, goesOn ? createTree(kept) : createTree(), size)
  return { tree, kept, goesOn }
}

function grow(db: ReadDb, nodeKey: number, tree: Tree, size: number): Tree {
  for (const leaf of leavesBetween(db, nodeKey, tree.size + 1, size)) tree.append(leaf)
  return tree
}

/** Leaf hashes of the first `size` receipts, for proofs; null under the same conditions as `treeOf`. */
export function leavesOf(db: ReadDb, node: NodeId, size: number): readonly Uint8Array[] | null {
  const nodeKey = singleStoried(db, node, size)
  if (nodeKey === null) return size === 0 ? [] : null
  return [...leavesBetween(db, nodeKey, 1, size)]
}

function singleStoried(db: ReadDb, node: NodeId, size: number): number | null {
  const nodeKey = nodeKeyOf(db, node)
  if (nodeKey === null || size > feedTailOf(db, node).seq) return null
  const forkSeq = forkSeqOf(db, nodeKey)
  return forkSeq === null || size < forkSeq ? nodeKey : null
}

function leavesBetween(db: ReadDb, nodeKey: number, from: number, to: number): Iterable<Uint8Array> {
  return db
    .prepare<[number, number, number], Uint8Array>(
      'SELECT leaf FROM receipt WHERE node_key = ? AND seq BETWEEN ? AND ? ORDER BY seq',
    )
    .pluck()
    .iterate(nodeKey, from, to)
}

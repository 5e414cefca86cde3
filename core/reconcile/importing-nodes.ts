// Nodes that import directories sign for others beside, or instead of, what they claim themselves.
import type { NodeId } from '#core/contract/index.ts'
import type { ReadDb } from '#core/ledger/index.ts'
import type { MergedFeeds, ReceiptPlace } from '#core/network/index.ts'

/** Nodes of which a merged receipt says that they imported a directory. */
export function importingNodes(db: ReadDb, feeds: MergedFeeds): ReadonlySet<NodeId> {
  const imports = db
    .prepare<[], ReceiptPlace>('SELECT node_key AS nodeKey, seq, arrival FROM reconcile_origin')
    .all()
    .filter((row) => feeds.isMerged(row))
  return new Set(imports.map(({ nodeKey }) => feeds.nodeOf(nodeKey)))
}

// What this node has merged, as the fingerprint covers it, and each merged feed as a tree of leaves.
import type { NodeId, ReceiptId } from '#core/contract/index.ts'
import { nodeKeyOf, receiptIdFromBytes, type ReadDb } from '#core/ledger/index.ts'
import type { FeedLeaf, NetworkState } from '#core/receipts/index.ts'
import { policyHashInForce } from './standing-store.ts'

export function mergedState(db: ReadDb): NetworkState {
  const rows = db
    .prepare<[], { node: NodeId; boundSeq: number | null; boundId: Buffer | null; aside: Buffer | null }>(`
      SELECT admitted.node, feed.bound_seq AS boundSeq, feed.bound_id AS boundId, feed.aside
      FROM network_admitted AS admitted
      LEFT JOIN node ON node.id = admitted.node
      LEFT JOIN network_feed AS feed ON feed.node_key = node.key
      ORDER BY admitted.node
    `)
    .all()
    .map(({ node, boundSeq, boundId, aside }) => ({
      node,
      seq: boundSeq ?? 0,
      id: boundId === null ? null : receiptIdFromBytes(boundId),
      aside: aside === null ? null : aside.toString('hex'),
    }))
  return { policy: policyHashInForce(db), rows }
}

/** The merged receipts of a feed from seq 1 on, along the course that was chosen where it forked. */
export function mergedLeaves(db: ReadDb, node: NodeId): readonly FeedLeaf[] {
  const nodeKey = nodeKeyOf(db, node)
  if (nodeKey === null) return []
  return db
    .prepare<{ nodeKey: number }, { seq: number; leaf: Buffer; id: Buffer }>(`${MERGED} ORDER BY seq`)
    .all({ nodeKey })
    .map(({ leaf, id }) => ({ leaf, id: receiptIdFromBytes(id) }))
}

/** The merged receipt at one seq of a feed; null where nothing is merged there. */
export function mergedIdAt(db: ReadDb, node: NodeId, seq: number): ReceiptId | null {
  const nodeKey = nodeKeyOf(db, node)
  const row =
    nodeKey === null
      ? undefined
      : db
          .prepare<{ nodeKey: number; seq: number }, { id: Buffer }>(`SELECT id FROM (${MERGED}) WHERE seq = @seq`)
          .get({ nodeKey, seq })
  return row === undefined ? null : receiptIdFromBytes(row.id)
}

// Up to the base each seq holds one receipt; behind it, those of the branch.
const MERGED = `
  SELECT receipt.seq AS seq, receipt.leaf AS leaf, receipt.id AS id
  FROM receipt JOIN network_feed AS feed ON feed.node_key = receipt.node_key
  WHERE receipt.node_key = @nodeKey AND receipt.seq <= feed.base_seq
  UNION ALL
  SELECT branch.seq, receipt.leaf, receipt.id
  FROM network_branch AS branch
  JOIN network_feed AS feed ON feed.node_key = branch.node_key
  JOIN receipt ON receipt.arrival = branch.arrival
  WHERE branch.node_key = @nodeKey AND branch.seq > feed.base_seq AND branch.seq <= feed.bound_seq
`

// The network's fingerprint: two nodes that show the same one have merged the same receipts under the same policy. A hash chain
// commits to its past, so policy, bounds and the stories kept aside commit to everything; blocking is local and not in it.
import type { NodeId } from '#core/contract/index.ts'
import { receiptIdFromBytes, type ReadDb } from '#core/ledger/index.ts'
import { canonicalJson, sha256Id, wordsOfHash } from '#core/receipts/index.ts'
import { policyHashInForce } from './standing-store.ts'

export interface Fingerprint {
  readonly fingerprint: string
  /** The first 44 bits as four words, for two people to compare. */
  readonly words: string[]
}

export function fingerprint(db: ReadDb): Fingerprint {
  const feeds = db
    .prepare<[], { node: NodeId; boundSeq: number | null; boundId: Buffer | null; aside: Buffer | null }>(`
      SELECT admitted.node, feed.bound_seq AS boundSeq, feed.bound_id AS boundId, feed.aside
      FROM network_admitted AS admitted
      LEFT JOIN node ON node.id = admitted.node
      LEFT JOIN network_feed AS feed ON feed.node_key = node.key
      ORDER BY admitted.node
    `)
    .all()
    .map(({ node, boundSeq, boundId, aside }) => [
      node,
      boundSeq ?? 0,
      boundId === null ? null : receiptIdFromBytes(boundId),
      aside === null ? null : aside.toString('hex'),
    ])
  const digest = sha256Id(canonicalJson({ policy: policyHashInForce(db), feeds }))
  return { fingerprint: digest, words: wordsOfHash(digest, 4) }
}

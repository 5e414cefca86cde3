// A head is a promise: so many receipts, ending with this one, with this root. What is here is held against it.
import type { NodeId } from '#core/contract/index.ts'
import { feedTailOf, treeOf, type Tx } from '#core/ledger/index.ts'
import { invariant } from '#core/problem/index.ts'
import type { Pass } from './pass.ts'
import { headOf, recordBehind, recordMismatch } from './peer-records.ts'

/** Compares the feed that is here with the newest head: fewer receipts are withheld or still on their way, other ones a lie. */
export function compareWithHead(pass: Pass, node: NodeId): void {
  const head = headOf(pass.ledger.read, node)
  if (head === null) return
  pass.ledger.write(pass.now(), (tx) => {
    const tail = feedTailOf(tx, node)
    const isBehind = tail.seq < head.seq
    recordBehind(tx, node, isBehind)
    const mismatch = isBehind ? null : mismatchWith(tx, node, head)
    if (mismatch !== head.mismatch) recordMismatch(tx, node, mismatch)
    if (mismatch !== head.mismatch || isBehind !== (head.behindSince !== null)) tx.touched('network')
  })
}

function mismatchWith(
  tx: Tx,
  node: NodeId,
  head: { readonly seq: number; readonly id: string; readonly root: Uint8Array },
): string | null {
  const ids = feedTailOf(tx, node).idsAt(head.seq)
  invariant(ids.length > 0, 'a feed that reaches the head has a receipt at its seq')
  if (!ids.some((id) => id === head.id)) return `Its head names another receipt #${head.seq} than its feed holds.`
  // A feed with two stories has no one tree; the fork is the proof then.
  const tree = treeOf(tx, node, head.seq)
  if (tree === null || Buffer.from(tree.root()).equals(head.root)) return null
  return `The Merkle root of its head does not fit the ${head.seq} receipts of its feed.`
}

// Where a receipt stands in its feed's tree, and the signed head whose root that tree has.
import type { Instant, NodeId } from '#core/contract/index.ts'
import { feedTailOf, leavesOf } from '#core/ledger/index.ts'
import { invariant } from '#core/problem/index.ts'
import { merkleRoot, parseHead, signHead } from '#core/receipts/index.ts'
import type { Session } from './session.ts'

export interface Inclusion {
  /** Position of the leaf, from 0. */
  readonly index: number
  readonly leaves: readonly Uint8Array[]
  readonly root: Uint8Array
  /** The head over exactly these leaves; null where its node has signed none so far, or only a shorter one. */
  readonly head: { readonly note: string; readonly root: Uint8Array } | null
}

/** In the tree of the newest head that covers the receipt, otherwise in that of the feed as held here. Null behind a fork. */
export function inclusionOf(session: Session, node: NodeId, seq: number): Inclusion | null {
  const { read } = session.ledger
  const head = headOf(session, node)
  const covered = head !== null && head.seq >= seq ? leavesOf(read, node, head.seq) : null
  const leaves = covered ?? leavesOf(read, node, feedTailOf(read, node).seq) ?? leavesOf(read, node, seq)
  if (leaves === null) return null
  return { index: seq - 1, leaves, root: merkleRoot(leaves), head: covered === null ? null : head }
}

/** For an own feed whose head is not written yet, or not that far: the head that the outbox would write now. */
export function ownHeadNow(session: Session, { leaves, root }: Inclusion, now: Instant): string | null {
  const signer = session.signer()
  if (signer === null) return null
  const [id] = feedTailOf(session.ledger.read, session.node).idsAt(leaves.length)
  invariant(id !== undefined, 'the tree is over receipts of the ledger')
  return signHead({ seq: leaves.length, id, root, time: now }, signer)
}

function headOf(session: Session, node: NodeId) {
  const note = session.exchange.headNote(node)
  const head = note === null ? null : parseHead(Buffer.from(note))
  return note === null || head?.ok !== true ? null : { note, seq: head.value.seq, root: head.value.root }
}

// Two states side by side: from the fingerprints down to the feeds that differ. Pure; what only the ledger or the other node's
// published leaves can tell is asked.
import type { NodeId, ReceiptId } from '#core/contract/index.ts'
import {
  descendToDifference,
  type Descent,
  type FeedLeaf,
  type NetworkState,
  type StateRow,
} from '#core/receipts/index.ts'

export type FeedDifference =
  /** Only one of the two has admitted the node; that follows from a receipt in another feed. */
  | { readonly type: 'admitted'; readonly node: NodeId; readonly by: 'us' | 'them' }
  /** The other one has merged less: from this seq of ours on. */
  | {
      readonly type: 'they-lack'
      readonly node: NodeId
      readonly from: number
      readonly to: number
      readonly receipt: ReceiptId
    }
  | {
      readonly type: 'we-lack'
      readonly node: NodeId
      readonly from: number
      readonly to: number
      readonly receipt: ReceiptId | null
    }
  /** Both have merged a receipt with this number, and not the same one. */
  | {
      readonly type: 'two-stories'
      readonly node: NodeId
      /** Seq of the first receipt that differs; without the other's leaves only that it is not later than this. */
      readonly seq: number
      readonly isExact: boolean
      readonly ours: ReceiptId | null
      readonly theirs: ReceiptId | null
      readonly subtrees: Descent['subtrees']
    }
  /** The merged course is the same; of the stories beside it one knows what the other does not. */
  | { readonly type: 'aside'; readonly node: NodeId; readonly seq: number }

export interface Sides {
  readonly ours: NetworkState
  readonly theirs: NetworkState
  /** The receipt that we have merged at a seq. */
  idAt(node: NodeId, seq: number): ReceiptId | null
  /** The leaves of both sides, where the other one has published its own for this feed. */
  leavesOf(node: NodeId): { readonly ours: readonly FeedLeaf[]; readonly theirs: readonly FeedLeaf[] } | null
}

/** Every feed that differs, in the order of the node ids; those that only follow from another difference come last. */
export function compareStates(sides: Sides): readonly FeedDifference[] {
  const theirs = new Map(sides.theirs.rows.map((row) => [row.node, row]))
  const ours = new Map(sides.ours.rows.map((row) => [row.node, row]))
  const nodes = [...new Set([...ours.keys(), ...theirs.keys()])].sort()
  const differences = nodes.flatMap((node): FeedDifference[] => {
    const [our, their] = [ours.get(node), theirs.get(node)]
    if (our === undefined) return [{ type: 'admitted', node, by: 'them' }]
    if (their === undefined) return [{ type: 'admitted', node, by: 'us' }]
    const difference = feedDifference(sides, our, their)
    return difference === null ? [] : [difference]
  })
  return [
    ...differences.filter(({ type }) => type !== 'admitted'),
    ...differences.filter(({ type }) => type === 'admitted'),
  ]
}

function feedDifference(sides: Sides, ours: StateRow, theirs: StateRow): FeedDifference | null {
  const { node } = ours
  if (ours.id === theirs.id) {
    return ours.aside === theirs.aside ? null : { type: 'aside', node, seq: ours.seq }
  }
  const leaves = sides.leavesOf(node)
  const descent = leaves === null ? null : descendToDifference(leaves.ours, leaves.theirs)
  if (leaves !== null && descent !== null) {
    const { seq, subtrees } = descent
    const [our, their] = [leaves.ours[seq - 1]?.id ?? null, leaves.theirs[seq - 1]?.id ?? null]
    return { type: 'two-stories', node, seq, isExact: true, ours: our, theirs: their, subtrees }
  }
  if (ours.seq < theirs.seq) {
    return { type: 'we-lack', node, from: ours.seq + 1, to: theirs.seq, receipt: leaves?.theirs[ours.seq]?.id ?? null }
  }
  // A receipt names the one before it, so the same id at one seq means the same feed up to there.
  const next = sides.idAt(node, theirs.seq + 1)
  if ((theirs.id === null || sides.idAt(node, theirs.seq) === theirs.id) && next !== null) {
    return { type: 'they-lack', node, from: theirs.seq + 1, to: ours.seq, receipt: next }
  }
  const { seq } = theirs
  return {
    type: 'two-stories',
    node,
    seq,
    isExact: false,
    ours: sides.idAt(node, seq),
    theirs: theirs.id,
    subtrees: [],
  }
}

// Whether this node's steward may decide a conflict now, and if not, why.
import type { NodeId } from '#core/contract/index.ts'
import { feedTailOf, nodeKeyOf, type ReadDb } from '#core/ledger/index.ts'
import { isAdmitted, verdictsFor, type MergedFeeds } from '#core/network/index.ts'
import { DISPUTED, kindFromCode } from './conflict-codes.ts'
import type { ConflictRow } from './conflict-reading.ts'

/** One sentence; null where a decision would count. */
export function whyCannotDecide(db: ReadDb, feeds: MergedFeeds, row: ConflictRow, thisNode: NodeId): string | null {
  const kind = kindFromCode(row.kind)
  if (verdictsFor(kind).length === 0) return 'Nothing can be decided here: it ends when what is missing arrives.'
  if (row.status === DISPUTED) return 'Stewards disagree about it: decide between their decisions instead.'
  if (row.owner < 0 && ownFeed(db, feeds, thisNode)?.forked === true && isAdmitted(db, thisNode))
    return 'This node’s own feed is forked, so its decisions on forks do not count.'
  return whyDecisionsDoNotCount(db, feeds, thisNode)
}

/** Of any decision that this node would sign now, whatever it is about; null where it counts. */
export function whyDecisionsDoNotCount(db: ReadDb, feeds: MergedFeeds, thisNode: NodeId): string | null {
  if (!isAdmitted(db, thisNode)) return 'This node is not admitted to the network yet, so its decisions do not count.'
  const own = ownFeed(db, feeds, thisNode)
  return own?.forked === true && own.boundSeq < feedTailOf(db, thisNode).seq
    ? 'This node’s own feed stands still at a fork, so what it signs does not count until others decide on it.'
    : null
}

function ownFeed(db: ReadDb, feeds: MergedFeeds, thisNode: NodeId): ReturnType<MergedFeeds['feed']> {
  const nodeKey = nodeKeyOf(db, thisNode)
  return nodeKey === null ? null : feeds.feed(nodeKey)
}

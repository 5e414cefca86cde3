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
  if (!isAdmitted(db, thisNode)) return 'This node is not admitted to the network yet, so its decisions do not count.'
  const nodeKey = nodeKeyOf(db, thisNode)
  const own = nodeKey === null ? null : feeds.feed(nodeKey)
  if (own?.forked !== true) return null
  if (row.owner < 0) return 'This node’s own feed is forked, so its decisions on forks do not count.'
  return own.boundSeq < feedTailOf(db, thisNode).seq
    ? 'This node’s own feed stands still at a fork, so what it signs does not count until others decide on it.'
    : null
}

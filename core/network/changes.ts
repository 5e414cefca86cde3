// What one write has changed about what is merged: gathered while the network settles, read by the projections that follow from
// it. Kept beside the transaction, so that nothing is left over when it is rolled back.
import type { Tx } from '#core/ledger/index.ts'

export interface NetworkChanges {
  /** Receipts of a feed that may be merged now and were not, or the other way round. New receipts are not named again. */
  readonly ranges: { readonly nodeKey: number; readonly fromSeq: number; readonly toSeq: number }[]
  /** Feeds whose forks, or decisions on them, may stand differently. */
  readonly forkedFeeds: Set<number>
  /** Keys of subjects on which a decision was made or withdrawn. */
  readonly decidedSubjects: Set<number>
  /** Rules or admissions were signed, or a base prefix shrank: the standing is computed anew. */
  rulesChanged: boolean
  /** Another policy is in force than before this write. */
  policyChanged: boolean
}

export function changesOf(tx: Tx): NetworkChanges {
  let changes = changesByTx.get(tx)
  if (changes === undefined) {
    changes = {
      ranges: [],
      forkedFeeds: new Set(),
      decidedSubjects: new Set(),
      rulesChanged: false,
      policyChanged: false,
    }
    changesByTx.set(tx, changes)
  }
  return changes
}

const changesByTx = new WeakMap<Tx, NetworkChanges>()

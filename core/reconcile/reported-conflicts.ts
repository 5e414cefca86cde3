// Conflicts as a report lists them: all of them, in an order that every node shares, each with its members, its decisions and the times
// that follow from what was signed.
import type { ContentHash, ConflictSummary, DecisionView, Instant, NodeId } from '#core/contract/index.ts'
import type { ReadDb } from '#core/ledger/index.ts'
import { createNames, heldReceipts, policyInForce, type MergedFeeds, type Names } from '#core/network/index.ts'
import { kindFromCode, OPEN, SETTLED } from './conflict-codes.ts'
import {
  conflictRow,
  membersOf,
  summaryOf,
  toContractMember,
  type ConflictRow,
  type ReadMember,
} from './conflict-reading.ts'
import { conflictRemedy, conflictWhy } from './conflict-words.ts'
import { decisionViews, resolutionOf } from './decision-views.ts'
import { flawOf } from './flaws.ts'
import { heldUntil } from './observations.ts'

export interface ListedConflict {
  readonly summary: ConflictSummary
  /** Key of the subject that it is about; null for what concerns a feed. Storage only. */
  readonly subjectKey: number | null
  readonly why: string
  readonly remedy: string
  readonly range: { readonly from: number; readonly to: number } | null
  readonly members: readonly (ReturnType<typeof toContractMember> & { readonly anchor: ContentHash | null })[]
  readonly decisions: readonly DecisionView[]
  /** Signed time of the decision that was enough, where it is settled and that can be said. */
  readonly settled: Instant | null
}

const PAGE_CONFLICTS = 256
const MOST_MEMBERS = 1000

/** Open and settled ones in the order of subject and id; those that a conflict of decisions hides are not listed, as in the queue. */
export function* conflictsForReport(db: ReadDb, feeds: MergedFeeds): Generator<ListedConflict, void, void> {
  const page = db.prepare<[number, number, string, Buffer, number], { id: Buffer; subject: string }>(`
    SELECT id, subject FROM reconcile_conflict
    WHERE status IN (?, ?) AND (subject, id) > (?, ?) ORDER BY subject, id LIMIT ?
  `)
  const names = createNames(db)
  let last: { readonly subject: string; readonly id: Buffer } = { subject: '', id: Buffer.alloc(0) }
  for (;;) {
    const rows = page.all(OPEN, SETTLED, last.subject, last.id, PAGE_CONFLICTS)
    for (const { id } of rows) {
      const row = conflictRow(db, id)
      if (row !== null) yield listed(db, feeds, names, row)
    }
    const end = rows.at(-1)
    if (end === undefined) return
    last = end
  }
}

function listed(db: ReadDb, feeds: MergedFeeds, names: Names, row: ConflictRow): ListedConflict {
  const members = membersOf(db, row.id, names, MOST_MEMBERS)
  const { subject, memberCount, fromSeq, toSeq } = row
  const kind = kindFromCode(row.kind)
  const resolution = resolutionOf(db, feeds, row, members)
  // Who looks plays no part in a report.
  const views = decisionViews(db, feeds, names, { row, members, counting: resolution.counting, thisNode: NOBODY })
  return {
    summary: summaryOf(db, row, names),
    subjectKey: row.owner > 0 ? row.owner : null,
    why: conflictWhy({
      kind,
      subject,
      members,
      memberCount,
      names,
      range: fromSeq === null || toSeq === null ? null : { fromSeq, toSeq },
      reopened: row.reopened === 1,
      ages: null,
      // What was observed here has its node as the subject.
      heldUntil: kind === 'held-future' ? heldUntil(db, subject as NodeId, fromSeq ?? 0) : null,
      flaw: flawOf(db, kind, members),
    }),
    remedy: conflictRemedy(kind),
    range: fromSeq === null || toSeq === null ? null : { from: fromSeq, to: toSeq },
    members: members.map((member) => ({ ...toContractMember(member), anchor: anchorOf(db, member) })),
    decisions: views,
    settled: row.status === SETTLED ? settledAt(views, policyInForce(db).decisionsNeeded) : null,
  }
}

const NOBODY = 'did:key:nobody' as NodeId

function anchorOf(db: ReadDb, { receipt }: ReadMember): ContentHash | null {
  const [held] = heldReceipts(db, [receipt])
  return held?.receipt.anchor?.hash ?? null
}

/** The decision with which enough stewards agreed, by the signed times. */
function settledAt(views: readonly DecisionView[], needed: number): Instant | null {
  const times = views
    .filter((view) => view.counts)
    .map((view) => view.time)
    .sort()
  return times[Math.min(needed, times.length) - 1] ?? null
}

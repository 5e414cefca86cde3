// One conflict for review: reads what the members carry first, since that waits for files; the rules then say what it means.
import type { BulkRule, ConflictId, ConflictReview, Instant } from '#core/contract/index.ts'
import { createNames } from '#core/network/index.ts'
import { invariant } from '#core/problem/index.ts'
import {
  bulkGists,
  bulkMembers,
  conflictMembers,
  conflictReview,
  diffContents,
  previewBulk,
  type ContentDiff,
} from '#core/reconcile/index.ts'
import { contentText, contentView } from './content.ts'
import { holdersOf } from './holders.ts'
import type { Session } from './session.ts'

/** @throws StewardError NOT_FOUND. */
export async function reviewOf(session: Session, id: ConflictId, now: Instant): Promise<ConflictReview> {
  const { read } = session.ledger
  const members = conflictMembers(read, id)
  const views = await Promise.all(
    members.map(async (member) => [member.id, await contentView(member.receipt.body, session.blobs)] as const),
  )
  const contents = new Map(views)
  const names = createNames(read)
  return conflictReview(read, id, {
    thisNode: session.node,
    now,
    contentOf(receipt) {
      const content = contents.get(receipt)
      // Nothing was written since: between the two reads there is only the wait for files, and a member that came meanwhile
      // would make this another conflict with another id.
      invariant(content !== undefined, 'the members of a conflict are fixed by its id')
      return content
    },
    heldBy(node, seq) {
      const holders = holdersOf(session, node, seq, names)
      return {
        count: holders.filter(({ holds }) => holds).length,
        of: holders.length,
        notBy: holders.filter(({ holds }) => !holds).map(({ nodeName }) => nodeName),
      }
    },
  })
}

/** What a rule would sign for each, with what the claims say. Contents are read one conflict after the other: many may be large. */
export async function previewOf(session: Session, conflicts: readonly ConflictId[], rule: BulkRule | null) {
  const { read } = session.ledger
  const gists = new Map<ConflictId, ReturnType<typeof bulkGists>>()
  for (const conflict of conflicts) {
    const members = bulkMembers(read, conflict)
    const contents = await Promise.all(members.map(({ receipt }) => contentView(receipt.body, session.blobs)))
    gists.set(conflict, bulkGists(read, conflict, members, contents))
  }
  return previewBulk(read, conflicts, rule, gists)
}

/** @throws StewardError NOT_FOUND. */
export async function diffOf(session: Session, id: ConflictId, withEqual: boolean): Promise<ContentDiff> {
  const members = conflictMembers(session.ledger.read, id)
  const texts = await Promise.all(members.map(({ receipt }) => contentText(receipt.body, session.blobs)))
  return diffContents(texts, withEqual)
}

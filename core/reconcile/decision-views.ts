// The decisions around one conflict, as its review shows them: those in force, and those that were, so that nothing decided is hidden.
import { verdictSentence, type ConflictKind, type DecisionView, type NodeId } from '#core/contract/index.ts'
import type { ReadDb } from '#core/ledger/index.ts'
import {
  castOnFeed,
  decisionsOn,
  familyOf,
  heldReceipts,
  policyInForce,
  resolve,
  verdictsFor,
  withdrawalsOf,
  type CastDecision,
  type MergedFeeds,
  type Names,
  type Resolution,
  type SignedDecision,
} from '#core/network/index.ts'
import { kindFromCode } from './conflict-codes.ts'
import { instantFromMs, type ConflictRow, type ReadMember } from './conflict-reading.ts'
import type { Gist } from './gists.ts'
import { castOn } from './settle-subject.ts'

/** What the decisions on a conflict that stands in the tables come to. */
export function resolutionOf(
  db: ReadDb,
  feeds: MergedFeeds,
  row: ConflictRow,
  members: readonly ReadMember[],
): Resolution {
  const kind = kindFromCode(row.kind)
  return resolve(
    kind,
    members.map(({ receipt, node, hash }) => ({ receipt, node, hash })),
    // What only a missing thing, or time, can settle is not always about one subject or one feed.
    verdictsFor(kind).length === 0 ? [] : castAbout(db, feeds, row),
    policyInForce(db).decisionsNeeded,
  )
}

function castAbout(db: ReadDb, feeds: MergedFeeds, { owner }: ConflictRow): CastDecision[] {
  return owner < 0 ? castOnFeed(db, feeds, feeds.nodeOf(-owner)) : castOn(db, feeds, owner)
}

/** The newest first. A decision belongs here if it is on the same kind of matter and lists a member of this conflict. */
export function decisionViews(
  db: ReadDb,
  feeds: MergedFeeds,
  names: Names,
  about: {
    readonly row: ConflictRow
    readonly members: readonly (ReadMember & Partial<Gist>)[]
    readonly counting: Resolution['counting']
    readonly thisNode: NodeId
  },
): DecisionView[] {
  const { row, members, thisNode } = about
  const subjectKey = row.owner > 0 ? row.owner : subjectKeyOf(db, row)
  if (subjectKey === null) return []
  const family = familyOf(kindFromCode(row.kind))
  const here = new Map(members.map((member) => [member.receipt, member]))
  const counting = new Set(about.counting.map((decision) => decision.id))
  return decisionsOn(db, subjectKey)
    .filter((decision) => familyOf(decision.body.kind) === family && feeds.isMerged(decision))
    .filter((decision) => decision.body.members.some((member) => here.has(member)) || sharesNode(db, decision, members))
    .sort((a, b) => b.timeMs - a.timeMs || (a.id < b.id ? -1 : 1))
    .map((decision) => ({
      id: decision.id,
      node: decision.node,
      nodeName: names.of(decision.node),
      time: instantFromMs(decision.timeMs),
      verdict: decision.body.verdict,
      sentence: decisionSentence(db, names, decision, row.subject, here),
      reason: decision.body.reason,
      planStep: decision.body.planStep ?? null,
      rule: decision.body.rule ?? null,
      withdrawn: withdrawnView(db, feeds, decision),
      counts: counting.has(decision.id),
      mine: decision.node === thisNode,
    }))
}

/** What was signed, as a sentence, also where the claims that it is about have been replaced since. */
export function decisionSentence(
  db: ReadDb,
  names: Names,
  { body }: SignedDecision,
  subject: string,
  here: ReadonlyMap<string, Partial<Gist>> = new Map(),
): string {
  const members = heldReceipts(db, body.members).map(({ id, node, seq }) => {
    const { gist, gistOf } = here.get(id) ?? {}
    return {
      receipt: id,
      nodeName: names.of(node),
      seq,
      ...(gist === undefined ? {} : { gist, gistOf: gistOf ?? null }),
    }
  })
  const kind: ConflictKind = body.kind
  return verdictSentence({ kind, subject, members }, body.verdict)
}

function withdrawnView(db: ReadDb, feeds: MergedFeeds, decision: SignedDecision): DecisionView['withdrawn'] {
  const first = withdrawalsOf(db, decision).find((withdrawal) => feeds.isMerged(withdrawal))
  return first === undefined ? null : { receipt: first.id, time: instantFromMs(first.timeMs), reason: first.reason }
}

/** A decision on earlier claims of the same nodes: what was decided before stays in sight. */
function sharesNode(db: ReadDb, decision: SignedDecision, members: readonly ReadMember[]): boolean {
  const nodes = new Set(members.map((member) => member.node))
  return heldReceipts(db, decision.body.members).some((held) => nodes.has(held.node))
}

function subjectKeyOf(db: ReadDb, { subject, task }: ConflictRow): number | null {
  const row = db
    .prepare<[string, string], { key: number }>('SELECT key FROM subject WHERE subject = ? AND task = ?')
    .get(subject, task)
  return row?.key ?? null
}

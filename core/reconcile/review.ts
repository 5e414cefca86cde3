// One conflict opened for review. Files are not read here: what the claims carry comes in.
import type {
  ConflictId,
  ConflictReview,
  ContentView,
  Instant,
  MemberView,
  NodeId,
  ReceiptId,
} from '#core/contract/index.ts'
import { arrivalOf, receiptIdFromBytes, type ReadDb } from '#core/ledger/index.ts'
import { createNames, heldReceipts, MergedFeeds, policyInForce, verdictsFor, type Names } from '#core/network/index.ts'
import { invariant } from '#core/problem/index.ts'
import { shortId, type Receipt } from '#core/receipts/index.ts'
import { anchorView, mergedAnchors } from './anchor-reading.ts'
import { ageWords } from './age-words.ts'
import { newestClaims } from './claim-reading.ts'
import { kindFromCode } from './conflict-codes.ts'
import {
  conflictRowById,
  summaryOf,
  toContractMember,
  membersOf,
  type ConflictRow,
  type ReadMember,
} from './conflict-reading.ts'
import { conflictRemedy, conflictWhy, type WhyFacts } from './conflict-words.ts'
import { decisionViews, resolutionOf } from './decision-views.ts'
import { FLAWED_MEMBERS, flawOf } from './flaws.ts'
import { gistsOf } from './gists.ts'
import { ageOf } from './imported-claims.ts'
import { currentAnchor } from './origin-heads.ts'
import { judgeClaims } from './judge-claims.ts'
import { whyCannotDecide } from './may-decide.ts'
import { heldUntil } from './observations.ts'
import { noSuchConflict } from './problems.ts'
import { missingLines } from './coverage-reading.ts'
import { proofLines } from './proof-lines.ts'
import { subjectRules } from './subject-rules.ts'

export interface ReviewContext {
  readonly thisNode: NodeId
  readonly now: Instant
  /** What the receipt carries, read before. */
  contentOf(receipt: ReceiptId): ContentView
  heldBy(node: NodeId, seq: number): MemberView['heldBy']
}

/** The receipts that a conflict is about, in the order of the review. Throws NOT_FOUND. */
export function conflictMembers(db: ReadDb, id: ConflictId): { readonly id: ReceiptId; readonly receipt: Receipt }[] {
  const row = conflictRowById(db, id)
  if (row === null) throw noSuchConflict(id)
  return readMembers(db, row, createNames(db)).map(({ member, receipt }) => ({ id: member.receipt, receipt }))
}

/** Throws NOT_FOUND for a conflict that is not there now. */
export function conflictReview(db: ReadDb, id: ConflictId, context: ReviewContext): ConflictReview {
  const row = conflictRowById(db, id)
  if (row === null) throw noSuchConflict(id)
  const names = createNames(db)
  const feeds = new MergedFeeds(db)
  const kind = kindFromCode(row.kind)
  const read = readMembers(db, row, names)
  const contents = read.map(({ member }) => context.contentOf(member.receipt))
  const gists = gistsOf(kind, read, contents)
  const members = read.map(({ member, receipt }, index): MemberView => {
    const arrived = arrivalOf(db, member.receipt)
    const content = contents[index]
    invariant(arrived !== null && content !== undefined, 'a member is a receipt in the ledger')
    return {
      ...toContractMember(member),
      thisNode: member.origin === null && member.node === context.thisNode,
      kind: receipt.kind,
      anchor: anchorView(db, currentAnchor(db, feeds, member, receipt.anchor), feeds),
      ...(gists[index] ?? { gist: shortId(member.hash), gistOf: null }),
      content,
      heldBy: context.heldBy(member.node, member.seq),
      arrived: { way: arrived.way, at: arrived.at },
    }
  })
  const resolution = resolutionOf(
    db,
    feeds,
    row,
    read.map(({ member }) => member),
  )
  return {
    summary: summaryOf(db, row, names),
    why: conflictWhy(whyFacts(db, feeds, row, members, names, context.now)),
    remedy: conflictRemedy(kind),
    members,
    superseded: supersededBeside(db, feeds, row, names, context.now),
    decisions: decisionViews(db, feeds, names, {
      row,
      members: read.map(({ member }, index) => ({ ...member, ...gists[index] })),
      counting: resolution.counting,
      thisNode: context.thisNode,
    }),
    quorum: { needed: policyInForce(db).decisionsNeeded, have: resolution.have },
    verdicts: [...verdictsFor(kind)],
    cannotDecide: whyCannotDecide(db, feeds, row, context.thisNode),
    proof: kind === 'missing-artefact' ? missingLines(db, row.subject) : proofLines(kind, row, read),
    historyCount: row.owner > 0 ? receiptsAbout(db, row.owner) : 0,
  }
}

/** A member and the receipt that it is. */
export interface ReadReceipt {
  readonly member: ReadMember
  readonly receipt: Receipt
}

export function readMembers(db: ReadDb, row: ConflictRow, names: Names): ReadReceipt[] {
  const members = membersOf(db, row.id, names, row.memberCount)
  const held = new Map(
    heldReceipts(
      db,
      members.map((member) => member.receipt),
    ).map(({ id, receipt }) => [id, receipt]),
  )
  return members.map((member) => {
    const receipt = held.get(member.receipt)
    invariant(receipt !== undefined, 'a member is a receipt in the ledger')
    return { member, receipt }
  })
}

function whyFacts(
  db: ReadDb,
  feeds: MergedFeeds,
  row: ConflictRow,
  members: readonly MemberView[],
  names: Names,
  now: Instant,
): WhyFacts {
  const { subject, memberCount, fromSeq, toSeq } = row
  const kind = kindFromCode(row.kind)
  return {
    kind,
    subject,
    members,
    memberCount,
    names,
    range: fromSeq === null || toSeq === null ? null : { fromSeq, toSeq },
    reopened: row.reopened === 1,
    ages: kind === 'stale' ? agesOf(db, feeds, row, members, names, now) : null,
    // What was observed here has its node as the subject.
    heldUntil: kind === 'held-future' ? heldUntil(db, subject as NodeId, fromSeq ?? 0) : null,
    flaw: flawOf(db, kind, membersOf(db, row.id, names, FLAWED_MEMBERS)),
  }
}

function agesOf(
  db: ReadDb,
  feeds: MergedFeeds,
  row: ConflictRow,
  members: readonly MemberView[],
  names: Names,
  now: Instant,
): WhyFacts['ages'] {
  const nowMs = Date.parse(now)
  const newest = newestClaims(db, feeds, row.owner)
    .flatMap((claim) => {
      const madeMs = ageOf(claim)
      return madeMs === null ? [] : [{ ...claim, madeMs, node: feeds.nodeOf(claim.nodeKey) }]
    })
    .sort((a, b) => b.madeMs - a.madeMs || (a.node < b.node ? -1 : 1))
  const [first] = members
  const [latest] = newest
  const stale = newest.find((claim) => claim.seq === first?.seq && claim.node === first.node)
  if (latest === undefined || stale === undefined) return null
  return {
    stale: ageWords(nowMs - stale.madeMs),
    newestNode: latest.origin ?? names.of(latest.node),
    newest: ageWords(nowMs - latest.madeMs),
  }
}

/** Claims that stand aside because of a newer anchor: by the same rule that put them there. */
function supersededBeside(
  db: ReadDb,
  feeds: MergedFeeds,
  row: ConflictRow,
  names: Names,
  now: Instant,
): ConflictReview['superseded'] {
  if (row.owner <= 0) return []
  const claims = newestClaims(db, feeds, row.owner)
  const rules = subjectRules(policyInForce(db))(() => row.subject)
  const { superseded } = judgeClaims(claims, mergedAnchors(db, feeds), rules, Date.parse(now))
  const listed = superseded.map(({ claim, by, ahead }) => {
    const [held] = heldAt(db, claim.arrival)
    invariant(held !== undefined, 'a claim is of a receipt in the ledger')
    const { time } = held.receipt
    const under = anchorView(db, claim.anchor === null ? null : { hash: claim.anchor, time }, feeds)
    const newer = anchorView(db, { hash: by, time: held.receipt.time }, feeds)
    return {
      member: {
        receipt: held.id,
        node: held.node,
        nodeName: claim.origin ?? names.of(held.node),
        seq: claim.seq,
        hash: claim.hash,
        time: held.receipt.time,
        origin: claim.origin ?? null,
      },
      rule:
        ahead === true
          ? 'Its hash-ledger is the beginning of a longer one: the node is merely behind.'
          : `The most recent anchor holds: ${anchorName(newer)} follows ${anchorName(under)}.`,
    }
  })
  // Storage order must not show.
  return listed.sort((one, other) => {
    if (one.member.node !== other.member.node) return one.member.node < other.member.node ? -1 : 1
    return one.member.receipt < other.member.receipt ? -1 : 1
  })
}

function anchorName(anchor: MemberView['anchor']): string {
  switch (anchor.state) {
    case 'verified':
    case 'stale':
      return anchor.label
    case 'unknown':
      return shortId(anchor.hash)
    case 'missing':
      return 'no anchor'
  }
}

function heldAt(db: ReadDb, arrival: number) {
  const row = db.prepare<[number], { id: Buffer }>('SELECT id FROM receipt WHERE arrival = ?').get(arrival)
  return row === undefined ? [] : heldReceipts(db, [receiptIdFromBytes(row.id)])
}

function receiptsAbout(db: ReadDb, subjectKey: number): number {
  const row = db
    .prepare<[number], { count: number }>('SELECT count(*) AS count FROM receipt WHERE subject_key = ?')
    .get(subjectKey)
  return row?.count ?? 0
}

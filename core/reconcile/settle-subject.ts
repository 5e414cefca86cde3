// One subject, judged anew: its newest merged claims, what they come to, and what stewards decided about it.
import type { ConflictKind, ReceiptId } from '#core/contract/index.ts'
import { receiptIdFromBytes, type ReadDb, type Tx } from '#core/ledger/index.ts'
import {
  decisionsOn,
  forksOfFeed,
  heldReceipts,
  resolve,
  standingDecisions,
  type CastDecision,
  type MergedFeeds,
  type Resolution,
  type SignedDecision,
} from '#core/network/index.ts'
import { invariant } from '#core/problem/index.ts'
import { contentHashOf } from '#core/receipts/index.ts'
import type { AnchorChains } from './anchors.ts'
import { newestClaims, standingMisfits, type PlacedClaim } from './claim-reading.ts'
import { DISPUTED, OPEN, SETTLED, type StatusCode } from './conflict-codes.ts'
import { conflictId } from './conflict-id.ts'
import { inReviewOrder, type StoredMember, type WantedConflict } from './conflict-store.ts'
import { importedBody } from './imported.ts'
import { flawFindings } from './imported-claims.ts'
import { judgeClaims, type Finding, type Judgement, type SubjectRules } from './judge-claims.ts'

/** What judging needs beside the subject itself; the same for a whole write. */
export interface JudgingContext {
  readonly feeds: MergedFeeds
  readonly anchors: AnchorChains
  readonly decisionsNeeded: number
  readonly nowMs: number
  /** Subjects that may have a receipt whose body does not fit, and those that may have a decision. */
  readonly misfitted: ReadonlySet<number>
  readonly decided: ReadonlySet<number>
  rulesFor(subject: () => string): SubjectRules
}

export interface JudgedSubject {
  readonly conflicts: readonly WantedConflict[]
  readonly judgement: Judgement<PlacedClaim>
  /** Whose claims they are, for coverage. */
  readonly claims: readonly PlacedClaim[]
}

export function judgeSubject(tx: Tx, subjectKey: number, context: JudgingContext): JudgedSubject {
  const claims = newestClaims(tx, context.feeds, subjectKey)
  const misfits = context.misfitted.has(subjectKey) ? standingMisfits(tx, context.feeds, subjectKey, claims) : []
  const rules = context.rulesFor(() => nameOfSubject(tx, subjectKey).subject)
  const flaws = flawFindings(claims)
  let decisions: readonly CastDecision[] | null = null
  const resolved = (finding: Finding<PlacedClaim>): ResolvedFinding => {
    // Most subjects have nothing to be decided, so nobody asks what was.
    decisions ??= context.decided.has(subjectKey) ? castOn(tx, context.feeds, subjectKey) : []
    return resolveFinding(tx, context, finding, decisions)
  }
  const resolvedFlaws = flaws.map(resolved)
  const judgement = judgeClaims(withoutRejected(claims, resolvedFlaws), context.anchors, rules, context.nowMs)
  if (judgement.findings.length + misfits.length + flaws.length === 0) return { conflicts: [], judgement, claims }

  const misfitting = misfits.map((misfit) => ({
    kind: 'invalid-content' as const,
    members: [misfit],
    sinceMs: misfit.timeMs,
  }))
  const name = nameOfSubject(tx, subjectKey)
  const all = [...resolvedFlaws, ...[...judgement.findings, ...misfitting].map(resolved)]
  const conflicts = all.flatMap(({ finding, placed, resolution }) =>
    conflictsFrom(tx, finding.kind, name, placed, finding.sinceMs, resolution),
  )
  return { conflicts, judgement, claims }
}

interface ResolvedFinding {
  readonly finding: Finding<PlacedClaim>
  readonly placed: readonly (StoredMember & { readonly receipt: ReceiptId })[]
  readonly resolution: Resolution
}

function resolveFinding(
  tx: Tx,
  { feeds, decisionsNeeded }: JudgingContext,
  finding: Finding<PlacedClaim>,
  decisions: readonly CastDecision[],
): ResolvedFinding {
  const placed = inReviewOrder(
    finding.members.map((member) => ({
      ...member,
      node: feeds.nodeOf(member.nodeKey),
      receipt: receiptIdFromBytes(member.id),
    })),
  )
  return { finding, placed, resolution: resolve(finding.kind, placed, decisions, decisionsNeeded) }
}

/** A flawed claim of which stewards decided that it does not count, does not. */
function withoutRejected(claims: readonly PlacedClaim[], flaws: readonly ResolvedFinding[]): readonly PlacedClaim[] {
  const rejected = new Set(
    flaws
      .filter(({ resolution: { outcome } }) => outcome.state === 'settled' && outcome.verdict.type === 'none')
      .flatMap(({ finding }) => finding.members),
  )
  return rejected.size === 0 ? claims : claims.filter((claim) => !rejected.has(claim))
}

/** The forks of a feed and the conflicts of decisions behind them; none for a node that does not count here. */
export function judgeForks(tx: Tx, nodeKey: number, feeds: MergedFeeds): WantedConflict[] {
  const feed = feeds.feed(nodeKey)
  if (feed === null || !feed.admitted || feed.blocked || !feed.forked) return []
  const node = feeds.nodeOf(nodeKey)
  const name = { subject: node, task: null }
  return forksOfFeed(tx, feeds, nodeKey).flatMap(({ seq, members, resolution }) => {
    const placed = placedReceipts(tx, members)
    const sinceMs = Math.max(...placed.map((member) => member.timeMs))
    const range = { node, fromSeq: seq, toSeq: seq }
    return conflictsFrom(tx, 'fork', name, placed, sinceMs, resolution, range)
  })
}

/** Decisions on a subject that are merged here and not withdrawn. */
export function castOn(db: ReadDb, feeds: MergedFeeds, subjectKey: number): CastDecision[] {
  return standingDecisions(
    db,
    decisionsOn(db, subjectKey),
    (place) => feeds.isMerged(place),
    (decision) => saidAbout(db, subjectKey, decision),
  )
}

export function nameOfSubject(
  db: ReadDb,
  subjectKey: number,
): { readonly subject: string; readonly task: string | null } {
  const row = db
    .prepare<[number], { subject: string; task: string }>('SELECT subject, task FROM subject WHERE key = ?')
    .get(subjectKey)
  invariant(row !== undefined, 'a receipt has a subject')
  return { subject: row.subject, task: row.task === '' ? null : row.task }
}

/** Members of a decision: receipts on this very subject by what they say, decisions by what they are. */
export function saidAbout(db: ReadDb, subjectKey: number, { body }: SignedDecision): CastDecision['members'] {
  const held = heldReceipts(db, body.members)
  if (body.kind === 'decisions-disagree') {
    return held.map(({ id, node }) => ({ receipt: id, node, hash: id }))
  }
  return held
    .filter((member) => member.subjectKey === subjectKey)
    .map(({ id, node, receipt }) => ({
      receipt: id,
      node,
      hash: contentHashOf(receipt.body),
      origin: importedBody(receipt.body)?.origin ?? null,
    }))
}

/** The conflict and, behind it, the ones about decisions on it. */
function conflictsFrom(
  db: ReadDb,
  kind: ConflictKind,
  name: { readonly subject: string; readonly task: string | null },
  members: readonly (StoredMember & { readonly receipt: ReceiptId })[],
  sinceMs: number,
  resolution: Resolution,
  range: WantedConflict['range'] = null,
): WantedConflict[] {
  const { outcome, dispute } = resolution
  const conflict: WantedConflict = {
    id: conflictId({ kind, ...name, members: members.map((member) => member.receipt) }),
    kind,
    ...name,
    status: statusOf(outcome),
    sinceMs,
    reopened: outcome.state === 'open' && outcome.reopened,
    members,
    range,
  }
  if (dispute === null) return [conflict]
  const disputing = placedReceipts(
    db,
    dispute.members.map((member) => member.receipt),
  )
  const disputedSinceMs = Math.max(...disputing.map((decision) => decision.timeMs))
  return [conflict, ...conflictsFrom(db, 'decisions-disagree', name, disputing, disputedSinceMs, dispute)]
}

function statusOf(outcome: Resolution['outcome']): StatusCode {
  switch (outcome.state) {
    case 'open':
      return OPEN
    case 'settled':
      return SETTLED
    case 'disputed':
      return DISPUTED
  }
}

/** Receipts that stand for themselves: what they say is their own id. */
function placedReceipts(db: ReadDb, ids: readonly ReceiptId[]): (StoredMember & { readonly receipt: ReceiptId })[] {
  return inReviewOrder(
    heldReceipts(db, ids).map(({ id, node, nodeKey, seq, arrival, receipt }) => ({
      receipt: id,
      node,
      nodeKey,
      seq,
      arrival,
      timeMs: Date.parse(receipt.time),
      hash: id as string,
    })),
  )
}

// One walk over all conflicts: the entries of conflicts.json, and what the summary says of them.
import {
  NAMED_BLOCKERS,
  type Blocker,
  type ConflictKind,
  type EvidenceConflictRecord,
  type Instant,
  type NodeId,
  type ReportedConflict,
  type Severity,
} from '#core/contract/index.ts'
import type { ReadDb } from '#core/ledger/index.ts'
import type { MergedFeeds } from '#core/network/index.ts'
import { conflictsForReport, type ListedConflict } from '#core/reconcile/index.ts'
import { instantOf } from './facts.ts'

export interface ConflictTally {
  readonly open: number
  readonly settled: number
  readonly overdue: number
  readonly oldest: Instant | null
  readonly openBySeverity: ReadonlyMap<Severity, number>
  readonly openByKind: ReadonlyMap<ConflictKind, number>
  readonly openByNode: ReadonlyMap<NodeId, number>
  /** Of feeds of which a range has not come: the ranges, by node. */
  readonly missing: ReadonlyMap<NodeId, readonly { readonly from: number; readonly to: number }[]>
  readonly held: number
  /** Open conflicts because files of a capsule do not have the hashes that its hashes.json states. */
  readonly capsules: number
  readonly blockers: { readonly total: number; readonly items: readonly Blocker[] }
  /** Conflicts of each kind, settled ones included: what was found and then decided is evidence too. */
  readonly everByKind: ReadonlyMap<ConflictKind, number>
}

/** @param openedMs when the claims on a subject began to differ, by the key of the subject. */
export function* walkConflicts(
  db: ReadDb,
  feeds: MergedFeeds,
  openedMs: ReadonlyMap<number, number>,
): Generator<ReportedConflict, ConflictTally, void> {
  const gathering = new Gathering()
  for (const listed of conflictsForReport(db, feeds)) {
    const reported = reportedConflict(listed, openedMs)
    gathering.add(reported)
    yield reported
  }
  return gathering.answer()
}

/** A conflict that waits for a person stands in the way; what is only worth knowing does not. */
export function isBlocking({
  status,
  severity,
  kind,
}: Pick<ReportedConflict, 'status' | 'severity' | 'kind'>): boolean {
  return status === 'open' && (severity >= 2 || kind === 'withheld')
}

function reportedConflict(listed: ListedConflict, openedMs: ReadonlyMap<number, number>): ReportedConflict {
  const { summary, subjectKey, why, remedy, range, settled } = listed
  const { id, kind, severity, status, subject, task, reopened, title } = summary
  const since = isSeenHere(kind) ? null : summary.since
  const beganMs =
    subjectKey === null || status !== 'open' || !isAboutClaims(kind) ? undefined : openedMs.get(subjectKey)
  const opened = since === null || beganMs === undefined ? since : instantOf(Math.min(beganMs, Date.parse(since)))
  const members = [...listed.members]
  return {
    id,
    kind,
    severity,
    status,
    subject,
    task,
    opened,
    since,
    settled,
    reopened,
    title,
    why,
    remedy,
    overdue: status === 'open' && summary.escalated !== null && since !== null,
    range,
    members,
    decisions: listed.decisions.map(({ mine: _mine, ...decision }) => decision),
    evidenceConflictRecord: evidenceConflictRecord(summary, members, opened),
  }
}

/** Nobody signed when this node noticed it, and another one noticed it at another time. */
function isSeenHere(kind: ConflictKind): boolean {
  return kind === 'withheld' || kind === 'held-future'
}

function isAboutClaims(kind: ConflictKind): boolean {
  return (
    kind === 'hash-mismatch' || kind === 'missing-anchor' || kind === 'unknown-anchor' || kind === 'diverging-anchors'
  )
}

function evidenceConflictRecord(
  { id, kind, status, decidable }: ListedConflict['summary'],
  members: ListedConflict['members'],
  opened: Instant | null,
): EvidenceConflictRecord {
  return {
    conflict_id: id,
    conflict_type: conflictType(kind),
    evidence_hashes: [...new Set(members.map((member) => member.hash))].slice(0, 2),
    ...(opened === null ? {} : { detected_at: opened }),
    // What no verdict can settle waits for a missing thing, or for time.
    resolution_status: status === 'settled' ? 'resolved' : decidable ? 'pending' : 'unresolvable',
  }
}

/** AIEP P161 knows four types. */
function conflictType(kind: ConflictKind): EvidenceConflictRecord['conflict_type'] {
  switch (kind) {
    case 'hash-mismatch':
    case 'decisions-disagree':
      return 'factual_contradiction'
    case 'stale':
    case 'held-future':
      return 'temporal_inconsistency'
    case 'invalid-content':
      return 'schema_mismatch'
    case 'missing-anchor':
    case 'unknown-anchor':
    case 'diverging-anchors':
    case 'fork':
    case 'withheld':
    case 'invalid-signature':
    case 'content-mismatch':
    case 'missing-artefact':
      return 'provenance_incompatibility'
  }
}

const CAPSULE = /^capsule\/[^/]+\/hashes\.json$/

class Gathering {
  readonly #openBySeverity = new Map<Severity, number>()
  readonly #openByKind = new Map<ConflictKind, number>()
  readonly #everByKind = new Map<ConflictKind, number>()
  readonly #openByNode = new Map<NodeId, number>()
  readonly #missing = new Map<NodeId, { from: number; to: number }[]>()
  #blockers: ReportedConflict[] = []
  #blocking = 0
  #open = 0
  #settled = 0
  #overdue = 0
  #held = 0
  #capsules = 0
  #oldest: Instant | null = null

  add(conflict: ReportedConflict): void {
    const { kind, severity, status, subject, range, opened, overdue, members } = conflict
    raise(this.#everByKind, kind)
    if (status === 'settled') {
      this.#settled++
      return
    }
    this.#open++
    raise(this.#openBySeverity, severity)
    raise(this.#openByKind, kind)
    for (const node of new Set(members.map((member) => member.node))) raise(this.#openByNode, node)
    if (overdue) this.#overdue++
    if (opened !== null && (this.#oldest === null || opened < this.#oldest)) this.#oldest = opened
    if (kind === 'withheld' && range !== null) {
      // What concerns a feed has its node as the subject.
      const node = subject as NodeId
      this.#missing.set(node, [...(this.#missing.get(node) ?? []), range])
    }
    if (kind === 'held-future') this.#held++
    if (kind === 'content-mismatch' && CAPSULE.test(subject)) this.#capsules++
    if (isBlocking(conflict)) this.#block(conflict)
  }

  answer(): ConflictTally {
    return {
      open: this.#open,
      settled: this.#settled,
      overdue: this.#overdue,
      oldest: this.#oldest,
      openBySeverity: this.#openBySeverity,
      openByKind: this.#openByKind,
      openByNode: this.#openByNode,
      missing: this.#missing,
      held: this.#held,
      capsules: this.#capsules,
      blockers: { total: this.#blocking, items: gravest(this.#blockers).map(blockerOf) },
      everByKind: this.#everByKind,
    }
  }

  #block(conflict: ReportedConflict): void {
    this.#blocking++
    this.#blockers.push(conflict)
    if (this.#blockers.length > NAMED_BLOCKERS * 2) this.#blockers = gravest(this.#blockers)
  }
}

/** The gravest, of these the oldest, of these by id. */
function gravest(conflicts: readonly ReportedConflict[]): ReportedConflict[] {
  const key = ({ opened, id }: ReportedConflict) => `${opened ?? '9999'} ${id}`
  return [...conflicts].sort((a, b) => b.severity - a.severity || (key(a) < key(b) ? -1 : 1)).slice(0, NAMED_BLOCKERS)
}

function blockerOf({ id, subject, title, why, remedy }: ReportedConflict): Blocker {
  return { id, subject, what: title, why, remedy }
}

function raise<K>(counts: Map<K, number>, key: K): void {
  counts.set(key, (counts.get(key) ?? 0) + 1)
}

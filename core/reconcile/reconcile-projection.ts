// Receipt in, conflicts out. A batch marks the subjects that it touches; each of them is then judged by the same pure rules that
// tests call, from what stands in the tables: so nothing remembers in which order it came.
import type { ContentHash, Policy } from '#core/contract/index.ts'
import type { Projection, Tx } from '#core/ledger/index.ts'
import { changesOf, decidedAmong, MergedFeeds, policyInForce, subjectsInRanges } from '#core/network/index.ts'
import { anchorsAfter } from './anchors.ts'
import { allAnchorLinks, anchorsInRanges, mergedAnchors } from './anchor-reading.ts'
import { agreesAlone, keepClaim, undisputedAmong } from './claim-reading.ts'
import { ConflictStore } from './conflict-store.ts'
import { CoverageKeeper } from './coverage.ts'
import { settleEscalation } from './escalation.ts'
import { settleObservations } from './observations.ts'
import { judgeForks, judgeSubject, nameOfSubject, type JudgedSubject, type JudgingContext } from './settle-subject.ts'
import { originsInRanges } from './origin-heads.ts'
import { subjectRules } from './subject-rules.ts'
import { createReconcileTables, reconcileTables } from './tables.ts'

export const reconcileProjection: Projection = {
  name: 'reconcile',
  version: 5,
  tables: reconcileTables,
  create: createReconcileTables,
  project(tx, rows) {
    const touched = touchedOf(tx)
    for (const row of rows) {
      const kept = keepClaim(tx, row)
      if (kept.as === 'origin') touched.origins.add(kept.origin)
      if (kept.as === 'anchor' || kept.as === 'origin') {
        for (const hash of kept.hashes) touched.anchors.add(hash)
      } else if (kept.as !== 'nothing') touched.subjects.add(row.subjectKey)
    }
  },
  settle(tx) {
    const touched = touchedOf(tx)
    const { subjects } = touched
    const nowMs = Date.parse(tx.now)
    addChangedSubjects(tx, touched)
    addDueSubjects(tx, subjects, nowMs)

    const store = new ConflictStore(tx)
    const feeds = new MergedFeeds(tx)
    const policy = policyInForce(tx)
    const coverage = coverageOf(tx, policy)
    if (subjects.size > 0) settleSubjects(tx, store, feeds, coverage, policy, subjects, nowMs)
    if (subjects.size > 0 || touched.origins.size > 0 || mayHaveOthers(tx)) coverage?.settle(store, feeds)
    for (const nodeKey of changedFeeds(tx)) store.replace(-nodeKey, judgeForks(tx, nodeKey, feeds))
    settleObservations(tx, store)
    store.flush()
    settleEscalation(tx, policy, nowMs)
    touchedByTx.delete(tx)
  },
}

interface Touched {
  readonly subjects: Set<number>
  readonly anchors: Set<ContentHash>
  /** Imported directories that somebody told of: their claims may stand under another anchor now. */
  readonly origins: Set<string>
}

const touchedByTx = new WeakMap<Tx, Touched>()

function touchedOf(tx: Tx): Touched {
  let touched = touchedByTx.get(tx)
  if (touched === undefined) {
    touched = { subjects: new Set(), anchors: new Set(), origins: new Set() }
    touchedByTx.set(tx, touched)
  }
  return touched
}

/** Null where policy expects nothing and never did. */
function coverageOf(tx: Tx, policy: Policy): CoverageKeeper | null {
  const { policyChanged } = changesOf(tx)
  return policyChanged || (policy.expected ?? []).length > 0 ? new CoverageKeeper(tx, policy, policyChanged) : null
}

function mayHaveOthers(tx: Tx): boolean {
  const { rulesChanged, policyChanged, ranges } = changesOf(tx)
  return rulesChanged || policyChanged || ranges.length > 0
}

function settleSubjects(
  tx: Tx,
  store: ConflictStore,
  feeds: MergedFeeds,
  coverage: CoverageKeeper | null,
  policy: Policy,
  subjects: ReadonlySet<number>,
  nowMs: number,
): void {
  const keys = [...subjects]
  const together = keys.length >= ASKED_TOGETHER
  if (together) store.expect(keys)
  const context: JudgingContext = {
    feeds,
    anchors: mergedAnchors(tx, feeds),
    decisionsNeeded: policy.decisionsNeeded,
    nowMs,
    misfitted: together ? misfittedAmong(tx, keys) : subjects,
    decided: together ? decidedAmong(tx, keys) : subjects,
    rulesFor: subjectRules(policy),
  }
  const keepsDue = policy.freshness.length > 0 || changesOf(tx).policyChanged
  const asksMore = policy.freshness.length > 0 || policy.requireAnchor.length > 0 || coverage?.expectsAnything === true
  const undisputed = together && !asksMore ? undisputedAmong(tx, keys) : NO_SUBJECTS
  for (const subjectKey of subjects) {
    const isAgreed = together
      ? undisputed.has(subjectKey) && !context.misfitted.has(subjectKey)
      : !asksMore && agreesAlone(tx, subjectKey)
    const { conflicts, judgement, claims } = isAgreed ? AGREED : judgeSubject(tx, subjectKey, context)
    store.replace(subjectKey, conflicts)
    coverage?.note(subjectKey, () => nameOfSubject(tx, subjectKey).subject, claims, feeds)
    if (keepsDue) writeDue(tx, subjectKey, judgement.dueMs, judgement.passedMs)
  }
}

const NO_SUBJECTS: ReadonlySet<number> = new Set()

const AGREED: JudgedSubject = {
  conflicts: [],
  judgement: { findings: [], superseded: [], dueMs: null, passedMs: null },
  claims: [],
}

/** Fewer subjects than this are asked about one by one: a receipt that comes alone should cost no more than it must. */
const ASKED_TOGETHER = 8

/** One question for all subjects of a write, where most have none. */
function misfittedAmong(tx: Tx, keys: readonly number[]): ReadonlySet<number> {
  const found = new Set<number>()
  const rows = tx.prepare<[string], SubjectKey>(`
    SELECT DISTINCT subject_key AS subjectKey FROM reconcile_misfit
    WHERE subject_key IN (SELECT value FROM json_each(?))
  `)
  addAll(found, rows.all(JSON.stringify(keys)))
  return found
}

/** Subjects of receipts that count now and did not, of decisions, of anchors, and all of them under another policy. */
function addChangedSubjects(tx: Tx, { subjects, anchors, origins }: Touched): void {
  const changes = changesOf(tx)
  if (changes.policyChanged) {
    addAll(subjects, tx.prepare<[], SubjectKey>(ALL_SUBJECTS).all())
    return
  }
  for (const subjectKey of changes.decidedSubjects) subjects.add(subjectKey)
  for (const subjectKey of subjectsInRanges(tx, changes.ranges)) subjects.add(subjectKey)
  for (const origin of new Set([...origins, ...originsInRanges(tx, changes.ranges)])) {
    const claimsOf = tx.prepare<[string], SubjectKey>(
      'SELECT DISTINCT subject_key AS subjectKey FROM reconcile_claim WHERE origin = ?',
    )
    addAll(subjects, claimsOf.all(origin))
  }
  const changed = new Set([...anchors, ...anchorsInRanges(tx, changes.ranges)])
  if (changed.size === 0) return
  const claimsUnder = tx.prepare<[ContentHash], SubjectKey>(
    'SELECT DISTINCT subject_key AS subjectKey FROM reconcile_claim WHERE anchor = ?',
  )
  for (const anchor of anchorsAfter(allAnchorLinks(tx), changed)) addAll(subjects, claimsUnder.all(anchor))
}

const ALL_SUBJECTS = `
  SELECT subject_key AS subjectKey FROM reconcile_claim
  UNION SELECT subject_key FROM reconcile_misfit
  UNION SELECT owner FROM reconcile_conflict WHERE owner > 0
`

/** A clock that was put back counts as well: what had passed may be ahead again. */
function addDueSubjects(tx: Tx, subjects: Set<number>, nowMs: number): void {
  addAll(
    subjects,
    tx
      .prepare<[number, number], SubjectKey>(`
        SELECT subject_key AS subjectKey FROM reconcile_due WHERE due_ms < ?
        UNION ALL SELECT subject_key FROM reconcile_due WHERE passed_ms >= ?
      `)
      .all(nowMs, nowMs),
  )
}

function writeDue(tx: Tx, subjectKey: number, dueMs: number | null, passedMs: number | null): void {
  if (dueMs === null && passedMs === null) {
    tx.prepare<[number], never>('DELETE FROM reconcile_due WHERE subject_key = ?').run(subjectKey)
  } else {
    tx.prepare<[number, number | null, number | null], never>(
      'INSERT OR REPLACE INTO reconcile_due (subject_key, due_ms, passed_ms) VALUES (?, ?, ?)',
    ).run(subjectKey, dueMs, passedMs)
  }
}

/** Feeds whose forks may be others now, or count now and did not. */
function changedFeeds(tx: Tx): ReadonlySet<number> {
  const { forkedFeeds, ranges } = changesOf(tx)
  return new Set([...forkedFeeds, ...ranges.map((range) => range.nodeKey)])
}

interface SubjectKey {
  readonly subjectKey: number
}

function addAll(subjects: Set<number>, rows: readonly SubjectKey[]): void {
  for (const { subjectKey } of rows) subjects.add(subjectKey)
}

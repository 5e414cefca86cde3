// All subjects that somebody claims something about, one after the other, page by page: for figures over a whole network. The order is
// that of storage, so what is made of it must not depend on it.
import type { ContentHash } from '#core/contract/index.ts'
import { receiptIdFromBytes, type ReadDb } from '#core/ledger/index.ts'
import {
  decisionsOn,
  policyInForce,
  standingDecisions,
  withdrawalsOf,
  type MergedFeeds,
  type Said,
} from '#core/network/index.ts'
import { invariant } from '#core/problem/index.ts'
import { mergedAnchors } from './anchor-reading.ts'
import {
  agreement,
  driftOf,
  NewestClaims,
  type DatedClaim,
  type DatedDecision,
  type Drift,
  type DriftRules,
} from './drift.ts'
import { counts, type RoundedClaim } from './imported-claims.ts'
import { withChains } from './keep-imported.ts'
import { judgeClaims } from './judge-claims.ts'
import { newestOriginAnchors } from './origin-anchors.ts'
import { underDirectoryAnchors } from './origin-heads.ts'
import { saidAbout } from './settle-subject.ts'

export interface SurveyedSubject {
  readonly subjectKey: number
  readonly subject: string
  /** Who speaks of it: ids of nodes, and names of imported directories behind ORIGIN_CLAIMANT. */
  readonly claimants: readonly string[]
  /** Several of them speak of it, and all say the same. */
  readonly agreed: boolean
  /** Claims that a newer anchor put aside. */
  readonly superseded: number
  /** How many of the newest claims stand under what. `older`: an anchor that another one follows. */
  readonly anchors: { readonly none: number; readonly newest: number; readonly older: number; readonly unknown: number }
  /** Claimants whose newest claim says again what they had put aside before: what a replay of old content would look like. */
  readonly returned: number
  readonly drift: Drift
}

/** How a claimant is called that is an imported directory; no node's id begins so. */
export const ORIGIN_CLAIMANT = 'origin '

const PAGE_CLAIMS = 4096

/** @param instants ascending, in milliseconds; `drift.then` answers for each of them. */
export function* surveySubjects(
  db: ReadDb,
  feeds: MergedFeeds,
  instants: readonly number[],
  untilMs: number,
): Generator<SurveyedSubject, void, void> {
  const anchors = mergedAnchors(db, feeds)
  const { decisionsNeeded, unsignedImports } = policyInForce(db)
  const rules: SurveyRules = {
    anchors,
    tips: new Set([...anchors.newest, ...newestOriginAnchors(db, feeds)]),
    decisionsNeeded,
    instants,
    untilMs,
    said: (claim) => saidBy(db, feeds, claim),
    subject: { requireAnchor: false, maxAgeMs: null, refusesUnsigned: unsignedImports === 'refuse' },
  }
  for (const rows of claimsBySubject(db)) {
    const claims = withChains(
      db,
      rows.filter((row) => feeds.isMerged(row)),
    ).map((row) => claimed(feeds, row))
    const [first] = claims
    if (first !== undefined) yield surveyed(db, feeds, first, claims, rules)
  }
}

interface SurveyRules extends DriftRules<SurveyedClaim> {
  /** Anchors that no other one follows: signed ones, and those of imported directories. */
  readonly tips: ReadonlySet<ContentHash>
}

interface ClaimRow extends RoundedClaim {
  readonly subjectKey: number
  readonly subject: string
}

interface SurveyedClaim extends ClaimRow, DatedClaim {}

function claimed(feeds: MergedFeeds, row: ClaimRow): SurveyedClaim {
  const { origin } = row
  return origin === null || origin === undefined
    ? { ...row, claimant: feeds.nodeOf(row.nodeKey), order: row.seq }
    : { ...row, claimant: `${ORIGIN_CLAIMANT}${origin}`, order: row.round ?? 0 }
}

/** Whole subjects: one whose claims run over the end of a page is finished with the next. */
function* claimsBySubject(db: ReadDb): Generator<readonly ClaimRow[], void, void> {
  const page = db.prepare<[number, number, number, number, number], ClaimRow>(`
    SELECT subject_key AS subjectKey, node_key AS nodeKey, seq, arrival, time_ms AS timeMs, hash, anchor, origin, round, raw, marks,
      stated_ms AS statedMs, subject.subject AS subject
    FROM reconcile_claim JOIN subject ON subject.key = subject_key
    WHERE (subject_key, node_key, seq, arrival) > (?, ?, ?, ?)
    ORDER BY subject_key, node_key, seq, arrival LIMIT ?
  `)
  let gathered: ClaimRow[] = []
  let last: Pick<ClaimRow, 'subjectKey' | 'nodeKey' | 'seq' | 'arrival'> = {
    subjectKey: 0,
    nodeKey: 0,
    seq: 0,
    arrival: 0,
  }
  for (;;) {
    const rows = page.all(last.subjectKey, last.nodeKey, last.seq, last.arrival, PAGE_CLAIMS)
    for (const row of rows) {
      if (gathered.length > 0 && gathered[0]?.subjectKey !== row.subjectKey) {
        yield gathered
        gathered = []
      }
      gathered.push(row)
    }
    const end = rows.at(-1)
    if (end === undefined) break
    last = end
  }
  if (gathered.length > 0) yield gathered
}

function surveyed(
  db: ReadDb,
  feeds: MergedFeeds,
  { subjectKey, subject }: ClaimRow,
  claims: readonly SurveyedClaim[],
  rules: SurveyRules,
): SurveyedSubject {
  const newest = new NewestClaims<SurveyedClaim>()
  for (const claim of claims) newest.add(claim)
  const standing = underDirectoryAnchors(
    db,
    feeds,
    newest.standing().filter((claim) => counts(claim, rules.subject)),
  )
  const latest = standing.filter((claim) => claim.kept !== true)
  const mayDiffer = claims.some((claim) => claim.hash !== claims[0]?.hash)
  return {
    subjectKey,
    subject,
    claimants: [...new Set(standing.map((claim) => claim.claimant))],
    agreed: agreement(standing, rules).agreed,
    anchors: anchorsOf(latest, rules),
    returned: latest.filter((claim) => hasReturned(claims, claim)).length,
    superseded: mayDiffer ? judgeClaims(standing, rules.anchors, rules.subject, rules.untilMs).superseded.length : 0,
    drift: driftOf(claims, mayDiffer ? datedDecisions(db, feeds, subjectKey) : [], rules),
  }
}

function anchorsOf(standing: readonly SurveyedClaim[], { anchors, tips }: SurveyRules): SurveyedSubject['anchors'] {
  const found = { none: 0, newest: 0, older: 0, unknown: 0 }
  for (const { anchor } of standing) {
    if (anchor === null) found.none++
    else if (!anchors.isVerified(anchor)) found.unknown++
    else if (tips.has(anchor)) found.newest++
    else found.older++
  }
  return found
}

/** The claimant said this, then something else, and now this again. Nodes that imported one round apart are of one order. */
function hasReturned(claims: readonly SurveyedClaim[], newest: SurveyedClaim): boolean {
  const before = claims.filter((claim) => claim.claimant === newest.claimant && claim.order < newest.order)
  const same = new Set(before.filter((claim) => claim.hash === newest.hash).map((claim) => claim.order))
  const others = before.map((claim) => claim.order).filter((order) => !same.has(order))
  return others.length > 0 && Math.min(...same) < Math.max(...others)
}

function datedDecisions(db: ReadDb, feeds: MergedFeeds, subjectKey: number): DatedDecision[] {
  return decisionsOn(db, subjectKey)
    .filter((decision) => feeds.isMerged(decision))
    .map((decision) => {
      const ends = withdrawalsOf(db, decision)
        .filter((withdrawal) => feeds.isMerged(withdrawal))
        .map((withdrawal) => withdrawal.timeMs)
      const [cast] = standingDecisions(
        db,
        [decision],
        // Withdrawn or not, it counted for a while.
        (place) => place.arrival === decision.arrival,
        (signed) => saidAbout(db, subjectKey, signed),
      )
      return cast === undefined
        ? null
        : { cast, timeMs: decision.timeMs, untilMs: ends.length === 0 ? null : Math.min(...ends) }
    })
    .filter((decision) => decision !== null)
}

function saidBy(db: ReadDb, feeds: MergedFeeds, { nodeKey, arrival, hash, origin }: ClaimRow): Said {
  const id = db.prepare<[number], Buffer>('SELECT id FROM receipt WHERE arrival = ?').pluck().get(arrival)
  invariant(id !== undefined, 'a claim is of a receipt in the ledger')
  return { receipt: receiptIdFromBytes(id), node: feeds.nodeOf(nodeKey), hash, origin: origin ?? null }
}

/** When an anchor was first signed by a merged receipt; null where none has signed it. */
export function anchorSignedMs(db: ReadDb, feeds: MergedFeeds, anchor: ContentHash): number | null {
  const times = db
    .prepare<[ContentHash], { nodeKey: number; seq: number; arrival: number; timeMs: number }>(
      'SELECT node_key AS nodeKey, seq, arrival, time_ms AS timeMs FROM reconcile_anchor WHERE hash = ?',
    )
    .all(anchor)
    .filter((place) => feeds.isMerged(place))
    .map((place) => place.timeMs)
  return times.length === 0 ? null : Math.min(...times)
}

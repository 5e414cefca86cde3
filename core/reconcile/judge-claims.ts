// What the newest claims about one subject come to, by rule alone: agreed, superseded, or a conflict that waits for a person.
// Every answer is a function of the set of claims.
import type { ConflictKind, ContentHash } from '#core/contract/index.ts'
import type { AnchorChains } from './anchors.ts'
import { aheadOfAll, ageOf, counts, sayTheSame, unsignedWouldWin } from './imported-claims.ts'

/** What one node's newest receipt says about a subject, or what the last import of a directory says for it. */
export interface Claim {
  readonly hash: ContentHash
  readonly anchor: ContentHash | null
  readonly timeMs: number
  /** The imported directory that claims; left out or null for a node itself, and so is everything below. */
  readonly origin?: string | null
  /** Hash of the bytes as they are, where `hash` is that of the content without its signature. */
  readonly raw?: ContentHash | null
  /** See MARKS. */
  readonly marks?: number | null
  /** When the file says it was made: how old it is follows from this, never from when it was imported. */
  readonly statedMs?: number | null
  /** Entries of a hash-ledger, the newest last. */
  readonly chain?: readonly string[] | null
  /** Its directory has replaced it by what nobody signed: it speaks on, and is not asked how old it is. */
  readonly kept?: true
}

/** What policy asks of claims about this subject. */
export interface SubjectRules {
  readonly requireAnchor: boolean
  /** Null where claims may be as old as they like. */
  readonly maxAgeMs: number | null
  /** Imported files without a valid signature of their origin do not count at all. Left out: they do. */
  readonly refusesUnsigned?: boolean
}

export interface Finding<C extends Claim> {
  readonly kind: ConflictKind
  readonly members: readonly C[]
  /** Since when it is so. */
  readonly sinceMs: number
}

export interface Judgement<C extends Claim> {
  readonly findings: readonly Finding<C>[]
  /** Put aside by the rule that the most recent verified anchor wins: `by` is that anchor. */
  readonly superseded: readonly Superseded<C>[]
  /** The instants at which time alone changes this answer: the next one, and the last one that has passed. */
  readonly dueMs: number | null
  readonly passedMs: number | null
}

export interface Superseded<C extends Claim> {
  readonly claim: C
  readonly by: ContentHash
  /** Put aside by another rule: its hash-ledger is the beginning of another one, whose content hash `by` is. */
  readonly ahead?: true
}

/** At most one claim a node, and for an imported directory one of each node that made its last import. */
export function judgeClaims<C extends Claim>(
  all: readonly C[],
  anchors: AnchorChains,
  rules: SubjectRules,
  nowMs: number,
): Judgement<C> {
  const claims = all.every((claim) => claim.origin === undefined || claim.origin === null)
    ? all
    : all.filter((claim) => counts(claim, rules))
  const { finding, superseded } = compare(claims, anchors, rules)
  const age = judgeAge(
    claims.filter((claim) => claim.kept !== true),
    rules.maxAgeMs,
    nowMs,
  )
  const findings = [finding, age.finding].filter((one) => one !== null)
  return { findings, superseded, dueMs: age.dueMs, passedMs: age.passedMs }
}

interface Comparison<C extends Claim> {
  readonly finding: Finding<C> | null
  readonly superseded: Judgement<C>['superseded']
}

function compare<C extends Claim>(claims: readonly C[], anchors: AnchorChains, rules: SubjectRules): Comparison<C> {
  const without = claims.filter((claim) => claim.anchor === null)
  if (sayTheSame(claims)) {
    const lacking = rules.requireAnchor && without.length > 0
    return { finding: lacking ? found('missing-anchor', without) : null, superseded: [] }
  }
  const longest = aheadOfAll(claims)
  if (longest !== null) {
    const behind = claims.filter((claim) => claim.hash !== longest.hash)
    return { finding: null, superseded: behind.map((claim) => ({ claim, by: longest.hash, ahead: true })) }
  }
  const named = claims.flatMap((claim) => (claim.anchor === null ? [] : [claim.anchor]))
  if (named.some((anchor) => !anchors.isVerified(anchor))) {
    return { finding: found('unknown-anchor', claims), superseded: [] }
  }
  if (without.length > 0) {
    const kind = named.length > 0 || rules.requireAnchor ? 'missing-anchor' : 'hash-mismatch'
    return { finding: found(kind, claims), superseded: [] }
  }

  const newest = named.find((anchor) => named.every((other) => other === anchor || anchors.isNewer(anchor, other)))
  if (newest === undefined) return { finding: found('diverging-anchors', claims), superseded: [] }
  const standing = claims.filter((claim) => claim.anchor === newest)
  const older = claims.filter((claim) => claim.anchor !== newest)
  if (unsignedWouldWin(standing, older)) return { finding: found('hash-mismatch', claims), superseded: [] }
  return {
    finding: sayTheSame(standing) ? null : found('hash-mismatch', standing),
    superseded: older.map((claim) => ({ claim, by: newest })),
  }
}

interface AgeJudgement<C extends Claim> {
  readonly finding: Finding<C> | null
  readonly dueMs: number | null
  readonly passedMs: number | null
}

/** A claim goes stale when it is over the limit while another node has a newer one. */
function judgeAge<C extends Claim>(claims: readonly C[], maxAgeMs: number | null, nowMs: number): AgeJudgement<C> {
  if (maxAgeMs === null || claims.length < 2) return { finding: null, dueMs: null, passedMs: null }
  const dated = claims.flatMap((claim) => {
    const madeMs = ageOf(claim)
    return madeMs === null ? [] : [{ claim, madeMs }]
  })
  const newestMs = Math.max(...dated.map(({ madeMs }) => madeMs))
  const ageing = dated.filter(({ madeMs }) => madeMs < newestMs)
  const limits = ageing.map(({ madeMs }) => madeMs + maxAgeMs)
  const passed = limits.filter((limit) => limit < nowMs)
  const stale = ageing.filter(({ madeMs }) => madeMs + maxAgeMs < nowMs).map(({ claim }) => claim)
  return {
    finding: stale.length === 0 ? null : { kind: 'stale', members: stale, sinceMs: Math.max(...passed) },
    dueMs: minOrNull(limits.filter((limit) => limit >= nowMs)),
    passedMs: passed.length === 0 ? null : Math.max(...passed),
  }
}

function found<C extends Claim>(kind: ConflictKind, members: readonly C[]): Finding<C> {
  return { kind, members, sinceMs: Math.max(...members.map((member) => member.timeMs)) }
}

function minOrNull(values: readonly number[]): number | null {
  return values.length === 0 ? null : Math.min(...values)
}

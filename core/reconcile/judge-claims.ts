// What the newest claims about one subject come to, by rule alone: agreed, superseded, or a conflict that waits for a person.
// Every answer is a function of the set of claims.
import type { ConflictKind, ContentHash } from '#core/contract/index.ts'
import type { AnchorChains } from './anchors.ts'

/** What one node's newest receipt says about a subject. */
export interface Claim {
  readonly hash: ContentHash
  readonly anchor: ContentHash | null
  readonly timeMs: number
}

/** What policy asks of claims about this subject. */
export interface SubjectRules {
  readonly requireAnchor: boolean
  /** Null where claims may be as old as they like. */
  readonly maxAgeMs: number | null
}

export interface Finding<C extends Claim> {
  readonly kind: ConflictKind
  readonly members: readonly C[]
  /** Since when it is so. */
  readonly sinceMs: number
}

export interface Judgement<C extends Claim> {
  readonly findings: readonly Finding<C>[]
  /** Put aside by the rule that the most recent verified anchor wins. */
  readonly superseded: readonly { readonly claim: C; readonly by: ContentHash }[]
  /** The instants at which time alone changes this answer: the next one, and the last one that has passed. */
  readonly dueMs: number | null
  readonly passedMs: number | null
}

/** At most one claim a node. */
export function judgeClaims<C extends Claim>(
  claims: readonly C[],
  anchors: AnchorChains,
  rules: SubjectRules,
  nowMs: number,
): Judgement<C> {
  const { finding, superseded } = compare(claims, anchors, rules)
  const age = judgeAge(claims, rules.maxAgeMs, nowMs)
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
  return {
    finding: sayTheSame(standing) ? null : found('hash-mismatch', standing),
    superseded: claims.filter((claim) => claim.anchor !== newest).map((claim) => ({ claim, by: newest })),
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
  const newestMs = Math.max(...claims.map((claim) => claim.timeMs))
  const ageing = claims.filter((claim) => claim.timeMs < newestMs)
  const limits = ageing.map((claim) => claim.timeMs + maxAgeMs)
  const passed = limits.filter((limit) => limit < nowMs)
  const stale = ageing.filter((claim) => claim.timeMs + maxAgeMs < nowMs)
  return {
    finding: stale.length === 0 ? null : { kind: 'stale', members: stale, sinceMs: Math.max(...passed) },
    dueMs: minOrNull(limits.filter((limit) => limit >= nowMs)),
    passedMs: passed.length === 0 ? null : Math.max(...passed),
  }
}

function found<C extends Claim>(kind: ConflictKind, members: readonly C[]): Finding<C> {
  return { kind, members, sinceMs: Math.max(...members.map((member) => member.timeMs)) }
}

function sayTheSame(claims: readonly Claim[]): boolean {
  return claims.every((claim) => claim.hash === claims[0]?.hash)
}

function minOrNull(values: readonly number[]): number | null {
  return values.length === 0 ? null : Math.min(...values)
}

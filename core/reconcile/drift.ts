// How the claims on one subject stood over time: when they began to differ, when they came together again, and by what. Pure; told by
// the signed times alone, so that every node with the same receipts tells the same story. Times decide nothing here about who is right.
import type { ContentHash } from '#core/contract/index.ts'
import { resolve, type CastDecision, type Said } from '#core/network/index.ts'
import type { AnchorChains } from './anchors.ts'
import { counts, isSigned, sayTheSame, stillSpeaking } from './imported-claims.ts'
import { judgeClaims, type Claim, type Finding, type SubjectRules } from './judge-claims.ts'

/** A merged claim. */
export interface DatedClaim extends Claim {
  /** Whose claim it is: a node's own, or the imported directory's. */
  readonly claimant: string
  /** Of one claimant's claims the highest stand: the seq, or the round of imports. */
  readonly order: number
  /** Who signed it, and where. */
  readonly nodeKey: number
  readonly seq: number
}

/** A merged decision and until when it counted; null where it was never withdrawn. */
export interface DatedDecision {
  readonly cast: CastDecision
  readonly timeMs: number
  readonly untilMs: number | null
}

export interface Episode {
  readonly beganMs: number
  /** Null while it lasts. */
  readonly endedMs: number | null
  /** What ended it: a claim that agrees, a newer anchor, a decision. */
  readonly endedBy: 'claim' | 'anchor' | 'decision' | null
  /** The anchor that put older claims aside, where that ended it. */
  readonly anchor: ContentHash | null
}

export interface Drift {
  readonly episodes: readonly Episode[]
  /** For each of the instants asked for: shared by several claimants then, and all of them saying the same. */
  readonly atInstants: readonly { readonly shared: boolean; readonly agreed: boolean }[]
}

export interface DriftRules<C extends DatedClaim> {
  readonly anchors: AnchorChains
  readonly decisionsNeeded: number
  /** Ascending. */
  readonly instants: readonly number[]
  /** What happened after this instant is left out. */
  readonly untilMs: number
  /** What decisions know a claim by; only asked where there are decisions. */
  readonly said: (claim: C) => Said
  readonly subject: SubjectRules
}

/** `claims`: all merged ones on the subject, in any order. */
export function driftOf<C extends DatedClaim>(
  claims: readonly C[],
  decisions: readonly DatedDecision[],
  rules: DriftRules<C>,
): Drift {
  const newest = new NewestClaims<C>()
  const walk = new EpisodeWalk()
  const atInstants: { shared: boolean; agreed: boolean }[] = []
  const { instants, untilMs } = rules
  const noteUntil = (nextMs: number) => {
    while (atInstants.length < instants.length && (instants[atInstants.length] ?? Infinity) < nextMs) {
      atInstants.push(agreement(newest.standing(), rules))
    }
  }
  for (const moment of momentsOf(claims, decisions, untilMs)) {
    noteUntil(moment.atMs)
    for (const claim of moment.claims) newest.add(claim)
    walk.step(moment.atMs, stateAt(newest.standing(), decisions, rules, moment.atMs))
  }
  noteUntil(Infinity)
  return { episodes: walk.episodes(), atInstants }
}

/** Of each claimant the claims that stand; several only as `lastImports` says. */
export class NewestClaims<C extends DatedClaim> {
  readonly #newest = new Map<string, readonly C[]>()
  readonly #signed = new Map<string, readonly C[]>()

  add(claim: C): void {
    addNewest(this.#newest, claim)
    if (isSigned(claim)) addNewest(this.#signed, claim)
  }

  standing(): C[] {
    return [...this.#newest].flatMap(([claimant, newest]) => [
      ...newest,
      ...stillSpeaking(newest, this.#signed.get(claimant) ?? []),
    ])
  }
}

function addNewest<C extends DatedClaim>(byClaimant: Map<string, readonly C[]>, claim: C): void {
  const standing = byClaimant.get(claim.claimant) ?? []
  const order = standing[0]?.order ?? -Infinity
  if (claim.order < order) return
  const beside = claim.order === order ? standing.filter((other) => other.nodeKey !== claim.nodeKey) : []
  const own = claim.order === order ? standing.find((other) => other.nodeKey === claim.nodeKey) : undefined
  byClaimant.set(claim.claimant, [...beside, own !== undefined && own.seq > claim.seq ? own : claim])
}

/** Whether several claimants speak of the subject, and say the same. */
export function agreement<C extends DatedClaim>(
  standing: readonly C[],
  { subject }: Pick<DriftRules<C>, 'subject'>,
): { shared: boolean; agreed: boolean } {
  const counting = standing.filter((claim) => counts(claim, subject))
  const shared = new Set(counting.map((claim) => claim.claimant)).size > 1
  return { shared, agreed: shared && sayTheSame(counting) }
}

interface Moment<C> {
  readonly atMs: number
  readonly claims: readonly C[]
}

/** Everything that happened at one instant happened together: no order within it shows. */
function momentsOf<C extends DatedClaim>(
  claims: readonly C[],
  decisions: readonly DatedDecision[],
  untilMs: number,
): Moment<C>[] {
  const byTime = Map.groupBy(claims, (claim) => claim.timeMs)
  const times = new Set(byTime.keys())
  for (const { timeMs, untilMs: withdrawnMs } of decisions) {
    times.add(timeMs)
    if (withdrawnMs !== null) times.add(withdrawnMs)
  }
  return [...times]
    .filter((atMs) => atMs <= untilMs)
    .sort((a, b) => a - b)
    .map((atMs) => ({ atMs, claims: byTime.get(atMs) ?? [] }))
}

type Standing =
  | { readonly state: 'together'; readonly by: 'claim' | 'anchor' | 'decision'; readonly anchor: ContentHash | null }
  | { readonly state: 'apart' }

function stateAt<C extends DatedClaim>(
  claims: readonly C[],
  decisions: readonly DatedDecision[],
  rules: DriftRules<C>,
  atMs: number,
): Standing {
  const { findings, superseded } = judgeClaims(claims, rules.anchors, rules.subject, atMs)
  const [finding] = findings
  if (finding === undefined) {
    const [first] = superseded
    return {
      state: 'together',
      by: first === undefined || first.ahead === true ? 'claim' : 'anchor',
      anchor: first === undefined || first.ahead === true ? null : first.by,
    }
  }
  return isDecided(finding, decisions, rules, atMs)
    ? { state: 'together', by: 'decision', anchor: null }
    : { state: 'apart' }
}

function isDecided<C extends DatedClaim>(
  { kind, members }: Finding<C>,
  decisions: readonly DatedDecision[],
  { decisionsNeeded, said }: DriftRules<C>,
  atMs: number,
): boolean {
  const cast = decisions
    .filter(({ timeMs, untilMs }) => timeMs <= atMs && (untilMs === null || untilMs > atMs))
    .map((decision) => decision.cast)
  if (cast.length === 0) return false
  return resolve(kind, members.map(said), cast, decisionsNeeded).outcome.state === 'settled'
}

class EpisodeWalk {
  readonly #ended: Episode[] = []
  #beganMs: number | null = null

  step(atMs: number, now: Standing): void {
    if (now.state === 'apart') {
      this.#beganMs ??= atMs
      return
    }
    if (this.#beganMs === null) return
    this.#ended.push({ beganMs: this.#beganMs, endedMs: atMs, endedBy: now.by, anchor: now.anchor })
    this.#beganMs = null
  }

  episodes(): readonly Episode[] {
    if (this.#beganMs === null) return this.#ended
    return [...this.#ended, { beganMs: this.#beganMs, endedMs: null, endedBy: null, anchor: null }]
  }
}

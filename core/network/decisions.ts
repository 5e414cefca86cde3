// How stewards' decisions on one conflict add up. A decision settles pairs of node and hash, those of the members it lists:
// it holds while the conflict has no other pair and while what it picked is still among them. A node that was a member and now
// says what was picked has come round: that is no new pair. Nothing depends on times or order: of one steward's decisions the
// one with the highest seq counts.
import type { ConflictKind, ContentHash, NodeId, ReceiptId, Verdict } from '#core/contract/index.ts'
import { canonicalJson, sha256Id } from '#core/receipts/index.ts'

/** What one member of a conflict says: for a fork or a decision, `hash` is the receipt's own id. */
export interface Said {
  readonly receipt: ReceiptId
  readonly node: NodeId
  readonly hash: string
  /** The imported directory that it is said for, whichever node signed; left out or null where a node speaks for itself. */
  readonly origin?: string | null
}

/** One signed decision that is merged and not withdrawn, with those of its members that are held here. */
export interface CastDecision {
  readonly id: ReceiptId
  readonly node: NodeId
  readonly seq: number
  readonly kind: ConflictKind
  readonly members: readonly Said[]
  readonly verdict: Verdict
}

/** A conflict and what the decisions on it come to; disagreeing decisions are a conflict of their own behind it. */
export interface Resolution {
  readonly members: readonly Said[]
  readonly outcome:
    | { readonly state: 'open'; readonly reopened: boolean }
    | { readonly state: 'settled'; readonly by: readonly ReceiptId[]; readonly verdict: Verdict }
    /** Stewards disagree and that is not settled: the conflict to look at is `dispute`. */
    | { readonly state: 'disputed' }
  /** In force: the newest of each steward that is about exactly these pairs or more. */
  readonly counting: readonly CastDecision[]
  /** Largest number of stewards behind one verdict. */
  readonly have: number
  readonly dispute: Resolution | null
}

/** Disagreements about disagreements end here; what is deeper stays open until somebody withdraws. */
const DEEPEST = 8

export function resolve(
  kind: ConflictKind,
  members: readonly Said[],
  decisions: readonly CastDecision[],
  needed: number,
  depth = 0,
): Resolution {
  const family = familyOf(kind)
  const related = decisions.filter((decision) => familyOf(decision.kind) === family && isSound(decision))

  const counting = newestByNode(related.filter((decision) => holds(decision, members)))
  const byVerdict = Map.groupBy(counting, verdictKey)
  const supports = [...byVerdict.values()]
  const reached = supports.filter((cast) => cast.length >= needed)
  const have = Math.max(0, ...supports.map((cast) => cast.length))
  const [only] = reached

  if (only === undefined) {
    return {
      members,
      counting,
      have,
      dispute: null,
      outcome: { state: 'open', reopened: wasSettled(related, members, counting, needed) },
    }
  }
  if (reached.length === 1) {
    return { members, counting, have, dispute: null, outcome: settledBy(only) }
  }
  if (depth >= DEEPEST) {
    return { members, counting, have, dispute: null, outcome: { state: 'open', reopened: false } }
  }

  const disputing = reached.flat().sort((a, b) => (a.id < b.id ? -1 : 1))
  const dispute = resolve('decisions-disagree', disputing.map(decisionSaid), decisions, needed, depth + 1)
  return { members, counting, have, dispute, outcome: afterDispute(dispute, disputing) }
}

function afterDispute(dispute: Resolution, disputing: readonly CastDecision[]): Resolution['outcome'] {
  if (dispute.outcome.state !== 'settled') return { state: 'disputed' }
  const { verdict } = dispute.outcome
  const picked = verdict.type === 'pick' ? disputing.find((decision) => decision.id === verdict.receipt) : undefined
  // None of the decisions holds: the conflict waits for new ones.
  if (picked === undefined) return { state: 'open', reopened: false }
  return { state: 'settled', by: dispute.outcome.by, verdict: picked.verdict }
}

function settledBy(cast: readonly CastDecision[]): Resolution['outcome'] {
  const inOrder = [...cast].sort((a, b) => (a.id < b.id ? -1 : 1))
  const [first] = inOrder
  if (first === undefined) return { state: 'open', reopened: false }
  return { state: 'settled', by: inOrder.map((decision) => decision.id), verdict: first.verdict }
}

/** Kinds whose decisions carry over to one another share a family: the same claims, seen under other anchors or rules. */
export type ConflictFamily =
  | 'claims'
  | Exclude<ConflictKind, 'hash-mismatch' | 'missing-anchor' | 'unknown-anchor' | 'diverging-anchors'>

export function familyOf(kind: ConflictKind): ConflictFamily {
  switch (kind) {
    case 'hash-mismatch':
    case 'missing-anchor':
    case 'unknown-anchor':
    case 'diverging-anchors':
      return 'claims'
    case 'stale':
    case 'fork':
    case 'withheld':
    case 'held-future':
    case 'invalid-content':
    case 'decisions-disagree':
    case 'invalid-signature':
    case 'content-mismatch':
    case 'missing-artefact':
      return kind
  }
}

/** The verdicts that mean something for a kind; empty where only a missing thing, or time, can settle it. */
export function verdictsFor(kind: ConflictKind): readonly Verdict['type'][] {
  switch (familyOf(kind)) {
    case 'claims':
      return ['pick', 'several', 'none', 'replacement']
    case 'stale':
      return ['pick', 'several', 'none']
    case 'fork':
    case 'invalid-content':
    case 'decisions-disagree':
    case 'invalid-signature':
    case 'content-mismatch':
      return ['pick', 'none']
    case 'withheld':
    case 'held-future':
    case 'missing-artefact':
      return []
  }
}

/** A decision is about what it lists: a verdict on anything else, or of a type without meaning here, counts for nothing. */
function isSound(decision: CastDecision): boolean {
  if (!verdictsFor(decision.kind).includes(decision.verdict.type)) return false
  const listed = new Set(decision.members.map((member) => member.receipt))
  return pickedReceipts(decision.verdict).every((receipt) => listed.has(receipt))
}

function holds(decision: CastDecision, members: readonly Said[]): boolean {
  const listed = new Set(decision.members.map(pairOf))
  const claimants = new Set(decision.members.map(claimantOf))
  const picked = new Set(pickedHashes(decision))
  return (
    members.every(
      (member) => listed.has(pairOf(member)) || (claimants.has(claimantOf(member)) && picked.has(member.hash)),
    ) && [...picked].every((hash) => members.some((member) => member.hash === hash))
  )
}

/** Decisions that were enough for members which are all still here, before another one joined. */
function wasSettled(
  related: readonly CastDecision[],
  members: readonly Said[],
  counting: readonly CastDecision[],
  needed: number,
): boolean {
  const pairs = new Set(members.map(pairOf))
  const inForce = new Set(counting.map((decision) => decision.id))
  const outgrown = related.filter(
    (decision) => !inForce.has(decision.id) && decision.members.some((member) => pairs.has(pairOf(member))),
  )
  const stewardsByVerdict = Map.groupBy(outgrown, verdictKey)
  return [...stewardsByVerdict.values()].some((cast) => new Set(cast.map(({ node }) => node)).size >= needed)
}

function newestByNode(decisions: readonly CastDecision[]): CastDecision[] {
  const newest = new Map<NodeId, CastDecision>()
  for (const decision of decisions) {
    const other = newest.get(decision.node)
    // Two of one seq lie on two stories of a fork; the id decides, as everywhere.
    if (other === undefined || decision.seq > other.seq || (decision.seq === other.seq && decision.id < other.id)) {
      newest.set(decision.node, decision)
    }
  }
  return [...newest.values()].sort((a, b) => (a.node < b.node ? -1 : 1))
}

/** Two stewards who pick different receipts of the same content agree. */
function verdictKey(decision: CastDecision): string {
  const { verdict } = decision
  switch (verdict.type) {
    case 'pick':
    case 'several':
      return `holds ${[...new Set(pickedHashes(decision))].sort().join(' ')}`
    case 'none':
      return 'none'
    case 'replacement':
      return `replacement ${sha256Id<ContentHash>(canonicalJson(verdict.body))}`
  }
}

function pickedHashes(decision: CastDecision): string[] {
  const picked = new Set(pickedReceipts(decision.verdict))
  return decision.members.filter((member) => picked.has(member.receipt)).map((member) => member.hash)
}

function pickedReceipts(verdict: Verdict): readonly ReceiptId[] {
  if (verdict.type === 'pick') return [verdict.receipt]
  return verdict.type === 'several' ? verdict.receipts : []
}

function decisionSaid(decision: CastDecision): Said {
  return { receipt: decision.id, node: decision.node, hash: decision.id }
}

function pairOf(said: Said): string {
  return `${claimantOf(said)} ${said.hash}`
}

/** Whoever imports a directory claims for it: what a decision settles stays settled when another node imports it. */
function claimantOf({ node, origin }: Said): string {
  return origin === undefined || origin === null ? node : `origin ${origin}`
}

// Which of several claims about one path stand. The most recent anchor wins; what no rule may decide waits for a person.
import type { AnchorStanding, Claim, PathState } from './types.ts'

export interface Settled {
  readonly state: Exclude<PathState, 'none' | 'ahead'>
  readonly stands: readonly Claim[]
  readonly superseded: readonly Claim[]
  /** Why no rule decided; null where nothing is left to decide. */
  readonly open: OpenReason | null
}

export type OpenReason = 'hash-mismatch' | 'missing-anchor' | 'diverging-anchors' | 'unsigned-may-not-win'

/** `claims` are those that count: signatures and hashes hold, times do not lie ahead. At least one. */
export function settlePath(claims: readonly Claim[], anchors: AnchorStanding): Settled {
  if (claims.every(({ file }) => file.contentHash === claims[0]?.file.contentHash))
    return { state: agreement(claims), stands: claims, superseded: [], open: null }
  const usable = claims.filter(({ node }) => anchors.usable[node] === true)
  if (usable.length === 0) return open(claims, [], 'hash-mismatch')
  if (usable.length < claims.length) return open(claims, [], 'missing-anchor')
  const newest = claims.find((one) => claims.every((other) => containsOf(anchors, one.node, other.node)))
  if (newest === undefined) return open(claims, [], 'diverging-anchors')
  return underNewest(claims, newest, anchors)
}

function underNewest(claims: readonly Claim[], newest: Claim, anchors: AnchorStanding): Settled {
  const under = claims.filter(({ node }) => anchors.relation[newest.node]?.[node] === 'same')
  const contents = new Set(under.map(({ file }) => file.contentHash))
  // Who says the same as what stands is not superseded by it.
  const stands = claims.filter(({ file }) => contents.has(file.contentHash))
  const superseded = claims.filter(({ file }) => !contents.has(file.contentHash))
  if (contents.size > 1) return open(stands, superseded, 'hash-mismatch')
  // Anybody can write a longer list of anchors; a signed claim gives way to a signed one only.
  if (superseded.some(isSigned) && !stands.some(isSigned)) return open(claims, [], 'unsigned-may-not-win')
  return { state: 'superseded', stands, superseded, open: null }
}

function agreement(claims: readonly Claim[]): 'agreed' | 'same-content' | 'single' {
  if (claims.length === 1) return 'single'
  return claims.some(({ file }) => file.rawHash !== claims[0]?.file.rawHash) ? 'same-content' : 'agreed'
}

function open(stands: readonly Claim[], superseded: readonly Claim[], reason: OpenReason): Settled {
  return { state: 'conflict', stands, superseded, open: reason }
}

function containsOf(anchors: AnchorStanding, one: number, other: number): boolean {
  const relation = anchors.relation[one]?.[other]
  return relation === 'same' || relation === 'newer'
}

function isSigned({ file }: Claim): boolean {
  return file.envelope.state === 'ok'
}

// Anchors follow one another by name: each names the one before it. An anchor is newer than another if its chain contains the other;
// times play no part. Several receipts may speak of one anchor, and then all that they name as its predecessors count.
import type { ContentHash } from '#core/contract/index.ts'

export interface AnchorLink {
  readonly hash: ContentHash
  readonly previous: ContentHash | null
}

export interface AnchorChains {
  isVerified(anchor: ContentHash): boolean
  /** `anchor` comes after `other`. False both ways where neither chain contains the other, or each contains the other. */
  isNewer(anchor: ContentHash, other: ContentHash): boolean
  /** Anchors that no other one follows, in the order of their hashes. */
  readonly newest: readonly ContentHash[]
}

/** `links`: those that merged receipts have signed, in any order, repeated or not. */
export function anchorChains(links: readonly AnchorLink[]): AnchorChains {
  const previousOf = new Map<ContentHash, Set<ContentHash>>()
  const followed = new Set<ContentHash>()
  for (const { hash, previous } of links) {
    const before = previousOf.get(hash) ?? new Set()
    previousOf.set(hash, before)
    if (previous === null || previous === hash) continue
    before.add(previous)
    followed.add(previous)
  }

  const known = new Map<string, boolean>()
  const contains = (anchor: ContentHash, other: ContentHash): boolean => {
    const key = `${anchor} ${other}`
    let answer = known.get(key)
    if (answer === undefined) {
      answer = reaches(previousOf, anchor, other)
      known.set(key, answer)
    }
    return answer
  }
  return {
    isVerified: (anchor) => previousOf.has(anchor),
    isNewer: (anchor, other) => anchor !== other && contains(anchor, other) && !contains(other, anchor),
    newest: [...previousOf.keys()].filter((anchor) => !followed.has(anchor)).sort(),
  }
}

/** All anchors whose chain runs through one of `changed`, these included: what is known about them may be different now. */
export function anchorsAfter(links: readonly AnchorLink[], changed: Iterable<ContentHash>): Set<ContentHash> {
  const nextOf = new Map<ContentHash, ContentHash[]>()
  for (const { hash, previous } of links) {
    if (previous !== null) nextOf.set(previous, [...(nextOf.get(previous) ?? []), hash])
  }
  const found = new Set<ContentHash>(changed)
  // A Set visits what is added to it while it is walked.
  for (const anchor of found) for (const next of nextOf.get(anchor) ?? []) found.add(next)
  return found
}

function reaches(
  previousOf: ReadonlyMap<ContentHash, ReadonlySet<ContentHash>>,
  from: ContentHash,
  to: ContentHash,
): boolean {
  const seen = new Set<ContentHash>([from])
  for (const anchor of seen) {
    for (const previous of previousOf.get(anchor) ?? []) {
      if (previous === to) return true
      seen.add(previous)
    }
  }
  return false
}

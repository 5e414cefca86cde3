// Proofs over the tree of RFC 6962: that one receipt is in a head's feed (2.1.1), and that a later head's feed begins with an
// earlier one (2.1.2). Made from all leaves; checked, as RFC 9162 2.1.3.2 and 2.1.4.2 lay out, from a handful of hashes.
import { invariant } from '#core/problem/index.ts'
import { merkleRoot, nodeHash } from './merkle.ts'

/** The hashes that, with the leaf at `index`, lead to the root; from the leaf upwards. */
export function inclusionProof(leaves: readonly Uint8Array[], index: number): Uint8Array[] {
  invariant(Number.isInteger(index) && index >= 0 && index < leaves.length, 'the leaf is in the tree')
  if (leaves.length === 1) return []
  const split = leftSize(leaves.length)
  const left = leaves.slice(0, split)
  const right = leaves.slice(split)
  return index < split
    ? [...inclusionProof(left, index), merkleRoot(right)]
    : [...inclusionProof(right, index - split), merkleRoot(left)]
}

export interface InclusionClaim {
  readonly leaf: Uint8Array
  /** Position of the leaf, from 0: a receipt's seq less one. */
  readonly index: number
  readonly size: number
  readonly root: Uint8Array
  readonly proof: readonly Uint8Array[]
}

/** True where the proof shows that the tree of this size and root has the leaf at this index. Never throws. */
export function verifyInclusion({ leaf, index, size, root, proof }: InclusionClaim): boolean {
  if (!isCount(index) || !isCount(size) || index >= size || !areHashes([leaf, root, ...proof])) return false
  let node = index
  let last = size - 1
  let computed = leaf
  for (const sibling of proof) {
    if (last === 0) return false
    if (node % 2 === 1 || node === last) {
      computed = nodeHash(sibling, computed)
      while (node % 2 === 0 && node > 0) [node, last] = [half(node), half(last)]
    } else {
      computed = nodeHash(computed, sibling)
    }
    node = half(node)
    last = half(last)
  }
  return last === 0 && sameBytes(computed, root)
}

/** The hashes that show that the first `earlierSize` leaves make the earlier root, and all leaves the later one. */
export function consistencyProof(leaves: readonly Uint8Array[], earlierSize: number): Uint8Array[] {
  invariant(
    Number.isInteger(earlierSize) && earlierSize >= 1 && earlierSize <= leaves.length,
    'the earlier tree is a part',
  )
  return subproof(leaves, earlierSize, true)
}

export interface ConsistencyClaim {
  readonly earlierSize: number
  readonly earlierRoot: Uint8Array
  readonly laterSize: number
  readonly laterRoot: Uint8Array
  readonly proof: readonly Uint8Array[]
}

/** True where the proof shows that the later tree begins with all of the earlier one. Never throws. */
export function verifyConsistency({
  earlierSize,
  earlierRoot,
  laterSize,
  laterRoot,
  proof,
}: ConsistencyClaim): boolean {
  if (!isCount(earlierSize) || !isCount(laterSize) || earlierSize < 1 || earlierSize > laterSize) return false
  if (!areHashes([earlierRoot, laterRoot, ...proof])) return false
  if (earlierSize === laterSize) return proof.length === 0 && sameBytes(earlierRoot, laterRoot)

  // An earlier tree that is perfect is a node of the later one, and the proof leaves out what the checker has already.
  const [start, ...rest] = isPowerOfTwo(earlierSize) ? [earlierRoot, ...proof] : proof
  if (start === undefined) return false
  let node = earlierSize - 1
  let last = laterSize - 1
  while (node % 2 === 1) [node, last] = [half(node), half(last)]
  let earlier = start
  let later = start
  for (const hash of rest) {
    if (last === 0) return false
    if (node % 2 === 1 || node === last) {
      earlier = nodeHash(hash, earlier)
      later = nodeHash(hash, later)
      while (node % 2 === 0 && node > 0) [node, last] = [half(node), half(last)]
    } else {
      later = nodeHash(later, hash)
    }
    node = half(node)
    last = half(last)
  }
  return last === 0 && sameBytes(earlier, earlierRoot) && sameBytes(later, laterRoot)
}

function subproof(leaves: readonly Uint8Array[], earlierSize: number, isWhole: boolean): Uint8Array[] {
  if (earlierSize === leaves.length) return isWhole ? [] : [merkleRoot(leaves)]
  const split = leftSize(leaves.length)
  const left = leaves.slice(0, split)
  const right = leaves.slice(split)
  return earlierSize <= split
    ? [...subproof(left, earlierSize, isWhole), merkleRoot(right)]
    : [...subproof(right, earlierSize - split, false), merkleRoot(left)]
}

/** The largest power of two below `size`: leaves of the left subtree. */
function leftSize(size: number): number {
  let split = 1
  while (split * 2 < size) split *= 2
  return split
}

// Sizes go to 2^53 - 1; bit operators end at 2^31.
function half(value: number): number {
  return Math.floor(value / 2)
}

function isPowerOfTwo(value: number): boolean {
  let rest = value
  while (rest % 2 === 0) rest /= 2
  return rest === 1
}

function isCount(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0
}

function areHashes(hashes: readonly Uint8Array[]): boolean {
  return hashes.every((hash) => hash.length === 32)
}

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.compare(a, b) === 0
}

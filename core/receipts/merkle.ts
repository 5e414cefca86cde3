// The Merkle tree over a feed (RFC 6962 2.1), kept as a compact range: the roots of its perfect subtrees, largest first.
// That is all that is needed to add a leaf or to tell the root, however long the feed is.
import { hash } from 'node:crypto'
import { invariant } from '#core/problem/index.ts'

/** A growing tree; leaves are leaf hashes, as in `Candidate.leaf`. */
export interface Tree {
  readonly size: number
  append(leaf: Uint8Array): void
  /** Merkle tree hash of everything appended; 32 bytes. */
  root(): Uint8Array
  /** What to keep, to go on later. */
  state(): TreeState
}

export interface TreeState {
  readonly size: number
  /** Roots of the perfect subtrees, largest first, 32 bytes each, one after the other: one for each bit set in `size`. */
  readonly peaks: Uint8Array
}

/** An empty tree, or one that goes on after a kept state. */
export function createTree(from: TreeState = { size: 0, peaks: new Uint8Array() }): Tree {
  invariant(Number.isSafeInteger(from.size) && from.size >= 0, 'a tree has a whole number of leaves')
  invariant(from.peaks.length === 32 * bitsSet(from.size), 'a tree has one peak for each bit of its size')
  const peaks: Uint8Array[] = Array.from({ length: from.peaks.length / 32 }, (_, index) =>
    from.peaks.slice(32 * index, 32 * (index + 1)),
  )
  let size = from.size

  return {
    get size() {
      return size
    },
    append(leaf) {
      invariant(leaf.length === 32, 'a leaf is a hash of 32 bytes')
      let peak = leaf
      // Two perfect subtrees of one size make one of twice the size: the carries of counting up.
      for (let rest = size; rest % 2 === 1; rest = (rest - 1) / 2) peak = nodeHash(popped(peaks), peak)
      peaks.push(peak)
      size++
    },
    root: () => joined(peaks),
    state: () => ({ size, peaks: Buffer.concat(peaks) }),
  }
}

/** Merkle tree hash over leaf hashes, of an empty list too. */
export function merkleRoot(leaves: readonly Uint8Array[]): Uint8Array {
  const tree = createTree()
  for (const leaf of leaves) tree.append(leaf)
  return tree.root()
}

/** RFC 6962 2.1: leaves and nodes are hashed with different prefixes, or a node could pass for a leaf. */
export function nodeHash(left: Uint8Array, right: Uint8Array): Uint8Array {
  const bytes = Buffer.allocUnsafe(65)
  bytes[0] = 1
  bytes.set(left, 1)
  bytes.set(right, 33)
  return hash('sha256', bytes, 'buffer')
}

function joined(peaks: readonly Uint8Array[]): Uint8Array {
  let root: Uint8Array | null = null
  for (const peak of peaks.toReversed()) root = root === null ? peak : nodeHash(peak, root)
  return root ?? hash('sha256', '', 'buffer')
}

function popped(peaks: Uint8Array[]): Uint8Array {
  const peak = peaks.pop()
  invariant(peak !== undefined, 'a carry has a peak to carry')
  return peak
}

function bitsSet(size: number): number {
  let bits = 0
  for (let rest = size; rest > 0; rest = Math.floor(rest / 2)) bits += rest % 2
  return bits
}

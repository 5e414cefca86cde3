// The leaves of a merged feed as a file, published where another node tells another story of it; and the way down two Merkle trees
// to the first receipt at which they part.
import { ReceiptId } from '#core/contract/ids.ts'
import { merkleRoot } from './merkle.ts'

export interface FeedLeaf {
  readonly id: ReceiptId
  /** RFC 6962 leaf hash; 32 bytes. */
  readonly leaf: Uint8Array
}

/** One line a receipt, from seq 1: leaf in base64, a blank, the id. */
export function feedLeavesText(leaves: readonly FeedLeaf[]): string {
  return leaves.map(({ leaf, id }) => `${Buffer.from(leaf).toString('base64')} ${id}\n`).join('')
}

/**
 * The leaves in a text; null where it has not that form, or not `size` lines under the root (base64) that its node signed.
 * What the ids say is not under the root: they name receipts, they prove nothing.
 */
export function parseFeedLeaves(text: string, size: number, root: string): readonly FeedLeaf[] | null {
  // Every line has the same length, so that text of another size is not even taken apart.
  if (text.length !== size * LINE_CHARACTERS) return null
  const lines = text.split('\n')
  if (lines.pop() !== '' || lines.length !== size) return null
  const leaves: FeedLeaf[] = []
  for (const line of lines) {
    const [, leaf, idText] = LINE.exec(line) ?? []
    const id = ReceiptId.safeParse(idText)
    if (leaf === undefined || !id.success) return null
    leaves.push({ leaf: Buffer.from(leaf, 'base64'), id: id.data })
  }
  return rootOf(leaves) === root ? leaves : null
}

/** RFC 6962 root, base64. */
export function rootOf(leaves: readonly FeedLeaf[]): string {
  return Buffer.from(merkleRoot(leaves.map(({ leaf }) => leaf))).toString('base64')
}

export interface Descent {
  /** Seq of the first receipt that differs. */
  readonly seq: number
  /** The subtrees that were entered because their roots differ, as first and last seq, the largest first. */
  readonly subtrees: readonly (readonly [number, number])[]
}

/**
 * Goes down from the roots of two trees, always into the half that differs, the earlier one first: the first receipt that is not the
 * same in both. Null where the shorter one is the beginning of the longer one.
 */
export function descendToDifference(ours: readonly FeedLeaf[], theirs: readonly FeedLeaf[]): Descent | null {
  let from = 0
  let to = Math.min(ours.length, theirs.length)
  if (sameSubtree(ours, theirs, from, to)) return null
  const subtrees: [number, number][] = [[from + 1, to]]
  while (to - from > 1) {
    const middle = from + largestPowerBelow(to - from)
    if (sameSubtree(ours, theirs, from, middle)) from = middle
    else to = middle
    subtrees.push([from + 1, to])
  }
  return { seq: from + 1, subtrees }
}

function sameSubtree(ours: readonly FeedLeaf[], theirs: readonly FeedLeaf[], from: number, to: number): boolean {
  return rootOf(ours.slice(from, to)) === rootOf(theirs.slice(from, to))
}

// RFC 6962 2.1: the left subtree has the largest power of two of leaves that is smaller than all.
function largestPowerBelow(size: number): number {
  let power = 1
  while (power * 2 < size) power *= 2
  return power
}

/** 44 of base64, a blank, 71 of an id, the newline. */
const LINE_CHARACTERS = 44 + 1 + 71 + 1
// The last letter of 32 bytes in base64 has two bits that are zero, or one leaf would have four spellings.
const LINE = /^([A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=) (\S+)$/

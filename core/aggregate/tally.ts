// What is counted on the way. Tallies of batches are added up, so that no batch has to know of another.
import { ofNode } from './of-node.ts'
import type { Claim, Item, ItemKind, JudgedPath, PathState } from './types.ts'

export interface Tally {
  /** Paths by state. */
  readonly paths: Partial<Record<PathState, number>>
  readonly items: Partial<Record<ItemKind, number>>
  readonly nodes: readonly NodeTally[]
}

export interface NodeTally {
  files: number
  bytes: number
  /** The latest time that any of its receipts states; UTC. */
  newest: string | null
  readonly signatures: Partial<Record<SignatureState, number>>
  /** Items that concern it. */
  readonly items: Partial<Record<ItemKind, number>>
}

export type SignatureState = Claim['file']['envelope']['state']

export function emptyTally(nodes: number): Tally {
  return {
    paths: {},
    items: {},
    nodes: Array.from({ length: nodes }, () => ({
      files: 0,
      bytes: 0,
      newest: null,
      signatures: {},
      items: {},
    })),
  }
}

export function countPath(tally: Tally, judged: JudgedPath): void {
  countUp(tally.paths, judged.state)
  for (const item of judged.items) countItem(tally, item)
  for (const { node, file } of judged.claims) {
    const of = ofNode(tally.nodes, node)
    of.files++
    of.bytes += file.sizeBytes
    of.newest = later(of.newest, file.stated?.time?.instant ?? null)
    countUp(of.signatures, file.envelope.state)
  }
}

export function countItem(tally: Tally, { kind, nodes }: Pick<Item, 'kind' | 'nodes'>): void {
  countUp(tally.items, kind)
  for (const node of nodes) countUp(ofNode(tally.nodes, node).items, kind)
}

/** Adds `more` to `tally`. */
export function addTally(tally: Tally, more: Tally): void {
  addCounts(tally.paths, more.paths)
  addCounts(tally.items, more.items)
  for (const [node, of] of tally.nodes.entries()) {
    const from = ofNode(more.nodes, node)
    of.files += from.files
    of.bytes += from.bytes
    of.newest = later(of.newest, from.newest)
    addCounts(of.signatures, from.signatures)
    addCounts(of.items, from.items)
  }
}

function countUp<Key extends string>(counts: Partial<Record<Key, number>>, key: Key, by = 1): void {
  counts[key] = (counts[key] ?? 0) + by
}

function addCounts<Key extends string>(counts: Partial<Record<Key, number>>, more: Partial<Record<Key, number>>): void {
  // The keys of an object literal's type are all that it has.
  for (const [key, by] of Object.entries<number | undefined>(more)) countUp(counts, key as Key, by)
}

// Times of one form in UTC, so that the order of text is that of time.
function later(a: string | null, b: string | null): string | null {
  return a !== null && (b === null || a >= b) ? a : b
}

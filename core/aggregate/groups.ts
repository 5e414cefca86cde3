// Walks of several nodes, in step: for each path, which nodes hold it.
import { compareCodePoints } from '#core/teof/index.ts'

/** One path and who holds it. Nodes are named by their place in the list of nodes, ascending. */
export interface PathGroup {
  readonly path: string
  readonly holders: readonly number[]
}

/** Each walk yields its paths in code point order, and so do the groups. */
export function* groupsOf(walks: readonly { next(): string | null }[]): Generator<PathGroup> {
  const heads = walks.map((walk) => walk.next())
  for (;;) {
    const path = firstOf(heads)
    if (path === null) return
    const holders: number[] = []
    for (const [node, walk] of walks.entries()) {
      if (heads[node] !== path) continue
      holders.push(node)
      heads[node] = walk.next()
    }
    yield { path, holders }
  }
}

/** Several groups as few values, so that handing them to a thread costs little and leaves little behind. */
export interface PathBatch {
  /** With a NUL between, which no path holds. */
  readonly paths: string
  /** For each path how many hold it, and who. */
  readonly holders: Uint16Array<ArrayBuffer>
}

/** So many groups at a time. */
export function* batchesOf(groups: Iterable<PathGroup>, size: number): Generator<PathBatch> {
  let paths: string[] = []
  let holders: number[] = []
  for (const group of groups) {
    paths.push(group.path)
    holders.push(group.holders.length, ...group.holders)
    if (paths.length < size) continue
    yield { paths: paths.join(NUL), holders: Uint16Array.from(holders) }
    paths = []
    holders = []
  }
  if (paths.length > 0) yield { paths: paths.join(NUL), holders: Uint16Array.from(holders) }
}

export function* groupsIn({ paths, holders }: PathBatch): Generator<PathGroup> {
  let at = 0
  for (const path of paths.split(NUL)) {
    const end = at + 1 + (holders[at] ?? 0)
    const of: number[] = []
    for (at++; at < end; at++) of.push(holders[at] ?? 0)
    yield { path, holders: of }
  }
}

const NUL = '\0'

function firstOf(heads: readonly (string | null)[]): string | null {
  let first: string | null = null
  for (const head of heads)
    if (head !== null && head !== first && (first === null || compareCodePoints(head, first) < 0)) first = head
  return first
}

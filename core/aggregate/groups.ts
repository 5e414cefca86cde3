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

/** So many groups at a time. */
export function* batchesOf(groups: Iterable<PathGroup>, size: number): Generator<readonly PathGroup[]> {
  let batch: PathGroup[] = []
  for (const group of groups) {
    batch.push(group)
    if (batch.length < size) continue
    yield batch
    batch = []
  }
  if (batch.length > 0) yield batch
}

function firstOf(heads: readonly (string | null)[]): string | null {
  let first: string | null = null
  for (const head of heads)
    if (head !== null && head !== first && (first === null || compareCodePoints(head, first) < 0)) first = head
  return first
}

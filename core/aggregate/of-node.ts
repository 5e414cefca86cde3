// Nodes are named by their place in the list of nodes, and every list that speaks of nodes has an item for each of them.
import { invariant } from '#core/problem/index.ts'

/** The item of this node. */
export function ofNode<T>(list: readonly T[], node: number): T {
  const item = list[node]
  invariant(item !== undefined, 'a list that speaks of nodes has an item for each of them')
  return item
}

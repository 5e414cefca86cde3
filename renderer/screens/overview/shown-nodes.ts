// Which nodes the overview names: all where they are few, else those that lack something, then the others.
import type { Overview } from '#ui/store/overview-store.ts'

type Node = Overview['nodes'][number]

const SHOWN_NODES = 8

/** In the order in which they come, but for those whose feed is not wholly here: these go first where not all are shown. */
export function shownNodes(nodes: readonly Node[]): { readonly shown: readonly Node[]; readonly more: number } {
  if (nodes.length <= SHOWN_NODES) return { shown: nodes, more: 0 }
  const lacks = ({ merged, head }: Node) => merged < head
  const shown = [...nodes.filter(lacks), ...nodes.filter((node) => !lacks(node))].slice(0, SHOWN_NODES)
  return { shown, more: nodes.length - shown.length }
}

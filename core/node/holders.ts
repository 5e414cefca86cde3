// Who says that they hold a receipt: from what each node last said about the feeds it holds.
import type { Instant, NodeId } from '#core/contract/index.ts'
import { admittedNodes, type Names } from '#core/network/index.ts'
import type { Session } from './session.ts'

export interface Holder {
  readonly node: NodeId
  readonly nodeName: string
  readonly holds: boolean
  /** When it said so; null where it never said anything. */
  readonly at: Instant | null
}

/** One entry an admitted node, this one included, in the order of their names. */
export function holdersOf(session: Session, feed: NodeId, seq: number, names: Names): Holder[] {
  const saidBy = new Map(
    session.exchange
      .knownState()
      .filter((state) => state.node === feed)
      .map((state) => [state.holder, state]),
  )
  return [...admittedNodes(session.ledger.read)]
    .map((node): Holder => {
      const nodeName = names.of(node)
      // This node holds what is in its ledger, and a node holds what it signed.
      if (node === session.node || node === feed) return { node, nodeName, holds: true, at: null }
      const said = saidBy.get(node)
      return { node, nodeName, holds: said !== undefined && said.seq >= seq, at: said?.said ?? null }
    })
    .toSorted((one, other) => (one.nodeName < other.nodeName ? -1 : 1))
}

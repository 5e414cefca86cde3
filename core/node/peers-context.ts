import type { PeersContext } from '#core/network/index.ts'
import type { Session } from './session.ts'

/** What only the exchange knows of the nodes, as the network's lists ask for it. */
export function peersContext({ node, exchange }: Session): PeersContext {
  return { thisNode: node, asking: exchange.pendingNodes(), knowledgeOf: (other) => exchange.peer(other) }
}

// Network: its nodes on the left; on the right the network as a whole, or the one node that is open.
import { useEffect } from 'react'
import type { NodeId } from '#core/contract/index.ts'
import { ListSkeleton } from '#ui/components/list-skeleton.tsx'
import { ProblemPanel } from '#ui/components/problem-panel.tsx'
import { navigate, redirect, useRoute } from '#ui/router.ts'
import { type AppStoreState, createAppStore } from '#ui/store/app-store.ts'
import { createNetworkStore, type NetworkState } from '#ui/store/network-store.ts'
import { valueOf } from '#ui/store/resource.ts'
import { useSteward } from '#ui/store/stores.tsx'
import { AnchorsPage } from './anchors-page.tsx'
import { NetworkOverview } from './network-overview.tsx'
import { NodeList } from './node-list.tsx'
import { NodePane } from './node-pane.tsx'
import '#ui/components/list-pane.css'
import './network.css'

const wholeState = (state: NetworkState) => state
const selectNode = (state: AppStoreState) => valueOf(state.app)?.node ?? null

/** What was refused or waits is about receipts; addresses of this section that name it lead there. */
const TROUBLES = 'troubles'
/** A place of this section that is no node. */
const ANCHORS = 'anchors'

export function NetworkScreen() {
  const { id } = useRoute()
  const network = useSteward(createNetworkStore, wholeState)
  const self = useSteward(createAppStore, selectNode)
  const { show, open } = network

  useEffect(() => {
    if (id === TROUBLES) redirect('receipts', 'not-merged')
    // The core answers NOT_FOUND to an address that names no node, and the pane says so.
    else show(id === null || id === ANCHORS ? null : (id as NodeId))
  }, [id, show])

  const ourSeq = network.peers.state === 'ready' ? seqOf(network, self?.id ?? null) : 0
  return (
    <div className="lp">
      <NodeList
        peers={network.peers}
        network={valueOf(network.network)}
        stateFilter={network.stateFilter}
        text={network.text}
        sort={network.sort}
        openId={open?.node ?? null}
        anchorsOpen={id === ANCHORS}
        ourSeq={ourSeq}
        onFilter={network.setStateFilter}
        onText={network.setText}
        onSort={network.setSort}
        onOpen={(node) => navigate('network', node)}
        onMore={network.loadMore}
        onShown={network.shown}
        onRetry={network.refresh}
      />
      <div className="lp-pane" role="region" aria-label={open === null ? 'The network' : 'Node'} tabIndex={0}>
        {id === ANCHORS ? (
          <AnchorsPage />
        ) : open === null ? (
          <Whole network={network} self={self?.id ?? null} />
        ) : (
          <NodePane
            key={open.node}
            open={open}
            ourSeq={ourSeq}
            ourWords={self?.words ?? []}
            onAdmit={network.admit}
            onBlock={network.block}
            onUnblock={network.unblock}
            onRetry={network.refresh}
          />
        )}
      </div>
    </div>
  )
}

function Whole({ network, self }: { readonly network: NetworkState; readonly self: NodeId | null }) {
  switch (network.network.state) {
    case 'loading':
      return <ListSkeleton rows={6} label="Loading the network" />
    case 'failed':
      return <ProblemPanel problem={network.network.problem} onRetry={network.refresh} />
    case 'ready':
      return (
        <NetworkOverview
          network={network.network.value}
          map={network.map}
          states={network.states}
          self={self}
          onSignPolicy={network.signPolicy}
          onRetry={network.refresh}
        />
      )
  }
}

/** How many receipts this node has signed: what the others are measured by. */
function seqOf({ peers, map }: NetworkState, self: NodeId | null): number {
  const own = peers.state === 'ready' ? peers.items.find(({ state }) => state === 'this-node') : undefined
  if (own !== undefined) return own.seq
  return valueOf(map)?.nodes.find(({ node }) => node === self)?.headSeq ?? 0
}

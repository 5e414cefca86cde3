// The left pane: every node that was ever seen, with what is in step and what waits.
import type { NetworkView, NodeId, Peer, PeerSort, PeerState } from '#core/contract/index.ts'
import { CopyMenu } from '#ui/components/copy-menu.tsx'
import type { CopyRow } from '#ui/components/copy-rows.ts'
import { DataText } from '#ui/components/data-text.tsx'
import { EmptyState } from '#ui/components/empty-state.tsx'
import { FilterChips } from '#ui/components/filter-chips.tsx'
import { grouped } from '#ui/components/grouped.ts'
import { Icon } from '#ui/components/icon.tsx'
import { ListSkeleton } from '#ui/components/list-skeleton.tsx'
import { ProblemPanel } from '#ui/components/problem-panel.tsx'
import { SearchField } from '#ui/components/search-field.tsx'
import { type SortChoice, SortMenu } from '#ui/components/sort-menu.tsx'
import { Tag } from '#ui/components/tag.tsx'
import { VirtualList } from '#ui/components/virtual-list.tsx'
import { When } from '#ui/components/when.tsx'
import { Why } from '#ui/components/why.tsx'
import { Words } from '#ui/components/words.tsx'
import { hrefTo, navigate } from '#ui/router.ts'
import { inStepSentence, inStepWith } from '#ui/store/network-store.ts'
import type { Pages } from '#ui/store/pages.ts'

export interface NodeListProps {
  readonly peers: Pages<Peer>
  readonly network: NetworkView | null
  readonly stateFilter: PeerState | null
  readonly text: string | undefined
  readonly sort: PeerSort
  readonly openId: NodeId | null
  readonly anchorsOpen: boolean
  readonly ourSeq: number
  readonly onFilter: (state: PeerState | null) => void
  readonly onText: (text: string | undefined) => void
  readonly onSort: (sort: PeerSort) => void
  readonly onOpen: (node: NodeId) => void
  readonly onMore: () => void
  readonly onShown: (upTo: number) => void
  readonly onRetry: () => void
}

const FILTERS: readonly { readonly id: PeerState; readonly label: string }[] = [
  { id: 'admitted', label: 'Admitted' },
  { id: 'pending', label: 'Pending' },
  { id: 'blocked', label: 'Blocked here' },
]

const SORTS: readonly SortChoice<PeerSort>[] = [
  { value: 'standing', label: 'By standing, then name' },
  { value: 'name', label: 'Name, A to Z' },
  { value: 'seen', label: 'Last seen first' },
]

export function NodeList(props: NodeListProps) {
  const { peers, network, stateFilter, openId } = props
  return (
    <aside className="lp-list" aria-label="Nodes">
      <header className="lp-list-head">
        <div className="lp-list-title">
          <h1>Network</h1>
          <span className="muted sm num nowrap" role="status">
            {network !== null && counted(network)}{' '}
            <Why about={{ type: 'count', name: 'nodes' }} what="how many nodes" />
          </span>
          <span className="lp-list-tools">
            <CopyMenu what="nodes" rows={() => (peers.state === 'ready' ? peers.items.map(rowOf) : [])} />
          </span>
        </div>
        <div className="lp-list-find">
          <SearchField label="Search in nodes" text={props.text} onText={props.onText} />
          <SortMenu sorts={SORTS} sort={props.sort} onSort={props.onSort} />
        </div>
        <FilterChips
          chips={FILTERS.map(({ id, label }) => ({ id, label, value: stateFilter === id ? 'on' : null }))}
          onChange={(id, value) =>
            props.onFilter(value === null ? null : (FILTERS.find((filter) => filter.id === id)?.id ?? null))
          }
        />
      </header>
      <a
        className="nw-whole"
        href={hrefTo('network')}
        aria-current={openId === null && !props.anchorsOpen ? 'page' : undefined}
      >
        <Icon name="network" size={16} />
        The network as a whole
      </a>
      <a className="nw-whole" href={hrefTo('network', 'anchors')} aria-current={props.anchorsOpen ? 'page' : undefined}>
        <Icon name="anchor" size={16} />
        Anchors
      </a>
      <div className="lp-list-rows">
        <Rows {...props} />
      </div>
    </aside>
  )
}

function counted({ admitted, pending }: NetworkView): string {
  const nodes = admitted === 1 ? '1 node' : `${grouped(admitted)} nodes`
  return pending === 0 ? nodes : `${nodes}, ${grouped(pending)} pending`
}

function Rows(props: NodeListProps) {
  const { peers, stateFilter } = props
  switch (peers.state) {
    case 'loading':
      return <ListSkeleton rows={5} label="Loading nodes" />
    case 'failed':
      return <ProblemPanel problem={peers.problem} onRetry={props.onRetry} compact />
    case 'ready':
      if (peers.items.length === 0) {
        return stateFilter === null && props.text === undefined ? (
          <EmptyState icon="network" title="No nodes yet">
            Nodes appear when they write to the same exchange folder.
          </EmptyState>
        ) : (
          <EmptyState icon="filter" title="No such node" />
        )
      }
      return (
        <VirtualList
          label="Nodes"
          place={JSON.stringify([props.sort, stateFilter, props.text])}
          items={peers.items}
          keyOf={(peer) => peer.node}
          rowHeightPx={78}
          activeKey={props.openId}
          onActive={(peer) => props.onOpen(peer.node)}
          onOpen={(peer) => props.onOpen(peer.node)}
          onEscape={() => navigate('network')}
          more={peers.more}
          onMore={props.onMore}
          onShown={props.onShown}
          renderRow={(peer) => <Row peer={peer} ourSeq={props.ourSeq} />}
        />
      )
  }
}

function Row({ peer, ourSeq }: { readonly peer: Peer; readonly ourSeq: number }) {
  return (
    <div className="lp-row">
      <div className="lp-row-head">
        <span className="lp-row-name ellipsis" title={peer.name}>
          <DataText text={peer.name} limit={64} />
        </span>
        <StateTag peer={peer} />
        <span className="lp-row-age">{peer.lastSeen !== null && <When at={peer.lastSeen.at} short />}</span>
      </div>
      <div className="lp-row-line sm muted">
        {peer.state === 'pending' ? (
          <Words words={peer.words} />
        ) : peer.trouble !== null ? (
          <span className="amber">
            <DataText text={peer.trouble.what} limit={200} />
          </span>
        ) : peer.state === 'this-node' ? (
          `${grouped(peer.seq)} ${peer.seq === 1 ? 'receipt' : 'receipts'} signed here${isMerged(peer) ? '' : ', merged nowhere yet'}`
        ) : (
          inStepSentence(inStepWith(peer, ourSeq))
        )}
      </div>
    </div>
  )
}

/** A node's receipts are merged from the first one on, once it is admitted. */
export function isMerged({ seq, mergedSeq }: Pick<Peer, 'seq' | 'mergedSeq'>): boolean {
  return seq === 0 || mergedSeq > 0
}

export function StateTag({ peer }: { readonly peer: Peer }) {
  switch (peer.state) {
    case 'this-node':
      return <Tag tone="plain">this node</Tag>
    case 'pending':
      return <Tag tone="amber">pending</Tag>
    case 'blocked':
      return <Tag tone="plain">blocked here</Tag>
    case 'admitted':
      return peer.trouble === null ? null : <Tag tone="amber">stands still</Tag>
  }
}

function rowOf(peer: Peer): CopyRow {
  const { node, name, words, state, seq, headSeq, mergedSeq, waiting, hasOfOurs, lastSeen } = peer
  return {
    node,
    name,
    words: words.join(' '),
    state,
    seq,
    headSeq,
    mergedSeq,
    waiting,
    hasOfOurs,
    lastSeen: lastSeen?.at ?? null,
    lastSeenBy: lastSeen?.way ?? null,
  }
}

// The network page: the network itself, its nodes, and the map of who has whose feed up to where.
import { createStore, type StoreApi } from 'zustand/vanilla'
import type {
  Comparison,
  Cursor,
  NetworkView,
  NodeId,
  Peer,
  PeerSort,
  PeerState,
  Policy,
  StateOfNode,
} from '#core/contract/index.ts'
import type { Api, Changes } from './api.ts'
import { type Pages, paging } from './pages.ts'
import { asking, LOADING, type Resource } from './resource.ts'

export type FeedMap = Awaited<ReturnType<Api['network']['map']>>

export interface OpenNode {
  readonly node: NodeId
  readonly peer: Resource<Peer>
  /** Its merged state beside ours; stays loading for this node itself, which is like itself. */
  readonly comparison: Resource<Comparison>
}

export interface NetworkState {
  readonly network: Resource<NetworkView>
  readonly peers: Pages<Peer>
  readonly map: Resource<FeedMap>
  readonly stateFilter: PeerState | null
  readonly text: string | undefined
  readonly sort: PeerSort
  /** The node that is shown in full; taken from its own answer, so that it may lie outside the filter. */
  readonly open: OpenNode | null
  /** What every other node says of its merged state. */
  readonly states: Resource<readonly StateOfNode[]>

  readonly setStateFilter: (state: PeerState | null) => void
  readonly setText: (text: string | undefined) => void
  readonly setSort: (sort: PeerSort) => void
  readonly refresh: () => void
  readonly loadMore: () => void
  readonly shown: (upTo: number) => void
  readonly show: (node: NodeId | null) => void
  // What a steward does here. Each throws the core's problem where it was not done.
  readonly admit: (node: NodeId) => Promise<void>
  readonly block: (node: NodeId) => Promise<void>
  readonly unblock: (node: NodeId) => Promise<void>
  /** Answers whether the policy is in force with this signature. */
  readonly signPolicy: (policy: Policy) => Promise<boolean>
}

export function createNetworkStore(api: Api, changes: Changes): StoreApi<NetworkState> {
  return createStore<NetworkState>()((set, get) => {
    const network = asking(
      () => api.network.get({}),
      () => get().network,
      (answer) => set({ network: answer }),
    )
    const peers = paging(
      (after: Cursor | undefined, limit) => {
        const { stateFilter, text, sort } = get()
        return api.network.peers({ state: stateFilter ?? undefined, text, sort, after, limit })
      },
      () => get().peers,
      (pages) => set({ peers: pages }),
    )
    const map = asking(
      () => api.network.map({}),
      () => get().map,
      (answer) => set({ map: answer }),
    )
    const peerOf = (node: NodeId) =>
      asking(
        () => api.network.peer({ node }),
        () => (get().open?.node === node ? (get().open?.peer ?? LOADING) : LOADING),
        (peer) => {
          set((state) => (state.open?.node === node ? { open: { ...state.open, peer } } : {}))
          if (peer.state === 'ready' && peer.value.state === 'admitted') void comparison?.ask()
        },
      )
    const comparisonOf = (node: NodeId) =>
      asking(
        () => api.network.compare({ node }),
        () => (get().open?.node === node ? (get().open?.comparison ?? LOADING) : LOADING),
        (answer) => set((state) => (state.open?.node === node ? { open: { ...state.open, comparison: answer } } : {})),
      )
    const states = asking(
      async () => (await api.network.states({})).items,
      () => get().states,
      (answer) => set({ states: answer }),
    )
    let open: ReturnType<typeof peerOf> | null = null
    let comparison: ReturnType<typeof comparisonOf> | null = null

    const refresh = () => {
      void network.ask()
      void peers.refresh()
      void map.ask()
      void states.ask()
      void open?.ask()
    }
    changes.on(['network', 'receipts', 'exchange'], refresh)
    queueMicrotask(refresh)

    return {
      network: LOADING,
      peers: LOADING,
      map: LOADING,
      states: LOADING,
      stateFilter: null,
      text: undefined,
      sort: 'standing',
      open: null,

      setStateFilter: (stateFilter) => {
        set({ stateFilter })
        void peers.restart()
      },
      setText: (text) => {
        set({ text })
        void peers.restart()
      },
      setSort: (sort) => {
        set({ sort })
        void peers.restart()
      },
      refresh,
      loadMore: () => void peers.loadMore(),
      shown: peers.shown,
      show: (node) => {
        if (node === (get().open?.node ?? null)) return
        open = node === null ? null : peerOf(node)
        comparison = node === null ? null : comparisonOf(node)
        set({ open: node === null ? null : { node, peer: LOADING, comparison: LOADING } })
        void open?.ask()
      },
      admit: async (node) => {
        await api.network.admit({ node })
        refresh()
      },
      block: async (node) => {
        await api.network.block({ node })
        refresh()
      },
      unblock: async (node) => {
        await api.network.unblock({ node })
        refresh()
      },
      signPolicy: async (policy) => {
        const { inForce } = await api.network.signPolicy({ policy })
        refresh()
        return inForce
      },
    }
  })
}

/** What has reached whom, between this node and one other. Two numbers wherever they are not in step. */
export type InStep =
  | { readonly inStep: true }
  | {
      readonly inStep: false
      readonly weHave: number
      /** Newest receipt that its head names, or that we know of. */
      readonly ofTheirs: number
      /** Null where it never said. */
      readonly theyHave: number | null
      readonly ofOurs: number
    }

export function inStepWith(peer: Peer, ourSeq: number): InStep {
  const ofTheirs = Math.max(peer.headSeq ?? 0, peer.seq)
  return peer.mergedSeq === ofTheirs && peer.hasOfOurs === ourSeq
    ? { inStep: true }
    : { inStep: false, weHave: peer.mergedSeq, ofTheirs, theyHave: peer.hasOfOurs, ofOurs: ourSeq }
}

/** Both directions in one sentence: "They have 40 of our 42, we have all 17 of theirs." */
export function inStepSentence(state: InStep): string {
  if (state.inStep) return 'Up to date both ways.'
  const { weHave, ofTheirs, theyHave, ofOurs } = state
  const theirs =
    theyHave === null
      ? 'They have not said yet what they have of ours'
      : theyHave >= ofOurs
        ? `They have ${all(ofOurs)} of ours`
        : `They have ${count(theyHave)} of our ${count(ofOurs)}`
  const ours =
    ofTheirs === 0
      ? 'they have signed nothing yet'
      : weHave >= ofTheirs
        ? `we have ${all(ofTheirs)} of theirs`
        : `we have ${count(weHave)} of their ${count(ofTheirs)}`
  return `${theirs}; ${ours}.`
}

function all(value: number): string {
  return value === 1 ? 'the only receipt' : `all ${count(value)}`
}

function count(value: number): string {
  return value.toLocaleString('en')
}

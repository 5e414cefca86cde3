// The network's policy and the proposals that stewards have signed; and signing one.
import { createStore, type StoreApi } from 'zustand/vanilla'
import type { NetworkView, Policy } from '#core/contract/index.ts'
import type { Api, Changes } from './api.ts'
import { problemFrom, type Problem } from './problem.ts'
import { asking, LOADING, type Resource } from './resource.ts'

export interface NetworkPolicyState {
  readonly network: Resource<NetworkView>
  readonly signing: boolean
  readonly signProblem: Problem | null
  /** Whether the last signed policy took effect at once; null before one was signed. */
  readonly signed: { readonly inForce: boolean } | null
  readonly refresh: () => Promise<void>
  /** True where it was signed. */
  readonly sign: (policy: Policy) => Promise<boolean>
}

export function createNetworkPolicyStore(api: Api, changes: Changes): StoreApi<NetworkPolicyState> {
  const store = createStore<NetworkPolicyState>((set, get) => {
    const { ask } = asking(
      () => api.network.get({}),
      () => get().network,
      (network) => set({ network }),
    )
    return {
      network: LOADING,
      signing: false,
      signProblem: null,
      signed: null,
      refresh: ask,
      sign: async (policy) => {
        set({ signing: true, signProblem: null })
        try {
          const { inForce } = await api.network.signPolicy({ policy })
          set({ signing: false, signed: { inForce } })
          await ask()
          return true
        } catch (thrown) {
          set({ signing: false, signProblem: problemFrom(thrown) })
          return false
        }
      },
    }
  })
  changes.on(['network'], () => void store.getState().refresh())
  void store.getState().refresh()
  return store
}

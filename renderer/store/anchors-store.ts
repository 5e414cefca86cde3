// The anchors of the network and of imported directories.
import { createStore, type StoreApi } from 'zustand/vanilla'
import type { AnchorsView } from '#core/contract/index.ts'
import type { Api, Changes } from './api.ts'
import { asking, LOADING, type Resource } from './resource.ts'

export type Origins = Awaited<ReturnType<Api['origins']['list']>>

export interface AnchorsState {
  readonly anchors: Resource<AnchorsView>
  readonly origins: Resource<Origins>
  readonly refresh: () => void
}

export function createAnchorsStore(api: Api, changes: Changes): StoreApi<AnchorsState> {
  return createStore<AnchorsState>()((set, get) => {
    const anchors = asking(
      () => api.anchors.get({}),
      () => get().anchors,
      (answer) => set({ anchors: answer }),
    )
    const origins = asking(
      () => api.origins.list({}),
      () => get().origins,
      (answer) => set({ origins: answer }),
    )
    const refresh = () => {
      void anchors.ask()
      void origins.ask()
    }
    changes.on(['receipts', 'network'], refresh)
    queueMicrotask(refresh)
    return { anchors: LOADING, origins: LOADING, refresh }
  })
}

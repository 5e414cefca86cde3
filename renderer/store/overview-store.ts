// What the overview answers: is anything waiting, is everything safe. The top bar reads it too.
import { createStore, type StoreApi } from 'zustand/vanilla'
import type { ContractRouterClient } from '@orpc/contract'
import type { Contract } from '#core/contract/index.ts'
import type { Api, Changes } from './api.ts'
import { asking, LOADING, type Resource } from './resource.ts'

export type Overview = Awaited<ReturnType<ContractRouterClient<Contract>['app']['overview']>>

export interface OverviewState {
  readonly overview: Resource<Overview>
  readonly refresh: () => Promise<void>
}

export function createOverviewStore(api: Api, changes: Changes): StoreApi<OverviewState> {
  const store = createStore<OverviewState>((set, get) => {
    const { ask } = asking(
      () => api.app.overview({}),
      () => get().overview,
      (overview) => set({ overview }),
    )
    return { overview: LOADING, refresh: ask }
  })
  const refresh = () => void store.getState().refresh()
  changes.on(['app', 'conflicts', 'receipts', 'network', 'exchange'], refresh)
  refresh()
  return store
}

// One pass through the exchange on demand, and choosing its folder. Its state itself comes with the live events.
import { createStore, type StoreApi } from 'zustand/vanilla'
import type { SyncReport } from '#core/contract/index.ts'
import type { Api } from './api.ts'
import { problemFrom, type Problem } from './problem.ts'

export type Syncing =
  | { readonly state: 'not-yet' }
  | { readonly state: 'running' }
  | { readonly state: 'done'; readonly report: SyncReport }
  | { readonly state: 'failed'; readonly problem: Problem }

export interface ExchangeStoreState {
  readonly syncing: Syncing
  readonly syncNow: () => Promise<void>
  readonly cancel: () => Promise<void>
}

export function createExchangeStore(api: Api): StoreApi<ExchangeStoreState> {
  return createStore<ExchangeStoreState>((set, get) => ({
    syncing: { state: 'not-yet' },
    syncNow: async () => {
      if (get().syncing.state === 'running') return
      set({ syncing: { state: 'running' } })
      try {
        set({ syncing: { state: 'done', report: await api.exchange.sync({}) } })
      } catch (thrown) {
        set({ syncing: { state: 'failed', problem: problemFrom(thrown) } })
      }
    },
    cancel: async () => {
      await api.exchange.cancel({})
    },
  }))
}

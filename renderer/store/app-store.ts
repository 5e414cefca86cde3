// The app's own state: its node, and whether it may sign.
import { createStore, type StoreApi } from 'zustand/vanilla'
import type { AppState } from '#core/contract/index.ts'
import type { Api, Changes } from './api.ts'
import { asking, LOADING, type Resource } from './resource.ts'

export interface AppStoreState {
  readonly app: Resource<AppState>
  readonly refresh: () => Promise<void>
  /** Throws the problem where the passphrase is wrong. */
  readonly unlock: (passphrase: string) => Promise<void>
  readonly lock: () => Promise<void>
  readonly declareHeadLost: () => Promise<void>
  readonly removeSample: () => Promise<void>
}

export function createAppStore(api: Api, changes: Changes): StoreApi<AppStoreState> {
  const store = createStore<AppStoreState>((set, get) => {
    const { ask } = asking(
      () => api.app.state({}),
      () => get().app,
      (app) => set({ app }),
    )
    const then = (command: Promise<unknown>) => command.then(ask)
    return {
      app: LOADING,
      refresh: ask,
      unlock: (passphrase) => then(api.node.unlock({ passphrase })),
      lock: () => then(api.node.lock({})),
      declareHeadLost: () => then(api.node.declareHeadLost({})),
      removeSample: () => then(api.sample.remove({})),
    }
  })
  changes.on(['app'], () => void store.getState().refresh())
  void store.getState().refresh()
  return store
}

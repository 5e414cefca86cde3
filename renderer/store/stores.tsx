// Where a screen finds its store: made by its own function the first time somebody asks, and kept for the page's life.
import { createContext, useContext, type ReactNode } from 'react'
import { useStore, type StoreApi } from 'zustand'
import type { Api, Changes, Connection, ConnectionState } from './api.ts'
import { followChanges, type Live, type LiveState } from './live.ts'

/** A store is made by a function that takes the api, and what tells it to ask again. */
export type MakeStore<State> = (api: Api, changes: Changes) => StoreApi<State>

export interface Stores {
  readonly connection: Connection
  readonly live: Live
  readonly get: <State>(make: MakeStore<State>) => StoreApi<State>
}

export function createStores(connection: Connection): Stores {
  const live = followChanges(connection)
  const made = new Map<unknown, unknown>()
  return {
    connection,
    live,
    get: <State,>(make: MakeStore<State>) => {
      if (!made.has(make)) made.set(make, make(connection.api, live))
      // The map holds under each key only what that key made, one line above.
      return made.get(make) as StoreApi<State>
    },
  }
}

const StoresContext = createContext<Stores | null>(null)

export function StoresProvider({ stores, children }: { readonly stores: Stores; readonly children: ReactNode }) {
  return <StoresContext value={stores}>{children}</StoresContext>
}

function useStores(): Stores {
  const stores = useContext(StoresContext)
  if (stores === null) throw new Error('a screen was rendered outside <StoresProvider>')
  return stores
}

/** `const queue = useSteward(createConflictsStore, selectQueue)` */
export function useSteward<State, Part>(make: MakeStore<State>, select: (state: State) => Part): Part {
  return useStore(useStores().get(make), select)
}

/** Live counters and the exchange's state, as the node last said them. */
export function useLive<Part>(select: (state: LiveState) => Part): Part {
  return useStore(useStores().live.state, select)
}

export function useConnection(): ConnectionState {
  return useStore(useStores().connection.status)
}

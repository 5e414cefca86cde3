// What the first screen shows, asked for with the first words on the wire.
import type { StoreApi } from 'zustand/vanilla'
import { createAppStore } from './app-store.ts'
import { createOverviewStore } from './overview-store.ts'
import { createSettingsStore } from './settings-store.ts'
import type { Resource } from './resource.ts'
import type { Stores } from './stores.tsx'

/** A node that has not answered by then is one that a person sees being waited for. */
const LONGEST_WAIT_MS = 250

/** Resolves when the first screen can be drawn as it will be, or when that takes too long. Never rejects. */
export function firstAnswers({ get, connection }: Pick<Stores, 'get' | 'connection'>): Promise<void> {
  const app = get(createAppStore)
  const overview = get(createOverviewStore)
  const settings = get(createSettingsStore)
  const all = Promise.all([
    answered(app, (state) => state.app),
    answered(overview, (state) => state.overview),
    answered(settings, (state) => state.settings),
  ])
  const refused = changed(connection.status, ({ state }) => state === 'refused')
  const tooLong = new Promise((resolve) => setTimeout(resolve, LONGEST_WAIT_MS))
  return Promise.race([all, refused, tooLong]).then(() => undefined)
}

function answered<State>(store: StoreApi<State>, resource: (state: State) => Resource<unknown>): Promise<void> {
  return changed(store, (state) => resource(state).state !== 'loading')
}

function changed<State>(store: StoreApi<State>, done: (state: State) => boolean): Promise<void> {
  return new Promise((resolve) => {
    const leave = store.subscribe((state) => {
      if (done(state)) finish()
    })
    const finish = () => {
      leave()
      resolve()
    }
    if (done(store.getState())) finish()
  })
}

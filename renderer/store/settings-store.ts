// Settings of this node, as the core keeps them. A change is shown at once and taken back if it could not be kept.
import { createStore, type StoreApi } from 'zustand/vanilla'
import type { Settings } from '#core/contract/index.ts'
import type { Api, Changes } from './api.ts'
import { problemFrom, type Problem } from './problem.ts'
import { asking, LOADING, type Resource } from './resource.ts'

export interface SettingsState {
  readonly settings: Resource<Settings>
  /** Why the last change could not be kept. */
  readonly saveProblem: Problem | null
  readonly refresh: () => Promise<void>
  readonly change: (part: Partial<Settings>) => Promise<void>
}

export function createSettingsStore(api: Api, changes: Changes): StoreApi<SettingsState> {
  const store = createStore<SettingsState>((set, get) => {
    const { ask } = asking(
      () => api.settings.get({}),
      () => get().settings,
      (settings) => set({ settings }),
    )
    return {
      settings: LOADING,
      saveProblem: null,
      refresh: ask,
      change: async (part) => {
        const before = get().settings
        if (before.state !== 'ready') return
        set({ settings: { ...before, value: { ...before.value, ...part } }, saveProblem: null })
        try {
          const value = await api.settings.set(part)
          set({ settings: { state: 'ready', value, problem: null } })
        } catch (thrown) {
          set({ settings: before, saveProblem: problemFrom(thrown) })
        }
      },
    }
  })
  changes.on(['settings'], () => void store.getState().refresh())
  void store.getState().refresh()
  return store
}

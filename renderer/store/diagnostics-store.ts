// The doctor's findings and the diagnostics text, each asked for when the steward wants it.
import { createStore, type StoreApi } from 'zustand/vanilla'
import type { Api } from './api.ts'
import { problemFrom, type Problem } from './problem.ts'

export type Findings = Awaited<ReturnType<Api['app']['doctor']>>
export type Diagnostics = Awaited<ReturnType<Api['settings']['diagnostics']>>

/** Something asked for by a button. */
export type Asked<T> =
  | { readonly state: 'not-asked' }
  | { readonly state: 'running' }
  | { readonly state: 'failed'; readonly problem: Problem }
  | { readonly state: 'done'; readonly value: T }

export interface DiagnosticsState {
  readonly doctor: Asked<Findings>
  readonly diagnostics: Asked<Diagnostics>
  readonly runDoctor: () => Promise<void>
  readonly prepare: () => Promise<void>
  readonly dismiss: () => void
}

export function createDiagnosticsStore(api: Api): StoreApi<DiagnosticsState> {
  return createStore<DiagnosticsState>((set) => ({
    doctor: { state: 'not-asked' },
    diagnostics: { state: 'not-asked' },
    runDoctor: async () => {
      set({ doctor: { state: 'running' } })
      set({ doctor: await asked(() => api.app.doctor({})) })
    },
    prepare: async () => {
      set({ diagnostics: { state: 'running' } })
      set({ diagnostics: await asked(() => api.settings.diagnostics({})) })
    },
    dismiss: () => set({ diagnostics: { state: 'not-asked' } }),
  }))
}

async function asked<T>(question: () => Promise<T>): Promise<Asked<T>> {
  try {
    return { state: 'done', value: await question() }
  } catch (thrown) {
    return { state: 'failed', problem: problemFrom(thrown) }
  }
}

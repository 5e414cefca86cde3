// "Why do I believe this?": one question at a time, asked from anywhere in the window.
import { createStore, type StoreApi } from 'zustand/vanilla'
import type { WhyAbout, WhyView } from '#core/contract/index.ts'
import type { Api, Changes } from './api.ts'
import { type Asking, asking, LOADING, type Resource } from './resource.ts'

export interface WhyState {
  /** Null while nothing is asked. */
  readonly asked: { readonly about: WhyAbout; readonly answer: Resource<WhyView> } | null
  readonly ask: (about: WhyAbout) => void
  readonly again: () => void
  readonly close: () => void
}

export function createWhyStore(api: Api, changes: Changes): StoreApi<WhyState> {
  return createStore<WhyState>()((set, get) => {
    let open: Asking | null = null
    changes.on(['conflicts', 'receipts', 'network', 'exchange'], () => void open?.ask())
    return {
      asked: null,
      ask: (about) => {
        const mine = () => (get().asked?.about === about ? get().asked : null)
        open = asking(
          () => api.why.get({ about }),
          () => mine()?.answer ?? LOADING,
          (answer) => set((state) => (state.asked?.about === about ? { asked: { about, answer } } : {})),
        )
        set({ asked: { about, answer: LOADING } })
        void open.ask()
      },
      again: () => void open?.ask(),
      close: () => {
        open = null
        set({ asked: null })
      },
    }
  })
}

// Who has what of the artefacts that policy expects, and what one of them lacks.
import { createStore, type StoreApi } from 'zustand/vanilla'
import type { CoverageView, Cursor } from '#core/contract/index.ts'
import type { Api, Changes } from './api.ts'
import { type Pages, paging } from './pages.ts'
import { asking, LOADING, type Resource } from './resource.ts'

export type MissingArtefact = Awaited<ReturnType<Api['origins']['missing']>>['items'][number]

/** `claimant`: a node's id or a directory's label. */
export interface Lacking {
  readonly claimant: string
  readonly missing: Pages<MissingArtefact>
}

export interface CoverageState {
  readonly coverage: Resource<CoverageView>
  /** What is shown in full of one node or directory. */
  readonly lacking: Lacking | null
  /** Null shows nobody's. */
  readonly show: (claimant: string | null) => void
  readonly loadMore: () => void
  readonly refresh: () => void
}

const PAGE = 50

export function createCoverageStore(api: Api, changes: Changes): StoreApi<CoverageState> {
  return createStore<CoverageState>()((set, get) => {
    const coverage = asking(
      () => api.origins.coverage({}),
      () => get().coverage,
      (answer) => set({ coverage: answer }),
    )
    const missingOf = (claimant: string) =>
      paging<MissingArtefact, Cursor>(
        (after, limit) => api.origins.missing({ claimant, after, limit }),
        () => (get().lacking?.claimant === claimant ? (get().lacking?.missing ?? LOADING) : LOADING),
        // Somebody else's may be shown by the time that this is answered.
        (missing) => set((state) => (state.lacking?.claimant === claimant ? { lacking: { claimant, missing } } : {})),
        PAGE,
      )
    let missing: ReturnType<typeof missingOf> | null = null

    const refresh = () => {
      void coverage.ask()
      void missing?.refresh()
    }
    changes.on(['receipts', 'network'], refresh)
    queueMicrotask(refresh)
    return {
      coverage: LOADING,
      lacking: null,
      show: (claimant) => {
        missing = claimant === null ? null : missingOf(claimant)
        set({ lacking: claimant === null ? null : { claimant, missing: LOADING } })
        void missing?.restart()
      },
      loadMore: () => void missing?.loadMore(),
      refresh,
    }
  })
}

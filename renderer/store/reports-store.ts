// Reports: those that were made, the open one, two compared, the one being made; and what a steward signs about them.
import { createStore, type StoreApi } from 'zustand/vanilla'
import type { Cursor, ReportFileName, ReportId, ReportSummary } from '#core/contract/index.ts'
import type { Api, Changes } from './api.ts'
import { type Pages, paging } from './pages.ts'
import { problemFrom, type Problem } from './problem.ts'
import { asking, LOADING, type Resource } from './resource.ts'

export type ReportView = Awaited<ReturnType<Api['reports']['get']>>
export type Comparison = Awaited<ReturnType<Api['reports']['compare']>>
export type Brief = Awaited<ReturnType<Api['reports']['draftBrief']>>
type OverrideWish = Parameters<Api['reports']['override']>[0]

export interface Making {
  readonly what: string
  readonly done: number
  /** 0 where it cannot be said. */
  readonly total: number
}

export interface ReportsState {
  readonly reports: Pages<ReportSummary>
  /** Null while none is being made by this window. */
  readonly making: Making | null
  readonly makeProblem: Problem | null
  readonly open: { readonly id: ReportId; readonly report: Resource<ReportView> } | null
  readonly compared: { readonly from: ReportId; readonly to: ReportId; readonly value: Resource<Comparison> } | null

  readonly refresh: () => void
  readonly loadMore: () => void
  readonly shown: (upTo: number) => void
  /** Makes a report; answers its name, or null where it failed or was cancelled. Goes on while other screens are open. */
  readonly make: () => Promise<ReportId | null>
  readonly cancel: () => void
  readonly show: (id: ReportId | null) => void
  readonly compare: (between: { readonly from: ReportId; readonly to: ReportId } | null) => void
  // Each throws the core's problem where it was not done.
  readonly remove: (id: ReportId) => Promise<void>
  readonly exportTo: (id: ReportId, folder: string) => Promise<void>
  readonly override: (wish: OverrideWish) => Promise<void>
  readonly draftBrief: () => Promise<Brief>
  /** Answers whether it lies in the exchange folder already. */
  readonly signBrief: (note: string) => Promise<boolean>
  /** The whole file, read in pieces. */
  readonly read: (id: ReportId, name: ReportFileName) => Promise<string>
}

export function createReportsStore(api: Api, changes: Changes): StoreApi<ReportsState> {
  return createStore<ReportsState>()((set, get) => {
    const reports = paging(
      (after: Cursor | undefined, limit) => api.reports.list({ after, limit }),
      () => get().reports,
      (pages) => set({ reports: pages }),
    )
    const openOf = (id: ReportId) =>
      asking(
        () => api.reports.get({ report: id }),
        () => (get().open?.id === id ? (get().open?.report ?? LOADING) : LOADING),
        (report) => set((state) => (state.open?.id === id ? { open: { id, report } } : {})),
      )
    let open: ReturnType<typeof openOf> | null = null
    let stopMaking: AbortController | null = null

    const refresh = () => {
      void reports.refresh()
      void open?.ask()
    }
    changes.on(['reports'], refresh)
    queueMicrotask(refresh)

    return {
      reports: LOADING,
      making: null,
      makeProblem: null,
      open: null,
      compared: null,

      refresh,
      loadMore: () => void reports.loadMore(),
      shown: reports.shown,
      make: async () => {
        if (stopMaking !== null) return null
        const stop = new AbortController()
        stopMaking = stop
        set({ making: { what: 'Getting ready', done: 0, total: 0 }, makeProblem: null })
        try {
          for await (const told of await api.reports.make({}, { signal: stop.signal })) {
            if (told.type === 'done') return told.report.id
            set({ making: told })
          }
          return null
        } catch (thrown) {
          if (!stop.signal.aborted) set({ makeProblem: problemFrom(thrown) })
          return null
        } finally {
          stopMaking = null
          set({ making: null })
          refresh()
        }
      },
      cancel: () => stopMaking?.abort(),
      show: (id) => {
        if (id === (get().open?.id ?? null)) return
        open = id === null ? null : openOf(id)
        set({ open: id === null ? null : { id, report: LOADING } })
        void open?.ask()
      },
      compare: (between) => {
        if (between === null) {
          if (get().compared !== null) set({ compared: null })
          return
        }
        const { from, to } = between
        const before = get().compared
        if (before?.from === from && before.to === to) return
        set({ compared: { ...between, value: LOADING } })
        const isWanted = () => get().compared?.from === from && get().compared?.to === to
        void asking(
          () => api.reports.compare(between),
          () => (isWanted() ? (get().compared?.value ?? LOADING) : LOADING),
          (value) => {
            if (isWanted()) set({ compared: { ...between, value } })
          },
        ).ask()
      },
      remove: async (report) => {
        await api.reports.remove({ report })
        refresh()
      },
      exportTo: async (report, folder) => {
        await api.reports.export({ report, folder })
      },
      override: async (wish) => {
        await api.reports.override(wish)
      },
      draftBrief: () => api.reports.draftBrief({}),
      signBrief: async (note) => (await api.reports.brief({ note })).published,
      read: (report, name) => readWhole(api, report, name),
    }
  })
}

async function readWhole(api: Api, report: ReportId, name: ReportFileName): Promise<string> {
  const pieces: string[] = []
  let offset: number | null = 0
  while (offset !== null) {
    const piece: Awaited<ReturnType<Api['reports']['file']>> = await api.reports.file({ report, name, offset })
    pieces.push(piece.text)
    offset = piece.next
  }
  return pieces.join('')
}

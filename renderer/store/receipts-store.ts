// The receipts page: the list as the core pages it, the receipt that is open with its checks, and what was not merged.
import { createStore, type StoreApi } from 'zustand/vanilla'
import type {
  Cursor,
  ProofFile,
  ProofForm,
  ReceiptDetail,
  ReceiptFilter,
  ReceiptId,
  ReceiptSummary,
  Trouble,
} from '#core/contract/index.ts'
import type { Api, Changes } from './api.ts'
import { narrowsAnew } from './list-filter.ts'
import { extend, type ListSelection, noSelection, toggle } from './list-selection.ts'
import { type Pages, paging } from './pages.ts'
import { type Asking, asking, LOADING, type Resource } from './resource.ts'

export type ReceiptFacets = Awaited<ReturnType<Api['receipts']['facets']>>
export type ReceiptChecks = Awaited<ReturnType<Api['receipts']['check']>>
export type ReceiptSort = 'newest' | 'oldest'
export type TroubleOutcome = Trouble['outcome']

export interface OpenReceipt {
  readonly id: ReceiptId
  readonly detail: Resource<ReceiptDetail>
  /** Run in front of the steward each time a receipt is opened. */
  readonly checks: Resource<ReceiptChecks>
}

export interface ReceiptsState {
  readonly list: Pages<ReceiptSummary>
  /** How many the filter finds; null where the core did not count them all. */
  readonly total: number | null
  /** Then set where it counted that far. */
  readonly moreThan: number | null
  readonly facets: Resource<ReceiptFacets>
  readonly filter: ReceiptFilter
  readonly sort: ReceiptSort
  readonly open: OpenReceipt | null
  readonly selection: ListSelection<ReceiptId>
  readonly troubles: Pages<Trouble>
  readonly troubleOutcome: TroubleOutcome | null
  readonly troubleText: string | undefined

  readonly setFilter: (change: Partial<ReceiptFilter>) => void
  readonly setSort: (sort: ReceiptSort) => void
  readonly refresh: () => void
  readonly loadMore: () => void
  readonly shown: (upTo: number) => void
  readonly show: (id: ReceiptId | null) => void
  /** Recomputes the checks of the open receipt. */
  readonly checkAgain: () => void
  readonly reload: () => void
  readonly select: (id: ReceiptId) => void
  readonly selectTo: (id: ReceiptId) => void
  readonly clearSelection: () => void
  readonly setTroubleOutcome: (outcome: TroubleOutcome | null) => void
  readonly setTroubleText: (text: string | undefined) => void
  readonly loadMoreTroubles: () => void
  /** What was refused, as it came. Throws the core's problem where it is not kept. */
  readonly refused: (id: string) => Promise<{ readonly fileName: string; readonly bytes: Uint8Array<ArrayBuffer> }>
  readonly troublesShown: (upTo: number) => void
  /** The receipt as a file that proves itself; throws the core's problem. */
  readonly proof: (id: ReceiptId, form: ProofForm) => Promise<ProofFile>
}

export function createReceiptsStore(api: Api, changes: Changes): StoreApi<ReceiptsState> {
  return createStore<ReceiptsState>()((set, get) => {
    const list = paging(
      async (after: Cursor | undefined, limit) => {
        const { filter, sort } = get()
        const page = await api.receipts.list({ filter, sort, after, limit })
        // Only a first page counts the whole; later ones leave the number as it is.
        if (after === undefined && get().filter === filter) set({ total: page.total, moreThan: page.moreThan })
        return page
      },
      () => get().list,
      (pages) => set({ list: pages }),
    )
    const troubles = paging(
      (after: Cursor | undefined, limit) =>
        api.exchange.troubles({ outcome: get().troubleOutcome ?? undefined, text: get().troubleText, after, limit }),
      () => get().troubles,
      (pages) => set({ troubles: pages }),
    )
    const facets = asking(
      () => api.receipts.facets({}),
      () => get().facets,
      (answer) => set({ facets: answer }),
    )
    let reading: Reading | null = null

    const refresh = () => {
      void list.refresh()
      void facets.ask()
      void troubles.refresh()
      void reading?.detail.ask()
    }
    changes.on(['receipts', 'exchange', 'network'], refresh)
    queueMicrotask(refresh)

    const read = (id: ReceiptId): Reading => {
      const mine = () => (get().open?.id === id ? get().open : null)
      const change = (part: Partial<OpenReceipt>) =>
        set((state) => (state.open?.id === id ? { open: { ...state.open, ...part } } : {}))
      return {
        detail: asking(
          () => api.receipts.get({ id }),
          () => mine()?.detail ?? LOADING,
          (detail) => change({ detail }),
        ),
        checks: asking(
          () => api.receipts.check({ id }),
          () => mine()?.checks ?? LOADING,
          (checks) => change({ checks }),
        ),
      }
    }

    return {
      list: LOADING,
      total: null,
      moreThan: null,
      facets: LOADING,
      filter: {},
      sort: 'newest',
      open: null,
      selection: noSelection(),
      troubles: LOADING,
      troubleOutcome: null,
      troubleText: undefined,

      setFilter: (change) => {
        if (!narrowsAnew(get().filter, change)) return
        set((state) => ({ filter: { ...state.filter, ...change }, selection: noSelection() }))
        void list.restart()
      },
      setSort: (sort) => {
        set({ sort })
        void list.restart()
      },
      refresh,
      loadMore: () => void list.loadMore(),
      shown: list.shown,
      show: (id) => {
        if (id === (get().open?.id ?? null)) return
        reading = id === null ? null : read(id)
        set({ open: id === null ? null : { id, detail: LOADING, checks: LOADING } })
        void reading?.detail.ask()
        void reading?.checks.ask()
      },
      checkAgain: () => {
        set((state) => (state.open === null ? {} : { open: { ...state.open, checks: LOADING } }))
        void reading?.checks.ask()
      },
      reload: () => {
        void reading?.detail.ask()
        void reading?.checks.ask()
      },
      select: (id) => set((state) => ({ selection: toggle(state.selection, id) })),
      selectTo: (id) => set((state) => ({ selection: extend(state.selection, receiptIds(state.list), id) })),
      clearSelection: () => set({ selection: noSelection() }),
      setTroubleText: (troubleText) => {
        set({ troubleText })
        void troubles.restart()
      },
      setTroubleOutcome: (troubleOutcome) => {
        set({ troubleOutcome })
        void troubles.restart()
      },
      loadMoreTroubles: () => void troubles.loadMore(),
      troublesShown: troubles.shown,
      refused: async (id) => {
        const { fileName, base64 } = await api.exchange.refusedBytes({ id })
        return { fileName, bytes: Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0)) }
      },
      proof: (id, form) => api.receipts.proof({ id, form }),
    }
  })
}

interface Reading {
  readonly detail: Asking
  readonly checks: Asking
}

function receiptIds(list: Pages<ReceiptSummary>): readonly ReceiptId[] {
  return list.state === 'ready' ? list.items.map((item) => item.id) : []
}

export function receiptsNarrowed(filter: ReceiptFilter): boolean {
  return Object.values(filter).some((part) => part !== undefined)
}

// The conflicts page: the queue as the core pages it, the review that is open, and what the steward has chosen so far.
import { createStore, type StoreApi } from 'zustand/vanilla'
import type {
  ConflictFilter,
  ConflictId,
  ConflictReview,
  ConflictSort,
  ConflictSummary,
  Cursor,
  ProofFile,
  ProofForm,
  ReceiptId,
  ReceiptRef,
} from '#core/contract/index.ts'
import type { Api, Changes } from './api.ts'
import { narrowsAnew } from './list-filter.ts'
import { extend, type ListSelection, noSelection, toggle } from './list-selection.ts'
import { type Pages, type Paging, paging } from './pages.ts'
import { type Asking, asking, LOADING, type Resource, valueOf } from './resource.ts'
import { EMPTY_DRAFT, keepWhatStands, type VerdictDraft } from './verdict-draft.ts'

export type ConflictCounts = Awaited<ReturnType<Api['conflicts']['counts']>>
export type ConflictFacets = Awaited<ReturnType<Api['conflicts']['facets']>>
export type ConflictDiff = Awaited<ReturnType<Api['conflicts']['diff']>>
export type HistoryItem = ReceiptRef & { readonly note: string }

/** What happened to the open conflict while the steward was reading it; said calmly, never by taking the page away. */
export type ReviewNews =
  | { readonly news: 'settled-elsewhere'; readonly by: string; readonly sentence: string }
  | { readonly news: 'reopened' }
  /** Its claims changed: another conflict about the same subject stands in its place. */
  | { readonly news: 'replaced'; readonly by: ConflictId }
  | { readonly news: 'gone' }

export interface OpenReview {
  readonly id: ConflictId
  readonly review: Resource<ConflictReview>
  readonly diff: Resource<ConflictDiff>
  readonly equalShown: boolean
  readonly raw: boolean
  /** Null while the history is folded. */
  readonly history: Pages<HistoryItem> | null
  readonly news: ReviewNews | null
}

export interface ConflictsState {
  readonly queue: Pages<ConflictSummary>
  readonly counts: Resource<ConflictCounts>
  readonly facets: Resource<ConflictFacets>
  readonly filter: ConflictFilter
  readonly sort: ConflictSort
  readonly open: OpenReview | null
  readonly selection: ListSelection<ConflictId>
  /** Put off for this session: passed over when going on, still open for everybody. */
  readonly later: ReadonlySet<ConflictId>
  readonly drafts: ReadonlyMap<ConflictId, VerdictDraft>

  readonly setFilter: (change: Partial<ConflictFilter>) => void
  /** The conflict as a file that proves itself; throws the core's problem. */
  readonly proof: (id: ConflictId, form: ProofForm) => Promise<ProofFile>
  readonly setSort: (sort: ConflictSort) => void
  readonly refresh: () => void
  readonly loadMore: () => void
  readonly shown: (upTo: number) => void

  readonly show: (id: ConflictId | null) => void
  readonly reload: () => void
  readonly showEqual: (shown: boolean) => void
  readonly showRaw: (raw: boolean) => void
  readonly showHistory: (shown: boolean) => void
  readonly loadMoreHistory: () => void
  readonly dismissNews: () => void

  readonly edit: (id: ConflictId, change: (draft: VerdictDraft) => VerdictDraft) => void
  readonly forgetDraft: (id: ConflictId) => void
  readonly putOff: (id: ConflictId) => void
  readonly select: (id: ConflictId) => void
  readonly selectTo: (id: ConflictId) => void
  readonly clearSelection: () => void
  /** The open conflict about a subject as it stands now; null where there is none. */
  readonly standing: (subject: string, task: string | null) => Promise<ConflictId | null>
  /** Throws the core's problem where the withdrawal was not signed. */
  readonly withdraw: (decision: ReceiptId, reason: string) => Promise<void>
}

export function createConflictsStore(api: Api, changes: Changes): StoreApi<ConflictsState> {
  const store = createStore<ConflictsState>()((set, get) => {
    const queue = paging(
      (after: Cursor | undefined, limit) =>
        api.conflicts.list({ filter: get().filter, sort: get().sort, after, limit }),
      () => get().queue,
      (pages) => set({ queue: pages }),
    )
    const counts = asking(
      () => api.conflicts.counts({}),
      () => get().counts,
      (answer) => set({ counts: answer }),
    )
    const facets = asking(
      () => api.conflicts.facets({}),
      () => get().facets,
      (answer) => set({ facets: answer }),
    )
    const changeOpen = (id: ConflictId, change: (open: OpenReview) => Partial<OpenReview>) =>
      set((state) => (state.open?.id === id ? { open: { ...state.open, ...change(state.open) } } : {}))
    let reading: Reading | null = null

    const refresh = () => {
      void queue.refresh()
      void counts.ask()
      void facets.ask()
      reading?.refresh()
    }
    changes.on(['conflicts', 'network'], refresh)
    queueMicrotask(refresh)

    return {
      queue: LOADING,
      counts: LOADING,
      facets: LOADING,
      filter: { status: 'open' },
      sort: 'severity',
      open: null,
      selection: noSelection(),
      later: new Set(),
      drafts: new Map(),

      proof: (id, form) => api.conflicts.proof({ id, form }),
      setFilter: (change) => {
        if (!narrowsAnew(get().filter, change)) return
        set((state) => ({ filter: { ...state.filter, ...change }, selection: noSelection() }))
        void queue.restart()
      },
      setSort: (sort) => {
        set({ sort })
        void queue.restart()
      },
      refresh,
      loadMore: () => void queue.loadMore(),
      shown: queue.shown,

      show: (id) => {
        if (id === (get().open?.id ?? null)) return
        if (id === null) {
          reading = null
          set({ open: null })
          return
        }
        const raw = get().open?.raw ?? false
        set({ open: { id, review: LOADING, diff: LOADING, equalShown: false, raw, history: null, news: null } })
        reading = read(
          api,
          id,
          () => get().open,
          changeOpen,
          (review) => {
            const draft = get().drafts.get(id)
            if (draft === undefined) return
            set((state) => ({ drafts: new Map(state.drafts).set(id, keepWhatStands(draft, review.members)) }))
          },
        )
        reading.refresh()
      },
      reload: () => reading?.refresh(),
      showEqual: (equalShown) => {
        const open = get().open
        if (open === null) return
        changeOpen(open.id, () => ({ equalShown }))
        // The equal rows are asked for once; folding them again only hides them.
        if (equalShown) void reading?.diff.ask()
      },
      showRaw: (raw) => set((state) => (state.open === null ? {} : { open: { ...state.open, raw } })),
      showHistory: (shown) => {
        const open = get().open
        if (open === null) return
        changeOpen(open.id, () => ({ history: shown ? LOADING : null }))
        if (shown) void reading?.history.restart()
      },
      loadMoreHistory: () => void reading?.history.loadMore(),
      dismissNews: () => set((state) => (state.open === null ? {} : { open: { ...state.open, news: null } })),

      edit: (id, change) =>
        set((state) => ({ drafts: new Map(state.drafts).set(id, change(state.drafts.get(id) ?? EMPTY_DRAFT)) })),
      forgetDraft: (id) =>
        set((state) => ({ drafts: new Map([...state.drafts].filter(([conflict]) => conflict !== id)) })),
      putOff: (id) => set((state) => ({ later: new Set([...state.later, id]) })),
      select: (id) => set((state) => ({ selection: toggle(state.selection, id) })),
      selectTo: (id) => set((state) => ({ selection: extend(state.selection, idsOf(state.queue), id) })),
      clearSelection: () => set({ selection: noSelection() }),
      standing: async (subject, task) => {
        const { items } = await api.conflicts.list({ filter: { status: 'open', subject }, sort: 'newest', limit: 50 })
        return items.find((item) => item.subject === subject && item.task === task)?.id ?? null
      },
      withdraw: async (decision, reason) => {
        await api.conflicts.withdraw({ decision, reason })
      },
    }
  })
  return store
}

/** Everything that is asked about one conflict, for as long as it is open. */
interface Reading {
  readonly refresh: () => void
  readonly diff: Asking
  readonly history: Paging
}

function read(
  api: Api,
  id: ConflictId,
  getOpen: () => OpenReview | null,
  changeOpen: (id: ConflictId, change: (open: OpenReview) => Partial<OpenReview>) => void,
  onReview: (review: ConflictReview) => void,
): Reading {
  const mine = () => {
    const open = getOpen()
    return open?.id === id ? open : null
  }
  const review = asking(
    () => api.conflicts.get({ id }),
    () => mine()?.review ?? LOADING,
    (answer) => {
      const before = valueOf(mine()?.review ?? LOADING)
      const now = valueOf(answer)
      changeOpen(id, (open) => ({ review: answer, news: newsBetween(before, now) ?? open.news }))
      if (now !== null) onReview(now)
      if (answer.state === 'ready' && answer.problem?.code === 'NOT_FOUND') void lookForSuccessor(answer.value)
    },
  )
  const diff = asking(
    () => api.conflicts.diff({ id, withEqual: mine()?.equalShown ?? false }),
    () => mine()?.diff ?? LOADING,
    (answer) => changeOpen(id, () => ({ diff: answer })),
  )
  const history = paging(
    (after: Cursor | undefined, limit) => {
      const summary = valueOf(mine()?.review ?? LOADING)?.summary
      return api.conflicts.history({ subject: summary?.subject ?? '', task: summary?.task ?? null, after, limit })
    },
    (): Pages<HistoryItem> => mine()?.history ?? LOADING,
    (pages) => changeOpen(id, (open) => (open.history === null ? {} : { history: pages })),
    50,
  )

  /** A conflict is named by its claims: with a newer claim it is another one, and the old name leads nowhere. */
  const lookForSuccessor = async ({ summary }: ConflictReview) => {
    const found = await api.conflicts
      .list({ filter: { status: 'all', subject: summary.subject }, sort: 'newest', limit: 50 })
      .catch(() => null) // asked again with the next change; until then the news is that it is gone
    const heir = found?.items.find(
      (other) => other.id !== id && other.subject === summary.subject && other.task === summary.task,
    )
    changeOpen(id, () => ({ news: heir === undefined ? { news: 'gone' } : { news: 'replaced', by: heir.id } }))
  }

  return {
    refresh: () => {
      void review.ask()
      void diff.ask()
      if (mine()?.history) void history.refresh()
    },
    diff,
    history,
  }
}

/** What a steward should be told when the answer about the open conflict changed under them. */
export function newsBetween(before: ConflictReview | null, now: ConflictReview | null): ReviewNews | null {
  if (before === null || now === null || before.summary.status === now.summary.status) return null
  if (now.summary.status === 'open') return { news: 'reopened' }
  const known = new Set(before.decisions.filter((decision) => decision.counts).map((decision) => decision.id))
  const arrived = now.decisions.find((decision) => decision.counts && !known.has(decision.id))
  if (arrived?.mine) return null // signed from here: no news to whoever signed it
  return arrived === undefined
    ? { news: 'settled-elsewhere', by: 'A rule', sentence: '' }
    : { news: 'settled-elsewhere', by: arrived.nodeName, sentence: arrived.sentence }
}

export function idsOf(queue: Pages<ConflictSummary>): readonly ConflictId[] {
  return queue.state === 'ready' ? queue.items.map((item) => item.id) : []
}

/** How many filters beside the status narrow the queue. */
export function narrowedBy(filter: ConflictFilter): number {
  return [filter.severity, filter.node, filter.task, filter.subject, filter.kinds, filter.overdue].filter(
    (part) => part !== undefined,
  ).length
}

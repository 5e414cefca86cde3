// The tasks page: the list of tasks with how their plans stand, and the one that is open.
import { createStore, type StoreApi } from 'zustand/vanilla'
import type { Cursor, TaskFilter, TaskSort, TaskSummary, TaskView } from '#core/contract/index.ts'
import type { Api, Changes } from './api.ts'
import { type Pages, paging } from './pages.ts'
import { type Asking, asking, LOADING, type Resource } from './resource.ts'

export type TaskFacets = Awaited<ReturnType<Api['tasks']['facets']>>['facts']

export interface TasksState {
  readonly list: Pages<TaskSummary>
  readonly total: number | null
  readonly facets: Resource<TaskFacets>
  readonly filter: TaskFilter
  readonly sort: TaskSort
  readonly open: { readonly task: string; readonly view: Resource<TaskView> } | null
  readonly setFilter: (change: Partial<TaskFilter>) => void
  readonly setSort: (sort: TaskSort) => void
  readonly refresh: () => void
  readonly loadMore: () => void
  readonly shown: (upTo: number) => void
  readonly show: (task: string | null) => void
}

export function createTasksStore(api: Api, changes: Changes): StoreApi<TasksState> {
  return createStore<TasksState>()((set, get) => {
    const list = paging(
      async (after: Cursor | undefined, limit) => {
        const page = await api.tasks.list({ filter: get().filter, sort: get().sort, after, limit })
        if (after === undefined) set({ total: page.total })
        return page
      },
      () => get().list,
      (pages) => set({ list: pages }),
      30,
    )
    const facets = asking(
      async () => (await api.tasks.facets({})).facts,
      () => get().facets,
      (answer) => set({ facets: answer }),
    )
    let reading: Asking | null = null
    const refresh = () => {
      void list.refresh()
      void facets.ask()
      void reading?.ask()
    }
    changes.on(['receipts', 'conflicts', 'network'], refresh)
    queueMicrotask(refresh)
    return {
      list: LOADING,
      total: null,
      facets: LOADING,
      filter: {},
      sort: 'name',
      open: null,
      setFilter: (change) => {
        set((state) => ({ filter: { ...state.filter, ...change } }))
        void list.restart()
      },
      setSort: (sort) => {
        set({ sort })
        void list.restart()
      },
      refresh,
      loadMore: () => void list.loadMore(),
      shown: list.shown,
      show: (task) => {
        if (task === (get().open?.task ?? null)) return
        if (task === null) {
          reading = null
          set({ open: null })
          return
        }
        reading = asking(
          () => api.tasks.get({ task }),
          () => (get().open?.task === task ? (get().open?.view ?? LOADING) : LOADING),
          (view) => set((state) => (state.open?.task === task ? { open: { task, view } } : {})),
        )
        set({ open: { task, view: LOADING } })
        void reading.ask()
      },
    }
  })
}

// A list that the core answers page by page. It grows as it is scrolled and is asked again as far as it was looked at.
import { problemFrom, type Problem } from './problem.ts'
import { askOneAtATime } from './resource.ts'

export interface Page<Item, Cursor> {
  readonly items: readonly Item[]
  readonly next: Cursor | null
}

export type Pages<Item> =
  | { readonly state: 'loading' }
  | { readonly state: 'failed'; readonly problem: Problem }
  | {
      readonly state: 'ready'
      readonly items: readonly Item[]
      readonly more: boolean
      /** Set where asking again, or for more, failed: what is shown is what was answered before. */
      readonly problem: Problem | null
    }

export interface Paging {
  /** Asks for everything that was looked at so far again; the old rows stay until the new ones are here. */
  readonly refresh: () => Promise<void>
  /** Starts anew with the first page, after the filter or sort changed. The old rows stay until then. */
  readonly restart: () => Promise<void>
  /** The next page, if there is one. */
  readonly loadMore: () => Promise<void>
  /** The list says up to which row it has shown; a refresh asks that far. */
  readonly shown: (upTo: number) => void
}

/** `ask` reads the filter and sort where the store keeps them; `limit` is the size of a page (at most 200). */
export function paging<Item, Cursor>(
  ask: (after: Cursor | undefined, limit: number) => Promise<Page<Item, Cursor>>,
  get: () => Pages<Item>,
  set: (pages: Pages<Item>) => void,
  limit = 100,
): Paging {
  let next: Cursor | null = null
  let seen = limit
  let loading: Promise<void> | null = null

  const whole = askOneAtATime(async () => {
    const before = get()
    try {
      const page = await upTo(Math.max(limit, seen), ask, limit)
      return () => {
        next = page.next
        set({ state: 'ready', items: page.items, more: page.next !== null, problem: null })
      }
    } catch (thrown) {
      const problem = problemFrom(thrown)
      return () => set(before.state === 'ready' ? { ...before, problem } : { state: 'failed', problem })
    }
  })

  const append = async () => {
    const before = get()
    const after = next
    if (before.state !== 'ready' || after === null) return
    try {
      const page = await ask(after, limit)
      // A refresh in between has its own cursor; this page would no longer fit its end.
      if (get() !== before) return
      next = page.next
      set({ ...before, items: [...before.items, ...page.items], more: page.next !== null, problem: null })
    } catch (thrown) {
      if (get() === before) set({ ...before, problem: problemFrom(thrown) })
    }
  }

  return {
    refresh: whole.ask,
    restart: () => {
      seen = limit
      return whole.askAnew()
    },
    loadMore: () => {
      loading ??= append().finally(() => {
        loading = null
      })
      return loading
    },
    shown: (row) => {
      seen = Math.max(seen, row)
    },
  }
}

async function upTo<Item, Cursor>(
  count: number,
  ask: (after: Cursor | undefined, limit: number) => Promise<Page<Item, Cursor>>,
  limit: number,
): Promise<Page<Item, Cursor>> {
  const items: Item[] = []
  let after: Cursor | null = null
  do {
    const page: Page<Item, Cursor> = await ask(after ?? undefined, limit)
    items.push(...page.items)
    after = page.next
  } while (after !== null && items.length < count)
  return { items, next: after }
}

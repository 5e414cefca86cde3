// Reader's views of usage receipts, asked for when one is shown; a receipt never changes, so an answer is kept.
import { createStore, type StoreApi } from 'zustand/vanilla'
import type { ReceiptId, UsageView } from '#core/contract/index.ts'
import type { Api } from './api.ts'

export interface UsageState {
  /** Null where it was asked and is none; missing where it was not asked yet. */
  readonly views: ReadonlyMap<ReceiptId, UsageView | null>
  readonly ask: (ids: readonly ReceiptId[]) => void
}

const AT_ONCE = 20

export function createUsageStore(api: Api): StoreApi<UsageState> {
  return createStore<UsageState>()((set, get) => ({
    views: new Map(),
    ask: (ids) => {
      const wanted = ids.filter((id) => get().views.get(id) === undefined).slice(0, AT_ONCE)
      if (wanted.length === 0) return
      void api.receipts.usage({ ids: wanted }).then(
        ({ items }) =>
          set((state) => ({ views: new Map([...state.views, ...items.map((i) => [i.id, i.usage] as const)]) })),
        // The raw view stands beside it; nothing is lost without this one.
        () => undefined,
      )
    },
  }))
}

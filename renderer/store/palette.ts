// What the command palette offers for a text: actions ranked here, and what the core finds.
import { createStore, type StoreApi } from 'zustand/vanilla'
import type { Api } from './api.ts'
import { problemFrom, type Problem } from './problem.ts'

export interface PaletteAction {
  readonly id: string
  readonly title: string
  /** Other words that lead to it. */
  readonly keywords: string
  readonly run: () => void
}

export type Found = Awaited<ReturnType<Api['app']['search']>>['items'][number]

export interface PaletteState {
  readonly opened: boolean
  readonly text: string
  readonly found: readonly Found[]
  readonly searching: boolean
  readonly problem: Problem | null
  readonly open: () => void
  readonly close: () => void
  readonly type: (text: string) => void
}

const LIMIT = 12
/** A search waits this long for the next letter. */
const PAUSE_MS = 90

export function createPaletteStore(api: Api): StoreApi<PaletteState> {
  return createStore<PaletteState>((set, get) => {
    let timer: ReturnType<typeof setTimeout> | undefined

    const search = async (text: string) => {
      try {
        const { items } = await api.app.search({ text, limit: LIMIT })
        if (get().text === text) set({ found: items, searching: false, problem: null })
      } catch (thrown) {
        if (get().text === text) set({ found: [], searching: false, problem: problemFrom(thrown) })
      }
    }
    return {
      opened: false,
      text: '',
      found: [],
      searching: false,
      problem: null,
      open: () => set({ opened: true }),
      close: () => {
        clearTimeout(timer)
        set({ opened: false, text: '', found: [], searching: false, problem: null })
      },
      type: (text) => {
        clearTimeout(timer)
        const wanted = text.trim()
        // The core takes at most 512 characters of search text.
        const searching = wanted.length > 0 && wanted.length <= 512
        // What was found for the text before stays until the new answer is here, so that the list does not flicker.
        set({ text, searching, ...(searching ? {} : { found: [], problem: null }) })
        if (searching) timer = setTimeout(() => void search(text), PAUSE_MS)
      },
    }
  })
}

/** The actions that fit the text, best first; all of them, in their order, for no text. */
export function rankActions<Action extends PaletteAction>(actions: readonly Action[], text: string): readonly Action[] {
  const wanted = text.trim().toLowerCase()
  if (wanted === '') return actions
  return actions
    .map((action, place) => ({ action, place, score: scoreOf(action, wanted) }))
    .filter(({ score }) => score > 0)
    .toSorted((a, b) => b.score - a.score || a.place - b.place)
    .map(({ action }) => action)
}

function scoreOf(action: PaletteAction, wanted: string): number {
  const title = action.title.toLowerCase()
  if (title.startsWith(wanted)) return 5
  if (startsSomeWord(title, wanted)) return 4
  if (startsSomeWord(action.keywords.toLowerCase(), wanted)) return 3
  if (title.includes(wanted)) return 2
  // Every word typed begins some word: "sig dec" finds "Sign decision".
  const words = wanted.split(/\s+/)
  const both = `${title} ${action.keywords.toLowerCase()}`
  return words.length > 1 && words.every((word) => startsSomeWord(both, word)) ? 1 : 0
}

function startsSomeWord(text: string, wanted: string): boolean {
  return text.split(/[\s,/]+/).some((_, place, words) => words.slice(place).join(' ').startsWith(wanted))
}

// Making or restoring the node. The phrase of a new node lives here until the steward has kept it, and nowhere else.
import { createStore, type StoreApi } from 'zustand/vanilla'
import type { Api } from './api.ts'
import { problemFrom, type Problem } from './problem.ts'

type CreateInput = Parameters<Api['node']['create']>[0]
type RestoreInput = Parameters<Api['node']['restore']>[0]

/** A node that was just made: what its steward has to see before they go on. */
export interface MadeNode {
  readonly name: string
  readonly node: string
  readonly words: readonly string[]
  readonly phrase: readonly string[]
  /** It joined a network and waits to be admitted there. */
  readonly joined: boolean
}

export interface FirstRunState {
  readonly made: MadeNode | null
  readonly busy: 'create' | 'restore' | 'sample' | null
  readonly problem: Problem | null
  readonly create: (input: CreateInput, joined: boolean) => Promise<void>
  readonly restore: (input: RestoreInput) => Promise<void>
  readonly trySample: () => Promise<void>
  /** Whether the three words were right. */
  readonly confirm: (words: readonly { position: number; word: string }[]) => Promise<boolean>
  readonly clearProblem: () => void
  /** The steward has seen everything: the window opens, and the phrase is forgotten here. */
  readonly finish: () => void
}

export function createFirstRunStore(api: Api): StoreApi<FirstRunState> {
  return createStore<FirstRunState>((set) => {
    const run = async (busy: FirstRunState['busy'], work: () => Promise<Partial<FirstRunState>>) => {
      set({ busy, problem: null })
      try {
        set({ ...(await work()), busy: null })
      } catch (thrown) {
        set({ busy: null, problem: problemFrom(thrown) })
      }
    }
    return {
      made: null,
      busy: null,
      problem: null,
      create: (input, joined) =>
        run('create', async () => {
          const { node, words, phrase } = await api.node.create(input)
          return { made: { name: input.name, node, words, phrase, joined } }
        }),
      restore: (input) =>
        run('restore', async () => {
          await api.node.restore(input)
          return {}
        }),
      trySample: () =>
        run('sample', async () => {
          await api.sample.create({})
          return {}
        }),
      confirm: async (words) => {
        try {
          const { ok } = await api.node.confirmPhrase({ words: [...words] })
          return ok
        } catch (thrown) {
          set({ problem: problemFrom(thrown) })
          return false
        }
      },
      clearProblem: () => set({ problem: null }),
      finish: () => set({ made: null, problem: null }),
    }
  })
}

/** Three different places among 24, in order. `random` gives numbers from 0 to 1. */
export function askBack(random: () => number): readonly number[] {
  const places = Array.from({ length: 24 }, (_, place) => place)
  return Array.from({ length: 3 }, () => places.splice(Math.floor(random() * places.length), 1)[0] ?? 0).toSorted(
    (a, b) => a - b,
  )
}

// An answer of the core as a state. While it is asked again the old answer stays on screen, so that nothing jumps.
import { problemFrom, type Problem } from './problem.ts'

export type Resource<T> =
  | { readonly state: 'loading' }
  | { readonly state: 'failed'; readonly problem: Problem }
  /** `problem` is set where asking again failed: what is shown is the last answer. */
  | { readonly state: 'ready'; readonly value: T; readonly problem: Problem | null }

export const LOADING = { state: 'loading' } as const

/** The answer in a resource, or null while there is none. */
export function valueOf<T>(resource: Resource<T>): T | null {
  return resource.state === 'ready' ? resource.value : null
}

export interface Asking {
  /** Asks (again). Asked while an answer is under way, it asks once more after it. */
  readonly ask: () => Promise<void>
}

/**
 * Keeps a resource up to date, one question at a time.
 * `get` and `set` read and write the resource where the store keeps it.
 */
export function asking<T>(
  question: () => Promise<T>,
  get: () => Resource<T>,
  set: (resource: Resource<T>) => void,
): Asking {
  return askOneAtATime(async () => {
    try {
      const value = await question()
      return () => set({ state: 'ready', value, problem: null })
    } catch (thrown) {
      const problem = problemFrom(thrown)
      const before = get()
      return () => set(before.state === 'ready' ? { ...before, problem } : { state: 'failed', problem })
    }
  })
}

export interface Rounds extends Asking {
  /** Asks a different question from now on: an answer that is under way is no longer wanted. */
  readonly askAnew: () => Promise<void>
}

/** Runs `round` so that rounds never overlap; a call during a round leads to exactly one more, and waits for it. */
export function askOneAtATime(round: () => Promise<() => void>): Rounds {
  let running: Promise<void> | null = null
  let again = false
  let unwanted = false

  const run = async () => {
    try {
      do {
        again = false
        unwanted = false
        const apply = await round()
        // An answer that is behind already is shown all the same: under a stream of changes there is never a last one.
        if (!unwanted) apply()
      } while (again)
    } finally {
      // In the same turn as the last look at `again`: a call in between would wait for a round that never comes.
      running = null
    }
  }
  const ask = () => {
    if (running === null) running = Promise.resolve().then(run)
    else again = true
    return running
  }
  return {
    ask,
    askAnew: () => {
      unwanted = running !== null
      return ask()
    },
  }
}

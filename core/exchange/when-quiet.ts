// Work that waits, and waiting that ends.
import type { TimerHandle, Timers } from './timers-adapter.ts'

/**
 * Work that things coming in bursts ask for, done once for all of them: when nothing has asked for it for a while, and no later than
 * `longestMs` after it was first asked for.
 */
export class WhenQuiet {
  readonly #timers: Timers
  readonly #longestMs: number
  readonly #work: () => void
  #quiet: TimerHandle | null = null
  #longest: TimerHandle | null = null

  constructor(timers: Timers, longestMs: number, work: () => void) {
    this.#timers = timers
    this.#longestMs = longestMs
    this.#work = work
  }

  get isDue(): boolean {
    return this.#longest !== null
  }

  /** Asks for it: after `quietMs`, unless it is asked for again within them. */
  soon(quietMs: number): void {
    if (this.#quiet !== null) this.#timers.clearTimeout(this.#quiet)
    const run = () => {
      this.cancel()
      this.#work()
    }
    this.#quiet = this.#timers.setTimeout(run, quietMs)
    this.#longest ??= this.#timers.setTimeout(run, this.#longestMs)
  }

  cancel(): void {
    for (const timer of [this.#quiet, this.#longest]) if (timer !== null) this.#timers.clearTimeout(timer)
    this.#quiet = this.#longest = null
  }
}

/** Resolves when `work` has ended, and after `longestMs` even if it has not. Rejects as it does before that. */
export async function within(timers: Timers, work: Promise<unknown>, longestMs: number): Promise<void> {
  let timer: TimerHandle | null = null
  const tooLong = new Promise<void>((resolve) => {
    timer = timers.setTimeout(resolve, longestMs)
  })
  try {
    await Promise.race([work, tooLong])
  } finally {
    if (timer !== null) timers.clearTimeout(timer)
  }
}

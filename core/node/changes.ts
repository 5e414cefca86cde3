// What changed, told to everyone who listens: bursts are joined to at most ten events a second, and ten more for how far reading has
// come: that is told first, and the receipts that were read do not wait for it.
import type { ChangeEvent, Topic } from '#core/contract/index.ts'
import type { TimerHandle, Timers } from '#core/exchange/index.ts'

const BURST_MS = 100
/** Topics that change while a folder is read, before anything of it is in the ledger. */
const PROGRESS: ReadonlySet<Topic> = new Set(['exchange', 'network'])

export interface Changes {
  tell(topics: Iterable<Topic>): void
  /** First event at once, with every topic; ends when `signal` aborts. */
  subscribe(signal: AbortSignal | undefined): AsyncGenerator<ChangeEvent, void, void>
  close(): void
}

export function createChanges(
  timers: Timers,
  describe: () => Omit<ChangeEvent, 'topics'>,
  allTopics: readonly Topic[],
): Changes {
  const listeners = new Set<Listener>()
  let closed = false

  return {
    tell(topics) {
      for (const listener of listeners) listener.add(topics)
    },
    async *subscribe(signal) {
      const listener = new Listener(timers)
      listeners.add(listener)
      const stop = () => {
        listeners.delete(listener)
        listener.end()
      }
      signal?.addEventListener('abort', stop, { once: true })
      try {
        yield { topics: [...allTopics], ...describe() }
        while (!closed && signal?.aborted !== true) {
          const topics = await listener.next()
          if (topics === null) return
          yield { topics, ...describe() }
        }
      } finally {
        signal?.removeEventListener('abort', stop)
        stop()
      }
    },
    close() {
      closed = true
      for (const listener of listeners) listener.end()
    },
  }
}

/** Collects topics and hands them over together, not earlier than a burst after the last hand-over. */
class Listener {
  readonly #timers: Timers
  readonly #pending = new Set<Topic>()
  #wake: ((topics: Topic[] | null) => void) | null = null
  #ended = false
  /** Since the last hand-over; `timer` ends it. */
  #rest: { readonly afterNews: boolean; readonly timer: TimerHandle } | null = null

  constructor(timers: Timers) {
    this.#timers = timers
  }

  add(topics: Iterable<Topic>): void {
    for (const topic of topics) this.#pending.add(topic)
    this.#flush()
  }

  next(): Promise<Topic[] | null> {
    if (this.#ended) return Promise.resolve(null)
    return new Promise((resolve) => {
      this.#wake = resolve
      this.#flush()
    })
  }

  end(): void {
    this.#ended = true
    this.#wake?.(null)
    this.#wake = null
  }

  #flush(): void {
    const wake = this.#wake
    if (wake === null || this.#pending.size === 0) return
    const topics = [...this.#pending]
    const isNews = topics.some((topic) => !PROGRESS.has(topic))
    if (this.#rest !== null) {
      if (!isNews || this.#rest.afterNews) return
      this.#timers.clearTimeout(this.#rest.timer)
    }
    this.#pending.clear()
    this.#wake = null
    const timer = this.#timers.setTimeout(() => {
      this.#rest = null
      this.#flush()
    }, BURST_MS)
    this.#rest = { afterNews: isNews, timer }
    wake(topics)
  }
}

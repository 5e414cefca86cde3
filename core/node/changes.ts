// What changed, told to everyone who listens: bursts are joined to at most ten events a second, and ten more for how far reading has
// come: the receipts that were read do not wait for it, and where they come at once both are told together.
import type { ChangeEvent, Topic } from '#core/contract/index.ts'
import type { TimerHandle, Timers } from '#core/exchange/index.ts'

const BURST_MS = 100
/** How far reading has come waits so long for what was read: to be asked twice would only hold up the answer. */
const PROGRESS_MS = 50
/** Topics that change while a folder is read, before anything of it is in the ledger. */
const PROGRESS: ReadonlySet<Topic> = new Set(['exchange', 'network'])

export interface Changes {
  tell(topics: Iterable<Topic>): void
  /** Listens from the call on. First event at once, with every topic; ends when `signal` aborts. */
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

  function leave(listener: Listener): void {
    listeners.delete(listener)
    listener.end()
  }

  async function* eventsOf(
    listener: Listener,
    signal: AbortSignal | undefined,
  ): AsyncGenerator<ChangeEvent, void, void> {
    try {
      yield { topics: [...allTopics], ...describe() }
      while (!closed && signal?.aborted !== true) {
        const topics = await listener.next()
        if (topics === null) return
        yield { topics, ...describe() }
      }
    } finally {
      leave(listener)
    }
  }

  return {
    tell(topics) {
      for (const listener of listeners) listener.add(topics)
    },
    subscribe(signal) {
      const listener = new Listener(timers)
      listeners.add(listener)
      signal?.addEventListener('abort', () => leave(listener), { once: true })
      return eventsOf(listener, signal)
    },
    close() {
      closed = true
      for (const listener of listeners) listener.end()
    },
  }
}

/** Collects topics and hands them over together, news not earlier than a burst after the last news. */
class Listener {
  readonly #timers: Timers
  readonly #pending = new Set<Topic>()
  #wake: ((topics: Topic[] | null) => void) | null = null
  /** Since the last hand-over, or since there is progress to tell; `timer` ends it. */
  #rest: { readonly afterNews: boolean; readonly timer: TimerHandle } | null = null

  constructor(timers: Timers) {
    this.#timers = timers
  }

  add(topics: Iterable<Topic>): void {
    for (const topic of topics) this.#pending.add(topic)
    this.#flush()
  }

  /** Null where it ends before there is news. */
  next(): Promise<Topic[] | null> {
    return new Promise((resolve) => {
      this.#wake = resolve
      this.#flush()
    })
  }

  end(): void {
    this.#wake?.(null)
    this.#wake = null
  }

  #flush(hasWaited = false): void {
    const wake = this.#wake
    if (wake === null || this.#pending.size === 0) return
    const topics = [...this.#pending]
    const isNews = topics.some((topic) => !PROGRESS.has(topic))
    if (this.#rest !== null) {
      if (!isNews || this.#rest.afterNews) return
      this.#timers.clearTimeout(this.#rest.timer)
    } else if (!isNews && !hasWaited) {
      this.#restFor(PROGRESS_MS, false)
      return
    }
    this.#pending.clear()
    this.#wake = null
    this.#restFor(BURST_MS, isNews)
    wake(topics)
  }

  #restFor(ms: number, afterNews: boolean): void {
    const timer = this.#timers.setTimeout(() => {
      this.#rest = null
      this.#flush(true)
    }, ms)
    this.#rest = { afterNews, timer }
  }
}

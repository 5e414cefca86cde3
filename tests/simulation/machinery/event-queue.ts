// The one queue of a simulation: whatever happens on any machine is an event in it, and virtual time is that of the event at its head.

export interface QueuedEvent {
  readonly at: number
  readonly order: number
  run: (() => void) | null
}

export class EventQueue {
  nowMs = 0
  /** Events that ran. */
  count = 0
  readonly #heap: QueuedEvent[] = []
  #order = 0

  get length(): number {
    return this.#heap.length
  }

  /** Milliseconds from now; events of one moment run in the order in which they were asked for. */
  after(delayMs: number, run: () => void): QueuedEvent {
    const event = { at: this.nowMs + Math.max(0, delayMs), order: this.#order++, run }
    this.#heap.push(event)
    this.#up(this.#heap.length - 1)
    return event
  }

  cancel(event: QueuedEvent): void {
    event.run = null
  }

  /** Runs the next event. Everything that it set off is done once the promise resolves: all of a core's waiting goes through this queue. */
  async step(): Promise<void> {
    if (this.runNext()) await drained()
  }

  /** The same for worlds in which nothing waits; false where nothing ran. */
  runNext(): boolean {
    const event = this.#pop()
    if (event === undefined) return false
    this.nowMs = event.at
    const { run } = event
    if (run === null) return false
    event.run = null
    this.count++
    run()
    return true
  }

  #pop(): QueuedEvent | undefined {
    const [first] = this.#heap
    const last = this.#heap.pop()
    if (first === undefined || last === undefined || this.#heap.length === 0) return first
    this.#heap[0] = last
    this.#down(0)
    return first
  }

  #up(from: number): void {
    for (let at = from; at > 0;) {
      const parent = (at - 1) >> 1
      if (!this.#swapIfLater(parent, at)) return
      at = parent
    }
  }

  #down(from: number): void {
    for (let at = from; ;) {
      const left = 2 * at + 1
      const right = left + 1
      const [one, other] = [this.#heap[left], this.#heap[right]]
      if (one === undefined) return
      const child = other !== undefined && isEarlier(other, one) ? right : left
      if (!this.#swapIfLater(at, child)) return
      at = child
    }
  }

  #swapIfLater(parent: number, child: number): boolean {
    const [above, below] = [this.#heap[parent], this.#heap[child]]
    if (above === undefined || below === undefined || !isEarlier(below, above)) return false
    this.#heap[parent] = below
    this.#heap[child] = above
    return true
  }
}

function isEarlier(one: QueuedEvent, other: QueuedEvent): boolean {
  return one.at < other.at || (one.at === other.at && one.order < other.order)
}

/** All microtasks have run: nothing of a simulated core waits for anything else than microtasks and this queue. */
export function drained(): Promise<void> {
  return new Promise((resolve) => void setImmediate(resolve))
}

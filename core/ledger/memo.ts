// What the writer remembers between receipts, so that a feed of thousands asks SQL only for what is new: keys of nodes,
// subjects and sources, and where each feed ends. It is only ever a copy of rows, so forgetting it is always right;
// it must be forgotten when a transaction rolls back, since it may then know rows that are not there.
import type { NodeId } from '#core/contract/index.ts'
import type { LedgerTail } from './feed-tail.ts'

const KEPT_NODES = 20_000
const KEPT_SUBJECTS = 100_000
const KEPT_SOURCES = 10_000

export class LedgerMemo {
  readonly nodeKeys = new BoundedMap<NodeId, number>(KEPT_NODES)
  /** By task, a line break and the subject; neither can hold one. */
  readonly subjectKeys = new BoundedMap<string, number>(KEPT_SUBJECTS)
  readonly sourceKeys = new BoundedMap<string, number>(KEPT_SOURCES)
  readonly tails = new BoundedMap<number, LedgerTail>(KEPT_NODES)

  forget(): void {
    this.nodeKeys.clear()
    this.subjectKeys.clear()
    this.sourceKeys.clear()
    this.tails.clear()
  }
}

/** Starts anew when it is full: rare, and simpler than telling which entry is the oldest. */
class BoundedMap<Key, Value> {
  readonly #limit: number
  readonly #entries = new Map<Key, Value>()

  constructor(limit: number) {
    this.#limit = limit
  }

  get(key: Key): Value | undefined {
    return this.#entries.get(key)
  }

  set(key: Key, value: Value): void {
    if (this.#entries.size >= this.#limit) this.#entries.clear()
    this.#entries.set(key, value)
  }

  clear(): void {
    this.#entries.clear()
  }
}

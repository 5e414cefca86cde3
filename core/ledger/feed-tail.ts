// Where a feed ends in the ledger, as `admit` wants to know it. Receipts of one feed come in a row, so the ids at the tail
// are remembered: the usual receipt, the next one, is judged without a query.
import type { ReceiptId } from '#core/contract/index.ts'
import type { FeedTail } from '#core/receipts/index.ts'
import { receiptIdFromBytes } from './receipt-id-bytes.ts'
import type { ReadDb } from './types.ts'

const NO_IDS: readonly ReceiptId[] = []

export class LedgerTail implements FeedTail {
  readonly #db: ReadDb
  readonly #nodeKey: number
  #seq: number
  #tailIds: readonly ReceiptId[]

  /** Reads the tail of a feed from the receipts. */
  constructor(db: ReadDb, nodeKey: number) {
    this.#db = db
    this.#nodeKey = nodeKey
    // Nothing behind a gap is ever appended, so the largest seq is the tail.
    const seq = db
      .prepare<[number], number | null>('SELECT max(seq) FROM receipt WHERE node_key = ?')
      .pluck()
      .get(nodeKey)
    // None only where a damaged ledger has lost them all: then they are taken again.
    this.#seq = seq ?? 0
    this.#tailIds = this.#idsFromRows(this.#seq)
  }

  get seq(): number {
    return this.#seq
  }

  idsAt(seq: number): readonly ReceiptId[] {
    if (seq < 1 || seq > this.#seq) return NO_IDS
    return seq === this.#seq ? this.#tailIds : this.#idsFromRows(seq)
  }

  /** To be told of each receipt that was appended to this feed. */
  grow(seq: number, id: ReceiptId): void {
    if (seq < this.#seq) return
    this.#tailIds = seq > this.#seq ? [id] : [...this.#tailIds, id].sort()
    this.#seq = seq
  }

  #idsFromRows(seq: number): readonly ReceiptId[] {
    return this.#db
      .prepare<[number, number], { id: Buffer }>('SELECT id FROM receipt WHERE node_key = ? AND seq = ? ORDER BY id')
      .all(this.#nodeKey, seq)
      .map((row) => receiptIdFromBytes(row.id))
  }
}

/** The tail of a feed of which nothing is held. */
export const EMPTY_TAIL: FeedTail = { seq: 0, idsAt: () => NO_IDS }

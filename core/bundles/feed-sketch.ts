// What would become of a bundle's receipts, worked out without the ledger being written: for each feed the tail that is here, grown by
// what the bundle brings. Ids are kept as eight bytes a receipt, since a bundle may hold millions; that is enough to count by, and the
// import itself judges by the whole ids.
import type { Instant, ReceiptId } from '#core/contract/index.ts'
import { admit, LIMITS, type FeedTail, type VerifiedReceipt } from '#core/receipts/index.ts'

interface SketchCounts {
  readonly new: number
  readonly known: number
  readonly withheld: number
  readonly held: number
  readonly refused: number
  readonly forks: number
}

/** One feed. Receipts may come in any order; `counts` asks again those that came too early. */
export class FeedSketch {
  readonly #here: FeedTail
  readonly #first: number
  #ids = new BigUint64Array(256)
  #length = 0
  /** Other stories at a seq, beside the first one. */
  readonly #others = new Map<number, bigint[]>()
  #early: EarlyReceipt[] = []
  #earlyBeyond = 0
  #counts = { new: 0, known: 0, withheld: 0, held: 0, refused: 0, forks: 0 }

  /** @param here the feed as the ledger holds it. */
  constructor(here: FeedTail) {
    this.#here = here
    this.#first = here.seq + 1
  }

  take(receipt: VerifiedReceipt, now: Instant): void {
    const { node, seq, prev, time } = receipt.receipt
    this.#judge({ id: receipt.id, receipt: { node, seq, prev, time } }, now)
  }

  /** Up to where the feed would reach. */
  get reach(): number {
    return this.#here.seq + this.#length
  }

  counts(now: Instant): SketchCounts {
    // Sorted, so that one round takes all that a gap held up.
    const early = this.#early.toSorted((a, b) => a.receipt.seq - b.receipt.seq)
    this.#early = []
    for (const receipt of early) this.#judge(receipt, now)
    return { ...this.#counts, withheld: this.#early.length + this.#earlyBeyond }
  }

  #judge(early: EarlyReceipt, now: Instant): void {
    const { seq } = early.receipt
    // What `admit` asks of a receipt is what is kept of it here; it was verified when it came.
    const { outcome } = admit(this.#tail(seq, early), early as VerifiedReceipt, now)
    switch (outcome) {
      case 'known':
        this.#counts.known++
        break
      case 'held':
        this.#counts.held++
        break
      case 'refused':
        this.#counts.refused++
        break
      case 'waiting':
        if (this.#early.length < LIMITS.waitingReceiptsPerNode) this.#early.push(early)
        else this.#earlyBeyond++
        break
      case 'forked':
        this.#counts.forks++
        this.#counts.new++
        this.#keep(seq, early.id)
        break
      case 'appended':
        this.#counts.new++
        this.#keep(seq, early.id)
        break
    }
  }

  #tail(seq: number, { id, receipt }: EarlyReceipt): FeedTail {
    return {
      seq: this.reach,
      idsAt: (at) => {
        const short = [this.#shortAt(at), ...(this.#others.get(at) ?? [])]
        const own = at === seq ? id : receipt.prev
        // `admit` compares with one id: where the short forms are equal, that id is meant.
        const found = short.flatMap((each, index) =>
          each === undefined ? [] : [own !== null && each === shortOf(own) ? own : placeholder(at, index)],
        )
        return [...this.#here.idsAt(at), ...found]
      },
    }
  }

  #shortAt(seq: number): bigint | undefined {
    const index = seq - this.#first
    return index < this.#length ? this.#ids[index] : undefined
  }

  #keep(seq: number, id: ReceiptId): void {
    const index = seq - this.#first
    if (index !== this.#length) {
      this.#others.set(seq, [...(this.#others.get(seq) ?? []), shortOf(id)])
      return
    }
    if (index === this.#ids.length) {
      const grown = new BigUint64Array(this.#ids.length * 2)
      grown.set(this.#ids)
      this.#ids = grown
    }
    this.#ids[index] = shortOf(id)
    this.#length++
  }
}

/** What the feed rules ask of a receipt, and no more: as many as may wait are kept. */
interface EarlyReceipt {
  readonly id: ReceiptId
  readonly receipt: Pick<VerifiedReceipt['receipt'], 'node' | 'seq' | 'prev' | 'time'>
}

function shortOf(id: ReceiptId): bigint {
  return BigInt(`0x${id.slice(7, 23)}`)
}

/** An id that equals no other: it stands for one that is not asked about. */
function placeholder(seq: number, index: number): ReceiptId {
  return `sha256:other-${seq}-${index}` as ReceiptId
}

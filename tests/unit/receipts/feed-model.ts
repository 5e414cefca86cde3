// A feed as a ledger keeps it, reduced to what `admit` looks at: the naive model of the tests.
import type { Instant, ReceiptId } from '#core/contract/index.ts'
import { admit } from '#core/receipts/index.ts'
import type { Admission, FeedTail, VerifiedReceipt } from '#core/receipts/index.ts'

export class FeedModel implements FeedTail {
  readonly #bySeq = new Map<number, ReceiptId[]>()

  get seq(): number {
    let seq = 0
    while (this.#bySeq.has(seq + 1)) seq++
    return seq
  }

  idsAt(seq: number): readonly ReceiptId[] {
    return this.#bySeq.get(seq) ?? []
  }

  /** Asks `admit` and keeps what is to be kept. */
  take(receipt: VerifiedReceipt, now: Instant): Admission {
    const admission = admit(this, receipt, now)
    if (admission.outcome === 'appended' || admission.outcome === 'forked') {
      this.#bySeq.set(receipt.receipt.seq, [...this.idsAt(receipt.receipt.seq), receipt.id].toSorted())
    }
    return admission
  }

  ids(): ReceiptId[] {
    return [...this.#bySeq.values()].flat().toSorted()
  }
}

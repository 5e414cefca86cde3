// What somebody outside the nodes knows: every receipt that a command acknowledged, and where.
import type { NodeId, ReceiptId } from '#core/contract/index.ts'

export interface Acknowledged {
  readonly id: ReceiptId
  readonly machine: number
  readonly node: NodeId
  readonly atMs: number
}

export class Oracle {
  readonly #acknowledged: Acknowledged[] = []
  /** Receipts of feeds by node and seq, from whichever ledger they were first seen in. */
  readonly feeds = new Map<string, Set<ReceiptId>>()
  /** Latest time that was ever signed, so that in the end nobody's clock is before it. */
  latestSignedMs = 0

  acknowledge(receipt: Acknowledged): void {
    this.#acknowledged.push(receipt)
  }

  /** What this machine's ledger must hold. */
  acknowledgedOn(machine: number): readonly Acknowledged[] {
    return this.#acknowledged.filter((receipt) => receipt.machine === machine)
  }

  get acknowledged(): readonly Acknowledged[] {
    return this.#acknowledged
  }

  /** The machine's disk went back to how it was: what was acknowledged since is nobody's promise any more, unless others hold it. */
  forgetSince(machine: number, atMs: number): void {
    const kept = this.#acknowledged.filter((receipt) => receipt.machine !== machine || receipt.atMs <= atMs)
    this.#acknowledged.splice(0, this.#acknowledged.length, ...kept)
  }
}

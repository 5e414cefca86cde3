// How well standing rules decide: of the decisions that name a rule, those that nobody withdrew and nobody decided otherwise by hand.
import type { LedgerEntry, ReceiptId } from '#core/contract/index.ts'
import { DECISION, DecisionBody, WITHDRAWAL, WithdrawalBody } from '#core/network/index.ts'
import type { Receipt } from '#core/receipts/index.ts'

export interface AutomationFigures {
  readonly decisions: number
  readonly stand: number
}

interface ByRule {
  readonly id: ReceiptId
  readonly conflict: string
  readonly verdict: string
}

export class AutomationTally {
  readonly #fromMs: number
  readonly #untilMs: number
  readonly #byRule: ByRule[] = []
  readonly #byHand = new Map<string, Set<string>>()
  readonly #withdrawn = new Set<string>()

  /** Decisions by rules count that were signed after `fromMs`, up to `untilMs`. */
  constructor(fromMs: number, untilMs: number) {
    this.#fromMs = fromMs
    this.#untilMs = untilMs
  }

  add({ id, kind, time }: LedgerEntry, { body }: Receipt): void {
    if (kind === WITHDRAWAL) {
      const read = WithdrawalBody.safeParse(body)
      if (read.success) this.#withdrawn.add(read.data.decision)
    }
    if (kind !== DECISION) return
    const read = DecisionBody.safeParse(body)
    if (!read.success) return
    const { conflict, rule } = read.data
    const verdict = JSON.stringify(read.data.verdict)
    const timeMs = Date.parse(time)
    if (rule === undefined || rule === null) {
      this.#byHand.set(conflict, (this.#byHand.get(conflict) ?? new Set()).add(verdict))
    } else if (timeMs > this.#fromMs && timeMs <= this.#untilMs) {
      this.#byRule.push({ id, conflict, verdict })
    }
  }

  answer(): AutomationFigures {
    const stand = this.#byRule.filter(({ id, conflict, verdict }) => {
      const byHand = [...(this.#byHand.get(conflict) ?? [])]
      return !this.#withdrawn.has(id) && byHand.every((other) => other === verdict)
    })
    return { decisions: this.#byRule.length, stand: stand.length }
  }
}

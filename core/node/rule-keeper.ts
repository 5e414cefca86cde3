// Applies this node's own standing rules: in the background whenever conflicts changed, in pieces, so that nobody waits for it.
import type { Instant } from '#core/contract/index.ts'
import type { Timers } from '#core/exchange/index.ts'
import type { Draft } from '#core/receipts/index.ts'

interface RuleKeeper {
  /** Something changed: rules are looked at soon, where the node works in the background. */
  due(): void
  /** Looks at them now; answers how many decisions were signed. */
  apply(): number
  close(): void
}

interface RuleKeeperDeps {
  readonly background: boolean
  readonly timers: Timers
  readonly clock: () => Instant
  /** What the rules decide now, at most so many; nothing while this node cannot sign. */
  readonly decisions: (now: Instant, limit: number) => readonly Draft[]
  readonly sign: (draft: Draft) => unknown
  readonly onBug: (thrown: unknown) => void
}

/** Decisions signed before others are answered; each is a durable write. */
const PIECE = 50
const MOST_PIECES = 200

export function createRuleKeeper({ background, timers, clock, decisions, sign, onBug }: RuleKeeperDeps): RuleKeeper {
  let waiting: ReturnType<Timers['setTimeout']> | null = null
  let closed = false

  function piece(): number {
    const drafts = decisions(clock(), PIECE)
    for (const draft of drafts) sign(draft)
    return drafts.length
  }

  function due(): void {
    if (!background || closed || waiting !== null) return
    waiting = timers.setTimeout(() => {
      waiting = null
      try {
        if (piece() === PIECE) due()
      } catch (thrown) {
        // In the background nobody waits for an answer: the next change tries again.
        onBug(thrown)
      }
    }, 0)
  }

  return {
    due,
    apply() {
      let signed = 0
      for (let round = 0; round < MOST_PIECES; round++) {
        const now = piece()
        signed += now
        if (now < PIECE) break
      }
      return signed
    },
    close() {
      closed = true
      if (waiting !== null) timers.clearTimeout(waiting)
    },
  }
}

import type { Timers } from '#core/exchange/index.ts'
import type { Pause } from '#core/ledger/index.ts'

/** Lets others be answered between two pieces of long work. */
export function pauseOn(timers: Timers): Pause {
  return () => new Promise<void>((resolve) => void timers.setTimeout(resolve, 0))
}

// What a report is made from beside the ledger. Two nodes that give the same facts over the same receipts get the same bytes.
import type { Instant, NodeId, ReceiptId, ReportCheck } from '#core/contract/index.ts'

export interface ReportFacts {
  /** The clock value that ages are counted against. */
  readonly asOf: Instant
  /** Genesis receipt of the network; null before it is known. */
  readonly network: ReceiptId | null
  readonly checks: readonly ReportCheck[]
  readonly refused: readonly RefusedFact[]
}

/** What of one node was refused for one reason: how many different things. */
export interface RefusedFact {
  /** Null where it cannot be said whose it was meant to be. */
  readonly node: NodeId | null
  readonly reason: string
  readonly things: number
}

export const HOUR_MS = 60 * 60 * 1000
export const DAY_MS = 24 * HOUR_MS
/** How far histories and convergence look back. */
export const HISTORY_DAYS = 14
/** What counts as new in the observation figure. */
export const OBSERVED_DAYS = 7

/** The ends of the last fourteen days before `asOf`, the last being `asOf` itself; milliseconds, ascending. */
export function dayEnds(asOf: Instant): number[] {
  const end = Date.parse(asOf)
  return Array.from({ length: HISTORY_DAYS }, (_, day) => end - (HISTORY_DAYS - 1 - day) * DAY_MS)
}

export function instantOf(ms: number): Instant {
  // toISOString is the form of an Instant for every year from 0 to 9999.
  return new Date(ms).toISOString() as Instant
}

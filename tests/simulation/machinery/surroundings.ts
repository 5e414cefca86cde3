// What a simulated machine stands in, and what may be wrong with it.
import type { QueuedEvent } from './event-queue.ts'

/** Where every machine has its copy of the exchange. */
export const EXCHANGE = '/exchange'
/** Says that it is one. */
export const MARKER = `${EXCHANGE}/steward-exchange.json`

/** What a machine asks of the world that it is in. */
export interface Surroundings {
  readonly nowMs: number
  after(delayMs: number, run: () => void): QueuedEvent
  cancel(event: QueuedEvent): void
  log(line: string): void
  seen(path: string): void
  /** What must never be has happened. */
  violated(invariant: string, what: string): void
}

/** What is wrong with a machine now. Each fault family adds its own and takes it away again. */
export interface Ailments {
  /** Chance that a call to the folder fails. */
  readErrors: number
  writeErrors: number
  isFull: boolean
  isReadOnly: boolean
  isUnplugged: boolean
  /** Each call to the exchange takes so long at most; 0 where it is quick. */
  slowMs: number
  /** The folder is listed as it was some time ago. */
  staleListings: number
  /** Changes are not told. */
  lostEvents: number
  /** Chance that a statement of the ledger that reads, or one that changes something, fails. */
  ledgerReadErrors: number
  ledgerWriteErrors: number
  /** The ledger's file may not grow, and many a commit finds no room. */
  isLedgerFull: boolean
}

export const HEALTHY: Ailments = {
  readErrors: 0,
  writeErrors: 0,
  isFull: false,
  isReadOnly: false,
  isUnplugged: false,
  slowMs: 0,
  staleListings: 0,
  lostEvents: 0,
  ledgerReadErrors: 0,
  ledgerWriteErrors: 0,
  isLedgerFull: false,
}

import type { Figure } from './measure.ts'

/** How large and how often; `--smoke` only shows that a row still runs. */
export interface Scale {
  readonly receipts: number
  readonly conflicts: number
  readonly pairs: number
  readonly smoke: boolean
}

/** One row of the table: it makes its own world, measures, and leaves nothing behind. */
export interface Row {
  /** Chosen by this name: `npm run bench -- <name> …`. */
  readonly name: string
  /** A reason where this machine cannot measure it; it is printed, never silent. */
  readonly cannot?: (scale: Scale) => string | null
  run(scale: Scale): Promise<readonly Figure[]>
}

// One pass over the folder: what its steps share, and the figures that must add up at its end.
import type { Instant, NodeId, Way } from '#core/contract/index.ts'
import type { Ledger, Tx } from '#core/ledger/index.ts'
import { codeOf, StewardError } from '#core/problem/index.ts'
import type { Verifier } from '#core/receipts/index.ts'
import type { EarlyShares } from './early-receipts.ts'
import type { FolderAdapter } from './folder-adapter.ts'
import { quarantine, type Refused } from './quarantine.ts'
import type { PassCounts } from './types.ts'
import type { VerificationPool } from './verification.ts'

/** What lies in one node's folder beside what is read; standing figures, replaced whenever the folder is listed. */
export interface FolderFacts {
  readonly ignored: number
  readonly placeholders: number
  readonly conflictCopies: number
  readonly notRead: number
}

export interface Pass {
  /** This node; its own folder is read back like any other, but by own-folder.ts. */
  readonly self: NodeId
  readonly folder: string
  /** By which way what is taken came here. */
  readonly way: Way
  readonly files: FolderAdapter
  readonly ledger: Ledger
  readonly verification: VerificationPool
  /** For heads and the like, which are small and few. */
  readonly verifier: () => Verifier
  readonly now: () => Instant
  /** A full rescan; false for a pass over what an event touched. Only full ones make a file stable. */
  readonly isFull: boolean
  readonly reportsBlocks: boolean
  readonly tally: Tally
  readonly shares: EarlyShares
  /** By name of the node's folder. */
  readonly facts: Map<string, FolderFacts>
  readonly isCancelled: () => boolean
  /** Lets others run between two batches. */
  readonly rest: () => Promise<void>
  progress(done: number, total: number): void
}

/** Counts of one pass; see PassCounts for the law that they obey. */
export class Tally implements PassCounts {
  read = 0
  released = 0
  admitted = 0
  known = 0
  waiting = 0
  held = 0
  refused = 0
  verified = 0
  readonly refusals: { readonly source: string; readonly reason: string }[] = []

  refuse(tx: Tx, refused: Refused): void {
    quarantine(tx, refused)
    this.refused++
    this.list(refused)
  }

  /** A file that is refused as a whole: none of its receipts was read, so none is counted. */
  refuseFile(tx: Tx, refused: Refused): void {
    quarantine(tx, refused)
    this.list(refused)
  }

  counts(): PassCounts {
    const { read, released, admitted, known, waiting, held, refused, verified } = this
    return { read, released, admitted, known, waiting, held, refused, verified }
  }

  private list({ source, refusal }: Refused): void {
    if (this.refusals.length < LISTED_REFUSALS) this.refusals.push({ source, reason: refusal.reason })
  }
}

const LISTED_REFUSALS = 1_000

/** Null where the drive would not let us: one node's trouble never stops another's, and the next rescan tries again. */
export async function unlessFolderFails<T>(work: () => Promise<T>): Promise<T | null> {
  try {
    return await work()
  } catch (error) {
    if (codeOf(error) === null || error instanceof StewardError) throw error
    return null
  }
}

/** Runs `work` over the items, at most `width` at a time, and answers in the order of the items. */
export async function inParallel<Item, Result>(
  items: readonly Item[],
  width: number,
  work: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = []
  const entries = items.entries()
  const worker = async () => {
    for (const [index, item] of entries) results[index] = await work(item)
  }
  await Promise.all(Array.from({ length: Math.min(width, items.length) }, worker))
  return results
}

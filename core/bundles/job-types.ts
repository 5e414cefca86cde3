// What reading, importing and exporting bundles is given. Folder, clock and key come in.
import type { BundleProof, Instant, NodeId, ReceiptId } from '#core/contract/index.ts'
import type { BlobStore, Exchange, VerificationPool } from '#core/exchange/index.ts'
import type { Ledger } from '#core/ledger/index.ts'
import type { ImportingNode } from '#core/observations/index.ts'
import type { Signer } from '#core/receipts/index.ts'

/** A file in the data folder while content is on its way in. */
export interface Staging {
  write(piece: Uint8Array): void
  /** Where it lies. */
  readonly path: string
  /** Nothing of it stays. */
  remove(): void
}

export interface BundleDeps {
  readonly node: NodeId
  readonly ledger: Ledger
  readonly exchange: Exchange
  readonly blobs: BlobStore
  readonly verification: VerificationPool
  readonly network: () => { readonly id: ReceiptId; readonly name: string } | null
  readonly clock: () => Instant
  /** Lets others be answered. */
  readonly pause: () => Promise<void>
  /** Signs for what comes without a feed, into the ledger or a draft of it. */
  readonly importing: (into: Ledger) => ImportingNode
  /** To be called once what was signed is there for good. */
  readonly onSigned: () => void
  /** Null while the key is locked. */
  readonly signer: () => Signer | null
  readonly openConflicts: () => number
  /** Checks a text as a portable proof, waiting for `rest` now and then; null where it is none. */
  readonly readProof: (text: string, rest: () => Promise<void>) => Promise<Omit<BundleProof, 'entry'> | null>
  readonly stage: () => Staging
}

export interface Progress {
  readonly what: string
  readonly done: number
  readonly total: number
  readonly unit: 'entries' | 'bytes' | 'receipts' | 'files'
}

export interface Work {
  /** Aborted where the steward cancels. */
  readonly signal: AbortSignal
  readonly progress: (progress: Progress) => void
}

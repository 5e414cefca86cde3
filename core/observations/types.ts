// What importing TEOF node directories takes and answers. Their files carry no feed, so the importing node signs for them: nothing
// is written before a plan was made and shown, and a plan that is dropped leaves no trace.
import type { Instant, NodeId } from '#core/contract/index.ts'
import type { BlobStore } from '#core/exchange/index.ts'
import type { Ledger, Pause } from '#core/ledger/index.ts'
import type { Draft } from '#core/receipts/index.ts'
import type { DirectoryReader, Envelope, Finding } from '#core/teof/index.ts'

/** One node directory to import. */
export interface ImportedDirectory {
  /**
   * The origin that its files are kept under: 1 to 128 characters, no control characters, no `did:`. Where another node's directory is
   * known by it already, the next free one is taken, unless a steward gave it.
   */
  readonly label: string
  /** The folder's own name, where the label was numbered to tell it from another one. */
  readonly name?: string
  /** A steward says which node it is. */
  readonly isGiven?: boolean
  readonly reader: DirectoryReader
}

/** The importing node, as far as importing needs it. */
export interface ImportingNode {
  readonly node: NodeId
  readonly ledger: Ledger
  readonly blobs: BlobStore
  /** Signs all drafts, in their order, in one durable write. Throws a StewardError while locked. */
  signAll(drafts: readonly Draft[]): void
  readonly clock: () => Instant
  /** Asked for between pieces of work, so that others are answered. */
  readonly pause: Pause
}

export interface ImportOptions {
  /** Aborting ends the work with the signal's reason. Until something is signed, nothing of it stays. */
  readonly signal?: AbortSignal
  readonly onProgress?: (progress: ImportProgress) => void
}

export interface ImportProgress {
  /** `reading`: files are read and judged. `keeping`: content is taken in. */
  readonly phase: 'reading' | 'keeping' | 'signing'
  readonly done: number
  readonly total: number
}

/** What importing would do, told before anything is written. */
export interface ImportPlan {
  readonly origins: readonly PlannedOrigin[]
  /** Receipts that `write` would sign; 0 where everything is known. */
  readonly receipts: number
  /**
   * Takes the content in and signs. Whoever imported meanwhile is heeded: what is known by then is not signed again.
   * @param node where it is signed, where that is not the node that planned it: a draft of its ledger.
   */
  write(options?: ImportOptions, node?: ImportingNode): Promise<ImportReport>
  /** Takes back the content that `write` took in, where what was signed for it was undone. */
  takeBack(): Promise<void>
}

export interface PlannedOrigin {
  readonly label: string
  /** Files of interest that were found. */
  readonly files: number
  /** Never imported under this origin. */
  readonly added: number
  /** Imported before with other content, another signature or other plans. */
  readonly changed: number
  /** Nothing to say that was not said. */
  readonly known: number
  /** Imported before, and gone from the directory. */
  readonly gone: number
  readonly refused: readonly RefusedFile[]
  readonly signatures: Readonly<Record<Envelope['state'], number>>
  /** What a steward should know about the directory: anchors, capsule, signatures, plans, hash-ledgers. */
  readonly findings: readonly Finding[]
}

export interface RefusedFile {
  readonly path: string
  readonly reason: 'too-large' | 'unreadable' | 'unfit-path' | 'unsigned' | 'changed-meanwhile'
  /** What is the matter; one sentence. */
  readonly happened: string
  /** What to do; one sentence. */
  readonly remedy: string
}

export interface ImportReport {
  readonly signed: number
  /** Known by the time of writing. */
  readonly known: number
  readonly refused: readonly (RefusedFile & { readonly label: string })[]
}

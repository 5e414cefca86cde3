// What the parts of one inspection share: the bundle, where refusals go, and how far it is.
import { BUNDLE_LIMITS } from './limits.ts'
import type { BundleDeps, Work } from './job-types.ts'
import type { Layout } from './layout.ts'
import { RefusalList } from './refusals.ts'
import type { BundleFile, BundleReader } from './types.ts'

export class Inspection {
  readonly deps: BundleDeps
  readonly reader: BundleReader
  readonly layout: Layout
  /** Begins with what was refused while the bundle was opened. */
  readonly refused = new RefusalList(BUNDLE_LIMITS.listedRefusals)
  readonly totalBytes: number
  readonly #work: Work
  #doneBytes = 0
  #receipts = 0

  constructor(deps: BundleDeps, reader: BundleReader, layout: Layout, work: Work) {
    this.deps = deps
    this.reader = reader
    this.layout = layout
    this.#work = work
    this.refused.addAll(reader.refused)
    this.totalBytes = reader.files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0)
  }

  /** @throws the signal's reason where it was aborted. */
  heed(): void {
    this.#work.signal.throwIfAborted()
  }

  /** So many receipts were checked. */
  checked(receipts: number): void {
    this.#receipts += receipts
  }

  /** Nothing more is to be read of this file. */
  done({ sizeBytes }: BundleFile): void {
    this.heed()
    this.#doneBytes += sizeBytes
    const what =
      this.#receipts === 0
        ? 'Reading the bundle'
        : `Checking signatures: ${this.#receipts.toLocaleString('en')} receipts`
    const done = Math.min(this.#doneBytes, this.totalBytes)
    this.#work.progress({ what, done, total: this.totalBytes, unit: 'bytes' })
  }

  /** Lets others be answered. */
  async rest(): Promise<void> {
    await this.deps.pause()
    this.heed()
  }
}

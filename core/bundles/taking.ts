// One import from its first write to its last. All of it is one draft of the ledger, so that it can be cancelled at any time and leaves
// no trace then; only where the steward keeps signing meanwhile, which undoes the draft, it goes in piece by piece in the end.
import type { BundlePreview, BundleReport, ContentHash } from '#core/contract/index.ts'
import { DraftOvertaken, type Ledger } from '#core/ledger/index.ts'
import type { ImportPlan } from '#core/observations/index.ts'
import { importBundle, type Imported } from './import-bundle.ts'
import type { BundleDeps, Progress } from './job-types.ts'
import type { Layout } from './layout.ts'
import { progressOf } from './origins.ts'
import type { BundleReader } from './types.ts'

/** A bundle that was inspected. */
export interface Opened {
  readonly reader: BundleReader
  readonly layout: Layout
  /** What would be signed for its TEOF node directories; null where it holds none. */
  readonly plan: ImportPlan | null
}

interface Standing {
  readonly progress: Progress
  /** False once what is written stays. */
  readonly canCancel: boolean
}

/** Drafts before it goes in piece by piece. */
const DRAFTS = 3

const NOTHING_IMPORTED: Imported = { added: 0, known: 0, refused: 0, withheld: 0, held: 0, contents: 0 }

export class Taking {
  readonly #deps: BundleDeps
  readonly #opened: Opened
  readonly #preview: BundlePreview
  readonly #signal: AbortSignal
  readonly #show: (now: Standing) => void
  /** Content that was not here before. */
  readonly #taken = new Set<ContentHash>()
  #now: Standing

  constructor(
    deps: BundleDeps,
    opened: Opened,
    preview: BundlePreview,
    signal: AbortSignal,
    show: (now: Standing) => void,
  ) {
    this.#deps = deps
    this.#opened = opened
    this.#preview = preview
    this.#signal = signal
    this.#show = show
    this.#now = { progress: { what: 'Beginning', done: 0, total: preview.adds, unit: 'receipts' }, canCancel: true }
    show(this.#now)
  }

  /** @throws the signal's reason where it was cancelled, and what could not be done. */
  async run(): Promise<Omit<BundleReport, 'conflicts'>> {
    for (let drafts = 0; drafts < DRAFTS; drafts++) {
      try {
        return await this.#asOne()
      } catch (thrown) {
        if (!(thrown instanceof DraftOvertaken)) throw thrown
      }
    }
    return this.#inLane(this.#deps.ledger, () => this.#tell({ canCancel: false }))
  }

  async #asOne(): Promise<Omit<BundleReport, 'conflicts'>> {
    const draft = this.#deps.ledger.draft()
    try {
      return await this.#inLane(draft.ledger, null, () => draft.commit())
    } catch (thrown) {
      draft.discard()
      if (!(thrown instanceof DraftOvertaken)) await this.#takeBack()
      throw thrown
    }
  }

  /** Never while the shared folder is read: the two would judge the same feeds. */
  async #inLane(
    into: Ledger,
    committing: (() => void) | null,
    commit: () => void = () => undefined,
  ): Promise<Omit<BundleReport, 'conflicts'>> {
    const { reader, layout, plan } = this.#opened
    const report = await this.#deps.exchange.takeIn('bundle', into, async (intake) => {
      const work = {
        into,
        committing,
        taken: this.#taken,
        signal: this.#signal,
        progress: (progress: Progress) => this.#tell({ progress }),
      }
      const imported =
        this.#preview.nodes.length > 0
          ? await importBundle(this.#deps, reader, layout, this.#preview.adds, work, intake)
          : NOTHING_IMPORTED
      const written = await this.#sign(plan, into, committing)
      commit()
      const refused = imported.refused + (written?.refused.length ?? 0)
      return { ...imported, refused, signed: written?.signed ?? 0 }
    })
    if (report.signed > 0) this.#deps.onSigned()
    return report
  }

  async #sign(plan: ImportPlan | null, into: Ledger, committing: (() => void) | null) {
    const options = {
      signal: this.#signal,
      onProgress: (now: Parameters<typeof progressOf>[0]) => {
        if (now.phase === 'signing') committing?.()
        this.#tell({ progress: progressOf(now) })
      },
    }
    return plan?.write(options, this.#deps.importing(into))
  }

  async #takeBack(): Promise<void> {
    for (const hash of this.#taken) await this.#deps.blobs.drop(hash)
    this.#taken.clear()
    await this.#opened.plan?.takeBack()
  }

  #tell(now: Partial<Standing>): void {
    this.#now = { ...this.#now, ...now }
    this.#show(this.#now)
  }
}

// Reports of a world: made into memory, so that a test can look at their bytes.
import { createHash } from 'node:crypto'
import type { Instant, ReceiptId, ReportCheck, SummaryFile } from '#core/contract/index.ts'
import { makeReport, type RefusedFact } from '#core/report/index.ts'
import { LATER, type World } from './world.ts'

/** As they come out where nothing is damaged. */
const ALL_CHECKED: readonly ReportCheck[] = [
  { id: 'receipts', label: 'Receipts', ok: true, detail: 'All verified.' },
  { id: 'feeds', label: 'Feeds', ok: true, detail: 'All whole.' },
  { id: 'file', label: 'Ledger file', ok: true, detail: 'Whole.' },
  { id: 'projections', label: 'Projections', ok: true, detail: 'All made anew alike.' },
]

export interface ReportWish {
  readonly asOf?: Instant
  readonly network?: ReceiptId | null
  readonly refused?: readonly RefusedFact[]
  readonly checks?: readonly ReportCheck[]
}

export interface MadeReport {
  readonly summary: SummaryFile
  readonly files: ReadonlyMap<string, string>
  /** Of all files together. */
  readonly digest: string
}

export async function reportOf(world: World, wish: ReportWish = {}): Promise<MadeReport> {
  const { asOf = LATER, network = null, refused = [], checks = ALL_CHECKED } = wish
  world.passTo(asOf)
  const files = new Map<string, string>()
  const sink = {
    open: (name: string) => {
      files.set(name, '')
      return Promise.resolve({
        write: (text: string) => {
          files.set(name, `${files.get(name) ?? ''}${text}`)
          return Promise.resolve()
        },
        close: () => Promise.resolve(),
      })
    },
  }
  const making = { step: () => Promise.resolve() }
  const summary = await makeReport(world.db, { asOf, network, refused, checks }, sink, making)
  const hash = createHash('sha256')
  for (const [name, text] of files) hash.update(`${name}\n${text}\n`)
  return { summary, files, digest: hash.digest('hex') }
}

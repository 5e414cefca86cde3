// Reports of the open node: made from a snapshot of the ledger while everything else goes on, one at a time.
import type {
  Check,
  Instant,
  ReportCheck,
  ReportId,
  ReportProgress,
  ReportSummary,
  SummaryFile,
} from '#core/contract/index.ts'
import { membersFit, SummaryFile as SummarySchema } from '#core/contract/index.ts'
import { features } from '#core/features.ts'
import { doctor, openLedgerForReading, type Pause } from '#core/ledger/index.ts'
import { StewardError } from '#core/problem/index.ts'
import { makeReport, reportIdOf, type RefusedFact, type ReportDraft, type ReportStore } from '#core/report/index.ts'
import type { AppCore } from './app-core.ts'
import { pauseOn } from './pause.ts'
import type { Session } from './session.ts'

export interface ReportWish {
  readonly asOf?: Instant | undefined
  /** Leaves the checks out. */
  readonly quick?: boolean | undefined
}

type Step = (what: string, done: number, total: number) => Promise<void>

/** Reports of one name: two made within a second of as-of time. */
const SAME_NAME = 1000

/** Makes a report into the data folder, telling how far it is. Ending the iteration cancels it: nothing of it is left then. */
export async function* makeReportOf(
  app: AppCore,
  wish: ReportWish,
  signal: AbortSignal | undefined,
): AsyncGenerator<ReportProgress, void, void> {
  const progress = new Progress(pauseOn(app.deps.timers))
  const stop = () => progress.cancel()
  signal?.addEventListener('abort', stop, { once: true })
  const running = app.during((session) => written(app, session, wish, progress.step))
  running.then(
    () => progress.end(),
    () => progress.end(),
  )
  try {
    for (let told = await progress.next(); told !== null; told = await progress.next()) yield told
    const { id, made } = await running
    app.changes.tell(['reports'])
    const [newest] = await app.session().reports.list()
    yield { type: 'done', report: summaryView(id, made, newest), exitCode: made.exitCode }
  } finally {
    progress.cancel()
    signal?.removeEventListener('abort', stop)
    // Whoever stopped listening does not hear of it, and its traces are gone before the next one begins.
    await running.catch(() => undefined)
  }
}

/** What a report would say now, written nowhere. */
export async function factsNow(app: AppCore, session: Session, wish: ReportWish = {}): Promise<SummaryFile> {
  const nowhere = { write: () => Promise.resolve(), close: () => Promise.resolve() }
  return facts(app, session, wish, { open: () => Promise.resolve(nowhere) }, pauseOn(app.deps.timers))
}

/** @throws StewardError REPORT_NOT_FOUND, REPORT_DAMAGED. */
export async function readFacts(store: ReportStore, id: ReportId): Promise<SummaryFile> {
  const text = await store.read(id, 'summary.json')
  const value = parsed(text)
  const read = membersFit(SummarySchema, value) ? SummarySchema.safeParse(value) : null
  if (read?.success === true) return read.data
  throw new StewardError({
    code: 'REPORT_DAMAGED',
    happened: `summary.json of report ${id} is not one that this version wrote.`,
    kept: 'It was left as it is.',
    remedy: 'Open its folder to look at it, or make the report again.',
  })
}

export function summaryView(id: ReportId, read: SummaryFile, newest: ReportId | undefined): ReportSummary {
  const { asOf, counts, conflicts, recommendation, network } = read
  return {
    id,
    asOf,
    latest: id === newest,
    nodes: counts.nodes,
    receipts: counts.merged,
    openConflicts: conflicts.open,
    recommendation: recommendation.effective,
    overridden: recommendation.effective !== recommendation.computed,
    fingerprintWords: network.fingerprintWords,
  }
}

/** Nodes of which a report is being made. */
const busy = new WeakSet<Session>()

async function written(
  app: AppCore,
  session: Session,
  wish: ReportWish,
  step: Step,
): Promise<{ id: ReportId; made: SummaryFile }> {
  if (busy.has(session)) throw alreadyRunning()
  busy.add(session)
  let draft: ReportDraft | null = null
  try {
    draft = await session.reports.begin()
    const made = await facts(app, session, wish, draft, step)
    const id = await draft.keep(names(made.asOf))
    return { id, made }
  } catch (thrown) {
    await draft?.discard()
    throw thrown
  } finally {
    busy.delete(session)
  }
}

async function facts(
  app: AppCore,
  session: Session,
  { asOf = wholeSecond(app.deps.clock()), quick = false }: ReportWish,
  sink: Pick<ReportDraft, 'open'>,
  step: Step,
): Promise<SummaryFile> {
  const onwards: Step = async (what, done, total) => {
    // The node may have been closed: the sample was left, or the app ends.
    if (app.sessionOrNull() !== session) throw cancelled()
    await step(what, done, total)
  }
  const checks = quick ? NOT_MADE : await checked(app, session, asOf, onwards)
  const refused = refusedFacts(session)
  const snapshot = snapshotAt(app, session, asOf)
  try {
    return await makeReport(snapshot.read, { asOf, network: session.file().network, checks, refused }, sink, {
      step: onwards,
    })
  } finally {
    snapshot.close()
  }
}

/**
 * The ledger as it is at this moment, settled at `asOf`, for as long as it takes. Everything up to the first read happens without a
 * pause, so that no other write can come in between.
 */
function snapshotAt(app: AppCore, session: Session, asOf: Instant): ReturnType<typeof openLedgerForReading> {
  session.ledger.write(asOf, () => undefined)
  const reader = openLedgerForReading(session.home.path('ledger.sqlite'))
  reader.read.prepare<[], never>('BEGIN').run()
  reader.read.prepare<[], { count: number }>('SELECT count(*) AS count FROM projection').get()
  // For everybody else it is now.
  session.ledger.write(app.deps.clock(), () => undefined)
  return reader
}

async function checked(app: AppCore, session: Session, asOf: Instant, step: Step): Promise<ReportCheck[]> {
  let pauses = 0
  const pause: Pause = () => step('Checking what is stored', ++pauses, 0)
  session.ledger.write(asOf, () => undefined)
  const found = await doctor(session.ledger, features, asOf, pause)
  return CHECKS.map(({ id, label, fine, includes }) => {
    const made = found.filter((check) => includes(check.name))
    const failed = made.filter((check) => !check.ok)
    return { id, label, ok: made.length === 0 ? null : failed.length === 0, detail: detailOf(failed, fine) }
  })
}

function detailOf(failed: readonly Check[], fine: string): string {
  if (failed.length === 0) return fine
  return failed
    .slice(0, 5)
    .map((check) => `${check.name}: ${check.detail}`)
    .join(' ')
}

const CHECKS: readonly {
  readonly id: ReportCheck['id']
  readonly label: string
  readonly fine: string
  readonly includes: (name: string) => boolean
}[] = [
  {
    id: 'receipts',
    label: 'Every receipt',
    fine: 'Read again from the disk: identity, signature and stored columns hold.',
    includes: (name) => name === 'receipts',
  },
  {
    id: 'feeds',
    label: 'Every feed',
    fine: 'Follows without a gap from its first receipt, and every fork is known.',
    includes: (name) => name === 'feeds',
  },
  {
    id: 'projections',
    label: 'Everything shown',
    fine: 'Made anew from the receipts in another database, table by table the same.',
    includes: (name) => name === 'counts' || name.startsWith('projection'),
  },
  {
    id: 'file',
    label: 'The ledger file',
    fine: 'Whole, and every row refers to rows that exist.',
    includes: (name) => name === 'file' || name === 'references',
  },
]

const NOT_MADE: readonly ReportCheck[] = CHECKS.map(({ id, label }) => ({
  id,
  label,
  ok: null,
  detail: 'Left out of this report.',
}))

/** How many different things of each node were refused for each reason; how often and when they were seen is this node's alone. */
function refusedFacts(session: Session): RefusedFact[] {
  const things = new Map<string, { node: RefusedFact['node']; reason: string; things: number }>()
  let after: string | undefined
  do {
    const { items, next } = session.exchange.troubles({ outcome: 'refused', after, limit: 200 })
    for (const { node, reason } of items) {
      const key = `${node ?? ''} ${reason}`
      const known = things.get(key)
      if (known === undefined) things.set(key, { node, reason, things: 1 })
      else known.things++
    }
    after = next ?? undefined
  } while (after !== undefined)
  return [...things.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, fact]) => fact)
}

/** The folder's name says the as-of time to the second, so that is what it is. */
function wholeSecond(now: Instant): Instant {
  return `${now.slice(0, 19)}.000Z` as Instant
}

function* names(asOf: Instant): Generator<ReportId> {
  for (let nth = 1; nth <= SAME_NAME; nth++) yield reportIdOf(asOf, nth)
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

/** The newest word on how far the work is; whoever listens slowly misses words and no end. */
class Progress {
  #told: ReportProgress | null = null
  #wake: ((told: ReportProgress | null) => void) | null = null
  #ended = false
  #cancelled = false
  readonly #pause: Pause

  constructor(pause: Pause) {
    this.#pause = pause
  }

  readonly step: Step = async (what, done, total) => {
    if (this.#cancelled) throw cancelled()
    this.#told = { type: 'working', what, done, total }
    this.#hand()
    await this.#pause()
  }

  next(): Promise<ReportProgress | null> {
    if (this.#told === null && this.#ended) return Promise.resolve(null)
    return new Promise((resolve) => {
      this.#wake = resolve
      this.#hand()
    })
  }

  end(): void {
    this.#ended = true
    this.#hand()
  }

  cancel(): void {
    this.#cancelled = true
  }

  #hand(): void {
    if (this.#wake === null || (this.#told === null && !this.#ended)) return
    const wake = this.#wake
    const told = this.#told
    this.#wake = null
    this.#told = null
    wake(told)
  }
}

function cancelled(): StewardError {
  return new StewardError({
    code: 'CANCELLED',
    happened: 'The report was cancelled.',
    kept: 'Nothing of it is left behind; earlier reports are as they were.',
    remedy: 'Make it again when you like.',
  })
}

function alreadyRunning(): StewardError {
  return new StewardError({
    code: 'REPORT_RUNNING',
    happened: 'A report is being made already.',
    kept: 'It goes on; no second one was begun.',
    remedy: 'Wait until it is done, or cancel it.',
  })
}

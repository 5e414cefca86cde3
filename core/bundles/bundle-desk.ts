// Where bundles are handed in and out: one import and one export at a time. What they are doing is kept here, so that it goes on
// while the steward looks at other things, and is still told after the page was opened again.
import type { BundleExport, BundleImport, BundlePreview, ExportWish } from '#core/contract/index.ts'
import { invariant, problemFrom, StewardError } from '#core/problem/index.ts'
import { recogniseNodes } from '#core/teof/index.ts'
import { exportBundle } from './export-bundle.ts'
import { inspectBundle } from './inspect.ts'
import type { BundleDeps, Work } from './job-types.ts'
import { layOut } from './layout.ts'
import { planOrigins, shownOrigins, withGivenLabels } from './origins.ts'
import { Taking, type Opened } from './taking.ts'
import type { BundleFiles, BundleSource } from './types.ts'

interface BundleDeskDeps extends BundleDeps {
  readonly files: BundleFiles
  readonly newId: () => string
  /** After something that `current` answers has changed. */
  readonly onChange: () => void
  /** A fault of our own in work that nobody waits for. */
  readonly onBug: (thrown: unknown) => void
}

export interface BundleDesk {
  /** Lets go of what was inspected before. @throws StewardError IMPORT_RUNNING. */
  inspect(source: BundleSource & { readonly release: () => void }): BundleImport
  /** @throws StewardError IMPORT_GONE, or IMPORT_NOT_READY where there is nothing to import. */
  import(id: string): BundleImport
  /** Stops an import or export, or dismisses one that has ended. */
  cancel(id: string): Promise<void>
  /** @throws StewardError EXPORT_RUNNING. */
  export(wish: ExportWish): BundleExport
  current(): { readonly import: BundleImport | null; readonly export: BundleExport | null }
  /** Ends what runs. */
  close(): Promise<void>
}

interface ImportJob {
  view: BundleImport
  readonly stop: AbortController
  readonly release: () => void
  opened: Opened | null
  running: Promise<void>
}

interface ExportJob {
  view: BundleExport
  readonly stop: AbortController
  running: Promise<void>
}

const TOLD_EVERY_MS = 100

/** Why work that was cancelled ended. */
class Cancelled extends Error {}

export function createBundleDesk(deps: BundleDeskDeps): BundleDesk {
  let incoming: ImportJob | null = null
  let outgoing: ExportJob | null = null
  let toldMs = 0

  /** Every step is told, and how far it is as often as anybody can read. */
  function step(job: ImportJob, next: BundleImport['step']): void {
    const isProgress = job.view.step.state === next.state
    job.view = { ...job.view, step: next }
    const nowMs = Date.parse(deps.clock())
    if (isProgress && Math.abs(nowMs - toldMs) < TOLD_EVERY_MS) return
    toldMs = nowMs
    deps.onChange()
  }

  function failed(thrown: unknown): { readonly state: 'failed'; readonly problem: ReturnType<typeof problemFrom> } {
    if (!(thrown instanceof StewardError)) deps.onBug(thrown)
    return { state: 'failed', problem: problemFrom(thrown) }
  }

  async function letGo(job: ImportJob): Promise<void> {
    const { opened } = job
    job.opened = null
    await opened?.reader.close()
    job.release()
  }

  async function look(job: ImportJob, source: BundleSource): Promise<void> {
    const work: Work = {
      signal: job.stop.signal,
      progress: (progress) => step(job, { state: 'reading', progress }),
    }
    try {
      const opened = await deps.files.open(source, (done, total) => {
        job.stop.signal.throwIfAborted()
        work.progress({ what: 'Looking at its entries', done, total, unit: 'entries' })
      })
      if (!opened.ok) {
        step(job, { state: 'refused', refusals: [...opened.refused.items], refusalCount: opened.refused.count })
        return await letGo(job)
      }
      const { reader } = opened
      const recognised = await recogniseNodes(reader.directory(), reader.name)
      const found = recognised.outcome === 'nodes' ? recognised.nodes : []
      const layout = layOut(reader.files, found)
      job.opened = { reader, layout, plan: null }
      const directories = withGivenLabels(found, reader, source.labels ?? [])
      const plan = await planOrigins(deps, directories, reader.files.length, work)
      job.opened = { reader, layout, plan }
      const preview = await inspectBundle(deps, reader, layout, work, (refused) =>
        shownOrigins(plan, directories, refused),
      )
      step(job, { state: 'ready', preview })
    } catch (thrown) {
      await letGo(job)
      step(job, thrown instanceof Cancelled ? { state: 'cancelled' } : failed(thrown))
    }
  }

  async function take(job: ImportJob, preview: BundlePreview): Promise<void> {
    const { opened } = job
    invariant(opened !== null, 'a bundle that is ready to be imported is open')
    const before = deps.openConflicts()
    const taking = new Taking(deps, opened, preview, job.stop.signal, (now) =>
      step(job, { state: 'importing', ...now }),
    )
    try {
      const report = await taking.run()
      await letGo(job)
      const conflicts = Math.max(0, deps.openConflicts() - before)
      step(job, { state: 'done', preview, report: { ...report, conflicts } })
    } catch (thrown) {
      await letGo(job)
      step(job, thrown instanceof Cancelled ? { state: 'cancelled' } : failed(thrown))
    }
  }

  async function write(job: ExportJob, wish: ExportWish): Promise<void> {
    const show = (next: BundleExport['step']) => {
      job.view = { ...job.view, step: next }
      deps.onChange()
    }
    try {
      const writer = await deps.files.create(wish.to, new Date(deps.clock()))
      try {
        const exported = await exportBundle(deps, wish, writer, {
          signal: job.stop.signal,
          progress: (progress) => show({ state: 'writing', progress }),
        })
        const sizeBytes = await writer.finish()
        show({ state: 'done', ...exported, sizeBytes })
      } catch (thrown) {
        await writer.abandon()
        throw deps.files.exportFailed(wish.to, thrown)
      }
    } catch (thrown) {
      show(thrown instanceof Cancelled ? { state: 'cancelled' } : failed(thrown))
    }
  }

  return {
    inspect({ release, ...source }) {
      if (incoming?.view.step.state === 'importing') {
        release()
        throw running('IMPORT_RUNNING', 'An import')
      }
      const before = incoming
      before?.stop.abort(new Cancelled())
      const job: ImportJob = {
        view: {
          id: deps.newId(),
          name: source.name ?? nameOf(source.paths),
          step: { state: 'reading', progress: { what: 'Looking at its entries', done: 0, total: 0, unit: 'entries' } },
        },
        stop: new AbortController(),
        release,
        opened: null,
        running: Promise.resolve(),
      }
      incoming = job
      job.running = Promise.resolve(before === null ? undefined : ended(before)).then(() => look(job, source))
      deps.onChange()
      return job.view
    },
    import(id) {
      const job = incoming
      // One that is being cancelled is shown until it has let go of its files.
      if (job?.view.id !== id || job.stop.signal.aborted) throw gone()
      const { step: now } = job.view
      if (now.state !== 'ready') throw notReady()
      job.running = take(job, now.preview)
      return job.view
    },
    async cancel(id) {
      if (incoming?.view.id === id) {
        const job = incoming
        const { step: now } = job.view
        // What is being written goes on: the ledger takes nothing back.
        if (now.state === 'importing' && !now.canCancel) return
        const isRunning = now.state === 'importing' || now.state === 'reading'
        job.stop.abort(new Cancelled())
        await ended(job)
        // It may have got through after all; then how it ended is still to be told.
        if (incoming === job && (!isRunning || job.view.step.state === 'cancelled')) incoming = null
      } else if (outgoing?.view.id === id) {
        const job = outgoing
        const isRunning = job.view.step.state === 'writing'
        job.stop.abort(new Cancelled())
        await job.running
        if (outgoing === job && (!isRunning || job.view.step.state === 'cancelled')) outgoing = null
      }
      deps.onChange()
    },
    export(wish) {
      if (outgoing?.view.step.state === 'writing') throw running('EXPORT_RUNNING', 'An export')
      const job: ExportJob = {
        view: {
          id: deps.newId(),
          to: wish.to,
          step: { state: 'writing', progress: { what: 'Beginning', done: 0, total: 0, unit: 'receipts' } },
        },
        stop: new AbortController(),
        running: Promise.resolve(),
      }
      outgoing = job
      job.running = write(job, wish)
      deps.onChange()
      return job.view
    },
    current: () => ({ import: incoming?.view ?? null, export: outgoing?.view ?? null }),
    async close() {
      incoming?.stop.abort(new Cancelled())
      outgoing?.stop.abort(new Cancelled())
      await Promise.all([incoming === null ? null : ended(incoming), outgoing?.running])
    },
  }

  async function ended(job: ImportJob): Promise<void> {
    await job.running
    await letGo(job)
  }
}

function nameOf(paths: readonly string[]): string {
  const [path, ...more] = paths
  invariant(path !== undefined, 'somebody named at least one path')
  return more.length === 0
    ? (path.split(/[\\/]/).findLast((part) => part !== '') ?? path)
    : `${paths.length} files and folders`
}

function running(code: string, what: string): StewardError {
  return new StewardError({
    code,
    happened: `${what} is running already.`,
    kept: 'It goes on; nothing else was begun.',
    remedy: 'Wait until it has ended, or cancel it.',
  })
}

function gone(): StewardError {
  return new StewardError({
    code: 'IMPORT_GONE',
    happened: 'This import is not open any more.',
    kept: 'Nothing was imported.',
    remedy: 'Drop the files again.',
  })
}

function notReady(): StewardError {
  return new StewardError({
    code: 'IMPORT_NOT_READY',
    happened: 'What this bundle holds is not known yet, or it was imported already.',
    kept: 'Nothing more was imported.',
    remedy: 'Wait until it was read, or drop the files again.',
  })
}

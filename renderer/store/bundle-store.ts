// Bundles in and out, as the window shows them. The work goes on in the core: this follows it, whatever page is open.
import { createStore, type StoreApi } from 'zustand/vanilla'
import type { BundleExport, BundleImport, ExportWish, NodeId } from '#core/contract/index.ts'
import type { Api, Changes } from './api.ts'
import type { Dropped } from './dropped-files.ts'
import { problemFrom, type Problem } from './problem.ts'
import { askOneAtATime, LOADING, type Resource } from './resource.ts'
import { sendBundle, type SendProgress } from './send-bundle.ts'
import { UploadCancelledError } from './upload.ts'

/** Files on their way to the core; null in the desktop app, which reads them where they lie. */
export interface Sending extends SendProgress {
  readonly name: string
}

/** What an export may be asked for. */
export interface ExportChoices {
  readonly all: readonly ExportNode[]
  /** All but this node. */
  readonly others: readonly ExportNode[]
  /** Where it might go: a new file in the steward's own folder. */
  readonly suggested: string
}

interface ExportNode {
  readonly node: NodeId
  readonly name: string
}

export interface BundleState {
  readonly sheet: 'closed' | 'import' | 'export'
  readonly sending: Sending | null
  readonly import: BundleImport | null
  readonly export: BundleExport | null
  readonly problem: Problem | null
  readonly choices: Resource<ExportChoices>
  readonly open: (sheet: 'import' | 'export') => void
  /** Hides the sheet; what runs goes on. */
  readonly hide: () => void
  /** Has the core look at what was dropped. */
  readonly take: (dropped: Dropped) => Promise<void>
  readonly start: () => Promise<void>
  /** Stops what runs, or puts away what has ended. */
  readonly cancel: (what: 'import' | 'export') => Promise<void>
  readonly write: (wish: ExportWish) => Promise<void>
}

export function createBundleStore(api: Api, changes: Changes): StoreApi<BundleState> {
  return createStore<BundleState>()((set, get) => {
    const current = askOneAtATime(async () => {
      const answer = await api.bundles.current({})
      return () => set(answer)
    })
    // Before there is a node there is nothing to follow, and when the connection breaks it is asked again after it.
    const follow = () => void current.ask().catch(() => undefined)
    changes.on(['bundles'], follow)
    // What was under way when the page was opened again is told too.
    queueMicrotask(follow)
    let stopping = new AbortController()

    const orProblem = async (work: () => Promise<void>) => {
      set({ problem: null })
      try {
        await work()
      } catch (thrown) {
        set({ problem: thrown instanceof UploadCancelledError ? null : problemFrom(thrown) })
      }
    }

    const askChoices = async () => {
      try {
        set({ choices: { state: 'ready', value: await exportChoices(api), problem: null } })
      } catch (thrown) {
        set({ choices: { state: 'failed', problem: problemFrom(thrown) } })
      }
    }

    return {
      sheet: 'closed',
      sending: null,
      import: null,
      export: null,
      problem: null,
      choices: LOADING,
      open: (sheet) => {
        set({ sheet, problem: null })
        if (sheet === 'export') void askChoices()
      },
      hide: () => set({ sheet: 'closed' }),
      take: (dropped) =>
        orProblem(async () => {
          if (get().sending !== null) return
          set({ sheet: 'import' })
          if (dropped.paths !== null) {
            set({ import: await api.bundles.inspect({ from: { type: 'paths', paths: [...dropped.paths] } }) })
            return
          }
          stopping = new AbortController()
          const progress = (now: SendProgress) => set({ sending: { name: dropped.name, ...now } })
          progress({ done: 0, total: 0, unit: 'files' })
          try {
            const { upload, name } = await sendBundle(api, dropped.name, dropped.files(), progress, stopping.signal)
            set({ import: await api.bundles.inspect({ from: { type: 'upload', upload, name } }) })
          } finally {
            set({ sending: null })
          }
        }),
      start: () =>
        orProblem(async () => {
          const { import: shown } = get()
          if (shown !== null) set({ import: await api.bundles.import({ id: shown.id }) })
        }),
      cancel: (what) =>
        orProblem(async () => {
          if (what === 'import') stopping.abort()
          const shown = get()[what]
          if (shown !== null) await api.bundles.cancel({ id: shown.id })
          await current.ask()
        }),
      write: (wish) =>
        orProblem(async () => {
          set({ export: await api.bundles.export(wish) })
        }),
    }
  })
}

async function exportChoices(api: Api): Promise<ExportChoices> {
  const [{ items }, { folder }] = await Promise.all([
    api.network.peers({ limit: 200 }),
    api.exchange.browse({ folder: null }),
  ])
  const nodes = items.filter(({ seq }) => seq > 0)
  const separator = folder.includes('\\') ? '\\' : '/'
  const stamp = new Date().toISOString().slice(0, 16).replaceAll(/[-:]/g, '')
  return {
    all: nodes.map(({ node, name }) => ({ node, name })),
    others: nodes.filter(({ state }) => state !== 'this-node').map(({ node, name }) => ({ node, name })),
    suggested: `${folder}${folder.endsWith(separator) ? '' : separator}steward-${stamp}.zip`,
  }
}

/** True while something is under way that the steward may want to come back to. */
export function isUnderWay({ sending, import: incoming, export: outgoing }: BundleState): boolean {
  const state = incoming?.step.state
  return sending !== null || state === 'reading' || state === 'importing' || outgoing?.step.state === 'writing'
}

// What a bench and the app's process that it started say to each other.
import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { endWithRow } from './started.ts'

export type AppOrder =
  | { readonly type: 'create' }
  /** `until`: receipts in the ledger at which the ingest is over. */
  | { readonly type: 'choose'; readonly exchange: string; readonly until: number }
  /** Signs so many receipts, one after the other, as a person would. */
  | { readonly type: 'sign'; readonly count: number }
  /** Publishes everything into a folder; over once the head is written. */
  | { readonly type: 'publish'; readonly exchange: string }
  /** Until the ledger holds so many receipts. */
  | { readonly type: 'await'; readonly until: number }
  /** Signs receipts one by one, each until the own head in this folder names it. */
  | { readonly type: 'sign-published'; readonly exchange: string; readonly count: number }
  | { readonly type: 'stop' }

export interface Ingested {
  readonly type: 'ingested'
  readonly seconds: number
  /** Until the window was told of the first receipts. */
  readonly firstMs: number
  readonly blockMs: { readonly p999: number; readonly max: number }
  readonly peakMiB: number
}

export interface Awaited {
  readonly type: 'awaited'
  readonly ms: number
}

export interface Published {
  readonly type: 'published'
  /** Milliseconds, one for each receipt. */
  readonly taken: readonly number[]
}

export type AppReport =
  | { readonly type: 'ready'; readonly startMs: number }
  | { readonly type: 'done' }
  | Ingested
  | Awaited
  | Published

export interface App {
  /** Milliseconds from the start of the core until it answered. */
  readonly startMs: number
  tell<Type extends AppReport['type']>(order: AppOrder, answer: Type): Promise<Extract<AppReport, { type: Type }>>
  stop(): Promise<void>
}

export async function startApp(home: string): Promise<App> {
  const child = fork(new URL('./app-process.ts', import.meta.url), [home], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
  endWithRow(() => endChild(child))
  const { startMs } = await next(child, 'ready')
  return {
    startMs,
    tell(order, answer) {
      child.send(order)
      return next(child, answer)
    },
    async stop() {
      child.send({ type: 'stop' } satisfies AppOrder)
      await once(child, 'exit')
    },
  }
}

async function endChild(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = once(child, 'exit')
  child.kill('SIGKILL')
  await ended
}

function next<Type extends AppReport['type']>(
  child: ChildProcess,
  type: Type,
): Promise<Extract<AppReport, { type: Type }>> {
  return new Promise((resolve, reject) => {
    const ended = () => reject(new Error('The app of the bench ended.'))
    child.once('exit', ended)
    child.once('message', (report: AppReport) => {
      child.off('exit', ended)
      // The reports are AppReport's: app-process.ts sends nothing else.
      if (report.type === type) resolve(report as Extract<AppReport, { type: Type }>)
      else reject(new Error(`The app said ${report.type}, not ${type}.`))
    })
  })
}

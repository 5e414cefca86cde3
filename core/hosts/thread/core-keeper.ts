// Keeps a core running for a host: one that crashed is started again, but not for ever.
import { inspect } from 'node:util'
import type { ConnectionEvents, CoreConnection } from './core-connection.ts'
import type { CoreThread } from './core-thread.ts'

/** A core that crashes more often than this within `CRASH_WINDOW_MS` has a fault that starting again does not cure. */
const CRASHES_ALLOWED = 3
const CRASH_WINDOW_MS = 60_000

export interface CoreKeeper {
  /** Null while no core runs: faces try again, or show that it has gone. */
  connect(events: ConnectionEvents): CoreConnection | null
  stop(): Promise<void>
  /** Resolves when no core runs any more and none will: stopped, or given up on. */
  readonly over: Promise<'stopped' | 'gave-up'>
}

export interface CoreKeeperDeps {
  readonly start: () => Promise<CoreThread>
  /** Called with each core that has started, before anything connects to it. */
  readonly started: (core: CoreThread) => Promise<void>
  /** Milliseconds that only go forward. */
  readonly nowMs: () => number
  readonly log: (line: string) => void
}

/** @throws whatever kept the first core from starting. */
export async function keepCore(deps: CoreKeeperDeps): Promise<CoreKeeper> {
  const crashes: number[] = []
  let core: CoreThread | null = null
  let stopping = false

  const start = async () => {
    const fresh = await deps.start()
    await deps.started(fresh)
    core = fresh
    return fresh
  }

  const keep = async (first: CoreThread): Promise<'stopped' | 'gave-up'> => {
    for (let running = first; ;) {
      const end = await running.ended
      core = null
      if (stopping || end.how === 'stopped') return 'stopped'
      deps.log(`The core ended unexpectedly: ${inspect(end.error)}`)
      const now = deps.nowMs()
      crashes.push(now)
      if (crashes.filter((at) => now - at < CRASH_WINDOW_MS).length > CRASHES_ALLOWED) return 'gave-up'
      try {
        running = await start()
        if (stopping) await running.stop()
      } catch (thrown) {
        deps.log(`The core did not start again: ${String(thrown)}`)
        return 'gave-up'
      }
    }
  }

  const over = keep(await start())
  return {
    connect: (events) => core?.connect(events) ?? null,
    over,
    async stop() {
      stopping = true
      await core?.stop()
      await over
    },
  }
}

// The threads of a reconciliation. Answers come back in the order of the questions, so that which thread was faster does not show.
import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'
import { Piscina } from 'piscina'
import { invariant } from '#core/problem/index.ts'
import type { PathGroup } from './groups.ts'
import type { BatchAnswer, WorkSetting } from './work.ts'

export interface WorkPool {
  /** Answers batch by batch, in order; reads ahead only as far as keeps the threads busy. */
  answers(batches: Iterable<readonly PathGroup[]>): AsyncGenerator<BatchAnswer>
  close(): Promise<void>
}

/** One thread for each core where `threads` is not given, at most eight. */
export function createWorkPool(setting: WorkSetting, threads = availableParallelism()): WorkPool {
  const size = Math.max(1, Math.min(threads, MOST_THREADS))
  const pool = new Piscina<readonly PathGroup[], BatchAnswer>({
    filename: workerFile(),
    name: 'judge',
    minThreads: size,
    maxThreads: size,
    workerData: setting,
    // Untrusted bytes are parsed there: a thread that grows beyond this ends, and the run with it, not the machine. What is made for
    // one path is garbage at the next, so a small nursery costs nothing and keeps the whole small.
    resourceLimits: { maxOldGenerationSizeMb: 256, maxYoungGenerationSizeMb: 4 },
  })
  return {
    async *answers(batches) {
      const asked: Promise<BatchAnswer>[] = []
      for (const batch of batches) {
        const answer = pool.run(batch)
        // Where it fails that is met when its turn comes; until then nobody listens.
        answer.catch(() => undefined)
        asked.push(answer)
        if (asked.length < size * AHEAD_OF_EACH) continue
        yield await firstOf(asked)
      }
      while (asked.length > 0) yield await firstOf(asked)
    },
    close: () => pool.destroy(),
  }
}

const MOST_THREADS = 8
/** Batches that wait for each thread, so that none is idle while a folder is listed. */
const AHEAD_OF_EACH = 4

async function firstOf(asked: Promise<BatchAnswer>[]): Promise<BatchAnswer> {
  const first = asked.shift()
  invariant(first !== undefined, 'somebody was asked')
  return first
}

// Run from source this is a .ts file; bundled, the worker lies beside the bundle as .js.
function workerFile(): string {
  const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js'
  return fileURLToPath(new URL(`./reconcile.worker.${extension}`, import.meta.url))
}

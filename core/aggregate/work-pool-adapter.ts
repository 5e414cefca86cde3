// The threads of a reconciliation. Answers come back in the order of the questions, so that which thread was faster does not show.
import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'
import { Piscina } from 'piscina'
import { invariant } from '#core/problem/index.ts'
import type { PathBatch } from './groups.ts'
import type { BatchAnswer, WorkSetting } from './work.ts'

export interface PoolTask {
  readonly batch: PathBatch
  /** Where the ledger's lines are put: most of an answer. It goes back and forth, so that nothing is cloned or thrown away. */
  readonly room: ArrayBuffer
}

export type PoolAnswer = Omit<BatchAnswer, 'ledger'> & {
  /** UTF-8; holds until the next answer is asked for. */
  readonly ledger: Uint8Array<ArrayBuffer>
}

export interface WorkPool {
  /** Answers batch by batch, in order; reads ahead only as far as keeps the threads busy. */
  answers(batches: Iterable<PathBatch>): AsyncGenerator<PoolAnswer>
  close(): Promise<void>
}

/** One thread for each core where `threads` is not given, at most eight. */
export function createWorkPool(setting: WorkSetting, threads = availableParallelism()): WorkPool {
  const size = Math.max(1, Math.min(threads, MOST_THREADS))
  const pool = new Piscina<PoolTask, PoolAnswer>({
    filename: workerFile(),
    name: 'judge',
    minThreads: size,
    maxThreads: size,
    workerData: setting,
    // Untrusted bytes are parsed there: a thread that grows beyond this ends, and the run with it, not the machine. What is made for
    // one path is garbage at the next, so a small nursery costs nothing and keeps the whole small.
    resourceLimits: { maxOldGenerationSizeMb: 256, maxYoungGenerationSizeMb: 12 },
  })
  return {
    async *answers(batches) {
      const asked: Promise<PoolAnswer>[] = []
      const rooms: ArrayBuffer[] = []
      for (const batch of batches) {
        const room = rooms.pop() ?? new ArrayBuffer(ROOM_BYTES)
        const answer = pool.run({ batch, room }, { transferList: [room] })
        // Where it fails that is met when its turn comes; until then nobody listens.
        answer.catch(() => undefined)
        asked.push(answer)
        if (asked.length < size * AHEAD_OF_EACH) continue
        const first = await firstOf(asked)
        yield first
        rooms.push(first.ledger.buffer)
      }
      while (asked.length > 0) yield await firstOf(asked)
    },
    close: () => pool.destroy(),
  }
}

const MOST_THREADS = 8
/** Batches that wait for each thread, so that none is idle while a folder is listed. */
const AHEAD_OF_EACH = 4
/** A batch of common receipts fits; where one does not, its thread makes more room. */
const ROOM_BYTES = 512 * 1024

async function firstOf(asked: Promise<PoolAnswer>[]): Promise<PoolAnswer> {
  const first = asked.shift()
  invariant(first !== undefined, 'somebody was asked')
  return first
}

// Run from source this is a .ts file; bundled, the worker lies beside the bundle as .js.
function workerFile(): string {
  const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js'
  return fileURLToPath(new URL(`./reconcile.worker.${extension}`, import.meta.url))
}

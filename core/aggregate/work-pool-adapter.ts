// The threads of a reconciliation. Answers come back in the order of the questions, so that which thread was faster does not show.
import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'
import { Piscina } from 'piscina'
import { invariant } from '#core/problem/index.ts'
import { createSignatureChecker } from '#core/teof/index.ts'
import type { PathBatch } from './groups.ts'
import { createFileReader } from './read-file-adapter.ts'
import { createWork, type BatchAnswer, type WorkSetting } from './work.ts'

export interface PoolTask {
  readonly batch: PathBatch
  /** Where the ledger's lines are put: most of an answer. It goes back and forth, so that nothing is cloned or thrown away. */
  readonly room: ArrayBuffer
}

export type PoolAnswer = Omit<BatchAnswer, 'ledger'> & {
  /** UTF-8; holds until the next answer is asked for. */
  readonly ledger: Uint8Array<ArrayBuffer>
}

/**
 * Answers batch by batch, in order. Reads ahead only as far as keeps the threads busy: one for each core where `threads` is not given,
 * at most eight. What fits one batch is judged here, since starting threads would take longer.
 */
export async function* judgeBatches(
  setting: WorkSetting,
  batches: Iterator<PathBatch>,
  threads = availableParallelism(),
): AsyncGenerator<PoolAnswer> {
  const first = batches.next()
  if (first.done === true) return
  const second = batches.next()
  if (second.done === true) {
    const { ledger, ...answer } = createWork(setting, {
      reader: createFileReader(),
      checker: createSignatureChecker(),
    })(first.value)
    yield { ...answer, ledger: Buffer.from(ledger) }
    return
  }
  const size = Math.max(1, Math.min(threads, MOST_THREADS))
  const pool = startThreads(setting, size)
  try {
    yield* askedAhead(pool, chained([first.value, second.value], batches), size * AHEAD_OF_EACH)
  } finally {
    await pool.destroy()
  }
}

function startThreads(setting: WorkSetting, size: number): Piscina<PoolTask, PoolAnswer> {
  return new Piscina({
    filename: workerFile(),
    name: 'judge',
    minThreads: size,
    maxThreads: size,
    workerData: setting,
    // Untrusted bytes are parsed there: a thread that grows beyond this ends, and the run with it, not the machine. What is made for
    // one path is garbage at the next, so a small nursery costs nothing and keeps the whole small.
    resourceLimits: { maxOldGenerationSizeMb: 256, maxYoungGenerationSizeMb: 12 },
  })
}

async function* askedAhead(
  pool: Piscina<PoolTask, PoolAnswer>,
  batches: Iterable<PathBatch>,
  ahead: number,
): AsyncGenerator<PoolAnswer> {
  const asked: Promise<PoolAnswer>[] = []
  const rooms: ArrayBuffer[] = []
  for (const batch of batches) {
    const room = rooms.pop() ?? new ArrayBuffer(ROOM_BYTES)
    const answer = pool.run({ batch, room }, { transferList: [room] })
    // Where it fails that is met when its turn comes; until then nobody listens.
    answer.catch(() => undefined)
    asked.push(answer)
    if (asked.length < ahead) continue
    const first = await firstOf(asked)
    yield first
    rooms.push(first.ledger.buffer)
  }
  while (asked.length > 0) yield await firstOf(asked)
}

function* chained(front: readonly PathBatch[], rest: Iterator<PathBatch>): Generator<PathBatch> {
  yield* front
  for (let next = rest.next(); next.done !== true; next = rest.next()) yield next.value
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

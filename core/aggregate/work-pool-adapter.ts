// The threads of a reconciliation: this one and its helpers. Answers come back in the order of the questions, so that which thread
// was faster does not show. This thread judges too, whenever the helpers have enough before them: to start a thread and warm it up
// takes as long as judging some thousand files, and on two cores that is one start less, and nobody waits for the other.
import { availableParallelism } from 'node:os'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { Worker } from 'node:worker_threads'
import { createSignatureChecker } from '#core/teof/index.ts'
import type { PathBatch } from './groups.ts'
import { createFileReader } from './read-file-adapter.ts'
import { createWork, type BatchAnswer, type Work, type WorkSetting } from './work.ts'

export interface HelperTask {
  readonly batch: PathBatch
  /** For the ledger's lines. It goes back and forth, so that nothing is cloned or thrown away. */
  readonly room: ArrayBuffer
}

export interface ThreadOptions {
  /** How many there are in all. */
  readonly threads?: number
  /** reconcile.worker.ts as one bundle, which starts in half the time; the sources where there is none. */
  readonly helperFile?: URL | null
}

/**
 * Answers batch by batch, in order; the ledger's lines of one hold until the next is asked for. Reads ahead only as far as keeps
 * the threads busy: one for each core where `threads` is not given, at most eight. What fits one batch needs no helper.
 */
export async function* judgeBatches(
  setting: WorkSetting,
  batches: Iterator<PathBatch>,
  { threads = availableParallelism(), helperFile = null }: ThreadOptions,
): AsyncGenerator<BatchAnswer> {
  const work = createWork(setting, { reader: createFileReader(), checker: createSignatureChecker() })
  const first = batches.next()
  if (first.done === true) return
  const second = batches.next()
  if (second.done === true) {
    yield work(first.value, new ArrayBuffer(ROOM_BYTES))
    return
  }
  const helpers = Array.from(
    { length: Math.min(threads, MOST_THREADS) - 1 },
    () => new Helper(helperFile ?? workerFile(), setting),
  )
  try {
    yield* answersOf(chained([first.value, second.value], batches), work, helpers)
  } finally {
    await Promise.all(helpers.map((helper) => helper.end()))
  }
}

async function* answersOf(
  batches: Iterator<PathBatch>,
  work: Work,
  helpers: readonly Helper[],
): AsyncGenerator<BatchAnswer> {
  const asked: Asked[] = []
  const rooms: ArrayBuffer[] = []
  let next = batches.next()
  for (;;) {
    const [oldest] = asked
    if (oldest?.answer !== undefined) {
      asked.shift()
      yield oldest.answer
      rooms.push(oldest.answer.ledger.buffer)
    } else if (next.done !== true && asked.length < AHEAD_HERE + AHEAD_OF_EACH * helpers.length) {
      const batch = next.value
      const room = rooms.pop() ?? new ArrayBuffer(ROOM_BYTES)
      const helper = helpers.find(({ waiting }) => waiting < AHEAD_OF_EACH)
      if (helper !== undefined) asked.push(helper.ask({ batch, room }))
      else {
        asked.push({ answer: work(batch, room) })
        // The helpers' answers come in between.
        await nextTurn()
      }
      next = batches.next()
    } else if (oldest !== undefined) await oldest.done
    else return
  }
}

function* chained(front: readonly PathBatch[], rest: Iterator<PathBatch>): Generator<PathBatch> {
  yield* front
  for (let next = rest.next(); next.done !== true; next = rest.next()) yield next.value
}

const MOST_THREADS = 8
/** Batches that wait for each helper, so that none is idle while a folder is listed or a batch is judged here. */
const AHEAD_OF_EACH = 4
/** Answers of this thread that may wait for one of a helper. */
const AHEAD_HERE = 4
/** A batch of common receipts fits; where one does not, its thread makes more room. */
const ROOM_BYTES = 256 * 1024

interface Asked {
  answer?: BatchAnswer
  /** Settles when the answer is there; rejects where there will be none. */
  readonly done?: Promise<void>
}

/** One more thread. It answers in the order in which it was asked. */
class Helper {
  readonly #worker: Worker
  readonly #waiting: { readonly asked: Asked; readonly settle: PromiseWithResolvers<void> }[] = []
  #failure: Error | null = null

  constructor(file: URL, setting: WorkSetting) {
    this.#worker = new Worker(file, {
      workerData: setting,
      // Untrusted bytes are parsed there: a thread that grows beyond this ends, and the run with it, not the machine. What is made
      // for one path is garbage at the next, so a small nursery costs nothing and keeps the whole small.
      resourceLimits: { maxOldGenerationSizeMb: 256, maxYoungGenerationSizeMb: 12 },
    })
    this.#worker.on('message', (answer: BatchAnswer) => {
      const first = this.#waiting.shift()
      if (first === undefined) return
      first.asked.answer = answer
      first.settle.resolve()
    })
    this.#worker.on('error', (error) => this.#fail(error))
    this.#worker.on('exit', () => this.#fail(new Error('A thread of the reconciliation ended before it had answered.')))
  }

  /** Batches that it was given and has not answered. */
  get waiting(): number {
    return this.#waiting.length
  }

  ask(task: HelperTask): Asked {
    const settle = Promise.withResolvers<void>()
    const asked: Asked = { done: settle.promise }
    // Where it fails that is met when its turn comes; until then nobody listens.
    settle.promise.catch(() => undefined)
    if (this.#failure === null) {
      this.#waiting.push({ asked, settle })
      this.#worker.postMessage(task, [task.room])
    } else settle.reject(this.#failure)
    return asked
  }

  async end(): Promise<void> {
    await this.#worker.terminate()
  }

  #fail(error: unknown): void {
    this.#failure ??= error instanceof Error ? error : new Error(String(error))
    for (const { settle } of this.#waiting.splice(0)) settle.reject(this.#failure)
  }
}

// Run from source this is a .ts file; bundled, the worker lies beside the bundle as .js.
function workerFile(): URL {
  const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js'
  return new URL(`./reconcile.worker.${extension}`, import.meta.url)
}

// The threads of a reconciliation: this one and its helpers. Answers come back in the order of the questions, so that which thread
// was faster does not show. This thread judges too, whenever the helpers have enough before them: to start a thread and warm it up
// takes as long as judging some thousand files, and on two cores that is one start less, and nobody waits for the other.
import { availableParallelism } from 'node:os'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { Worker } from 'node:worker_threads'
import { createSignatureChecker } from '#core/teof/index.ts'
import type { PathBatch } from './groups.ts'
import { createFileReader } from './read-file-adapter.ts'
import { createWork, roomsOf, type BatchAnswer, type BatchOrder, type Work, type WorkSetting } from './work.ts'

export interface ThreadOptions {
  /** How many there are in all. */
  readonly threads?: number
  /** reconcile.worker.ts as one bundle, which starts in half the time; the sources where there is none. */
  readonly helperFile?: URL | null
}

/** Where batches come from, and what is known by the time that one is given out. */
export interface BatchSource {
  readonly batches: Iterator<PathBatch>
  readonly full: () => BatchOrder['full']
}

/**
 * Answers batch by batch, in order; the lines of one hold until the next is asked for. Reads ahead only as far as keeps
 * the threads busy: one for each core where `threads` is not given, at most eight. What fits one batch needs no helper.
 */
export async function* judgeBatches(
  setting: WorkSetting,
  { batches, full }: BatchSource,
  { threads = availableParallelism(), helperFile = null }: ThreadOptions,
): AsyncGenerator<BatchAnswer> {
  const work = createWork(setting, { reader: createFileReader(), checker: createSignatureChecker() })
  const first = batches.next()
  if (first.done === true) return
  const second = batches.next()
  if (second.done === true) {
    yield work({ batch: first.value, rooms: [], full: full() })
    return
  }
  const helpers = Array.from(
    { length: Math.min(threads, MOST_THREADS) - 1 },
    () => new Helper(helperFile ?? workerFile(), setting),
  )
  try {
    yield* answersOf({ batches: chained([first.value, second.value], batches), full }, work, helpers)
  } finally {
    await Promise.all(helpers.map((helper) => helper.end()))
  }
}

async function* answersOf(
  { batches, full }: BatchSource,
  work: Work,
  helpers: readonly Helper[],
): AsyncGenerator<BatchAnswer> {
  const asked: Asked[] = []
  const free: ArrayBuffer[][] = []
  let next = batches.next()
  for (;;) {
    const [oldest] = asked
    if (oldest?.answer !== undefined) {
      asked.shift()
      yield oldest.answer
      free.push(roomsOf(oldest.answer))
    } else if (next.done !== true && asked.length < AHEAD_HERE + AHEAD_OF_EACH * helpers.length) {
      const order = { batch: next.value, rooms: free.pop() ?? [], full: full() }
      const helper = helpers.find(({ waiting }) => waiting < AHEAD_OF_EACH)
      if (helper !== undefined) asked.push(helper.ask(order))
      else {
        asked.push({ answer: work(order) })
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

  ask(order: BatchOrder): Asked {
    const settle = Promise.withResolvers<void>()
    const asked: Asked = { done: settle.promise }
    // Where it fails that is met when its turn comes; until then nobody listens.
    settle.promise.catch(() => undefined)
    if (this.#failure === null) {
      this.#waiting.push({ asked, settle })
      this.#worker.postMessage(order, order.rooms)
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

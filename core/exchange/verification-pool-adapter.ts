// The pool of worker threads that read, parse, hash and verify; signature checking is the wall, so it gets every core.
import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'
import { Piscina } from 'piscina'
import { codeOf } from '#core/problem/index.ts'
import { LIMITS } from '#core/receipts/index.ts'
import { inMemory } from './verification.ts'
import type { BytesReading, BytesTask, SegmentReading, SegmentTask, VerificationPool } from './verification.ts'
import { unpackReceipts, type PackedReceipts } from './verified-transfer.ts'

export interface PoolWorkerData {
  readonly ledgerFile: string
  readonly slowChecksPerMinute: number
}

export type PoolTask =
  | { readonly type: 'segment'; readonly task: SegmentTask }
  | { readonly type: 'bytes'; readonly task: BytesTask }
  | { readonly type: 'lines'; readonly lines: readonly string[]; readonly source: string }

export type PoolAnswer =
  | { readonly type: 'segment'; readonly reading: SegmentReading<PackedReceipts> }
  | { readonly type: 'bytes'; readonly reading: BytesReading<PackedReceipts> }
  | { readonly type: 'lines'; readonly verified: PackedReceipts; readonly failed: readonly number[] }

export interface PoolOptions {
  /** Read by the workers beside the one writer, to see which receipts are known. */
  readonly ledgerFile: string
  /** One for each core where it is not given, at most eight. */
  readonly threads?: number
}

/** Starts with one thread that stays warm; the others come when there is work and go after half a minute without. */
export function createVerificationPool({ ledgerFile, threads }: PoolOptions): VerificationPool {
  const size = Math.max(1, Math.min(threads ?? availableParallelism(), MOST_THREADS))
  const workerData: PoolWorkerData = {
    ledgerFile,
    // The ration is kept in each thread, so each gets its share.
    slowChecksPerMinute: Math.max(1, Math.floor(LIMITS.slowChecksPerMinute / size)),
  }
  const pool = new Piscina<PoolTask, PoolAnswer>({
    filename: workerFile(),
    name: 'work',
    minThreads: 1,
    maxThreads: size,
    idleTimeout: IDLE_MS,
    // The one thread that writes is the narrow place: where all want a core it goes first, and the window before it.
    niceIncrement: 5,
    workerData,
    // Untrusted bytes are parsed there: a thread that grows beyond this ends, and its task fails, not the app.
    // Lines come and go by the segment: in a smaller nursery they are moved about before they die, in a larger one they only take memory.
    resourceLimits: { maxOldGenerationSizeMb: 512, maxYoungGenerationSizeMb: 24 },
  })

  return {
    size,
    async readSegment(task) {
      try {
        const answer = await pool.run({ type: 'segment', task })
        return answer.type === 'segment' ? unpackReading(answer.reading) : { result: 'failed', code: 'unknown' }
      } catch (error) {
        return { result: 'failed', code: codeOf(error) ?? 'unknown' }
      }
    },
    async judgeBytes(task) {
      // One copy, which then moves to the thread: the caller's bytes may be a view of something larger.
      const bytes = new Uint8Array(task.bytes)
      try {
        const answer = await pool.run({ type: 'bytes', task: { ...task, bytes } }, { transferList: [bytes.buffer] })
        return answer.type === 'bytes' ? unpackBytes(answer.reading) : { result: 'failed', code: 'unknown' }
      } catch (error) {
        return { result: 'failed', code: codeOf(error) ?? 'unknown' }
      }
    },
    async verifyLines(lines, source) {
      const answer = await pool.run({ type: 'lines', lines, source })
      if (answer.type !== 'lines') return { verified: inMemory().done(), failed: [] }
      return { verified: unpackReceipts(answer.verified), failed: answer.failed }
    },
    close: () => pool.destroy(),
  }
}

const MOST_THREADS = 8
const IDLE_MS = 30_000

function unpackReading(reading: SegmentReading<PackedReceipts>): SegmentReading {
  return reading.result === 'read' ? { ...reading, verified: unpackReceipts(reading.verified) } : reading
}

function unpackBytes(reading: BytesReading<PackedReceipts>): BytesReading {
  return reading.result === 'read' ? { ...reading, verified: unpackReceipts(reading.verified) } : reading
}

// Run from source this is a .ts file; bundled, the worker lies beside the bundle as .js.
function workerFile(): string {
  const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js'
  return fileURLToPath(new URL(`./verify.worker.${extension}`, import.meta.url))
}

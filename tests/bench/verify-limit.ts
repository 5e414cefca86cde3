// The limit of every ingest: how many signatures a second two worker threads check with the library in use.
import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import type { VerifiedReceipt } from '#core/receipts/index.ts'
import { secondsOf } from './measure.ts'

const THREADS = 2

export interface VerifyLimit {
  /** Signatures a second. */
  measure(): Promise<number>
  close(): Promise<void>
}

export async function startVerifyLimit(
  receipts: readonly VerifiedReceipt[],
  native: 'node' | 'sodium',
): Promise<VerifyLimit> {
  const share = Math.ceil(receipts.length / THREADS)
  const workers = Array.from({ length: THREADS }, (_, thread) => {
    const lines = receipts.slice(thread * share, (thread + 1) * share).map((receipt) => receipt.line)
    return new Worker(new URL('./verify-limit.worker.ts', import.meta.url), { workerData: { lines, native } })
  })
  await Promise.all(workers.map((worker) => once(worker, 'message')))
  return {
    async measure() {
      const seconds = await secondsOf(() =>
        Promise.all(
          workers.map((worker) => {
            worker.postMessage('go')
            return once(worker, 'message')
          }),
        ),
      )
      return receipts.length / seconds
    },
    async close() {
      await Promise.all(workers.map((worker) => worker.terminate()))
    },
  }
}

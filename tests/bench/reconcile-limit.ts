// What no reconciliation can be faster than, file by file: reading, hashing and checking signatures on as many threads.
import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { secondsOf } from './measure.ts'
import type { TeofNodes } from './teof-nodes.ts'

export interface ReconcileLimit {
  /** Files a second. */
  measure(order: 'read' | 'verify'): Promise<number>
  close(): Promise<void>
}

export async function startReconcileLimit({ files, publicKey }: TeofNodes, threads: number): Promise<ReconcileLimit> {
  const share = Math.ceil(files.length / threads)
  const workers = Array.from({ length: threads }, (_, thread) => {
    const workerData = { files: files.slice(thread * share, (thread + 1) * share), publicKey }
    return new Worker(new URL('./reconcile-limit.worker.ts', import.meta.url), { workerData })
  })
  await Promise.all(workers.map((worker) => once(worker, 'message')))
  return {
    async measure(order) {
      const seconds = await secondsOf(() =>
        Promise.all(
          workers.map((worker) => {
            worker.postMessage(order)
            return once(worker, 'message')
          }),
        ),
      )
      return files.length / seconds
    },
    async close() {
      await Promise.all(workers.map((worker) => worker.terminate()))
    },
  }
}

// A helping thread of a reconciliation: it reads, hashes, verifies and judges batches of paths.
import { parentPort, workerData } from 'node:worker_threads'
import { createSignatureChecker } from '#core/teof/index.ts'
import { createFileReader } from './read-file-adapter.ts'
import { createWork, roomsOf, type BatchOrder, type WorkSetting } from './work.ts'

// Given by work-pool-adapter.ts, which is the only one to start this file.
const work = createWork(workerData as WorkSetting, { reader: createFileReader(), checker: createSignatureChecker() })

parentPort?.on('message', (order: BatchOrder) => {
  const answer = work(order)
  parentPort?.postMessage(answer, roomsOf(answer))
})

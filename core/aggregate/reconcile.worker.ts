// One thread of a reconciliation: it reads, hashes, verifies and judges batches of paths.
import { move, transferableSymbol, valueSymbol, workerData } from 'piscina'
import { createSignatureChecker } from '#core/teof/index.ts'
import { createFileReader } from './read-file-adapter.ts'
import { createWork, type WorkSetting } from './work.ts'
import type { PoolAnswer, PoolTask } from './work-pool-adapter.ts'

// Given by work-pool-adapter.ts, which is the only one to start this file.
const work = createWork(workerData as WorkSetting, { reader: createFileReader(), checker: createSignatureChecker() })

/** Called by the pool, by name. */
export function judge({ batch, room }: PoolTask): unknown {
  const answer = work(batch)
  const ledger = textIn(room, answer.ledger)
  return move({ [transferableSymbol]: [ledger.buffer], [valueSymbol]: { ...answer, ledger } satisfies PoolAnswer })
}

function textIn(room: ArrayBuffer, text: string): Uint8Array<ArrayBuffer> {
  const length = Buffer.byteLength(text)
  const enough = length <= room.byteLength ? room : new ArrayBuffer(2 * length)
  Buffer.from(enough).write(text)
  return new Uint8Array(enough, 0, length)
}

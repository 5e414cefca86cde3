// One thread of a reconciliation: it reads, hashes, verifies and judges batches of paths.
import { move, transferableSymbol, valueSymbol, workerData } from 'piscina'
import { createSignatureChecker } from '#core/teof/index.ts'
import type { PathGroup } from './groups.ts'
import { createFileReader } from './read-file-adapter.ts'
import { createWork, type WorkSetting } from './work.ts'

// Given by work-pool-adapter.ts, which is the only one to start this file.
const work = createWork(workerData as WorkSetting, { reader: createFileReader(), checker: createSignatureChecker() })

/** Called by the pool, by name. */
export function judge(groups: readonly PathGroup[]): unknown {
  const answer = work(groups)
  return move({ [transferableSymbol]: [answer.ledger.buffer], [valueSymbol]: answer })
}

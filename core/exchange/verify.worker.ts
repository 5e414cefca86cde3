// One thread of the verification pool: reads a segment, parses, hashes, looks up what the ledger holds, verifies the rest.
import { move, transferableSymbol, valueSymbol, workerData } from 'piscina'
import { knownIds, openLedgerForReading } from '#core/ledger/index.ts'
import { createVerifier } from '#core/receipts/index.ts'
import { codeOf } from './errno.ts'
import type { SegmentJudge } from './segment.ts'
import { readSegmentFile } from './segment-file-adapter.ts'
import { bytesReadingOf, readingOf, slowCheckRation, verifyAgain } from './verification.ts'
import type { SegmentReading, SegmentTask } from './verification.ts'
import type { PackedBytes, PackedReading, PoolAnswer, PoolTask, PoolWorkerData } from './verification-pool-adapter.ts'
import { packReceipts, transferList, type PackedReceipts } from './verified-transfer.ts'

// Given by verification-pool-adapter.ts, which is the only one to start this file.
const { ledgerFile, slowChecksPerMinute } = workerData as PoolWorkerData

const { read } = openLedgerForReading(ledgerFile)
const verifier = createVerifier({
  native: 'sodium',
  slowChecksAllowed: slowCheckRation(slowChecksPerMinute, () => performance.now()),
})
const judge: SegmentJudge = { verifier, known: (ids) => knownIds(read, ids) }

/** Called by the pool, by name. */
export function work(task: PoolTask): unknown {
  if (task.type === 'lines') {
    const { verified, failed } = verifyAgain(task.lines, task.source, verifier)
    const packed = packReceipts(verified)
    return moved({ type: 'lines', verified: packed, failed }, packed)
  }
  if (task.type === 'bytes') {
    const judged = bytesReadingOf(task.task, judge)
    if (judged.result !== 'read') return { type: 'bytes', reading: judged } satisfies PoolAnswer
    const packed = packReceipts(judged.verified.slice(0, judged.verified.count))
    return moved({ type: 'bytes', reading: { ...judged, verified: packed } satisfies PackedBytes }, packed)
  }
  const reading = readSegment(task.task)
  if (reading.result !== 'read') return { type: 'segment', reading } satisfies PoolAnswer
  const packed = packReceipts(reading.verified.slice(0, reading.verified.count))
  const answer: PackedReading = { ...reading, verified: packed }
  return moved({ type: 'segment', reading: answer }, packed)
}

function readSegment(task: SegmentTask): SegmentReading {
  try {
    const file = readSegmentFile(task.path)
    return file === null ? { result: 'gone' } : readingOf(file.bytes, file.stat, task, judge)
  } catch (error) {
    return { result: 'failed', code: codeOf(error) ?? 'unknown' }
  }
}

function moved(answer: PoolAnswer, packed: PackedReceipts): unknown {
  return move({ [transferableSymbol]: transferList(packed), [valueSymbol]: answer })
}

// One thread of the verification pool: reads a segment, parses, hashes, looks up what the ledger holds, verifies the rest.
import { move, transferableSymbol, valueSymbol, workerData } from 'piscina'
import { knownAmong, openLedgerForReading } from '#core/ledger/index.ts'
import { codeOf } from '#core/problem/index.ts'
import { createVerifier } from '#core/receipts/index.ts'
import type { SegmentJudge } from './segment.ts'
import { readSegmentFile } from './segment-file-adapter.ts'
import { bytesReadingOf, readingOf, slowCheckRation, verifyAgain } from './verification.ts'
import type { SegmentReading, SegmentTask } from './verification.ts'
import type { PoolAnswer, PoolTask, PoolWorkerData } from './verification-pool-adapter.ts'
import { packer, transferList, type PackedReceipts } from './verified-transfer.ts'

// Given by verification-pool-adapter.ts, which is the only one to start this file.
const { ledgerFile, slowChecksPerMinute } = workerData as PoolWorkerData

const { read } = openLedgerForReading(ledgerFile)
const verifier = createVerifier({
  native: 'sodium',
  slowChecksAllowed: slowCheckRation(slowChecksPerMinute, () => performance.now()),
})
const judge: SegmentJudge = { verifier, known: (candidates) => knownAmong(read, candidates) }

/** Called by the pool, by name. */
export function work(task: PoolTask): unknown {
  switch (task.type) {
    case 'segment': {
      const reading = readSegment(task.task)
      return answered({ type: 'segment', reading }, reading.result === 'read' ? reading.verified : null)
    }
    case 'bytes': {
      const reading = bytesReadingOf(task.task, judge, packer(task.task.bytes.length))
      return answered({ type: 'bytes', reading }, reading.result === 'read' ? reading.verified : null)
    }
    case 'lines': {
      const { take, done } = packer(task.lines.reduce((sum, line) => sum + Buffer.byteLength(line), 0))
      const failed = verifyAgain(task.lines, task.source, verifier, take)
      const verified = done()
      return answered({ type: 'lines', verified, failed }, verified)
    }
  }
}

function readSegment(task: SegmentTask): SegmentReading<PackedReceipts> {
  try {
    const file = readSegmentFile(task.path)
    if (file === null) return { result: 'gone' }
    return readingOf(file.bytes, file.stat, task, judge, packer(file.bytes.length))
  } catch (error) {
    return { result: 'failed', code: codeOf(error) ?? 'unknown' }
  }
}

function answered(answer: PoolAnswer, packed: PackedReceipts | null): unknown {
  return packed === null ? answer : move({ [transferableSymbol]: transferList(packed), [valueSymbol]: answer })
}

// Reading and judging segments, wherever it runs: in worker threads (verification-pool-adapter.ts) or in process (here).
import type { Instant, NodeId } from '#core/contract/index.ts'
import { codeOf } from '#core/problem/index.ts'
import { createVerifier, LIMITS, parseLine } from '#core/receipts/index.ts'
import type { SegmentRange, VerifiedReceipt, Verifier } from '#core/receipts/index.ts'
import type { FileStat, FolderAdapter } from './folder-adapter.ts'
import { judgeLines, judgeSegment, QUARANTINE_BYTES, sha256Of } from './segment.ts'
import type { SegmentJudge, SegmentJudgement } from './segment.ts'

export interface SegmentTask extends SegmentRange {
  /** Absolute. */
  readonly path: string
  readonly node: NodeId
  /** As the caller saw the file; if it differs before or after reading, the file is still changing. */
  readonly stat: Pick<FileStat, 'sizeBytes' | 'mtimeNs'>
  /** Hashes of contents that need not be read again: what was read under this name, or the original of a conflict copy. */
  readonly settled: readonly string[]
}

/** Lines that lie in memory already, out of a bundle. */
export interface BytesTask {
  readonly bytes: Uint8Array
  /** The segment that its name says it is; null for lines of anybody, each judged by itself. */
  readonly segment: (SegmentRange & { readonly node: NodeId }) | null
  /** Slow checks are rationed by source: a node, or a bundle. */
  readonly source: string
}

/** What `judgeBytes` answers; `unfinished` where the bytes are no whole segment. */
export type BytesReading<Verified = VerifiedBatch> = Extract<
  SegmentReading<Verified>,
  { result: 'read' | 'unfinished' | 'failed' }
>

/** `verified` holds what is not in the ledger yet and is signed by who it says, in the order of the file. */
export type SegmentReading<Verified = VerifiedBatch> =
  | { readonly result: 'gone' }
  | { readonly result: 'changing' }
  | { readonly result: 'failed'; readonly code: string }
  | { readonly result: 'too-large'; readonly sizeBytes: number }
  | { readonly result: 'settled'; readonly sha256: string }
  | { readonly result: 'unfinished'; readonly sha256: string; readonly bytes: Uint8Array }
  | ({ readonly result: 'read'; readonly sha256: string; readonly verified: Verified } & SegmentJudgement)

/** Gathers verified receipts in the form in which they are answered. */
export interface Collector<Verified> {
  readonly take: (receipt: VerifiedReceipt) => void
  readonly done: () => Verified
}

/** Verified receipts that are unpacked in pieces, so that no thread is held up by thousands at once. */
export interface VerifiedBatch {
  readonly count: number
  slice(from: number, to: number): readonly VerifiedReceipt[]
}

export interface VerifiedLines {
  readonly verified: VerifiedBatch
  /** Positions of the lines that do not hold. */
  readonly failed: readonly number[]
}

export interface VerificationPool {
  /** How many segments may be asked for at once without one waiting for another. */
  readonly size: number
  /** There will be segments to read: what takes a while to start may start now. */
  readonly expect?: () => void
  /** Never rejects for what the file holds. */
  readSegment(task: SegmentTask): Promise<SegmentReading>
  /** Judges lines that were read already. */
  judgeBytes(task: BytesTask): Promise<BytesReading>
  /**
   * For lines that this app verified and stored before: checks them again, since between the two lay a disk.
   * A line that is neither verified nor failed could not be checked now.
   */
  verifyLines(lines: readonly string[], source: string): Promise<VerifiedLines>
  close(): Promise<void>
}

export interface InlineVerification {
  readonly folders: FolderAdapter
  readonly known: SegmentJudge['known']
  readonly clock: () => Instant
}

/** Judges on the calling thread: for small syncs from the command line, for tests and for the simulator. */
export function inlineVerification({ folders, known, clock }: InlineVerification): VerificationPool {
  const verifier = createVerifier({
    native: 'sodium',
    slowChecksAllowed: slowCheckRation(LIMITS.slowChecksPerMinute, () => Date.parse(clock())),
  })
  const judge: SegmentJudge = { verifier, known }
  return {
    size: 1,
    async readSegment(task) {
      try {
        const bytes = await folders.read(task.path, LIMITS.segmentBytes)
        const stat = await folders.stat(task.path)
        if (bytes === null || stat === null) return { result: 'gone' }
        return readingOf(bytes, stat, task, judge, inMemory())
      } catch (error) {
        return { result: 'failed', code: codeOf(error) ?? 'unknown' }
      }
    },
    judgeBytes: (task) => Promise.resolve(bytesReadingOf(task, judge, inMemory())),
    verifyLines(lines, source) {
      const { take, done } = inMemory()
      const failed = verifyAgain(lines, source, verifier, take)
      return Promise.resolve({ verified: done(), failed })
    },
    close: () => Promise.resolve(),
  }
}

/** What `readSegment` answers once the bytes are there. `stat` was taken after reading. */
export function readingOf<Verified>(
  bytes: Uint8Array,
  stat: Pick<FileStat, 'sizeBytes' | 'mtimeNs'>,
  task: SegmentTask,
  judge: SegmentJudge,
  collector: Collector<Verified>,
): SegmentReading<Verified> {
  if (stat.sizeBytes !== task.stat.sizeBytes || stat.mtimeNs !== task.stat.mtimeNs) return { result: 'changing' }
  if (stat.sizeBytes > LIMITS.segmentBytes) return { result: 'too-large', sizeBytes: stat.sizeBytes }
  if (bytes.length !== stat.sizeBytes) return { result: 'changing' }
  const sha256 = sha256Of(bytes)
  if (task.settled.includes(sha256)) return { result: 'settled', sha256 }
  const judgement = judgeSegment(bytes, task.node, task, judge, collector.take)
  if (judgement === null) return { result: 'unfinished', sha256, bytes: bytes.slice(0, QUARANTINE_BYTES) }
  return { result: 'read', sha256, ...judgement, verified: collector.done() }
}

/** What `judgeBytes` answers. */
export function bytesReadingOf<Verified>(
  { bytes, segment, source }: BytesTask,
  judge: SegmentJudge,
  { take, done }: Collector<Verified>,
): BytesReading<Verified> {
  const sha256 = sha256Of(bytes)
  const judgement =
    segment === null ? judgeLines(bytes, source, judge, take) : judgeSegment(bytes, segment.node, segment, judge, take)
  if (judgement === null) return { result: 'unfinished', sha256, bytes: bytes.slice(0, QUARANTINE_BYTES) }
  return { result: 'read', sha256, ...judgement, verified: done() }
}

/** Answers the positions of the lines that do not hold. */
export function verifyAgain(
  lines: readonly string[],
  source: string,
  verifier: Verifier,
  take: (receipt: VerifiedReceipt) => void,
): readonly number[] {
  const failed: number[] = []
  for (const [index, line] of lines.entries()) {
    const parsed = parseLine(Buffer.from(line, 'utf8'))
    const verdict = parsed.ok ? verifier.verify(parsed.value, source) : parsed
    if (verdict.ok === true) take(verdict.value)
    else if (verdict.ok === false) failed.push(index)
  }
  return failed
}

/** Keeps the receipts as they are, for whoever asked in the same thread. */
export function inMemory(): Collector<VerifiedBatch> {
  const verified: VerifiedReceipt[] = []
  return {
    take: (receipt) => void verified.push(receipt),
    done: () => ({ count: verified.length, slice: (from, to) => verified.slice(from, to) }),
  }
}

/** So many slow checks a minute for each source, and not for more sources at once than are admitted at most. */
export function slowCheckRation(perMinute: number, nowMs: () => number): (source: string) => boolean {
  const windows = new Map<string, { startMs: number; used: number }>()
  return (source) => {
    const now = nowMs()
    const window = windows.get(source)
    if (window === undefined || now - window.startMs >= 60_000 || now < window.startMs) {
      if (windows.size >= SOURCES) windows.clear()
      windows.set(source, { startMs: now, used: 1 })
      return true
    }
    if (window.used >= perMinute) return false
    window.used++
    return true
  }
}

const SOURCES = 1_000

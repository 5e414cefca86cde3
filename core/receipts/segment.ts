// A segment: receipts of one feed, one canonical line each, in the order of their seq, in a file named by its range. Files
// arrive half written, cut short or zero-filled; what is whole is read, and the rest is waited for.
import type { NodeId } from '#core/contract/index.ts'
import { parseLine } from './line.ts'
import { LIMITS } from './limits.ts'
import { refused } from './refusal.ts'
import type { Candidate, Parsed } from './types.ts'

export interface SegmentRange {
  readonly first: number
  readonly last: number
}

export interface Segment {
  /** False while lines of the range are missing, the last one is cut off or the file ends in zeros: read it again later. */
  readonly complete: boolean
  /** One judgement for each whole line, in the order of the file. */
  readonly lines: readonly Parsed<Candidate>[]
}

export interface SegmentExpected extends SegmentRange {
  /** Whose feed it must be; left out where the lines may be anybody's. */
  readonly node?: NodeId
}

/** Judges the bytes of a segment file, line by line. Never throws. */
export function parseSegment(bytes: Uint8Array, expected: SegmentExpected): Segment {
  if (bytes.length > LIMITS.segmentBytes) return refusedWhole(`It has more than ${LIMITS.segmentBytes} bytes.`)
  const count = expected.last - expected.first + 1
  if (count > LIMITS.segmentLines) return refusedWhole(`Its name promises more than ${LIMITS.segmentLines} receipts.`)

  // What ext4 leaves after a power loss, and some sync tools while they copy: the right length, filled with zeros.
  const end = endWithoutZeros(bytes)
  const lines: Parsed<Candidate>[] = []
  let from = 0
  while (from < end) {
    const newline = bytes.indexOf(NEWLINE, from)
    if (newline < 0) break
    if (lines.length >= count) {
      lines.push(refused('bad-segment', `It has more lines than the ${count} that its name promises.`))
      return { complete: true, lines }
    }
    lines.push(parseAt(bytes.subarray(from, newline), expected.first + lines.length, expected))
    from = newline + 1
  }
  return { complete: lines.length === count && from === bytes.length, lines }
}

/** `<first>-<last>.jsonl`. */
export function segmentName(first: number, last: number): string {
  return `${first}-${last}.jsonl`
}

/** The range that a file name promises; null for a name that is none of ours. */
export function parseSegmentName(name: string): SegmentRange | null {
  const [, firstText, lastText] = /^([1-9]\d{0,15})-([1-9]\d{0,15})\.jsonl$/.exec(name) ?? []
  const first = Number(firstText)
  const last = Number(lastText)
  if (!Number.isSafeInteger(first) || !Number.isSafeInteger(last)) return null
  return last >= first && last - first < LIMITS.segmentLines ? { first, last } : null
}

const NEWLINE = 0x0a

function parseAt(line: Uint8Array, seq: number, expected: SegmentExpected): Parsed<Candidate> {
  const parsed = parseLine(line)
  if (!parsed.ok) return parsed
  const { receipt } = parsed.value
  if (expected.node !== undefined && receipt.node !== expected.node) {
    return refused('wrong-node', `A receipt of ${receipt.node} lies in the feed of ${expected.node}.`, receipt.node)
  }
  if (receipt.seq !== seq) {
    return refused('bad-segment', `Its name promises seq ${seq} here; the receipt has ${receipt.seq}.`, receipt.node)
  }
  return parsed
}

function endWithoutZeros(bytes: Uint8Array): number {
  let end = bytes.length
  while (end > 0 && bytes[end - 1] === 0) end--
  return end
}

function refusedWhole(detail: string): Segment {
  return { complete: true, lines: [refused('bad-segment', detail)] }
}

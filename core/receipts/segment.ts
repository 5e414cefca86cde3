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
  /** One judgement for each whole line, in the order of the file; each line is parsed when it is asked for. */
  readonly lines: Iterable<Parsed<Candidate>>
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
  const { whole, wholeEnd } = wholeLines(bytes, end, count + 1)
  return {
    complete: whole > count || (whole === count && wholeEnd === bytes.length),
    lines: linesOf(bytes, end, expected),
  }
}

function* linesOf(bytes: Uint8Array, end: number, expected: SegmentExpected): Generator<Parsed<Candidate>> {
  const count = expected.last - expected.first + 1
  let from = 0
  for (let index = 0; from < end; index++) {
    const newline = bytes.indexOf(NEWLINE, from)
    if (newline < 0 || newline >= end) return
    if (index >= count) {
      yield refused('bad-segment', `It has more lines than the ${count} that its name promises.`)
      return
    }
    yield parseAt(bytes.subarray(from, newline), expected.first + index, expected)
    from = newline + 1
  }
}

/** How many lines are whole, counted up to `most`, and where the last of them ends. */
function wholeLines(
  bytes: Uint8Array,
  end: number,
  most: number,
): { readonly whole: number; readonly wholeEnd: number } {
  let whole = 0
  let wholeEnd = 0
  while (whole < most && wholeEnd < end) {
    const newline = bytes.indexOf(NEWLINE, wholeEnd)
    if (newline < 0 || newline >= end) break
    whole++
    wholeEnd = newline + 1
  }
  return { whole, wholeEnd }
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

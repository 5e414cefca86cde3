// bytes of one segment file -> what is new in it, verified. Nothing of a file is used before the file is whole: a sync tool
// may show any part of it first, with the right size even, and zeros where content is still to come.
import { hash } from 'node:crypto'
import type { NodeId, ReceiptId } from '#core/contract/index.ts'
import { parseLine, parseSegment } from '#core/receipts/index.ts'
import type { Candidate, Refusal, SegmentRange, VerifiedReceipt, Verifier } from '#core/receipts/index.ts'

export interface LineRefusal {
  readonly refusal: Refusal
  /** Position in the file, from 1. */
  readonly lineNumber: number
  /** The line itself, a copy: a view would keep, and send between threads, the whole file. */
  readonly bytes: Uint8Array
}

export interface SegmentJudgement {
  /** Not in the ledger yet, and signed by the node. In the order of the file. */
  readonly verified: readonly VerifiedReceipt[]
  readonly known: number
  readonly refused: readonly LineRefusal[]
  /** Lines from where the segment was stopped; nothing is said about them. */
  readonly deferred: number
  /**
   * `bad-signature`: the rest would cost more to check than it can be worth, so it is not looked at until the file changes.
   * `ration`: this source has used up its slow checks; the rest is asked for again later.
   */
  readonly stopped: 'bad-signature' | 'ration' | null
  /** Signatures that were checked. */
  readonly checked: number
}

export interface SegmentJudge {
  readonly verifier: Verifier
  /** Those of the ids that the ledger holds already: their signatures are not checked again. */
  readonly known: (ids: readonly ReceiptId[]) => ReadonlySet<ReceiptId>
}

/** Null where the file cannot be whole yet; otherwise every line of it is accounted for. */
export function judgeSegment(
  bytes: Uint8Array,
  node: NodeId,
  range: SegmentRange,
  judge: SegmentJudge,
): SegmentJudgement | null {
  // No line may hold a NUL, so one anywhere is a block that has not been copied yet.
  if (bytes.includes(0)) return null
  const segment = parseSegment(bytes, { ...range, node })
  if (!segment.complete) return null

  const lineAt = lineReader(bytes)
  const refused: LineRefusal[] = []
  const candidates: { readonly candidate: Candidate; readonly lineNumber: number }[] = []
  for (const [index, parsed] of segment.lines.entries()) {
    const lineNumber = index + 1
    if (parsed.ok) candidates.push({ candidate: parsed.value, lineNumber })
    else refused.push({ refusal: parsed.refusal, lineNumber, bytes: lineAt(lineNumber) })
  }
  return verifyCandidates(candidates, node, judge, lineAt, refused)
}

/** Receipts of anybody, one on each line, in no order that is promised. An end without a newline is a line too. */
export function judgeLines(bytes: Uint8Array, source: string, judge: SegmentJudge): SegmentJudgement {
  const lineAt = lineReader(bytes)
  const refused: LineRefusal[] = []
  const candidates: { readonly candidate: Candidate; readonly lineNumber: number }[] = []
  let lineNumber = 0
  for (let from = 0; from < bytes.length;) {
    const newline = bytes.indexOf(NEWLINE, from)
    const end = newline < 0 ? bytes.length : newline
    lineNumber++
    const parsed = parseLine(bytes.subarray(from, end))
    if (parsed.ok) candidates.push({ candidate: parsed.value, lineNumber })
    else if (end > from) refused.push({ refusal: parsed.refusal, lineNumber, bytes: lineAt(lineNumber) })
    from = end + 1
  }
  return verifyCandidates(candidates, source, judge, lineAt, refused)
}

function verifyCandidates(
  candidates: readonly { readonly candidate: Candidate; readonly lineNumber: number }[],
  source: string,
  judge: SegmentJudge,
  lineAt: (lineNumber: number) => Uint8Array,
  refusedBefore: readonly LineRefusal[],
): SegmentJudgement {
  const knownIds = judge.known(candidates.map(({ candidate }) => candidate.id))
  const verified: VerifiedReceipt[] = []
  let known = 0
  let checked = 0
  for (const [index, { candidate, lineNumber }] of candidates.entries()) {
    if (knownIds.has(candidate.id)) {
      known++
      continue
    }
    const verdict = judge.verifier.verify(candidate, source)
    if (verdict.ok === 'deferred') {
      const deferred = candidates.length - index
      return { verified, known, refused: refusedBefore, deferred, stopped: 'ration', checked }
    }
    checked++
    if (verdict.ok) {
      verified.push(verdict.value)
      continue
    }
    const refused = [...refusedBefore, { refusal: verdict.refusal, lineNumber, bytes: lineAt(lineNumber) }]
    const deferred = candidates.length - index - 1
    return { verified, known, refused, deferred, stopped: 'bad-signature', checked }
  }
  return { verified, known, refused: refusedBefore, deferred: 0, stopped: null, checked }
}

/** `sha256` of a file's bytes, hex: how content is recognised again under another time or name. */
export function sha256Of(bytes: Uint8Array): string {
  return hash('sha256', bytes, 'hex')
}

/** What quarantine keeps of one file at most. */
export const QUARANTINE_BYTES = 1024 * 1024

const NEWLINE = 0x0a

/** A copy of one line, by its number from 1. */
function lineReader(bytes: Uint8Array): (lineNumber: number) => Uint8Array {
  let starts: readonly number[] | null = null
  return (lineNumber) => {
    starts ??= startsOfLines(bytes)
    const from = starts[lineNumber - 1] ?? bytes.length
    return bytes.slice(from, (starts[lineNumber] ?? bytes.length + 1) - 1)
  }
}

function startsOfLines(bytes: Uint8Array): number[] {
  const starts = [0]
  for (let at = bytes.indexOf(NEWLINE); at >= 0; at = bytes.indexOf(NEWLINE, at + 1)) starts.push(at + 1)
  return starts
}

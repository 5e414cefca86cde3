// bytes of one segment file -> what is new in it, verified. Nothing of a file is used before the file is whole: a sync tool
// may show any part of it first, with the right size even, and zeros where content is still to come.
import { hash } from 'node:crypto'
import type { NodeId, ReceiptId } from '#core/contract/index.ts'
import { LIMITS, parseLine, parseSegment } from '#core/receipts/index.ts'
import type { Candidate, Parsed, Refusal, SegmentRange, VerifiedReceipt, Verifier } from '#core/receipts/index.ts'

export interface LineRefusal {
  readonly refusal: Refusal
  /** Position in the file, from 1. */
  readonly lineNumber: number
  /** The line itself, a copy: a view would keep, and send between threads, the whole file. */
  readonly bytes: Uint8Array
}

export interface SegmentJudgement {
  readonly known: number
  readonly refused: readonly LineRefusal[]
  /** Lines from where the segment was stopped; nothing is said about them. */
  readonly deferred: number
  /**
   * `bad-signature`: the rest would cost more to check than it can be worth, so it is not looked at until the file changes.
   * `refusals`: so many lines are no receipts that the rest is not looked at either.
   * `ration`: this source has used up its slow checks; the rest is asked for again later.
   */
  readonly stopped: 'bad-signature' | 'refusals' | 'ration' | null
  /** Signatures that were checked. */
  readonly checked: number
}

/** Of which lines, by their numbers, is still said what was said: what is refused now, and whatever was where nobody looked this time. */
export function standsAfter({
  refused,
  stopped,
}: Pick<SegmentJudgement, 'refused' | 'stopped'>): (lineNumber: number) => boolean {
  const now = new Set(refused.map(({ lineNumber }) => lineNumber))
  return (lineNumber) => stopped !== null || now.has(lineNumber)
}

export interface SegmentJudge {
  readonly verifier: Verifier
  /** Those that the ledger holds already: their signatures are not checked again. */
  readonly known: (candidates: readonly Candidate[]) => ReadonlySet<ReceiptId>
}

/** Is given each receipt that is not in the ledger yet and is signed by who it says, in the order of the file. */
export type TakeVerified = (receipt: VerifiedReceipt) => void

/** Null where the file cannot be whole yet; otherwise every line of it is accounted for. */
export function judgeSegment(
  bytes: Uint8Array,
  node: NodeId,
  range: SegmentRange,
  judge: SegmentJudge,
  take: TakeVerified,
): SegmentJudgement | null {
  // No line may hold a NUL, so one anywhere is a block that has not been copied yet.
  if (bytes.includes(0)) return null
  const segment = parseSegment(bytes, { ...range, node })
  if (!segment.complete) return null

  const judging = new Judging(bytes, node, judge, take)
  for (const parsed of segment.lines) judging.line(parsed)
  return judging.done()
}

/** Receipts of anybody, one on each line, in no order that is promised. An end without a newline is a line too. */
export function judgeLines(
  bytes: Uint8Array,
  source: string,
  judge: SegmentJudge,
  take: TakeVerified,
): SegmentJudgement {
  const judging = new Judging(bytes, source, judge, take)
  for (let from = 0; from < bytes.length;) {
    const newline = bytes.indexOf(NEWLINE, from)
    const end = newline < 0 ? bytes.length : newline
    if (end === from) judging.emptyLine()
    else if (judging.takesMore) judging.line(parseLine(bytes.subarray(from, end)))
    else judging.skip()
    from = end + 1
  }
  return judging.done()
}

/** Lines are judged a few at a time: what is known is asked in one question, and no line outlives its few. */
class Judging {
  readonly #source: string
  readonly #judge: SegmentJudge
  readonly #take: TakeVerified
  readonly #lineAt: (lineNumber: number) => Uint8Array
  #few: { readonly candidate: Candidate; readonly lineNumber: number }[] = []
  #lines = 0
  #known = 0
  #checked = 0
  #deferred = 0
  #stopped: SegmentJudgement['stopped'] = null
  readonly #refused: LineRefusal[] = []

  constructor(bytes: Uint8Array, source: string, judge: SegmentJudge, take: TakeVerified) {
    this.#source = source
    this.#judge = judge
    this.#take = take
    this.#lineAt = lineReader(bytes)
  }

  line(parsed: Parsed<Candidate>): void {
    const lineNumber = ++this.#lines
    if (!parsed.ok) this.#refuse(parsed.refusal, lineNumber, this.#lineAt(lineNumber))
    else if (this.#stopped !== null) this.#deferred++
    else if (this.#few.push({ candidate: parsed.value, lineNumber }) >= FEW) this.#judgeFew()
  }

  /** False once nothing that follows can change the judgement but its count. */
  get takesMore(): boolean {
    return this.#stopped !== 'refusals'
  }

  emptyLine(): void {
    this.#lines++
  }

  skip(): void {
    this.#lines++
    this.#deferred++
  }

  done(): SegmentJudgement {
    this.#judgeFew()
    return {
      known: this.#known,
      refused: this.#refused,
      deferred: this.#deferred,
      stopped: this.#stopped,
      checked: this.#checked,
    }
  }

  #judgeFew(): void {
    const few = this.#few
    this.#few = []
    const knownIds = this.#judge.known(few.map(({ candidate }) => candidate))
    for (const { candidate, lineNumber } of few) {
      if (this.#stopped !== null) this.#deferred++
      else if (knownIds.has(candidate.id)) this.#known++
      else this.#verify(candidate, lineNumber)
    }
  }

  #verify(candidate: Candidate, lineNumber: number): void {
    const verdict = this.#judge.verifier.verify(candidate, this.#source)
    if (verdict.ok === 'deferred') {
      this.#stopped = 'ration'
      this.#deferred++
      return
    }
    this.#checked++
    if (verdict.ok) {
      this.#take(verdict.value)
    } else {
      this.#stopped = 'bad-signature'
      this.#refuse(verdict.refusal, lineNumber, Buffer.from(candidate.line, 'utf8'))
    }
  }

  #refuse(refusal: Refusal, lineNumber: number, bytes: Uint8Array): void {
    // What is known is settled first, so that this stops nothing that came before it.
    if (this.#refused.push({ refusal, lineNumber, bytes }) <= MOST_REFUSED) return
    this.#judgeFew()
    this.#stopped ??= 'refusals'
  }
}

/** A segment has no more lines; of eight mebibytes of rubbish each would be kept, with its reason. */
const MOST_REFUSED = LIMITS.segmentLines

/** Enough to make one question of many; more would only be held longer. */
const FEW = 256

/** `sha256` of a file's bytes, hex: how content is recognised again under another time or name. */
export function sha256Of(bytes: Uint8Array): string {
  return hash('sha256', bytes, 'hex')
}

/** What quarantine keeps of one file at most. */
export const QUARANTINE_BYTES = 1024 * 1024

const NEWLINE = 0x0a

/** A copy of one line, by its number from 1; numbers may only rise. */
function lineReader(bytes: Uint8Array): (lineNumber: number) => Uint8Array {
  let from = 0
  let reached = 1
  const endOf = () => {
    const newline = bytes.indexOf(NEWLINE, from)
    return newline < 0 ? bytes.length : newline
  }
  return (lineNumber) => {
    for (; reached < lineNumber; reached++) from = Math.min(bytes.length, endOf() + 1)
    // Copied: `slice` of a Buffer would be a view.
    return Uint8Array.from(bytes.subarray(from, endOf()))
  }
}

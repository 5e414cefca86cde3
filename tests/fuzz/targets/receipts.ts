// Lines, segments and loose lines of receipts.
import canonicalize from 'canonicalize'
import { hash } from 'node:crypto'
import {
  createVerifier,
  LIMITS,
  parseLine,
  parseStoredLine,
  type Candidate,
  type Parsed,
} from '#core/receipts/index.ts'
import { judgeLines, judgeSegment, type SegmentJudge } from '../../../core/exchange/segment.ts'
import { slowCheckRation } from '../../../core/exchange/verification.ts'
import { linesIn } from '../../../core/bundles/judged.ts'
import { checkReceipt } from '../../../core/proof/check-receipt.ts'
import { readLine } from '../../../core/proof/signed-line.ts'
import { blownUp, mutateBytes, mutateLines } from '../mutate-bytes.ts'
import type { Random } from '../random.ts'
import { must, mustEqual, type Target } from '../target.ts'
import { ada, hostileLine, lines } from './samples.ts'

/** A refusal says what is the matter; a value stays what it is when it is printed and read again. */
export function mustBeJudged<T>(parsed: Parsed<T>): void {
  if (parsed.ok) return
  must(
    /^[a-z0-9-]+$/.test(parsed.refusal.reason) && parsed.refusal.detail !== '',
    'a refusal has a reason and a sentence',
  )
}

function mustBeWhole({ id, line, receipt }: Candidate): void {
  const again = parseLine(Buffer.from(line))
  must(again.ok && again.value.id === id, 'what was taken is taken again, under the same id')
  must(canonicalize(JSON.parse(line)) === line, 'what was taken is its own canonical form')
  const unsigned = canonicalize({ ...receipt, sig: undefined })
  must(
    id === `sha256:${hash('sha256', unsigned ?? '', 'hex')}`,
    'the id is the hash of the canonical form without the signature',
  )
  must(parseStoredLine(line).id === id, 'the ledger reads it as the same receipt')
  mustEqual(readLine(line), receipt, 'the reader of proofs reads the same receipt')
}

const line: Target = {
  name: 'line',
  make: (random) =>
    random.oneIn(200)
      ? blownUp(random, Buffer.from(random.pick(lines)), LIMITS.lineBytes + random.below(2))
      : hostileLine(random),
  check(bytes) {
    const parsed = parseLine(bytes)
    mustBeJudged(parsed)
    if (parsed.ok) {
      must(Buffer.from(parsed.value.line).equals(bytes), 'the line is the bytes that came')
      mustBeWhole(parsed.value)
    }
  },
}

const segment = Buffer.from(lines.map((each) => `${each}\n`).join(''))

function hostileSegment(random: Random): Uint8Array {
  switch (random.below(4)) {
    case 0:
      return mutateBytes(random, segment)
    case 1:
      return mutateLines(random, segment)
    default: {
      const changed = lines.map((each) => (random.oneIn(4) ? hostileLine(random) : Buffer.from(each)))
      return Buffer.concat(changed.flatMap((each) => [each, Buffer.from('\n')]))
    }
  }
}

function newJudge(): SegmentJudge {
  const slowChecksAllowed = slowCheckRation(LIMITS.slowChecksPerMinute, () => 0)
  return { verifier: createVerifier({ native: 'node', slowChecksAllowed }), known: () => new Set() }
}

/** The count of lines that a judgement speaks of, each verified one checked once more by the code of proofs. */
function judged(judge: (take: (receipt: Candidate) => void) => ReturnType<typeof judgeLines> | null): number | null {
  const taken: Candidate[] = []
  const judgement = judge((receipt) => void taken.push(receipt))
  if (judgement === null) return null
  for (const candidate of taken.slice(0, 20)) mustBeWhole(candidate)
  for (const candidate of taken.slice(-1)) {
    const publicKey = '' // Only to be shown.
    const checks = checkReceipt({
      role: 'receipt',
      id: candidate.id,
      publicKey,
      line: candidate.line,
      inclusion: null,
      head: null,
    })
    const signature = checks.checks.find(({ name }) => name === 'Signature')
    must(
      signature?.detail.startsWith('The key is not') === true || signature?.state === 'holds',
      'the signature holds in a proof',
    )
  }
  return judgement.known + judgement.refused.length + judgement.deferred + taken.length
}

const segments: Target = {
  name: 'segment',
  make: (random) =>
    random.oneIn(300) ? blownUp(random, segment, LIMITS.segmentBytes + random.below(2)) : hostileSegment(random),
  check(bytes) {
    const range = { first: 1, last: lines.length }
    const count = judged((take) => judgeSegment(bytes, ada.id, range, newJudge(), take))
    must(count === null || (count <= lines.length + 1 && count >= 1), 'every line of a segment is accounted for')
  },
}

const looseLines: Target = {
  name: 'loose-lines',
  make: (random) => (random.oneIn(100) ? blownUp(random, segment, 8 * 1024 * 1024) : hostileSegment(random)),
  check(bytes) {
    const read = linesIn(bytes)
    if (read === null) return
    const count = judged((take) => judgeLines(read, 'bundle', newJudge(), take)) ?? 0
    let whole = 0
    for (let from = 0; from < read.length;) {
      const newline = read.indexOf(0x0a, from)
      const end = newline < 0 ? read.length : newline
      if (end > from) whole++
      from = end + 1
    }
    must(count === whole, 'every line is accounted for')
  },
}

export const receiptTargets = [line, segments, looseLines]

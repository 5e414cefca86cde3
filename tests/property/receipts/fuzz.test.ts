// Every decoder of this module: a value or a refusal for any bytes, never an exception.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  merkleRoot,
  parseHead,
  parseLine,
  parseSeen,
  parseSegment,
  parseSegmentName,
  signHead,
  signSeen,
  verifyHead,
  verifySeen,
} from '#core/receipts/index.ts'
import type { Parsed, VerifiedReceipt } from '#core/receipts/index.ts'
import { bytesOf, feed, next, NOON, signerNamed } from '#tests/unit/receipts/feeds.ts'
import { damaged } from './arbitraries.ts'

const ada = signerNamed('ada')
const receipts = feed(ada, 5)
const last = receipts[4] as VerifiedReceipt // five were asked for
const root = merkleRoot(receipts.map(({ leaf }) => leaf))
const head = bytesOf(signHead({ seq: 5, id: last.id, root, time: NOON }, ada))
const seen = bytesOf(
  signSeen(
    [signerNamed('ben'), ada].map(({ node }) => ({ node, seq: 5, id: last.id })),
    ada,
  ),
)
const segment = bytesOf(receipts.map(({ line }) => `${line}\n`).join(''))
const unusual = next(ada, null, {
  subject: 'Größe 😂',
  task: 'pilot',
  body: { deep: [[[{ a: [1e-7, null] }]]], '\u0001': '"\\' },
})

/** True for a value, and for a refusal that says what is the matter. */
function isJudged<T>(parsed: Parsed<T>): boolean {
  return parsed.ok || (/^[a-z0-9-]+$/.test(parsed.refusal.reason) && parsed.refusal.detail !== '')
}

test('lines: a receipt or a refusal', () => {
  const samples = [...receipts, unusual].map(({ line }) => bytesOf(line))
  fc.assert(
    fc.property(damaged(samples), (bytes) => {
      expect(isJudged(parseLine(bytes))).toBe(true)
    }),
    { numRuns: 20_000 },
  )
})

test('segments: every judged line is accounted for, and the bytes are left as they were', () => {
  fc.assert(
    fc.property(damaged([segment]), fc.integer({ min: -2, max: 6 }), (bytes, promised) => {
      const before = bytes.slice()
      const judged = [...parseSegment(bytes, { first: 1, last: promised, node: ada.node }).lines]
      expect(judged.every(isJudged)).toBe(true)
      expect(judged.length).toBeLessThanOrEqual(Math.max(1, promised + 1))
      expect(bytes).toEqual(before)
    }),
    { numRuns: 5000 },
  )
})

test('heads: none that was damaged is believed', () => {
  fc.assert(
    fc.property(damaged([head]), (bytes) => {
      const parsed = parseHead(bytes)
      expect(isJudged(parsed)).toBe(true)
      if (!parsed.ok || !verifyHead(parsed.value).ok) return
      // Damage may add or drop only what the standard lets others add: signature lines of their own.
      expect(Buffer.from(bytes).toString()).toContain(parsed.value.note.text)
      expect(Buffer.from(head).toString()).toContain(parsed.value.note.text)
    }),
    { numRuns: 3000 },
  )
})

test('statements of what is held: none that was damaged is believed', () => {
  fc.assert(
    fc.property(damaged([seen]), (bytes) => {
      const parsed = parseSeen(bytes)
      expect(isJudged(parsed)).toBe(true)
      if (!parsed.ok || !verifySeen(parsed.value).ok) return
      expect(Buffer.from(seen).toString()).toContain(parsed.value.note.text)
    }),
    { numRuns: 3000 },
  )
})

test('segment names: a range that is spelt exactly like this, or none', () => {
  const names = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.tuple(fc.nat(), fc.nat()).map(([a, b]) => `${a}-${b}.jsonl`),
  )
  fc.assert(
    fc.property(names, (name) => {
      const range = parseSegmentName(name)
      expect(range === null || `${range.first}-${range.last}.jsonl` === name).toBe(true)
    }),
    { numRuns: 5000 },
  )
})

// Real keys, real signatures: the same name gives the same node in every test.
import { hash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { Instant, type Json } from '#core/contract/index.ts'
import { generateIdentity, signerOf } from '#core/identity/index.ts'
import { parseLine, parseSegment, signReceipt } from '#core/receipts/index.ts'
import type {
  Candidate,
  Draft,
  Parsed,
  Refusal,
  SegmentExpected,
  Signer,
  VerifiedReceipt,
} from '#core/receipts/index.ts'

export const NOON = Instant.parse('2026-11-21T12:00:00.000Z')

export function signerNamed(name: string): Signer {
  return signerOf(generateIdentity(() => hash('sha256', `steward test node ${name}`, 'buffer')))
}

export function draft(change: Partial<Draft> = {}): Draft {
  return {
    kind: 'evidence/observed',
    subject: '_report/usage/external-summary.json',
    task: null,
    anchor: null,
    body: { result: 'ok' },
    ...change,
  }
}

/** The next receipt after `before`, or the first of a feed. */
export function next(
  signer: Signer,
  before: VerifiedReceipt | null,
  change: Partial<Draft> = {},
  time = NOON,
): VerifiedReceipt {
  const seq = (before?.receipt.seq ?? 0) + 1
  return signReceipt(draft(change), { seq, prev: before?.id ?? null, time }, signer)
}

/** A feed of so many receipts, each with its own number in the body. */
export function feed(
  signer: Signer,
  count: number,
  after: VerifiedReceipt | null = null,
  story = 'main',
): VerifiedReceipt[] {
  const receipts: VerifiedReceipt[] = []
  let last = after
  for (let index = 0; index < count; index++) {
    last = next(signer, last, { body: { index, story } })
    receipts.push(last)
  }
  return receipts
}

export function bytesOf(text: string): Uint8Array {
  return new TextEncoder().encode(text)
}

export function hex(text: string): Uint8Array {
  return Uint8Array.from(Buffer.from(text, 'hex'))
}

/** Judges a text as a line. */
export function judge(line: string): Parsed<Candidate> {
  return parseLine(bytesOf(line))
}

/** The refusal of what must be refused. */
export function refusalOf<T>(
  parsed: { readonly ok: true; readonly value: T } | { readonly ok: false; readonly refusal: Refusal },
): Refusal {
  if (parsed.ok) throw new Error('it was accepted')
  return parsed.refusal
}

export function valueOf<T>(parsed: Parsed<T>): T {
  if (!parsed.ok) throw new Error(`it was refused: ${parsed.refusal.reason}, ${parsed.refusal.detail}`)
  return parsed.value
}

/** A published or frozen set of vectors; the caller's schema says what is in it. */
export function vectors(name: string): Json {
  const text = readFileSync(new URL(`../../fixtures/vectors/${name}`, import.meta.url), 'utf8')
  // What JSON.parse gives is Json by definition.
  return JSON.parse(text) as Json
}

/** A segment with all its lines judged at once. */
export function judgedSegment(bytes: Uint8Array, expected: SegmentExpected) {
  const { complete, lines } = parseSegment(bytes, expected)
  return { complete, lines: [...lines] }
}

// Generated receipts: any body that may be signed, texts from all over Unicode, and bytes that were damaged on their way.
import fc from 'fast-check'
import { Instant, type Json } from '#core/contract/index.ts'
import type { Draft } from '#core/receipts/index.ts'
import { HOSTILE_TOKENS } from '#tests/kit/hostile-tokens.ts'

const forbidden = new Set(['__proto__', 'constructor', 'prototype'])
const key = fc.string({ unit: 'binary', maxLength: 12 }).filter((text) => text.isWellFormed() && !forbidden.has(text))
const text = fc.string({ unit: 'binary', maxLength: 30 }).filter((value) => value.isWellFormed())
const number = fc.oneof(
  fc.maxSafeInteger(),
  fc
    .double({ noDefaultInfinity: true, noNaN: true })
    .filter((value) => !Number.isInteger(value) && !Object.is(value, -0)),
)

const json = fc.letrec<{ value: Json }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 5, depthSize: 'small' },
    fc.constant(null),
    fc.boolean(),
    number,
    text,
    fc.array(tie('value'), { maxLength: 5 }),
    fc.dictionary(key, tie('value'), { maxKeys: 5, noNullPrototype: true }),
  ),
})).value

export const body = fc.dictionary(key, json, { maxKeys: 6, noNullPrototype: true })

/** A text as subject and task allow it: NFC, no control characters, at least one character. */
const line = fc
  .string({ unit: 'grapheme', minLength: 1, maxLength: 40 })
  .map((value) => value.normalize('NFC'))
  .filter((value) => !/\p{Cc}/u.test(value) && value.isWellFormed())

export const instant = fc
  .date({ min: new Date('1970-01-01T00:00:00.000Z'), max: new Date('9999-12-31T23:59:59.999Z'), noInvalidDate: true })
  .map((date) => Instant.parse(date.toISOString()))

const hash = fc
  .uint8Array({ minLength: 32, maxLength: 32 })
  .map((bytes) => `sha256:${Buffer.from(bytes).toString('hex')}`)

export const draft: fc.Arbitrary<Draft> = fc.record({
  kind: fc.constantFrom('evidence/observed', 'note/text', 'some-later/kind/of-thing'),
  subject: line,
  task: fc.option(line),
  // The hash has the pattern of a ContentHash by its construction.
  anchor: fc.option(fc.record({ hash: hash as fc.Arbitrary<never>, time: instant })),
  body,
})

/** One thing that happens to bytes on their way; most keep the structure, so that the damage goes deep. */
type Damage = (bytes: Uint8Array) => Uint8Array

const position = fc.double({ min: 0, max: 1, noNaN: true })

const damage: fc.Arbitrary<Damage> = fc.oneof(
  fc.tuple(position, fc.integer({ min: 0, max: 7 })).map(
    ([at, bit]): Damage =>
      (bytes) =>
        flipBit(bytes, Math.floor(at * (bytes.length - 1)), bit),
  ),
  position.map(
    (at): Damage =>
      (bytes) =>
        bytes.slice(0, Math.floor(at * bytes.length)),
  ),
  position.map(
    (at): Damage =>
      (bytes) =>
        bytes.slice().fill(0, Math.floor(at * bytes.length)),
  ),
  fc.tuple(position, fc.constantFrom(...HOSTILE_TOKENS)).map(
    ([at, token]): Damage =>
      (bytes) =>
        splice(bytes, Math.floor(at * bytes.length), 0, token),
  ),
  fc.tuple(position, fc.nat(40), fc.uint8Array({ maxLength: 20 })).map(
    ([at, dropped, put]): Damage =>
      (bytes) =>
        splice(bytes, Math.floor(at * bytes.length), dropped, put),
  ),
  fc.tuple(position, position).map(([from, to]): Damage => (bytes) => {
    const [low, high] = [Math.floor(Math.min(from, to) * bytes.length), Math.floor(Math.max(from, to) * bytes.length)]
    return splice(bytes, low, 0, bytes.slice(low, high))
  }),
)

/** Bytes near one of the given samples, or any bytes at all. */
export function damaged(samples: readonly Uint8Array[]): fc.Arbitrary<Uint8Array> {
  const near = fc
    .tuple(fc.constantFrom(...samples), fc.array(damage, { minLength: 1, maxLength: 4 }))
    .map(([sample, damages]) => damages.reduce((bytes, apply) => apply(bytes), sample))
  return fc.oneof({ weight: 9, arbitrary: near }, { weight: 1, arbitrary: fc.uint8Array({ maxLength: 300 }) })
}

export function flipBit(bytes: Uint8Array, at: number, bit: number): Uint8Array {
  const flipped = bytes.slice()
  flipped[at] = (flipped[at] ?? 0) ^ (1 << bit)
  return flipped
}

function splice(bytes: Uint8Array, at: number, dropped: number, put: Uint8Array): Uint8Array {
  return Uint8Array.from(Buffer.concat([bytes.subarray(0, at), put, bytes.subarray(at + dropped)]))
}

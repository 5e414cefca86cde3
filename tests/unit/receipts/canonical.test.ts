import { expect, test } from 'vitest'
import * as z from 'zod'
import { StewardError } from '#core/problem/index.ts'
import { canonicalJson, contentHashOf, sha256Id } from '#core/receipts/index.ts'
import type { Json } from '#core/contract/index.ts'
import { vectors } from './feeds.ts'

const Vectors = z.object({
  numbers: z.array(z.object({ ieee754: z.string(), text: z.string(), exact: z.boolean() })),
  notNumbers: z.array(z.object({ ieee754: z.string(), what: z.string() })),
  texts: z.array(z.object({ name: z.string(), input: z.string(), canonical: z.string() })),
})
const { numbers, notNumbers, texts } = Vectors.parse(vectors('rfc8785.json'))

test.each(texts)('RFC 8785 sample “$name” is printed as published', ({ input, canonical }) => {
  // Its own input is JSON by definition.
  expect(canonicalJson(JSON.parse(input) as Json)).toBe(canonical)
})

test.each(numbers.filter(({ exact }) => exact))('RFC 8785 number $ieee754 is printed as $text', ({ ieee754, text }) => {
  expect(canonicalJson(numberOf(ieee754))).toBe(text)
})

test.each(numbers.filter(({ exact }) => !exact))('the integer $text, beyond 2^53 - 1, is not signed', ({ ieee754 }) => {
  expect(() => canonicalJson({ amount: numberOf(ieee754) })).toThrow(StewardError)
})

test.each(notNumbers)('$what is not signed', ({ ieee754 }) => {
  expect(() => canonicalJson([numberOf(ieee754)])).toThrow(/is no JSON number/)
})

test('a refusal names the place and what to do', () => {
  expect(() => canonicalJson({ report: { rows: [1, 2 ** 53] } })).toThrow(/“report\.rows\[1\]”.*2\^53/)
})

test.each<[string, Json, string]>([
  ['a number', { n: 2 ** 60 }, 'Write that number as text, in quotes.'],
  ['a text', { text: 'x\ud800' }, 'Write the whole character, or leave it out.'],
  ['depth', nestedList(40), 'Put what it says into fewer levels, or into a file.'],
])('what helps where %s cannot be signed is told, and nothing else', (_what, value, remedy) => {
  expect(() => canonicalJson(value)).toThrow(expect.objectContaining({ remedy }) as Error)
})

function nestedList(levels: number): Json {
  return levels === 0 ? 1 : [nestedList(levels - 1)]
}

test('half of a surrogate pair is refused in texts and in keys', () => {
  expect(() => canonicalJson({ text: 'x\ud800' })).toThrow(/surrogate/)
  expect(() => canonicalJson({ '\udc00': 1 })).toThrow(/surrogate/)
})

test('what JSON would silently drop or change is refused instead', () => {
  // These are no Json; a caller that is wrong about its types must not sign something else than it meant.
  const wrong: unknown[] = [
    { a: undefined },
    [undefined],
    { a: () => 1 },
    new Date(0),
    new Map([[1, 2]]),
    10n,
    Uint8Array.of(1),
  ]
  for (const value of wrong) expect(() => canonicalJson(value as Json)).toThrow(StewardError)
})

test('a value that is nested deeper than anybody accepts is refused, not a stack overflow', () => {
  let nested: Json = 1
  for (let depth = 0; depth < 100_000; depth++) nested = [nested]
  expect(() => canonicalJson(nested)).toThrow(/deeper than 32/)
})

test('a claim says what its content’s hash says, or else its whole body', () => {
  const hash = `sha256:${'a'.repeat(64)}`
  expect(contentHashOf({ content: { hash, size: 3 }, note: 'x' })).toBe(hash)
  expect(contentHashOf({ b: 1, a: 2 })).toBe(sha256Id('{"a":2,"b":1}'))
  expect(contentHashOf({ content: { hash: 'sha256:short' } })).toBe(sha256Id('{"content":{"hash":"sha256:short"}}'))
})

test('a file imported from a directory says what it says without its signature; elsewhere that word means nothing', () => {
  const hash = `sha256:${'a'.repeat(64)}`
  const canonical = `sha256:${'b'.repeat(64)}`
  const imported = { origin: 'mill', round: 1, content: { hash, size: 3 }, canonical }
  expect(contentHashOf(imported)).toBe(canonical)
  expect(contentHashOf({ ...imported, round: 'first' })).toBe(hash)
  expect(contentHashOf({ ...imported, origin: null })).toBe(hash)
  expect(contentHashOf({ content: { hash, size: 3 }, canonical })).toBe(hash)
  expect(contentHashOf({ ...imported, canonical: 'sha256:short' })).toBe(hash)
})

test('an id is the SHA-256 of the bytes in hex', () => {
  expect(sha256Id('abc')).toBe('sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad')
  expect(sha256Id(Buffer.from('abc'))).toBe(sha256Id('abc'))
})

function numberOf(ieee754: string): number {
  return Buffer.from(ieee754, 'hex').readDoubleBE(0)
}

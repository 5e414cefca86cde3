// TEOF's canonical form against three other readers of JSON: JSON.parse for the grammar, lossless-json for the numbers, and itself.
import fc from 'fast-check'
import { parse as parseLossless, stringify } from 'lossless-json'
import { expect, test } from 'vitest'
import { compareCodePoints, readJson } from '#core/teof/index.ts'

const numbers = fc
  .tuple(
    fc.constantFrom('', '-'),
    fc.oneof(fc.constant('0'), fc.maxSafeNat().map(String)),
    fc.option(fc.stringMatching(/^[0-9]{1,25}$/), { nil: null }),
    fc.option(fc.stringMatching(/^[eE][+-]?[0-9]{1,3}$/), { nil: null }),
  )
  .map(
    ([sign, whole, fraction, exponent]) => `${sign}${whole}${fraction === null ? '' : `.${fraction}`}${exponent ?? ''}`,
  )

const texts = fc
  .string({
    unit: fc.oneof(
      fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }),
      fc.constantFrom('"', '\\', '/', '\n', '\u2028'),
    ),
  })
  .filter((text) => text !== '__proto__')
const written = texts.chain((text) => fc.constantFrom(JSON.stringify(text), escapedAll(text)))
const spaces = fc.stringMatching(/^[ \t\r\n]{0,3}$/)

/** JSON as people and tools write it: any spacing, escapes and form of number. */
const { document } = fc.letrec<{ document: string; object: string; array: string }>((tie) => ({
  document: fc.oneof(
    { maxDepth: 4 },
    numbers,
    written,
    fc.constantFrom('true', 'false', 'null'),
    tie('array'),
    tie('object'),
  ),
  array: fc
    .array(fc.tuple(spaces, tie('document'), spaces), { maxLength: 6 })
    .map((items) => `[${items.map((item) => item.join('')).join(',')}]`),
  object: fc
    .tuple(spaces, fc.uniqueArray(fc.tuple(texts, spaces, tie('document')), { maxLength: 6, selector: ([key]) => key }))
    .map(
      ([space, members]) =>
        `{${members.map(([key, gap, value]) => `${space}${JSON.stringify(key)}${gap}:${gap}${value}`).join(',')}}`,
    ),
}))

test('reading again what was printed changes nothing, and it says what the file said', () => {
  fc.assert(
    fc.property(document, spaces, (text, space) => {
      const form = canonicalOf(`${space}${text}${space}`)
      expect(canonicalOf(form)).toBe(form)
      // Not JSON.parse: see core/receipts/parse-json.ts.
      expect(parseLossless(form)).toEqual(parseLossless(text))
    }),
    { numRuns: 1_000 },
  )
})

test('it is what lossless-json parses, printed with sorted keys', () => {
  fc.assert(
    fc.property(document, (text) => {
      expect(canonicalOf(text)).toBe(printedSorted(parseLossless(text)))
    }),
    { numRuns: 1_000 },
  )
})

test('whatever the bytes, it reads or says why, and takes nothing that JSON.parse refuses', () => {
  const anyText = fc.oneof(
    fc.string({ unit: fc.constantFrom(...Array.from('{}[]",:\\u01e-+. tfn')) }),
    fc.tuple(document, fc.nat(), fc.string({ maxLength: 2 })).map(([text, at, put]) => {
      const place = at % (text.length + 1)
      return text.slice(0, place) + put + text.slice(place + 1)
    }),
  )
  fc.assert(
    fc.property(
      fc.oneof(
        fc.uint8Array({ maxLength: 64 }),
        anyText.map((text) => new TextEncoder().encode(text)),
      ),
      (bytes) => {
        expect(verdictFits(bytes)).toBe(true)
      },
    ),
    { numRuns: 2_000 },
  )
})

function canonicalOf(text: string): string {
  const read = readJson(new TextEncoder().encode(text))
  if (!read.ok) throw new Error(`${read.why} in ${text}`)
  return read.json.canonical
}

/** What has one meaning to JSON.parse is refused only for a name that stands twice or is not taken. */
function verdictFits(bytes: Uint8Array): boolean {
  const read = readJson(bytes)
  if (!read.ok) return read.why !== '' && (!parses(bytes) || /stands twice|is not taken/.test(read.why))
  const { canonical, hadByteOrderMark } = read.json
  return parses(new TextEncoder().encode(canonical)) && (hadByteOrderMark || parses(bytes))
}

function parses(bytes: Uint8Array): boolean {
  try {
    JSON.parse(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes))
    return true
  } catch {
    return false
  }
}

function printedSorted(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(printedSorted).join(',')}]`
  if (typeof value !== 'object' || value === null || 'isLosslessNumber' in value) return stringify(value) ?? ''
  const members = Object.entries(value).toSorted(([a], [b]) => compareCodePoints(a, b))
  return `{${members.map(([key, item]) => `${JSON.stringify(key)}:${printedSorted(item)}`).join(',')}}`
}

function escapedAll(text: string): string {
  const units = Array.from({ length: text.length }, (_, at) => text.charCodeAt(at).toString(16).padStart(4, '0'))
  return `"${units.map((unit) => `\\u${unit}`).join('')}"`
}

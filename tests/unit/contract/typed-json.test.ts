import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseBodyText, parseJsonText } from '#core/contract/typed-json.ts'
import { canonicalJson, LIMITS } from '#core/receipts/index.ts'

/** Vitest says `any`. */
function containing(text: string): unknown {
  return expect.stringContaining(text)
}

const bodies = fc.object({
  values: [
    fc.string(),
    fc.maxSafeInteger(),
    fc.double({ min: -1e6, max: 1e6, noNaN: true }),
    fc.boolean(),
    fc.constant(null),
  ],
  // Three keys are not taken, and fast-check knows them.
  key: fc.string().filter((key) => !['__proto__', 'constructor', 'prototype'].includes(key)),
})

test('what a person may sign is taken exactly as any JSON reader takes it', () => {
  fc.assert(
    fc.property(bodies, fc.constantFrom(0, 2), (body, indent) => {
      const text = JSON.stringify(body, null, indent)
      expect(parseBodyText(text)).toEqual({ ok: true, value: JSON.parse(text) as unknown })
    }),
  )
})

test('what is not JSON is refused, wherever it was broken', () => {
  fc.assert(
    fc.property(bodies, fc.nat(), fc.constantFrom('', '}', ',', '"', 'x', '1'), (body, place, junk) => {
      const text = JSON.stringify(body)
      const at = place % (text.length + 1)
      const broken = text.slice(0, at) + junk + text.slice(at + 1)
      expect(parseJsonText(broken).ok && !isJson(broken)).toBe(false)
    }),
  )
})

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

test('a fault is named by line and column', () => {
  expect(parseJsonText('{\n  "count": \n}')).toMatchObject({ why: containing('line 3, column 1') })
  expect(parseJsonText('{"a": 1')).toMatchObject({ why: containing('not complete') })
  expect(parseJsonText('  ')).toMatchObject({ why: 'Nothing is written yet.' })
})

test('a body is an object of at most 64 KiB', () => {
  expect(parseBodyText('[1]')).toMatchObject({ ok: false })
  expect(parseBodyText('{"a":1}')).toEqual({ ok: true, value: { a: 1 } })
  expect(parseBodyText(JSON.stringify({ a: 'x'.repeat(70_000) }))).toMatchObject({
    why: containing('64 KiB'),
  })
})

test.each([
  ['{"a":1,"a":2}', 'The key "a" is written twice in one object'],
  ['{"a":{"b":1,"\\u0062":1}}', 'is written twice in one object'],
  ['{"n":0.12345678901234567890}', 'The number 0.12345678901234567890 cannot be kept exactly.'],
  ['{"n":12345678901234567890}', 'The number 12345678901234567890 cannot be kept exactly.'],
  ['{"n":9007199254740993.0}', 'The number 9007199254740993.0 cannot be kept exactly.'],
  ['{"n":1e400}', 'The number 1e400 cannot be kept exactly.'],
  ['{"n":1e-400}', 'The number 1e-400 cannot be kept exactly.'],
  ['{"n":-0}', 'The number -0 would be signed as 0.'],
  ['{"n":-0.0e5}', 'The number -0.0e5 would be signed as 0.'],
  ['{"t":"\\ud800"}', 'The text at line 1, column 6 holds half of a character'],
  ['{"\\udc00":1}', 'The text at line 1, column 2 holds half of a character'],
  ['{"a":{"__proto__":1}}', 'The key "__proto__" is not taken.'],
  ['{"\\u005f_proto__":1}', 'is not taken.'],
])('%s is refused, since something else would be signed', (text, why) => {
  expect(parseJsonText(text)).toEqual({ ok: false, isJson: true, why: containing(why) })
})

test('numbers that mean the same when they are signed are taken, however they are written', () => {
  expect(parseJsonText('[24.0, 1e2, 0.10, 0, 9007199254740991, -1.5E-3, 0.1, 5e-324]')).toEqual({
    ok: true,
    value: [24, 100, 0.1, 0, 9007199254740991, -0.0015, 0.1, 5e-324],
  })
})

test('every number that is taken is signed with the very digits that were typed', () => {
  const digits = fc.tuple(fc.bigInt({ min: 1n, max: 10n ** 21n }), fc.nat(22)).map(([all, point]) => {
    const padded = String(all).padStart(point + 1, '0')
    return point === 0 ? padded : `${padded.slice(0, -point)}.${padded.slice(-point)}`
  })
  fc.assert(
    fc.property(digits, (typed) => {
      const read = parseJsonText(typed)
      expect(read.ok ? exact(canonicalJson(read.value)) : exact(typed)).toBe(exact(typed))
    }),
  )
})

/** A number without what does not count: zeros at its ends, and where its point stands, beside its digits. */
function exact(written: string): string {
  const [digits = '', power = '0'] = written.split('e')
  const [whole = '', part = ''] = digits.split('.')
  const all = `${whole}${part}`.replace(/^0+/, '')
  return `${all.replace(/0+$/, '')}e${Number(power) - part.length + (all.length - all.replace(/0+$/, '').length)}`
}

test('names with escapes are read as what they are, one text after the other', () => {
  // V8 takes the second for the first, see parse-json.ts.
  expect(parseJsonText('{"":0,"\\\\":0}')).toEqual({ ok: true, value: { '': 0, '\\': 0 } })
  expect(parseJsonText('{"":0,"\\u0000":0}')).toEqual({ ok: true, value: { '': 0, '\u0000': 0 } })
})

test('a body is as deep as a receipt can hold it, and no deeper', () => {
  const nested = (levels: number) => `${'['.repeat(levels)}1${']'.repeat(levels)}`
  expect(parseJsonText(nested(LIMITS.depth - 1))).toMatchObject({ ok: true })
  for (const levels of [LIMITS.depth, 300, 20_000])
    expect(parseJsonText(nested(levels))).toMatchObject({
      ok: false,
      why: containing('nested more than 31 levels'),
    })
})

import { expect, test } from 'vitest'
import { canonicalWithout, readJson, TEOF_LIMITS } from '#core/teof/index.ts'
import { bytesOf } from './corpus.ts'

function canonical(text: string): string {
  const read = readJson(bytesOf(text))
  return read.ok ? read.json.canonical : `not read: ${read.why}`
}

test.each([
  ['numbers stay as they were written', '{"a": 24.0, "b":1E5, "c":-0, "d":1.50}', '{"a":24.0,"b":1E5,"c":-0,"d":1.50}'],
  [
    'keys are sorted by code point, an emoji behind U+FFFD',
    '{"\u{1F600}":1,"\uFFFD":2,"b":3,"a":4}',
    '{"a":4,"b":3,"\uFFFD":2,"\u{1F600}":1}',
  ],
  ['non-ASCII is not escaped, and needless escapes go', '{"s":"\\u2191 \\/ \\u0041 ü"}', '{"s":"↑ / A ü"}'],
  ['what must be escaped is, in the short form', '"\\u000a\\u0022\\u005c\\u0001\\u007f"', '"\\n\\"\\\\\\u0001\u007f"'],
  ['an escaped key sorts by what it says', '{"b":1,"\\u0061":2}', '{"a":2,"b":1}'],
  ['an array at the top is a document', ' [1, {"b":[],"a":{}} ] ', '[1,{"a":{},"b":[]}]'],
  ['so is a single value', ' null\n', 'null'],
  ['also within a member that is written compactly', '{"x":{"b":[1,{}],"a":"é"}}', '{"x":{"a":"é","b":[1,{}]}}'],
  ['there too an emoji sorts behind U+FFFD', '{"x":{"\u{1F600}":1,"\uFFFD":2}}', '{"x":{"\uFFFD":2,"\u{1F600}":1}}'],
  [
    'what is in canonical form already stays',
    '{"x":{"a":[-0,1.50,"é"],"b":{"":null}}}',
    '{"x":{"a":[-0,1.50,"é"],"b":{"":null}}}',
  ],
])('%s', (_, written, expected) => {
  expect(canonical(written)).toBe(expected)
})

test('a byte-order mark is no part of the content, and is told', () => {
  const read = readJson(bytesOf('\uFEFF{"a":1}'))
  expect(read).toMatchObject({ ok: true, json: { canonical: '{"a":1}', hadByteOrderMark: true } })
})

test('members can be left out of the canonical form', () => {
  const read = readJson(bytesOf('{"signature":"x","b":1,"a":"\\n"}'))
  if (!read.ok || read.json.members === null) throw new Error('it is an object')
  expect(canonicalWithout(read.json.members, new Set(['signature']))).toBe('{"a":"\\n","b":1}')
  expect(canonicalWithout(read.json.members, new Set(['a', 'b', 'signature']))).toBe('{}')
})

test.each([
  ['the file is empty', ''],
  ['the file ends where “,” or “}” should follow', '{"a":1'],
  ['a name in quotation marks is expected and “}” found', '{"a":1,}'],
  ['a name in quotation marks is expected and “a” found', '{a:1}'],
  ['“,” or “]” is expected and “2” found', '[1 2]'],
  ['the end of the file is expected and “x” found', '{"a":1} x'],
  ['a value is expected and “N” found', '{"a":NaN}'],
  ['the end of the file is expected and “1” found', '01'],
  ['the file ends where a value should follow', '1.'],
  ['a text holds an escape that JSON does not know', '"\\x"'],
  ['a control character stands in a text', '"a\tb"'],
  ['the file ends within a text', '"abc'],
  ['it holds zero bytes, as a power cut leaves them', '\0\0\0\0'],
  ['the name “a” stands twice in one object', '{"a":1,"b":2,"a":3}'],
  ['the name “a” stands twice in one object', '{"x":[{"a":1,"a":1}]}'],
  ['the name “__proto__” is not taken', '{"x":{"__proto__":1}}'],
  ['a value is expected and “,” found', '{"x":[-,1]}'],
  ['“,” or “}” is expected and “1” found', '{"x":{"a":01}}'],
  [`it holds more than ${TEOF_LIMITS.values} values`, `{"x":[${'1,'.repeat(200_000)}1]}`],
  ['a number is written with 401 characters', `{"x":[${'1'.repeat(401)}]}`],
  ['the name “__proto__” is not taken', '{"__proto__":{"plan_id":"x"}}'],
  [`it is nested deeper than ${TEOF_LIMITS.depth}`, '['.repeat(65) + ']'.repeat(65)],
  [`it holds more than ${TEOF_LIMITS.values} values`, `[${'1,'.repeat(200_000)}1]`],
  ['a number is written with 401 characters', '1'.repeat(401)],
  ['a value is expected and “x” found, in line 3', '{\n  "a": 1,\n  "b": x\n}\n'],
])('it is told that %s', (why, written) => {
  expect(canonical(written)).toBe(`not read: ${why}`)
})

test('bytes that are not UTF-8, or too many, are told', () => {
  expect(readJson(Uint8Array.of(0x22, 0xff, 0x22))).toMatchObject({ why: 'its bytes are not UTF-8' })
  expect(readJson(Uint8Array.of(0xff, 0xfe, 0x7b, 0))).toMatchObject({ why: 'it is UTF-16, not UTF-8' })
  expect(readJson(new Uint8Array(TEOF_LIMITS.jsonBytes + 1))).toMatchObject({
    why: `it has ${TEOF_LIMITS.jsonBytes + 1} bytes, and at most ${TEOF_LIMITS.jsonBytes} are read`,
  })
})

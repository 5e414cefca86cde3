import { expect, test } from 'vitest'
import canonicalize from 'canonicalize'
import { LIMITS, parseLine, parseStoredLine, signedBytes } from '#core/receipts/index.ts'
import type { RefusalReason } from '#core/receipts/index.ts'
import { bytesOf, draft, judge, next, refusalOf, signerNamed, valueOf } from './feeds.ts'

const ada = signerNamed('ada')
const first = next(ada, null, { body: { a: 1, b: [true, null, 'x'] } })
const second = next(ada, first)

/** The first receipt with members replaced or, by undefined, left out; in canonical form, its signature now wrong. */
function changed(members: Record<string, unknown>): string {
  return canonicalize({ ...first.receipt, ...members }) ?? ''
}

function withBody(body: string): string {
  return first.line.replace(/"body":\{.*?\},"kind"/, () => `"body":${body},"kind"`)
}

test('a signed line parses to the same receipt, id and leaf', () => {
  expect(valueOf(judge(first.line))).toStrictEqual({ ...first })
})

test('the bytes under the signature are the canonical form without it', () => {
  const { sig: _, ...unsigned } = second.receipt
  expect(Buffer.from(signedBytes(second)).toString()).toBe(canonicalize(unsigned))
})

test('a body that imitates a signature does not confuse the cut', () => {
  const tricky = next(ada, first, {
    subject: '"sig":"',
    body: { sig: 'A'.repeat(86), text: '"sig":"', inner: { sig: 'x' } },
  })
  const { sig: _, ...unsigned } = tricky.receipt
  expect(Buffer.from(signedBytes(tricky)).toString()).toBe(canonicalize(unsigned))
  expect(valueOf(judge(tricky.line)).id).toBe(tricky.id)
})

test('what is no receipt at all says so, and blames no node', () => {
  for (const line of ['[]', '7', 'null', '"text"', '{"body":{}}']) {
    expect(refusalOf(judge(line))).toMatchObject({ reason: 'bad-envelope', node: null })
  }
  expect(refusalOf(judge(`{"node":"${ada.node}"}`))).toMatchObject({ reason: 'bad-envelope', node: ada.node })
})

test('a stored line comes back as it was', () => {
  expect(parseStoredLine(second.line)).toStrictEqual({ ...second })
})

test('a stored line that is no receipt is a bug and not hidden', () => {
  expect(() => parseStoredLine('{"receipt":"other"}')).toThrow(/Broken invariant/)
})

const spelling: [string, string, RefusalReason][] = [
  ['an empty line', '', 'not-json'],
  ['no JSON', 'receipt', 'not-json'],
  ['a cut line', first.line.slice(0, -1), 'not-json'],
  ['two values', `${first.line}${first.line}`, 'not-json'],
  ['a bracket too many', `${first.line}}`, 'not-json'],
  ['only closing brackets', '}]}]', 'not-json'],
  ['a byte order mark', `\ufeff${first.line}`, 'not-canonical'],
  ['CRLF', `${first.line}\r`, 'not-canonical'],
  ['a space', first.line.replace(':', ': '), 'not-canonical'],
  ['keys out of order', `{"zzz":1,${first.line.slice(1)}`, 'not-canonical'],
  ['a key twice', first.line.replace('"seq":1,', '"seq":1,"seq":1,'), 'not-canonical'],
  ['a key twice, once escaped', first.line.replace('"seq":1,', '"seq":1,"\\u0073eq":1,'), 'not-canonical'],
  ['an escape that need not be', first.line.replace('steward/1', 'steward\\/1'), 'not-canonical'],
  ['an escaped letter', first.line.replace('steward/1', '\\u0073teward/1'), 'not-canonical'],
  ['minus zero', withBody('{"a":-0}'), 'not-canonical'],
  ['1e400', withBody('{"a":1e400}'), 'not-canonical'],
  ['1.0', withBody('{"a":1.0}'), 'not-canonical'],
  ['2^53', withBody('{"a":9007199254740992}'), 'bad-number'],
  ['-2^53', withBody('{"a":-9007199254740992}'), 'bad-number'],
  ['1e+21', withBody('{"a":1e+21}'), 'bad-number'],
  ['half of a surrogate pair', withBody('{"a":"\\ud800"}'), 'bad-text'],
  ['half of a surrogate pair in a key', withBody('{"\\udfff":1}'), 'bad-text'],
  ['__proto__', withBody('{"__proto__":{"admin":true}}'), 'bad-text'],
  ['constructor', withBody('{"a":{"constructor":1}}'), 'bad-text'],
  ['prototype', withBody('{"prototype":null}'), 'bad-text'],
]

test.each(spelling)('%s is refused', (_what, line, reason) => {
  expect(refusalOf(judge(line)).reason).toBe(reason)
})

test('keys that UTF-8 and UTF-16 sort differently are judged by RFC 8785', () => {
  expect(judge(withBody('{"\u{1f602}":1,"\ufb33":2}')).ok).toBe(true)
  expect(refusalOf(judge(withBody('{"\ufb33":2,"\u{1f602}":1}'))).reason).toBe('not-canonical')
})

test('bytes that are no UTF-8 are refused', () => {
  const bytes = bytesOf(first.line)
  bytes[bytes.indexOf(0x78)] = 0xff
  expect(refusalOf(parseLine(bytes)).reason).toBe('not-utf8')
})

const envelopes: [string, Record<string, unknown>, RefusalReason][] = [
  ['a field that nobody knows', { extra: 1 }, 'bad-envelope'],
  ['a missing field', { task: undefined }, 'bad-envelope'],
  ['another version', { receipt: 'steward/2' }, 'bad-envelope'],
  ['seq 0', { seq: 0 }, 'bad-envelope'],
  ['seq -1', { seq: -1 }, 'bad-envelope'],
  ['seq 1.5', { seq: 1.5 }, 'bad-envelope'],
  ['seq as text', { seq: '1' }, 'bad-envelope'],
  ['a second receipt without prev', { seq: 2 }, 'bad-envelope'],
  ['a first receipt with prev', { prev: first.id }, 'bad-envelope'],
  ['a prev in capitals', { seq: 2, prev: first.id.toUpperCase() }, 'bad-envelope'],
  ['a node that is no did:key', { node: 'did:web:example.org' }, 'bad-envelope'],
  ['a kind without namespace', { kind: 'observed' }, 'bad-envelope'],
  ['a kind of 200 letters', { kind: `note/${'a'.repeat(195)}` }, 'bad-envelope'],
  ['a time without milliseconds', { time: '2026-11-21T10:00:00Z' }, 'bad-envelope'],
  ['a time with an offset', { time: '2026-11-21T10:00:00.000+01:00' }, 'bad-envelope'],
  ['30 February', { time: '2026-02-30T10:00:00.000Z' }, 'bad-envelope'],
  ['29 February of a common year', { time: '2027-02-29T10:00:00.000Z' }, 'bad-envelope'],
  ['a leap second', { time: '2016-12-31T23:59:60.000Z' }, 'bad-envelope'],
  ['a body that is a list', { body: [] }, 'bad-envelope'],
  ['a body that is null', { body: null }, 'bad-envelope'],
  ['an anchor with more to it', { anchor: { hash: first.id, time: first.receipt.time, note: '' } }, 'bad-envelope'],
  [
    'an anchor on a day that does not exist',
    { anchor: { hash: first.id, time: '2026-04-31T00:00:00.000Z' } },
    'bad-envelope',
  ],
  ['a signature with padding', { sig: `${first.receipt.sig}==` }, 'bad-envelope'],
  ['a signature with bits to spare', { sig: `${first.receipt.sig.slice(0, -1)}B` }, 'bad-envelope'],
  ['an empty subject', { subject: '' }, 'bad-text'],
  ['a subject of 1 MB', { subject: 'a'.repeat(1_000_000) }, 'too-large'],
  ['a newline in the subject', { subject: 'a\nb' }, 'bad-text'],
  ['a NUL in the task', { task: 'a\0b' }, 'bad-text'],
  ['DEL in the subject', { subject: 'a\u007fb' }, 'bad-text'],
  ['a C1 control in the subject', { subject: 'a\u0085b' }, 'bad-text'],
  ['a subject that is not NFC', { subject: 'Cafe\u0301' }, 'bad-text'],
]

test.each(envelopes)('%s is refused', (_what, members, reason) => {
  expect(refusalOf(judge(changed(members))).reason).toBe(reason)
})

test('29 February of a leap year, year 1970 and year 9999 are dates', () => {
  for (const time of ['2028-02-29T23:59:59.999Z', '1970-01-01T00:00:00.000Z', '9999-12-31T23:59:59.999Z']) {
    expect(judge(changed({ time })).ok).toBe(true)
  }
})

test('a refusal names the field and, where it can be known, the node', () => {
  const refusal = refusalOf(judge(changed({ seq: 0 })))
  expect(refusal.node).toBe(ada.node)
  expect(refusal.detail).toContain('“seq”')
})

test('a kind that this version does not know is taken', () => {
  expect(judge(changed({ kind: 'from-the-future/some/kind' })).ok).toBe(true)
})

const array = (count: number) => `[${Array(count).fill(0).join(',')}]`
const object = (count: number) =>
  `{${Array.from({ length: count }, (_, i) => `"k${String(i).padStart(5, '0')}":0`).join(',')}}`
// The receipt and its body are the first two levels.
const nested = (depth: number) => `{"a":${'['.repeat(depth - 2)}${']'.repeat(depth - 2)}}`
const text = (bytes: number) => `{"a":"${'x'.repeat(bytes - 8)}"}`

const edges: [string, (limit: number) => string, number, RefusalReason][] = [
  ['levels', nested, LIMITS.depth, 'too-deep'],
  ['items of a list', (count) => `{"a":${array(count)}}`, LIMITS.arrayItems, 'too-many'],
  ['members of an object', object, LIMITS.objectMembers, 'too-many'],
  ['bytes of a key', (bytes) => `{"${'k'.repeat(bytes)}":0}`, LIMITS.keyBytes, 'too-large'],
  ['bytes of a body', text, LIMITS.bodyBytes, 'too-large'],
]

test.each(edges)('as many %s as the limit are taken, one more is not', (_what, body, limit, reason) => {
  expect(judge(withBody(body(limit)))).toMatchObject({ ok: true })
  expect(refusalOf(judge(withBody(body(limit + 1)))).reason).toBe(reason)
})

test('1,024 bytes of subject are taken, one more is not, counted in bytes', () => {
  expect(judge(changed({ subject: 'ü'.repeat(512) })).ok).toBe(true)
  expect(refusalOf(judge(changed({ subject: `${'ü'.repeat(512)}x` }))).reason).toBe('bad-text')
  expect(judge(changed({ task: 'a'.repeat(1024) })).ok).toBe(true)
  expect(refusalOf(judge(changed({ task: 'a'.repeat(1025) }))).reason).toBe('bad-text')
})

test('an envelope over 8 KiB and a line over 80 KiB are refused before they are parsed', () => {
  expect(refusalOf(judge(changed({ subject: 'a'.repeat(9000) })))).toMatchObject({ reason: 'too-large' })
  expect(refusalOf(parseLine(new Uint8Array(LIMITS.lineBytes + 1)))).toMatchObject({ reason: 'too-large' })
})

test('depth of 80,000 and an object of 6,000 keys are counted before they are parsed', () => {
  expect(refusalOf(judge('['.repeat(80_000))).reason).toBe('too-deep')
  expect(refusalOf(judge(withBody(object(6000)))).reason).toBe('too-many')
})

test('what a line is refused for does not depend on the lines before it', () => {
  const reasons = Array.from({ length: LIMITS.arrayItems + 10 }, () => refusalOf(judge('1,2')).reason)
  expect(new Set(reasons)).toEqual(new Set(['not-json']))
})

test('what a body may say is not restricted: control characters, bidi, other Unicode forms', () => {
  const receipt = next(ada, null, { body: { text: 'a\0b\u202ec\u0085', 'e\u0301': 'not NFC' } })
  expect(valueOf(judge(receipt.line)).receipt.body).toEqual({ text: 'a\0b\u202ec\u0085', 'e\u0301': 'not NFC' })
})

test('a draft becomes the same line wherever it is signed', () => {
  expect(next(signerNamed('ada'), null, draft()).line).toBe(next(signerNamed('ada'), null, draft()).line)
})

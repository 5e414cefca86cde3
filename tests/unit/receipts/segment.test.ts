import { expect, test } from 'vitest'
import { LIMITS, parseSegmentName, segmentName } from '#core/receipts/index.ts'
import { bytesOf, feed, judgedSegment, refusalOf, signerNamed, valueOf } from './feeds.ts'

const ada = signerNamed('ada')
const ben = signerNamed('ben')
const receipts = feed(ada, 4)
const text = receipts.map(({ line }) => `${line}\n`).join('')
const range = { first: 1, last: 4, node: ada.node }

test('a whole segment gives its receipts in their order', () => {
  const segment = judgedSegment(bytesOf(text), range)
  expect(segment.complete).toBe(true)
  expect(segment.lines.map((line) => valueOf(line).id)).toEqual(receipts.map(({ id }) => id))
})

test('a segment cut at any byte is incomplete, and its whole lines are read', () => {
  const bytes = bytesOf(text)
  for (let length = 0; length < bytes.length; length += 7) {
    const segment = judgedSegment(bytes.subarray(0, length), range)
    const whole = text.slice(0, length).split('\n').length - 1
    expect(segment.complete).toBe(false)
    expect(segment.lines.filter(({ ok }) => ok)).toHaveLength(whole)
    expect(segment.lines).toHaveLength(whole)
  }
})

test('a segment that ends in zeros after a power loss is incomplete, not refused', () => {
  const bytes = bytesOf(text)
  for (const from of [0, 10, text.indexOf('\n') + 1, text.indexOf('\n') + 100, bytes.length - 1]) {
    const segment = judgedSegment(bytes.slice().fill(0, from), range)
    expect(segment.complete).toBe(false)
    expect(segment.lines.every(({ ok }) => ok)).toBe(true)
  }
  expect(judgedSegment(Buffer.concat([bytes, new Uint8Array(512)]), range).complete).toBe(false)
})

test('one bad line is refused by itself; the others are read', () => {
  const broken = text.replace('"index":1', '"index":1 ')
  const { complete, lines } = judgedSegment(bytesOf(broken), range)
  expect(complete).toBe(true)
  expect(lines.map(({ ok }) => ok)).toEqual([true, false, true, true])
})

test('a receipt that is not where the name says is refused', () => {
  const { lines } = judgedSegment(bytesOf(text), { first: 2, last: 5, node: ada.node })
  expect(lines.map((line) => refusalOf(line).reason)).toEqual(Array(4).fill('bad-segment'))
})

test('a receipt of another node is refused, unless anybody’s will do', () => {
  const foreign = feed(ben, 1)
    .map(({ line }) => `${line}\n`)
    .join('')
  const refusal = refusalOf(
    judgedSegment(bytesOf(foreign), { ...range, last: 1 }).lines[0] ?? { ok: true, value: null },
  )
  expect(refusal).toMatchObject({ reason: 'wrong-node', node: ben.node })
  expect(judgedSegment(bytesOf(foreign), { first: 1, last: 1 }).lines.map(({ ok }) => ok)).toEqual([true])
})

test('lines beyond the promised range are refused once', () => {
  const { complete, lines } = judgedSegment(bytesOf(text), { ...range, last: 2 })
  expect(complete).toBe(true)
  expect(lines.map(({ ok }) => ok)).toEqual([true, true, false])
})

test('a segment over 8 MiB, or promising over 4,096 receipts, is refused whole', () => {
  const large = judgedSegment(new Uint8Array(LIMITS.segmentBytes + 1), range)
  expect(large).toMatchObject({ complete: true, lines: [{ ok: false, refusal: { reason: 'bad-segment' } }] })
  expect(judgedSegment(bytesOf(text), { first: 1, last: 4097 }).lines).toMatchObject([{ ok: false }])
})

test('names of segments are their range, and nothing else is a segment', () => {
  expect(segmentName(1, 4096)).toBe('1-4096.jsonl')
  expect(parseSegmentName('1-4096.jsonl')).toEqual({ first: 1, last: 4096 })
  const foreign = [
    '1-4097.jsonl',
    '0-5.jsonl',
    '01-5.jsonl',
    '5-4.jsonl',
    '1-2.json',
    '1-2.jsonl.tmp',
    '../1-2.jsonl',
    '1-9999999999999999.jsonl',
    '１-２.jsonl',
    '1-2.JSONL',
    '1-2.jsonl\n',
    '',
  ]
  for (const name of foreign) expect(parseSegmentName(name)).toBeNull()
})

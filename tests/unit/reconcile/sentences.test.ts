import { expect, test } from 'vitest'
import {
  fileName,
  saidBy,
  verdictSentence,
  type ConflictKind,
  type ReceiptId,
  type Verdict,
} from '#core/contract/index.ts'
import { ageWords } from '#core/reconcile/age-words.ts'
import { sha256Id } from '#core/receipts/index.ts'

const harbor = {
  receipt: sha256Id<ReceiptId>('harbor'),
  nodeName: 'harbor-lab',
  seq: 1204,
  gist: '12',
  gistOf: 'count',
}
const mill = { receipt: sha256Id<ReceiptId>('mill'), nodeName: 'mill-creek', seq: 877, gist: '14', gistOf: 'count' }
const subject = '_report/usage/external-summary.json'
const say = (kind: ConflictKind, verdict: Verdict) =>
  verdictSentence({ kind, subject, members: [harbor, mill] }, verdict)
const pickMill: Verdict = { type: 'pick', receipt: mill.receipt }
const none: Verdict = { type: 'none' }

test.each<[string, ConflictKind, Verdict]>([
  ["For external-summary.json, mill-creek's receipt #877 (count 14) holds.", 'hash-mismatch', pickMill],
  ["For external-summary.json, mill-creek's receipt #877 (count 14) still holds.", 'stale', pickMill],
  ["For external-summary.json, mill-creek's decision #877 holds.", 'decisions-disagree', pickMill],
  ['For external-summary.json, none of the two claims holds.', 'unknown-anchor', none],
  ['For external-summary.json, none of the decisions holds.', 'decisions-disagree', none],
  [
    "For external-summary.json, harbor-lab's receipt #1204 (count 12) and mill-creek's receipt #877 (count 14) hold.",
    'hash-mismatch',
    { type: 'several', receipts: [harbor.receipt, mill.receipt] },
  ],
  [
    'For external-summary.json, none of the two claims holds; in their place stands {"count":13}.',
    'missing-anchor',
    { type: 'replacement', body: { count: 13 } },
  ],
  ["For external-summary.json, harbor-lab's receipt #1204 does not count.", 'invalid-content', none],
  [
    "For external-summary.json, harbor-lab's receipt #1204 is kept as it is.",
    'invalid-content',
    { type: 'pick', receipt: harbor.receipt },
  ],
])('a steward signs: %s', (sentence, kind, verdict) => {
  expect(say(kind, verdict)).toBe(sentence)
})

test('a decision on a fork says where the feed goes on, or that it ends', () => {
  const stories = [harbor, { ...harbor, receipt: mill.receipt }]
  const sentence = (verdict: Verdict) => verdictSentence({ kind: 'fork', subject: 'did', members: stories }, verdict)
  expect(sentence(pickMill)).toBe(`harbor-lab's feed goes on along its receipt #1204 ${mill.receipt.slice(7, 15)}.`)
  expect(sentence(none)).toBe("harbor-lab's feed ends before its receipt #1204; neither story goes on.")
})

test('a long replacement is cut, a missing member is named by its hash', () => {
  expect(say('hash-mismatch', { type: 'replacement', body: { text: 'x'.repeat(500) } }).length).toBeLessThan(200)
  const gone = sha256Id<ReceiptId>('gone')
  expect(say('hash-mismatch', { type: 'pick', receipt: gone })).toContain(gone.slice(7, 15))
})

test('a value that stands deep is named by the end of its path; one without a field by itself', () => {
  const deep = 'feeds.demo.a_rather_long_name_of_a_part.receipt_count'
  expect(saidBy({ gist: '14', gistOf: deep })).toBe('…ather_long_name_of_a_part.receipt_count 14')
  expect(saidBy({ gist: 'none', gistOf: null })).toBe('none')
})

test('a subject is called by the last part of its path', () => {
  expect(fileName('a/b/c.json')).toBe('c.json')
  expect(fileName('folder/')).toBe('folder')
  expect(fileName('/')).toBe('/')
})

test.each([
  [0, 'less than a minute'],
  [-5, 'less than a minute'],
  [90_000, '1 minute'],
  [7_300_000, '2 hours'],
  [3 * 86_400_000, '3 days'],
])('%i ms are %s', (ageMs, words) => {
  expect(ageWords(ageMs)).toBe(words)
})

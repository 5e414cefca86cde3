import { expect, test } from 'vitest'
import { Instant } from '#core/contract/index.ts'
import { LIMITS } from '#core/receipts/index.ts'
import type { VerifiedReceipt } from '#core/receipts/index.ts'
import { FeedModel } from './feed-model.ts'
import { feed, next, NOON, signerNamed } from './feeds.ts'

const ada = signerNamed('ada')
const [one, two, three] = feed(ada, 3) as [VerifiedReceipt, VerifiedReceipt, VerifiedReceipt] // three were asked for

function holding(...receipts: VerifiedReceipt[]): FeedModel {
  const tail = new FeedModel()
  for (const receipt of receipts) tail.take(receipt, NOON)
  return tail
}

test('receipts in their order are appended', () => {
  const tail = new FeedModel()
  expect([one, two, three].map((receipt) => tail.take(receipt, NOON))).toEqual([
    { outcome: 'appended' },
    { outcome: 'appended' },
    { outcome: 'appended' },
  ])
})

test('a receipt that is held already changes nothing', () => {
  expect(holding(one, two).take(one, NOON)).toEqual({ outcome: 'known' })
  expect(holding(one, two).take(two, NOON)).toEqual({ outcome: 'known' })
})

test('behind a gap it waits, for the first receipt that is missing', () => {
  expect(holding(one).take(three, NOON)).toEqual({ outcome: 'waiting', for: 2 })
  expect(holding().take(three, NOON)).toEqual({ outcome: 'waiting', for: 1 })
})

test('a second story at one seq is a fork and names the first, wherever it comes', () => {
  const [other] = feed(ada, 1, one, 'other')
  expect(other && holding(one, two).take(other, NOON)).toEqual({ outcome: 'forked', other: two.id })
  expect(other && holding(one, two, three).take(other, NOON)).toEqual({ outcome: 'forked', other: two.id })
})

test('a receipt that names a predecessor nobody has is a fork: the other branch may still come', () => {
  const branch = feed(ada, 2, one, 'other') as [VerifiedReceipt, VerifiedReceipt]
  const tail = holding(one, two)
  expect(tail.take(branch[1], NOON)).toEqual({ outcome: 'forked', other: two.id })
  expect(tail.take(branch[0], NOON)).toEqual({ outcome: 'forked', other: two.id })
})

test('what goes on after either story of a fork is appended', () => {
  const branch = feed(ada, 2, one, 'other') as [VerifiedReceipt, VerifiedReceipt]
  const tail = holding(one, two)
  tail.take(branch[0], NOON)
  expect(tail.take(three, NOON)).toEqual({ outcome: 'appended' })
  expect(tail.take(branch[1], NOON)).toEqual({ outcome: 'forked', other: three.id })
})

test('a time more than five minutes ahead is held until then; five minutes exactly is not', () => {
  const ahead = next(ada, null, {}, Instant.parse('2026-11-21T12:05:00.001Z'))
  const justNot = next(ada, null, {}, Instant.parse('2026-11-21T12:05:00.000Z'))
  expect(holding().take(ahead, NOON)).toEqual({ outcome: 'held', until: '2026-11-21T12:00:00.001Z' })
  expect(holding().take(justNot, NOON)).toEqual({ outcome: 'appended' })
  expect(holding().take(ahead, Instant.parse('2026-11-21T12:00:00.001Z'))).toEqual({ outcome: 'appended' })
})

test('a held receipt that is held already is still known, whatever the clock says', () => {
  const ahead = next(ada, null, {}, Instant.parse('2026-11-21T13:00:00.000Z'))
  const tail = new FeedModel()
  tail.take(ahead, Instant.parse('2026-11-21T14:00:00.000Z'))
  expect(tail.take(ahead, NOON)).toEqual({ outcome: 'known' })
})

test('a receipt older than its predecessor is accepted: times never decide', () => {
  const early = next(ada, one, {}, Instant.parse('1970-01-01T00:00:00.000Z'))
  expect(holding(one).take(early, NOON)).toEqual({ outcome: 'appended' })
})

test('64 stories at one seq are kept, more are refused', () => {
  const tail = new FeedModel()
  const stories = Array.from({ length: LIMITS.storiesPerSeq + 1 }, (_, index) => next(ada, null, { body: { index } }))
  const admissions = stories.map((story) => tail.take(story, NOON).outcome)
  expect(admissions.filter((outcome) => outcome === 'appended')).toHaveLength(1)
  expect(admissions.filter((outcome) => outcome === 'forked')).toHaveLength(63)
  const last = stories.at(-1)
  expect(last && tail.take(last, NOON)).toMatchObject({
    outcome: 'refused',
    refusal: { reason: 'fork-flood', node: ada.node },
  })
})

test('a jump to the largest seq waits like any gap', () => {
  const far = next(ada, { ...two, receipt: { ...two.receipt, seq: 2 ** 53 - 2 } })
  expect(holding(one).take(far, NOON)).toEqual({ outcome: 'waiting', for: 2 })
})

// The order of arrival must not show: whatever is delivered in whatever order, with what waits and is held asked again, the
// receipts that are kept in the end are the same.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Instant } from '#core/contract/index.ts'
import type { VerifiedReceipt } from '#core/receipts/index.ts'
import { FeedModel } from '#tests/unit/receipts/feed-model.ts'
import { next, NOON, signerNamed } from '#tests/unit/receipts/feeds.ts'

const ada = signerNamed('ada')
const AHEAD = Instant.parse('2026-11-21T12:10:00.000Z')
const LATER = Instant.parse('2026-11-21T12:06:00.000Z')

/** A feed grown at random: each receipt goes on after any earlier one, so branches fork, and branches fork again. */
const stories = fc
  .array(fc.record({ after: fc.nat(), ahead: fc.boolean() }), { minLength: 1, maxLength: 14 })
  .map((plan) => {
    const made: VerifiedReceipt[] = []
    for (const [index, { after, ahead }] of plan.entries()) {
      // One in four goes on after an earlier one; the others after the newest, so that feeds get long.
      const before = after % 4 === 0 ? made[after % (made.length + 1)] : made.at(-1)
      made.push(next(ada, before ?? null, { body: { index } }, ahead && after % 5 === 0 ? AHEAD : NOON))
    }
    return made
  })

/** Some of a feed's receipts, in any order, some of them more than once. */
const deliveries = stories.chain((made) =>
  fc.tuple(
    fc
      .subarray(made, { minLength: 1 })
      .chain((some) =>
        fc.tuple(
          fc.shuffledSubarray(some, { minLength: some.length }),
          fc.shuffledSubarray(some, { minLength: some.length }),
          fc.array(fc.constantFrom(...some), { maxLength: 5 }),
        ),
      ),
  ),
)

interface Delivered {
  readonly kept: readonly string[]
  readonly waiting: readonly string[]
  readonly held: readonly string[]
}

/** Delivers all, asks again as long as something changes, and says what stands where. */
function deliver(arrivals: readonly VerifiedReceipt[], now: Instant): Delivered {
  const feed = new FeedModel()
  let pending = [...arrivals]
  for (let before = -1; before !== feed.ids().length;) {
    before = feed.ids().length
    pending = pending.filter((receipt) => ['waiting', 'held'].includes(feed.take(receipt, now).outcome))
  }
  const outcomes = pending.map((receipt) => ({ id: receipt.id, outcome: feed.take(receipt, now).outcome }))
  const idsWith = (outcome: string) =>
    [...new Set(outcomes.filter((one) => one.outcome === outcome).map(({ id }) => id))].toSorted()
  return { kept: feed.ids(), waiting: idsWith('waiting'), held: idsWith('held') }
}

test('the order of arrival, and repetition, do not show in what is kept', () => {
  fc.assert(
    fc.property(deliveries, ([[one, other, again]]) => {
      expect(deliver([...other, ...again], NOON)).toEqual(deliver(one, NOON))
    }),
    { numRuns: 1000 },
  )
})

test('what is kept is what has, at every earlier seq, something kept: nothing behind a gap or ahead of the clock', () => {
  fc.assert(
    fc.property(deliveries, ([[arrivals]]) => {
      const due = arrivals.filter(({ receipt }) => receipt.time === NOON)
      let reach = 0
      while (due.some(({ receipt }) => receipt.seq === reach + 1)) reach++
      const expected = due.filter(({ receipt }) => receipt.seq <= reach).map(({ id }) => id)
      expect(deliver(arrivals, NOON).kept).toEqual([...new Set(expected)].toSorted())
    }),
    { numRuns: 1000 },
  )
})

test('what was held comes in once its time has come, as if it had never been held', () => {
  fc.assert(
    fc.property(deliveries, ([[one, other]]) => {
      const feed = new FeedModel()
      for (const receipt of one) feed.take(receipt, NOON)
      for (const _ of one) for (const receipt of one) feed.take(receipt, LATER)
      expect(feed.ids()).toEqual(deliver(other, LATER).kept)
    }),
    { numRuns: 1000 },
  )
})

test('more receipts never remove one', () => {
  fc.assert(
    fc.property(deliveries, fc.nat(), ([[arrivals]], cut) => {
      const some = deliver(arrivals.slice(0, cut % (arrivals.length + 1)), NOON).kept
      expect(deliver(arrivals, NOON).kept).toEqual(expect.arrayContaining([...some]))
    }),
    { numRuns: 1000 },
  )
})

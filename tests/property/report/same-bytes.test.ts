import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { VerifiedReceipt } from '#core/receipts/index.ts'
import { reportOf } from '#tests/kit/report.ts'
import { deliveries, play, steps } from '#tests/kit/story.ts'
import { World } from '#tests/kit/world.ts'
import { propertyRuns } from '#tests/kit/property-runs.ts'

const RUNS = propertyRuns({ usual: 40, ci: 100 })

const delivered = steps(40)
  .map(play)
  .chain((told) => fc.tuple(fc.constant(told), deliveries(told.receipts.length)))

test('the same receipts, policy and as-of time give the same bytes, in whatever order and groups they came', async () => {
  await fc.assert(
    fc.asyncProperty(delivered, async ([told, batches]) => {
      const network = told.genesis.id
      using whole = new World().joinNetwork(network)
      whole.deliver(told.receipts)
      using pieces = new World().joinNetwork(network)
      let waiting: VerifiedReceipt[] = []
      for (const batch of batches)
        waiting = pieces.deliver([...waiting, ...batch.map((index) => told.receipts[index]!)])

      const [one, other] = [await reportOf(whole, { network }), await reportOf(pieces, { network })]
      for (const [name, text] of one.files) expect(other.files.get(name)).toBe(text)
      expect(other.digest).toBe(one.digest)
    }),
    { numRuns: RUNS },
  )
})

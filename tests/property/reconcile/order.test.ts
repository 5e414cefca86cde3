import fc from 'fast-check'
import { expect, test } from 'vitest'
import { deliveries, play, steps, type Story } from '#tests/kit/story.ts'
import { World } from '#tests/kit/world.ts'
import { networkTables } from '#core/network/tables.ts'
import { reconcileTables } from '#core/reconcile/tables.ts'
import type { VerifiedReceipt } from '#core/receipts/index.ts'

const RUNS = Number(process.env['STEWARD_PROPERTY_RUNS'] ?? 250)

const story = steps(40).map(play)
const delivered = story.chain((told) => fc.tuple(fc.constant(told), deliveries(told.receipts.length)))

test('order, grouping and repetition of deliveries do not show', () => {
  fc.assert(
    fc.property(delivered, ([told, batches]) => {
      using whole = new World().joinNetwork(told.genesis.id)
      whole.deliver(told.receipts)
      using pieces = new World().joinNetwork(told.genesis.id)
      deliverInBatches(pieces, told, batches)
      expect(pieces.state()).toBe(whole.state())
    }),
    { numRuns: RUNS },
  )
})

test('what grew batch by batch is what a rebuild makes, row by row', () => {
  fc.assert(
    fc.property(delivered, ([told, batches]) => {
      using world = new World().joinNetwork(told.genesis.id)
      deliverInBatches(world, told, batches)
      const grown = allRows(world)
      expect(allRows(world.rebuild())).toEqual(grown)
    }),
    { numRuns: RUNS },
  )
})

test('when the network is known last, everything comes out the same', () => {
  fc.assert(
    fc.property(story, (told) => {
      using before = new World().joinNetwork(told.genesis.id)
      before.deliver(told.receipts)
      using after = new World()
      after.deliver(told.receipts)
      after.joinNetwork(told.genesis.id)
      expect(after.state()).toBe(before.state())
    }),
    { numRuns: RUNS },
  )
})

function deliverInBatches(world: World, told: Story, batches: readonly (readonly number[])[]): void {
  let waiting: VerifiedReceipt[] = []
  for (const batch of batches) {
    const receipts = batch.map((index) => told.receipts[index]!)
    waiting = world.deliver([...waiting, ...receipts])
  }
  expect(waiting).toEqual([])
}

function allRows(world: World): Record<string, unknown[]> {
  return Object.fromEntries(
    [...networkTables, ...reconcileTables].map((table) => [
      table,
      world.ledger.raw
        .prepare(`SELECT * FROM ${table}`)
        .all()
        .map((row) => JSON.stringify(row))
        .sort(),
    ]),
  )
}

// A node that signs more stories at one seq than anybody keeps. Which of them are kept depends on which came first; what is merged,
// compared and shown does not.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { LIMITS } from '#core/receipts/index.ts'
import type { VerifiedReceipt } from '#core/receipts/index.ts'
import { TestNode } from '#tests/kit/nodes.ts'
import { foundNetwork, World } from '#tests/kit/world.ts'
import { propertyRuns } from '#tests/kit/property-runs.ts'

const RUNS = propertyRuns({ usual: 3, ci: 10 })

/** Two founders; the second tells `stories` stories after its third receipt, each of two receipts. */
function flood(stories: number): readonly VerifiedReceipt[] {
  const [ada, ben] = [new TestNode('ada'), new TestNode('ben')]
  foundNetwork([ada, ben])
  ada.observe('a.json', { v: 1 })
  const last = ben.observe('a.json', { v: 2 })
  for (let story = 0; story < stories; story++) {
    ben.forkAfter(last)
    ben.observe(`${story}.json`, { story })
    ben.observe(`behind-${story}.json`, { story })
  }
  return [...ada.signed, ...ben.signed]
}

function stateOf(receipts: readonly VerifiedReceipt[], cut = 0): string {
  const [genesis] = flooded
  using world = new World().joinNetwork(genesis!.id)
  const waiting = world.deliver(receipts.slice(0, cut))
  world.deliver([...waiting, ...receipts.slice(cut)])
  return world.state()
}

const flooded = flood(LIMITS.storiesPerSeq + 6)

test('whichever stories of a flood came first, all nodes show the same state', () => {
  const expected = stateOf(flooded)
  fc.assert(
    fc.property(
      fc.shuffledSubarray([...flooded], { minLength: flooded.length }),
      fc.nat({ max: flooded.length }),
      (arrived, cut) => {
        expect(stateOf(arrived, cut)).toBe(expected)
      },
    ),
    { numRuns: RUNS },
  )
})

test('a flood shows as a fork at the receipt before it, and no decision leads past it', () => {
  const [genesis] = flooded
  using world = new World().joinNetwork(genesis!.id)
  world.deliver(flooded)
  const fork = world.conflicts().find(({ kind }) => kind === 'fork')
  const ben = flooded.findLast(({ receipt }) => receipt.seq === 2)!
  expect(fork).toMatchObject({ members: [{ receipt: ben.id }] })
})

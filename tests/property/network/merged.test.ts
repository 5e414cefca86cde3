import fc from 'fast-check'
import { expect, test } from 'vitest'
import { admittedNodes } from '#core/network/index.ts'
import { play, steps } from '#tests/kit/story.ts'
import { World } from '#tests/kit/world.ts'
import { propertyRuns } from '#tests/kit/property-runs.ts'

const RUNS = propertyRuns({ usual: 200, ci: 500 })

test('more receipts never put a node out, unless a feed tells a second story', () => {
  const withoutForks = steps(30).map((told) => play(told.filter((step) => step.type !== 'fork')))
  fc.assert(
    fc.property(withoutForks, fc.nat(), (story, cut) => {
      using world = new World().joinNetwork(story.genesis.id)
      const receipts = story.receipts
      world.deliver(receipts.slice(0, cut % receipts.length))
      const before = admittedNodes(world.db)
      const bounds = boundsOf(world)
      world.deliver(receipts)
      expect([...before].filter((node) => !admittedNodes(world.db).has(node))).toEqual([])
      for (const [node, bound] of bounds) expect(boundsOf(world).get(node)).toBeGreaterThanOrEqual(bound)
    }),
    { numRuns: RUNS },
  )
})

test('once a feed told two stories, its base is the last receipt that all of them share', () => {
  fc.assert(
    fc.property(steps(30).map(play), (story) => {
      using world = new World().joinNetwork(story.genesis.id)
      world.deliver(story.receipts)
      for (const node of story.nodes) {
        expect(basesOf(world).get(node.id)).toBe(
          naiveBase(story.receipts.filter(({ receipt }) => receipt.node === node.id)),
        )
      }
    }),
    { numRuns: RUNS },
  )
})

function naiveBase(
  receipts: readonly {
    readonly id: string
    readonly receipt: { readonly seq: number; readonly prev: string | null }
  }[],
): number {
  const distinct = [...new Map(receipts.map((one) => [one.id, one])).values()]
  let previous: string | null = null
  for (let seq = 1; ; seq++) {
    const here = distinct.filter(({ receipt }) => receipt.seq === seq)
    if (here.length !== 1 || here[0]!.receipt.prev !== previous) return seq - 1
    previous = here[0]!.id
  }
}

function boundsOf(world: World): Map<string, number> {
  return columnOf(world, 'bound_seq')
}

function basesOf(world: World): Map<string, number> {
  return columnOf(world, 'base_seq')
}

function columnOf(world: World, column: 'bound_seq' | 'base_seq'): Map<string, number> {
  const rows = world.ledger.raw
    .prepare(`SELECT node.id AS node, ${column} AS seq FROM network_feed JOIN node ON node.key = node_key`)
    .all() as { node: string; seq: number }[]
  return new Map(rows.map(({ node, seq }) => [node, seq]))
}

// Every hostile feed of the corpus, delivered in three orders: what becomes of it is what is written beside it, whichever came first.
import { expect, test } from 'vitest'
import { append } from '#core/ledger/index.ts'
import { mergedState } from '#core/network/index.ts'
import type { VerifiedReceipt } from '#core/receipts/index.ts'
import { hostileFeeds } from '#tests/fixtures/hostile/feeds.ts'
import { TestNode } from '#tests/kit/nodes.ts'
import { foundNetwork, LATER, World } from '#tests/kit/world.ts'

function begun(): TestNode {
  const eve = new TestNode('eve')
  foundNetwork([eve])
  return eve
}

const feeds = hostileFeeds(begun, Date.parse(LATER))
const ORDERS: readonly ((receipts: readonly VerifiedReceipt[]) => readonly VerifiedReceipt[])[] = [
  (receipts) => receipts,
  (receipts) => receipts.toReversed(),
  (receipts) => receipts.toSorted((a, b) => (a.id < b.id ? -1 : 1)),
]

test.each(feeds)('$trick', ({ receipts, expect: wanted }) => {
  const states = ORDERS.map((order) => {
    const eve = begun()
    using world = new World().joinNetwork(eve.signed[0]!.id)
    world.deliver(eve.signed)
    const outcomes = new Map<string, string>()
    // Until a round takes nothing more: what waits is offered again, as the shared folder does.
    for (let before = -1; before !== kept(outcomes);) {
      before = kept(outcomes)
      world.ledger.write(LATER, (tx) => {
        for (const receipt of order(receipts))
          if (!isKept(outcomes.get(receipt.id)))
            outcomes.set(receipt.id, append(tx, receipt, { way: 'folder', source: 'test' }).outcome)
      })
    }
    const count = (outcome: string) => [...outcomes.values()].filter((each) => each === outcome).length
    const feed = mergedState(world.db).rows.find(({ node }) => node === eve.id)
    return {
      found: {
        merged: feed?.seq ?? 0,
        kept: kept(outcomes),
        held: count('held'),
        waiting: count('waiting'),
        conflicts: world.conflicts().map(({ kind }) => kind),
      },
      state: world.state(),
    }
  })
  expect(states[0]?.found).toEqual(wanted)
  expect(new Set(states.map(({ state }) => state)).size).toBe(1)
})

function isKept(outcome: string | undefined): boolean {
  return outcome === 'appended' || outcome === 'forked' || outcome === 'known'
}

function kept(outcomes: ReadonlyMap<string, string>): number {
  return [...outcomes.values()].filter(isKept).length
}

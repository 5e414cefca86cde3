import fc from 'fast-check'
import { expect, test } from 'vitest'
import { conflictCounts, overdueCount } from '#core/reconcile/index.ts'
import { instantAt, START, TestNode } from '#tests/kit/nodes.ts'
import { allSigned, foundNetwork, World } from '#tests/kit/world.ts'
import { propertyRuns } from '#tests/kit/property-runs.ts'

const HOUR = 3_600_000

test('whatever the clock does, what is overdue is what rebuilding finds, and the counts add up', () => {
  const claims = fc.array(
    fc.record({
      node: fc.nat({ max: 1 }),
      subject: fc.nat({ max: 3 }),
      value: fc.nat({ max: 2 }),
      hours: fc.nat({ max: 90 }),
    }),
    { minLength: 2, maxLength: 12 },
  )
  const clock = fc.array(fc.nat({ max: 200 }), { minLength: 1, maxLength: 3 })
  fc.assert(
    fc.property(claims, clock, (signed, hours) => {
      const nodes = [new TestNode('ada'), new TestNode('ben')]
      const genesis = foundNetwork(nodes, { escalateAfterDays: 2 })
      for (const claim of signed) {
        nodes[claim.node]?.observe(`${claim.subject}.json`, { value: claim.value }, { atMs: claim.hours * HOUR })
      }
      const now = (passed: number) => instantAt(START + (100 + passed) * HOUR)
      using world = new World().joinNetwork(genesis.id, now(0))
      world.deliver(allSigned(nodes), now(0))
      for (const passed of hours) {
        world.passTo(now(passed))
        const open = world.conflicts()
        expect(overdueCount(world.db)).toBe(open.filter(({ escalated }) => escalated !== null).length)
        expect(conflictCounts(world.db).openBySeverity).toEqual({
          '1': open.filter(({ severity }) => severity === 1).length,
          '2': open.filter(({ severity }) => severity === 2).length,
          '3': open.filter(({ severity }) => severity === 3).length,
        })
        const before = world.state()
        expect(world.rebuild(now(passed)).state()).toBe(before)
      }
    }),
    { numRuns: propertyRuns({ usual: 8, ci: 40 }) },
  )
})

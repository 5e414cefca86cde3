// Any order of signing, deciding, syncing, partial copies of folders, crashes and restarts: three nodes come to the same state, and
// nothing that a command acknowledged is lost.
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { isSamePolicy } from '#core/contract/index.ts'
import type { Place } from '#tests/kit/place.ts'
import { buildTemplate, TravellingNetwork } from './travelling-network.ts'
import { propertyRuns } from '#tests/kit/property-runs.ts'

let template: Place
beforeAll(async () => {
  template = await buildTemplate()
})
afterAll(() => template[Symbol.asyncDispose]())

const who = fc.nat({ max: 2 })
const step = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('observe' as const),
      who,
      subject: fc.constantFrom('report.json', 'usage.json'),
      value: fc.nat({ max: 2 }),
    }),
  },
  { weight: 5, arbitrary: fc.record({ do: fc.constant('sync' as const), who }) },
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('carry' as const),
      from: who,
      to: who,
      mask: fc.oneof(fc.constant(-1), fc.integer()),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('decide' as const),
      who,
      pick: fc.option(fc.nat({ max: 2 })),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('withdraw' as const), who }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('restart' as const), who }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('kill' as const), who, duringSync: fc.boolean() }) },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('rules' as const), who, needed: fc.integer({ min: 1, max: 2 }) }),
  },
)
type Step = typeof step extends fc.Arbitrary<infer S> ? S : never

async function take(network: TravellingNetwork, taken: Step): Promise<void> {
  if (taken.do === 'carry') {
    const { from, to, mask } = taken
    network.carry(from, to, (nth) => ((mask >> (nth % 31)) & 1) === 1)
    return
  }
  const core = network.core(taken.who)
  const { steward } = core
  const acknowledge = network.acknowledged
  switch (taken.do) {
    case 'observe':
      acknowledge.push(await core.observe(taken.subject, { value: taken.value }))
      return
    case 'sync':
      await core.sync()
      return
    case 'decide': {
      const [conflict] = (await core.conflicts()).filter(({ decidable }) => decidable)
      if (conflict === undefined) return
      const { cannotDecide } = await steward.conflicts.get({ id: conflict.id })
      if (cannotDecide !== null) return
      const members = conflict.members.map(({ receipt }) => receipt)
      const picked = taken.pick === null ? undefined : members[taken.pick % members.length]
      const verdict = picked === undefined ? { type: 'none' as const } : { type: 'pick' as const, receipt: picked }
      network.place.pass(1000)
      const { id } = await steward.conflicts.decide({
        conflict: conflict.id,
        members,
        verdict,
        reason: 'so',
        planStep: null,
      })
      acknowledge.push(id)
      return
    }
    case 'withdraw': {
      for (const { id } of await core.conflicts('all')) {
        const { decisions } = await steward.conflicts.get({ id })
        const own = decisions.find(({ mine, withdrawn }) => mine && withdrawn === null)
        if (own === undefined) continue
        acknowledge.push((await steward.conflicts.withdraw({ decision: own.id, reason: 'mistaken' })).id)
        return
      }
      return
    }
    case 'restart':
      await core.restart()
      return
    case 'kill':
      await network.kill(taken.who, taken.duringSync)
      return
    case 'rules': {
      const { policy, proposed } = await steward.network.get({})
      const wish = { ...policy, decisionsNeeded: taken.needed }
      const saidAlready = [policy, ...proposed.filter(({ mine }) => mine).map((own) => own.policy)]
      if (saidAlready.some((said) => isSamePolicy(said, wish))) return
      network.place.pass(1000)
      acknowledge.push((await steward.network.signPolicy({ policy: wish })).id)
    }
  }
}

test('whatever happens in whatever order, three nodes come to the same state and lose nothing', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 16, size: 'max' }), async (steps) => {
      await using network = await TravellingNetwork.from(template)
      for (const each of steps) await take(network, each)
      await network.heal()

      const states = await network.states()
      for (const state of states) expect(state).toBe(states[0])
      for (const core of network.cores) {
        for (const id of network.acknowledged) {
          const { summary } = await core.steward.receipts.get({ id })
          expect(summary.state).toBe('merged')
        }
        expect(core.bugs).toEqual([])
      }
      // More of the same changes nothing.
      await network.heal()
      expect(await network.states()).toEqual(states)
      const { ok, checks } = await network.core(0).steward.app.doctor({})
      expect(checks.filter((check) => !check.ok)).toEqual([])
      expect(ok).toBe(true)
    }),
    {
      numRuns: propertyRuns({ usual: 8 }),
      endOnFailure: true,
      // A proposal that one signature does not carry stands on all three, and only with its signer as its own.
      examples: [
        [
          [
            { do: 'rules', who: 0, needed: 2 },
            { do: 'rules', who: 0, needed: 1 },
          ],
        ],
      ],
    },
  )
})

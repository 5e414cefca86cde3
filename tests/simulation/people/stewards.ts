// Stewards at work: they sign, decide, withdraw, admit and remove, on what their own node shows them in that moment.
import type { Verdict } from '#core/contract/index.ts'
import { MINUTE, SECOND, type Family, type Happening } from '../machinery/family.ts'
import type { StewardClient } from '../machinery/machine.ts'
import type { Random } from '../machinery/random.ts'
import type { World } from '../machinery/world.ts'

const SUBJECTS = ['report.json', 'levels.json', 'docs/plan.md', 'docs/käse.md']
const TASKS = [null, null, 'T1']

/** Something that a steward does now and then. */
function habit(
  name: string,
  perHour: readonly [least: number, most: number],
  deed: (steward: StewardClient, random: Random, world: World) => ReturnType<Parameters<World['do']>[2]>,
): Family {
  return {
    name: `person/${name}`,
    chance: 0.8,
    perHour,
    lastsMs: [SECOND, MINUTE],
    begin(world, { machine: index }: Happening, random) {
      const machine = world.machines[index % world.machines.length]
      if (machine === undefined) return
      void world.do(machine, name, (steward) => deed(steward, random, world))
    },
  }
}

const observes = habit('observes', [4, 40], async (steward, random) => {
  const content = { type: 'body' as const, body: { value: random.below(3) } }
  const { id } = await steward.receipts.sign({
    kind: 'evidence/observed',
    subject: random.pick(SUBJECTS),
    task: random.pick(TASKS),
    anchor: null,
    content,
  })
  return id
})

const decides = habit('decides', [1, 12], async (steward, random) => {
  const { items } = await steward.conflicts.list({ filter: { status: 'open' }, sort: 'severity', limit: 50 })
  if (items.length === 0) return null
  const { id } = random.pick(items)
  const review = await steward.conflicts.get({ id })
  const members = review.members.map(({ receipt }) => receipt)
  if (members.length === 0) return null
  const verdict: Verdict = random.chance(0.8) ? { type: 'pick', receipt: random.pick(members) } : { type: 'none' }
  const decision = { conflict: id, members, verdict, reason: 'simulated', planStep: null }
  return (await steward.conflicts.decide(decision)).id
})

const withdraws = habit('withdraws', [0.5, 4], async (steward, random) => {
  const { items } = await steward.receipts.list({ filter: { kind: 'decision/made' }, sort: 'newest', limit: 20 })
  const own = (await steward.app.state({})).node?.id
  const mine = items.filter(({ node }) => node === own)
  if (mine.length === 0) return null
  return (await steward.conflicts.withdraw({ decision: random.pick(mine).id, reason: 'simulated' })).id
})

const syncs = habit('syncs', [0.5, 6], async (steward) => {
  await steward.exchange.sync({})
  return null
})

export const stewards: readonly Family[] = [observes, decides, withdraws, syncs]

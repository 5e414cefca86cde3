// Stewards at work: they sign, decide, withdraw, admit and remove, on what their own node shows them in that moment.
import type { ContentHash, Verdict } from '#core/contract/index.ts'
import { MINUTE, SECOND, type Family, type Happening } from '../machinery/family.ts'
import type { StewardClient } from '../machinery/life.ts'
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

/** Whoever asks to join is let in. */
const admits = habit('admits', [0.5, 4], async (steward, random) => {
  const { items } = await steward.network.peers({ state: 'pending', limit: 50 })
  return items.length === 0 ? null : (await steward.network.admit({ node: random.pick(items).node })).id
})

/** For this installation only, until another day. */
const blocks = habit('blocks', [0.1, 1], async (steward, random) => {
  const admitted = await steward.network.peers({ state: 'admitted', limit: 50 })
  const items = admitted.items.filter(({ state }) => state !== 'this-node')
  if (items.length > 0) await steward.network.block({ node: random.pick(items).node })
  return null
})

const unblocks = habit('unblocks', [0.1, 1], async (steward, random) => {
  const { items } = await steward.network.peers({ state: 'blocked', limit: 50 })
  if (items.length > 0) await steward.network.unblock({ node: random.pick(items).node })
  return null
})

const signsPolicy = habit('signs-policy', [0.1, 1], async (steward, random) => {
  const { policy } = await steward.network.get({})
  const decisionsNeeded = random.between(1, 2)
  const freshness = random.chance(0.5) ? [{ subject: '**', maxAgeHours: random.between(1, 24) }] : []
  return (await steward.network.signPolicy({ policy: { ...policy, decisionsNeeded, freshness } })).id
})

const setsAnchor = habit('sets-anchor', [0.2, 2], async (steward, random) => {
  const hash = `sha256:${String(random.below(4)).repeat(64)}` as ContentHash
  const previous = random.chance(0.5) ? (`sha256:${String(random.below(4)).repeat(64)}` as ContentHash) : null
  const content = { type: 'body' as const, body: { hash, previous } }
  const draft = { kind: 'governance/anchor', subject: 'anchor', task: null, anchor: null, content }
  return (await steward.receipts.sign(draft)).id
})

export const stewards: readonly Family[] = [
  observes,
  decides,
  withdraws,
  syncs,
  admits,
  blocks,
  unblocks,
  signsPolicy,
  setsAnchor,
]

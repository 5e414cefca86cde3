// What stewards agree on together: decisions and admissions by several, rules, blocks; the same on every node.
import { expect, test } from 'vitest'
import type { ConflictId, ConflictSummary, DecideInput, Policy, ReceiptId } from '#core/contract/index.ts'
import { sha256Id } from '#core/receipts/index.ts'
import { Place, refusal, type Core } from '#tests/kit/place.ts'

async function three(place: Place): Promise<readonly [Core, Core, Core]> {
  const [ada, ben, cleo] = await place.network('ada', 'ben', 'cleo')
  if (ada === undefined || ben === undefined || cleo === undefined) throw new Error('three were asked for')
  return [ada, ben, cleo]
}

const openCount = async (core: Core) => (await core.steward.app.overview({})).counters.openConflicts

async function onlyConflict(core: Core): Promise<ConflictSummary> {
  const [conflict, ...others] = await core.conflicts()
  expect(others).toEqual([])
  if (conflict === undefined) throw new Error('there is a conflict')
  return conflict
}

function decide(core: Core, { id, members }: ConflictSummary, verdict: DecideInput['verdict']) {
  const seen = members.map(({ receipt }) => receipt)
  return core.steward.conflicts.decide({ conflict: id, members: seen, verdict, reason: 'read it', planStep: null })
}

const pickOf = ({ members }: ConflictSummary, core: Core) => {
  const receipt = members.find(({ node }) => node === core.id)?.receipt
  if (receipt === undefined) throw new Error(`${core.name} is among the members`)
  return { type: 'pick', receipt } as const
}

async function setPolicy(core: Core, change: Partial<Policy>) {
  const { policy } = await core.steward.network.get({})
  return core.steward.network.signPolicy({ policy: { ...policy, ...change } })
}

/** Ada and Ben saw different things, and everybody knows it. */
async function disagreement(place: Place, cores: readonly [Core, Core, Core]): Promise<ConflictSummary> {
  await cores[0].observe('meter', { value: 1 }, 'pilot')
  await cores[1].observe('meter', { value: 2 }, 'pilot')
  await place.settle(cores)
  return onlyConflict(cores[2])
}

test('a conflict decided by one is settled everywhere, also in the counters; a withdrawal opens it everywhere', async () => {
  await using place = new Place()
  const cores = await three(place)
  const [ada, ben, cleo] = cores
  const conflict = await disagreement(place, cores)
  expect(await Promise.all(cores.map(openCount))).toEqual([1, 1, 1])
  const { id } = await decide(cleo, conflict, pickOf(conflict, ada))
  expect(await Promise.all(cores.map(openCount))).toEqual([1, 1, 0])
  await place.settle(cores)
  expect(await Promise.all(cores.map(openCount))).toEqual([0, 0, 0])
  for (const core of cores) {
    expect(await core.conflicts('settled')).toMatchObject([{ id: conflict.id, status: 'settled' }])
    const review = await core.steward.conflicts.get({ id: conflict.id })
    expect(review.decisions).toMatchObject([{ id, counts: true, mine: core === cleo, reason: 'read it' }])
  }
  expect(await refusal(ada.steward.conflicts.withdraw({ decision: id, reason: '' }))).toMatchObject({
    code: 'NOT_OWN_DECISION',
  })
  await cleo.steward.conflicts.withdraw({ decision: id, reason: 'wrong meter' })
  await place.settle(cores)
  expect(await Promise.all(cores.map(openCount))).toEqual([1, 1, 1])
  expect(await ben.fingerprint()).toBe(await ada.fingerprint())
})

test('a decision about members that are not those that stand now is refused', async () => {
  await using place = new Place()
  const cores = await three(place)
  const [ada, ben, cleo] = cores
  const seen = await disagreement(place, cores)
  await ben.observe('meter', { value: 3 }, 'pilot')
  await place.settle(cores)
  const signed = await cleo.steward.network.peer({ node: cleo.id })
  expect(await refusal(decide(cleo, seen, pickOf(seen, ada)))).toMatchObject({ code: 'CONFLICT_CHANGED' })
  expect((await cleo.steward.network.peer({ node: cleo.id })).seq).toBe(signed.seq)
  const now = await onlyConflict(cleo)
  const half = { ...now, members: now.members.slice(1) }
  expect(await refusal(decide(cleo, half, pickOf(now, ben)))).toMatchObject({ code: 'CONFLICT_CHANGED' })
  await decide(cleo, now, pickOf(now, ben))
  expect(await cleo.conflicts()).toEqual([])
})

test('where two must agree, one decision settles nothing, two different ones settle nothing, two alike settle it', async () => {
  await using place = new Place()
  const cores = await three(place)
  const [ada, ben, cleo] = cores
  expect(await setPolicy(ada, { decisionsNeeded: 2 })).toMatchObject({ inForce: true })
  await place.settle(cores)
  const conflict = await disagreement(place, cores)
  await decide(ada, conflict, pickOf(conflict, ada))
  await decide(ben, conflict, pickOf(conflict, ben))
  await place.settle(cores)
  expect(await Promise.all(cores.map(openCount))).toEqual([1, 1, 1])
  expect((await cleo.steward.conflicts.get({ id: conflict.id })).quorum).toEqual({ needed: 2, have: 1 })
  await decide(cleo, await onlyConflict(cleo), pickOf(conflict, ben))
  await place.settle(cores)
  expect(await Promise.all(cores.map(openCount))).toEqual([0, 0, 0])
  // And the rule itself takes two from now on.
  expect(await setPolicy(ada, { decisionsNeeded: 1 })).toMatchObject({ inForce: false })
  await place.settle(cores)
  expect((await cleo.steward.network.get({})).proposed).toMatchObject([{ signedBy: ['ada'], needed: 2, mine: false }])
  expect(await setPolicy(cleo, { decisionsNeeded: 1 })).toMatchObject({ inForce: true })
  await place.settle(cores)
  expect((await ben.steward.network.get({})).policy.decisionsNeeded).toBe(1)
  expect(new Set(await Promise.all(cores.map((core) => core.fingerprint()))).size).toBe(1)
})

test('rules that hold already, or that this node has proposed already, are not signed once more', async () => {
  await using place = new Place()
  const [ada, ben] = await three(place)
  expect(await refusal(setPolicy(ada, {}))).toMatchObject({ code: 'NOTHING_TO_SIGN' })
  await setPolicy(ada, { decisionsNeeded: 2 })
  expect(await refusal(setPolicy(ada, { decisionsNeeded: 2 }))).toMatchObject({ code: 'NOTHING_TO_SIGN' })
  expect(await setPolicy(ada, { decisionsNeeded: 1 })).toMatchObject({ inForce: false })
  expect(await refusal(setPolicy(ada, { decisionsNeeded: 1 }))).toMatchObject({
    code: 'PROPOSED_BY_YOU',
    happened: 'This node has signed these rules already; 1 more steward must do so.',
  })
  await place.settle([ada, ben])
  expect(await setPolicy(ben, { decisionsNeeded: 1 })).toMatchObject({ inForce: true })
})

test('stewards who decide differently leave a conflict about their decisions, which can be decided in turn', async () => {
  await using place = new Place()
  const cores = await three(place)
  const [ada, ben, cleo] = cores
  const conflict = await disagreement(place, cores)
  await decide(ada, conflict, pickOf(conflict, ada))
  await decide(ben, conflict, pickOf(conflict, ben))
  await place.settle(cores)
  const disputed = (await cleo.conflicts()).find(({ kind }) => kind === 'decisions-disagree')
  if (disputed === undefined) throw new Error('two stewards disagree')
  await decide(cleo, disputed, pickOf(disputed, ben))
  await place.settle(cores)
  expect(await Promise.all(cores.map(openCount))).toEqual([0, 0, 0])
})

test('where two must admit, one admission leaves the node pending and is not signed twice', async () => {
  await using place = new Place()
  const cores = await three(place)
  const [ada, ben, cleo] = cores
  await setPolicy(ada, { admissionsNeeded: 2 })
  await place.settle(cores)
  const dora = await place.node('dora')
  await dora.sync()
  await place.settle(cores)
  expect(await refusal(dora.steward.network.admit({ node: ada.id }))).toMatchObject({
    code: expect.any(String) as string,
  })
  await ada.admit(dora.id)
  expect(await refusal(ada.admit(dora.id))).toMatchObject({ code: 'ADMITTED_BY_YOU' })
  await place.settle(cores)
  const pending = await cleo.steward.network.peer({ node: dora.id })
  expect(pending).toMatchObject({ state: 'pending', mergedSeq: 0, admissionsNeeded: 2, admittedBy: [{ name: 'ada' }] })
  await ben.admit(dora.id)
  await place.settle([...cores, dora])
  expect(await cleo.steward.network.peer({ node: dora.id })).toMatchObject({ state: 'admitted', mergedSeq: 1 })
  expect(await refusal(ben.admit(dora.id))).toMatchObject({ code: 'NOT_PENDING' })
  expect((await dora.steward.app.overview({})).counters.pendingNodes).toBe(0)
  expect(await dora.fingerprint()).toBe(await ada.fingerprint())
})

test('an admission signed twice says how many stewards are still asked for', async () => {
  await using place = new Place()
  const ada = await place.node('ada')
  await setPolicy(ada, { admissionsNeeded: 3 })
  await ada.sync()
  const ben = await place.node('ben')
  await ben.sync()
  await ada.sync()
  await ada.admit(ben.id)
  expect((await refusal(ada.admit(ben.id))).happened).toBe(
    'This node has signed that admission already; 2 more stewards must do so.',
  )
})

test('what is asked about a conflict that is not here is refused, and so is a path that is none', async () => {
  await using place = new Place()
  const ada = await place.node('ada', { exchange: null })
  const nothing = sha256Id<ConflictId>('nothing here')
  expect(await refusal(ada.steward.rules.suggest({ conflict: nothing }))).toMatchObject({ code: 'NOT_FOUND' })
  expect(await refusal(ada.steward.conflicts.get({ id: nothing }))).toMatchObject({ code: 'NOT_FOUND' })
  const from = { type: 'paths' as const, paths: ['bundle.zip'] }
  expect(await refusal(ada.steward.bundles.inspect({ from }))).toEqual({
    code: 'PATH_NOT_ABSOLUTE',
    happened: '“bundle.zip” does not say where on this machine it lies.',
  })
})

test('a node that is not admitted signs nothing about the network', async () => {
  await using place = new Place()
  const [ada] = await three(place)
  const dora = await place.node('dora')
  await dora.sync()
  await dora.sync()
  const eve = await place.node('eve')
  await eve.sync()
  await dora.sync()
  const before = await dora.steward.network.peer({ node: dora.id })
  expect(await refusal(dora.admit(eve.id))).toMatchObject({ code: 'NOT_ADMITTED' })
  expect(await refusal(setPolicy(dora, { decisionsNeeded: 5 }))).toMatchObject({ code: 'NOT_ADMITTED' })
  expect((await dora.steward.network.peer({ node: dora.id })).seq).toBe(before.seq)
  await ada.sync()
  expect((await ada.steward.network.get({})).pending).toBe(2)
})

test('a block holds for this installation only and can be lifted', async () => {
  await using place = new Place()
  const cores = await three(place)
  const [ada, ben, cleo] = cores
  const conflict = await disagreement(place, cores)
  await cleo.steward.network.block({ node: ben.id })
  expect(await cleo.conflicts()).toEqual([])
  expect(await ada.conflicts()).toMatchObject([{ id: conflict.id }])
  expect(await cleo.steward.network.peer({ node: ben.id })).toMatchObject({ state: 'blocked', mergedSeq: 0 })
  const { items } = await cleo.steward.receipts.list({ filter: { node: ben.id }, sort: 'oldest', limit: 10 })
  expect(new Set(items.map(({ state }) => state))).toEqual(new Set(['blocked']))
  await ben.observe('other', { value: 1 })
  await place.settle(cores)
  await cleo.restart()
  expect(await cleo.steward.network.peer({ node: ben.id })).toMatchObject({ state: 'blocked', mergedSeq: 0 })
  expect(await refusal(cleo.admit(ben.id))).toMatchObject({ code: 'NOT_PENDING' })
  expect(await refusal(cleo.steward.network.block({ node: cleo.id }))).toMatchObject({ code: 'OWN_NODE' })

  await cleo.steward.network.unblock({ node: ben.id })
  await place.settle(cores)
  expect(await cleo.conflicts()).toMatchObject([{ id: conflict.id }])
  expect(await cleo.steward.network.peer({ node: ben.id })).toMatchObject({ state: 'admitted', seq: 3, mergedSeq: 3 })
  expect(await cleo.fingerprint()).toBe(await ada.fingerprint())
})

test('the same receipts make the same answers on every node', async () => {
  await using place = new Place()
  const cores = await three(place)
  const [ada, ben, cleo] = cores
  await disagreement(place, cores)
  await cleo.observe('meter', { value: 4 }, 'pilot')
  const said: ReceiptId[] = [await ben.observe('other', { value: 1 }), await ada.observe('other', { value: 1 })]
  await place.settle(cores)
  const answers = await Promise.all(
    cores.map(async ({ steward }) => ({
      conflicts: await steward.conflicts.list({ filter: { status: 'all' }, sort: 'severity', limit: 200 }),
      counts: await steward.conflicts.counts({}),
      network: await steward.network.get({}),
      receipts: await steward.receipts.list({ filter: {}, sort: 'oldest', limit: 200 }),
    })),
  )
  expect(said).toHaveLength(2)
  for (const answer of answers) expect(JSON.stringify(answer)).toBe(JSON.stringify(answers[0]))
})

import { expect, test } from 'vitest'
import type { Instant, NodeId, Policy } from '#core/contract/index.ts'
import {
  admittedCount,
  admittedNodes,
  defaultPolicy,
  fingerprint,
  isAdmitted,
  networkName,
  networkView,
  peer,
  peersPage,
  policyDraft,
  policyHashInForce,
  policyInForce,
  setBlocked,
  type PeersContext,
} from '#core/network/index.ts'
import { doctor } from '#core/ledger/index.ts'
import { features } from '#core/features.ts'
import { TestNode } from '#tests/kit/nodes.ts'
import { admit, allSigned, foundNetwork, LATER, World } from '#tests/kit/world.ts'

const unknown = { head: null, lastSeen: null, hasOfOurs: null, waiting: 0, trouble: null }

function seenFrom(node: TestNode, asking: readonly TestNode[] = []): PeersContext {
  return {
    thisNode: node.id,
    asking: asking.map(({ id, name, seq }) => ({ node: id, name, org: null, region: null, headSeq: seq })),
    knowledgeOf: () => unknown,
  }
}

function network(names: readonly string[], policy: Partial<Policy> = {}) {
  const nodes = names.map((name) => new TestNode(name))
  const genesis = foundNetwork(nodes, policy)
  const world = new World().joinNetwork(genesis.id)
  world.deliver(allSigned(nodes))
  return { world, nodes, genesis }
}

test('nodes are listed with this one first, then admitted, pending and blocked ones', () => {
  const { world, nodes } = network(['mill-creek', 'harbor-lab', 'east-archive'])
  using _ = world
  const [mill, harbor, east] = nodes as [TestNode, TestNode, TestNode]
  const cedar = new TestNode('cedar-hollow')
  world.ledger.write(LATER, (tx) => setBlocked(tx, east.id, true))
  const { items, next } = peersPage(world.db, seenFrom(mill, [cedar]), { limit: 10 })
  expect(items.map(({ name, state }) => `${name}: ${state}`)).toEqual([
    'mill-creek: this-node',
    'harbor-lab: admitted',
    'cedar-hollow: pending',
    'east-archive: blocked',
  ])
  expect(next).toBeNull()
  expect(items[1]).toMatchObject({ node: harbor.id, seq: 1, mergedSeq: 1, admissionsNeeded: 1 })
  expect(items[1]?.admittedBy).toMatchObject([{ node: mill.id, name: 'mill-creek' }])
  expect(items[3]).toMatchObject({ mergedSeq: 0 })
  expect(items[2]?.words).toHaveLength(6)
})

test('pages go on where the last one ended', () => {
  const { world, nodes } = network(['ada', 'ben', 'cleo', 'dora', 'eve'])
  using _ = world
  const found: string[] = []
  let after
  do {
    const page = peersPage(world.db, seenFrom(nodes[2]!), { limit: 2, after })
    found.push(...page.items.map((item) => item.name))
    after = page.next ?? undefined
  } while (after !== undefined)
  expect(found).toEqual(['cleo', 'ada', 'ben', 'dora', 'eve'])
  expect(peersPage(world.db, seenFrom(nodes[2]!), { limit: 9, state: 'pending' }).items).toEqual([])
})

test('nodes are found by name or id, in the order asked for, and this one is among the admitted', () => {
  const { world, nodes } = network(['mill-creek', 'harbor-lab', 'east-archive'])
  using _ = world
  const [mill, harbor, east] = nodes as [TestNode, TestNode, TestNode]
  const seen = new Map([
    [harbor.id, '2026-11-01T10:00:00.000Z'],
    [east.id, '2026-11-02T10:00:00.000Z'],
  ])
  const context: PeersContext = {
    ...seenFrom(mill),
    knowledgeOf: (node: NodeId) => {
      const at = seen.get(node)
      return {
        ...seenFrom(mill).knowledgeOf(node),
        lastSeen: at === undefined ? null : { way: 'folder', at: at as Instant },
      }
    },
  }
  const names = (query: Partial<Parameters<typeof peersPage>[2]>) =>
    peersPage(world.db, context, { limit: 10, ...query }).items.map(({ name }) => name)
  expect(names({ state: 'admitted' })).toEqual(['mill-creek', 'east-archive', 'harbor-lab'])
  expect(names({ sort: 'name' })).toEqual(['east-archive', 'harbor-lab', 'mill-creek'])
  expect(names({ sort: 'seen' })).toEqual(['mill-creek', 'east-archive', 'harbor-lab'])
  expect(names({ text: ' HARBOR ' })).toEqual(['harbor-lab'])
  expect(names({ text: east.id })).toEqual(['east-archive'])
  const { next } = peersPage(world.db, context, { sort: 'seen', limit: 2 })
  expect(names({ sort: 'seen', after: next ?? undefined })).toEqual(['harbor-lab'])
})

test('a node that asks is admitted once enough stewards signed', () => {
  const { world, nodes } = network(['ada', 'ben'], { admissionsNeeded: 2 })
  using _ = world
  const [ada, ben] = nodes as [TestNode, TestNode]
  const cedar = new TestNode('cedar')
  const context = seenFrom(ada, [cedar])
  world.deliver([admit(world, ada, cedar)])
  expect(isAdmitted(world.db, cedar.id)).toBe(false)
  expect(peer(world.db, context, cedar.id)).toMatchObject({ state: 'pending', admittedBy: [{ name: 'ada' }] })
  expect(networkView(world.db, context)).toMatchObject({ admitted: 2, pending: 1 })
  world.deliver([admit(world, ben, cedar)])
  expect(peer(world.db, context, cedar.id)).toMatchObject({ state: 'admitted', admittedBy: [{}, {}] })
  expect(admittedCount(world.db)).toBe(3)
})

test('a node that nobody knows is not found', () => {
  const { world, nodes } = network(['ada'])
  using _ = world
  expect(() => peer(world.db, seenFrom(nodes[0]!), new TestNode('nobody').id)).toThrow(/No node/)
})

test('a forked feed says where it stands still and what to do', () => {
  const { world, nodes } = network(['ada', 'ben'])
  using _ = world
  const [ada, ben] = nodes as [TestNode, TestNode]
  const common = ben.signed.at(-1)!
  const one = ben.observe('x', { count: 1 })
  const other = ben.forkAfter(common).observe('x', { count: 2 })
  world.deliver([one, other])
  expect(peer(world.db, seenFrom(ada), ben.id)).toMatchObject({
    seq: 2,
    mergedSeq: 1,
    trouble: { what: 'It told two stories about its receipt #2. Its feed stands still behind #1.' },
  })
})

test('the network has a name once its genesis receipt was read, and words to compare', () => {
  const ada = new TestNode('ada')
  const genesis = foundNetwork([ada])
  using world = new World().joinNetwork(genesis.id)
  expect(networkView(world.db, seenFrom(ada))).toMatchObject({ id: null, name: '', admitted: 0 })
  world.deliver(ada.signed)
  const view = networkView(world.db, seenFrom(ada))
  expect(view).toMatchObject({ id: genesis.id, name: 'test network', policy: defaultPolicy, admitted: 1, pending: 0 })
  expect(view.words).toHaveLength(6)
  expect(view.fingerprintWords).toHaveLength(4)
  expect(networkName(world.db, genesis.id)).toBe('test network')
})

test('a policy that one of two has signed is proposed, and in force with the second', () => {
  const { world, nodes } = network(['ada', 'ben'], { decisionsNeeded: 2 })
  using _ = world
  const [ada, ben] = nodes as [TestNode, TestNode]
  const next = { ...defaultPolicy, decisionsNeeded: 1, requireAnchor: ['plans/**'] }
  const before = policyHashInForce(world.db)
  world.deliver([ada.sign(policyDraft(next, before))])
  expect(networkView(world.db, seenFrom(ada)).proposed).toMatchObject([
    { policy: next, signedBy: ['ada'], needed: 2, mine: true },
  ])
  world.deliver([ben.sign(policyDraft(next, before))])
  expect(policyInForce(world.db)).toEqual(next)
  expect(networkView(world.db, seenFrom(ben)).proposed).toEqual([])
})

test('the fingerprint is that of the receipts, whatever this installation blocks', () => {
  const { world, nodes } = network(['ada', 'ben'])
  using _ = world
  const before = fingerprint(world.db)
  world.ledger.write(LATER, (tx) => setBlocked(tx, nodes[1]!.id, true))
  expect(fingerprint(world.db)).toEqual(before)
  world.deliver([nodes[0]!.observe('x', { count: 1 })])
  expect(fingerprint(world.db)).not.toEqual(before)
})

test('receipts behind a fork are in the fingerprint, though they are not merged', () => {
  const { world, nodes } = network(['ada', 'ben'])
  using _ = world
  const ben = nodes[1]!
  const common = ben.signed.at(-1)!
  world.deliver([ben.observe('x', { count: 1 }), ben.forkAfter(common).observe('x', { count: 2 })])
  const before = fingerprint(world.db)
  world.deliver([ben.observe('y', { count: 3 })])
  expect(fingerprint(world.db)).not.toEqual(before)
})

test('until the genesis receipt of the chosen network was read nobody is admitted', () => {
  const ada = new TestNode('ada')
  foundNetwork([ada])
  using world = new World()
  world.deliver(ada.signed)
  expect(admittedNodes(world.db)).toEqual(new Set<NodeId>())
  world.joinNetwork(foundNetwork([new TestNode('ben')]).id)
  expect(admittedNodes(world.db)).toEqual(new Set<NodeId>())
})

test('doctor finds the projections equal to what follows from the receipts', async () => {
  const { world, nodes } = network(['ada', 'ben'])
  using _ = world
  nodes[0]!.observe('x', { count: 1 })
  nodes[1]!.observe('x', { count: 2 })
  world.deliver(allSigned(nodes))
  const checks = await doctor(world.ledger, features, LATER)
  expect(checks.filter((check) => !check.ok)).toEqual([])
})

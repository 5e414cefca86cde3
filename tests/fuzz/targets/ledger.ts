// Receipts that are signed and admitted, whatever their bodies say: every projection takes them, or tells them as misfits, and what was
// projected bit by bit is what a rebuild makes.
import { append } from '#core/ledger/index.ts'
import { createVerifier, parseLine, type VerifiedReceipt } from '#core/receipts/index.ts'
import type { Json } from '#core/contract/index.ts'
import { signerFromSeed, TestNode } from '#tests/kit/nodes.ts'
import { foundNetwork, LATER, World } from '#tests/kit/world.ts'
import { mutateTree, treeOf, type Tree } from '../mutate-json.ts'
import type { Random } from '../random.ts'
import { must, mustEqual, type Target } from '../target.ts'
import { signedAgain, textOf } from './samples.ts'

const HASH = `sha256:${'ab'.repeat(32)}`
const TIME = '2026-11-21T12:00:00.000Z'
const ID = `sha256:${'cd'.repeat(32)}`
const eve = signerFromSeed('eve').node

type Body = { readonly [key: string]: Json }

/** One valid body of each kind that a projection reads. */
function bodies(other: string): readonly (readonly [kind: string, subject: string, body: Body])[] {
  const lists = { events: [], anchors: [], releases: [], scope: [] }
  return [
    ['evidence/observed', 'a.json', { value: 1 }],
    ['evidence/observed', 'a.json', { content: { hash: HASH, size: 1, name: 'a', mediaType: 'text/plain' } }],
    ['evidence/produced', 'b.json', { value: { deep: [1, 2, { c: null }] } }],
    ['node/profile', 'profile', { name: 'ada', org: 'o', region: 'r', jurisdiction: 'EU' }],
    ['governance/anchor', 'anchor', { hash: HASH, previous: null, label: 'v1' }],
    ['network/admit', eve, { node: eve, policy: HASH }],
    ['network/policy', 'policy', { policy: { decisionsNeeded: 1, expected: ['**/*.json'] }, previous: HASH }],
    [
      'decision/made',
      'a.json',
      { conflict: ID, kind: 'hash-mismatch', members: [other], verdict: { type: 'none' }, reason: 'x' },
    ],
    ['decision/withdrawn', 'a.json', { decision: other, reason: 'x' }],
    ['plan/step', 'p', { plan: 'p', step: '1', status: 'done', receipts: [other], note: 'n' }],
    ['plan/proposed', 'p', { plan: 'p', title: 't', steps: [{ id: '1', title: 's' }], risk_score: 1 }],
    [
      'rule/standing',
      '**',
      { pattern: '**', kinds: ['hash-mismatch'], choose: { type: 'latest' }, until: TIME, reason: 'r' },
    ],
    ['rule/revoked', '**', { rule: other, reason: 'x' }],
    [
      'report/override',
      'r',
      {
        report: 'x',
        summary: HASH,
        asOf: TIME,
        computed: 'go',
        verdict: 'no-go',
        reason: 'r',
        failing: [],
        blockers: [],
      },
    ],
    [
      'evidence/origin',
      'dir',
      {
        origin: 'dir',
        round: 1,
        files: 1,
        listing: HASH,
        anchors: { state: 'ok', events: 0, lists, warnings: [] },
        capsule: { state: 'missing', listed: 0, checked: 0, warnings: [] },
        signatures: { ok: 1 },
      },
    ],
    [
      'evidence/observed',
      'x/a.json',
      {
        origin: 'dir',
        path: 'x/a.json',
        round: 1,
        canonical: HASH,
        content: { hash: HASH, size: 1 },
        envelope: { state: 'ok', form: 'document' },
      },
    ],
    ['evidence/observed', 'x/b.json', { origin: 'dir', path: 'x/b.json', round: 2, gone: true }],
    ['later/kind', 'x', { anything: [1] }],
  ]
}

/** Two feeds in full, one line each: the founder's, and those of whoever tells other stories. */
function hostileFeed(random: Random): Uint8Array {
  const nodes = [new TestNode('ada'), new TestNode('ben')]
  foundNetwork(nodes)
  const lines = nodes.flatMap(({ signed }) => signed.map(({ line }) => line))
  let last = nodes[0]!.signed.at(-1)!.id as string
  const tails = nodes.map((node) => ({ node, seq: node.seq, prev: node.signed.at(-1)!.id as string }))
  const known = bodies(last).map(([, , body]) => treeOf(body))
  for (let count = 2 + random.below(10); count > 0; count--) {
    const tail = random.pick(tails)
    const [kind, subject, body] = random.pick(bodies(last))
    const changed = random.oneIn(3) ? treeOf(body) : mutateTree(random, treeOf(body), known)
    const envelope = {
      receipt: 'steward/1',
      node: tail.node.id,
      seq: tail.seq + 1,
      prev: tail.prev,
      time: random.oneIn(5) ? random.pick(['0000-01-01T00:00:00.000Z', '1970-01-01T00:00:00.000Z', TIME]) : TIME,
      kind,
      subject: random.oneIn(6)
        ? random.pick(['a.json', 'ü', '\u202egnp', '<svg onload=alert(1)>', '=1+1', ' '])
        : subject,
      task: random.oneIn(3) ? 'pilot' : null,
      anchor: random.oneIn(5) ? { hash: HASH, time: TIME } : null,
    }
    const tree = treeOf(envelope)
    if (tree.is !== 'object') continue
    const members: readonly (readonly [string, Tree])[] = [...tree.members, ['body', changed]]
    const line = signedAgain({ is: 'object', members }, signerFromSeed(tail.node.name))
    lines.push(line)
    const parsed = parseLine(Buffer.from(line))
    if (!parsed.ok) continue
    last = parsed.value.id
    // Now and then the feed goes on as if this one had not been: a second story.
    if (random.oneIn(12)) continue
    tail.seq += 1
    tail.prev = parsed.value.id
  }
  return Buffer.from(lines.join('\n'))
}

const signedBodies: Target = {
  name: 'bodies',
  make: hostileFeed,
  check(bytes) {
    const verifier = createVerifier({ native: 'node', slowChecksAllowed: () => true })
    const verified: VerifiedReceipt[] = []
    for (const line of textOf(bytes).split('\n')) {
      const parsed = parseLine(Buffer.from(line))
      const verdict = parsed.ok ? verifier.verify(parsed.value, 'fuzz') : parsed
      if (verdict.ok === true) verified.push(verdict.value)
    }
    const [genesis] = verified
    if (genesis === undefined || genesis.receipt.kind !== 'network/genesis') return
    using world = new World()
    world.joinNetwork(genesis.id)
    world.deliver(verified)
    const state = world.state()
    must(world.rebuild().state() === state, 'what was projected bit by bit is what a rebuild makes')
    // The other way round, one at a time.
    using other = new World()
    other.joinNetwork(genesis.id)
    for (const receipt of verified.toReversed()) {
      other.ledger.write(LATER, (tx) => append(tx, receipt, { way: 'folder', source: 'test' }))
    }
    other.deliver(verified)
    mustEqual(JSON.parse(other.state()), JSON.parse(state), 'the order of arrival does not show')
  },
}

export const ledgerTargets = [signedBodies]

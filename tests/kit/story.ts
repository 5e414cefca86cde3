// Random stories of a small network, told as steps: nodes observe, anchor, fork, decide, withdraw, admit, change the rules. Playing a
// story signs real receipts; what is done with them is the test's business.
import fc from 'fast-check'
import type { ConflictKind, ContentHash, Json, ReceiptId, Verdict } from '#core/contract/index.ts'
import { admitDraft, defaultPolicy, genesisDraft, policyDraft } from '#core/network/index.ts'
import { originHead } from '#core/reconcile/index.ts'
import { policyHash } from '#core/network/policy.ts'
import { sha256Id, type Anchor, type VerifiedReceipt } from '#core/receipts/index.ts'
import { START, TestNode, instantAt } from './nodes.ts'

const STORY_NODES = 4
const ORIGINS = ['mill', 'harbour']
const SUBJECTS = ['report.json', 'usage/summary.json']
const ANCHORS = ['v1', 'v2', 'v3'].map((name) => sha256Id<ContentHash>(name))

/** Kinds that a decision on a subject may name; the first is by far the most common. */
const DECIDABLE: readonly ConflictKind[] = [
  'hash-mismatch',
  'hash-mismatch',
  'missing-anchor',
  'stale',
  'invalid-content',
  'invalid-signature',
  'content-mismatch',
]

const nodeIndex = fc.nat({ max: STORY_NODES - 1 })
const subjectIndex = fc.nat({ max: SUBJECTS.length - 1 })

const step = fc.oneof(
  {
    weight: 10,
    arbitrary: fc.record({
      type: fc.constant('observe' as const),
      node: nodeIndex,
      subject: subjectIndex,
      value: fc.nat({ max: 2 }),
      // Mostly none, or hardly any two claims could be compared.
      anchor: fc.oneof({ weight: 3, arbitrary: fc.constant(null) }, { weight: 1, arbitrary: fc.nat({ max: 2 }) }),
      hours: fc.nat({ max: 20 }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      type: fc.constant('anchor' as const),
      node: nodeIndex,
      anchor: fc.nat({ max: ANCHORS.length - 1 }),
      previous: fc.option(fc.nat({ max: ANCHORS.length - 1 })),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      type: fc.constant('fork' as const),
      node: nodeIndex,
      back: fc.nat({ max: 3 }),
      subject: subjectIndex,
      length: fc.integer({ min: 1, max: 3 }),
    }),
  },
  {
    weight: 8,
    arbitrary: fc.record({
      type: fc.constant('decide' as const),
      node: nodeIndex,
      subject: subjectIndex,
      kind: fc.constantFrom<ConflictKind>(...DECIDABLE),
      verdict: fc.constantFrom('pick', 'pick', 'pick', 'several', 'none', 'replacement'),
      choice: fc.nat({ max: 5 }),
      newest: fc.boolean(),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      type: fc.constant('decide-fork' as const),
      node: nodeIndex,
      target: nodeIndex,
      verdict: fc.constantFrom('pick', 'pick', 'none'),
      choice: fc.nat({ max: 3 }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      type: fc.constant('decide-decisions' as const),
      node: nodeIndex,
      choice: fc.nat({ max: 5 }),
      verdict: fc.constantFrom('pick', 'none'),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ type: fc.constant('withdraw' as const), node: nodeIndex, choice: fc.nat({ max: 5 }) }),
  },
  { weight: 2, arbitrary: fc.record({ type: fc.constant('admit' as const), node: nodeIndex, candidate: nodeIndex }) },
  {
    weight: 1,
    arbitrary: fc.record({
      type: fc.constant('policy' as const),
      node: nodeIndex,
      needed: fc.integer({ min: 1, max: 2 }),
      fresh: fc.boolean(),
      expects: fc.boolean(),
      refuses: fc.boolean(),
      follows: fc.nat({ max: 3 }),
    }),
  },
  {
    weight: 5,
    arbitrary: fc.record({
      type: fc.constant('import' as const),
      node: nodeIndex,
      origin: fc.nat({ max: 1 }),
      round: fc.integer({ min: 1, max: 3 }),
      /** Which of the directory's files this import says something new about. */
      files: fc.subarray([0, 1]),
      value: fc.nat({ max: 2 }),
      bytes: fc.nat({ max: 1 }),
      special: fc.constantFrom('none', 'none', 'none', 'signed', 'invalid', 'mismatch', 'gone', 'chain'),
      hours: fc.option(fc.nat({ max: 20 })),
      events: fc.nat({ max: 3 }),
      branch: fc.nat({ max: 1 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('misfit' as const), node: nodeIndex, subject: subjectIndex }) },
)

export type Step = typeof step extends fc.Arbitrary<infer S> ? S : never

export const steps = (maxLength: number) => fc.array(step, { minLength: 10, maxLength, size: 'max' })

export interface Story {
  readonly genesis: VerifiedReceipt
  readonly nodes: readonly TestNode[]
  readonly receipts: readonly VerifiedReceipt[]
}

/** Plays the steps. Three of four nodes are founders; the last has to be admitted, or is not. */
export function play(told: readonly Step[]): Story {
  const nodes = ['ada', 'ben', 'cleo', 'dora'].slice(0, STORY_NODES).map((name) => new TestNode(name))
  const at = (index: number) => nodes[index % nodes.length]!
  const genesis = at(0).sign(genesisDraft('story', [at(0).id, at(1).id, at(2).id], defaultPolicy))
  const policies: ContentHash[] = [policyHash(defaultPolicy, null)]
  const decisions: VerifiedReceipt[] = []
  for (const node of nodes)
    node.sign({ kind: 'node/profile', subject: 'profile', task: null, anchor: null, body: { name: node.name } })

  for (const current of told) {
    const node = at(current.node)
    switch (current.type) {
      case 'observe':
        node.observe(
          SUBJECTS[current.subject]!,
          { value: current.value },
          {
            anchor: anchorAt(current.anchor),
            atMs: current.hours * 3_600_000,
          },
        )
        break
      case 'anchor':
        node.sign({
          kind: 'governance/anchor',
          subject: 'anchor',
          task: null,
          anchor: null,
          body: {
            hash: ANCHORS[current.anchor]!,
            previous: current.previous === null ? null : ANCHORS[current.previous]!,
          },
        })
        break
      case 'fork':
        node.forkAfter(node.signed.at(-2 - current.back) ?? null)
        for (let value = 0; value < current.length; value++) node.observe(SUBJECTS[current.subject]!, { value })
        break
      case 'decide': {
        const members = claimsOn(nodes, SUBJECTS[current.subject]!, current.newest)
        if (members.length > 0) {
          decisions.push(
            decide(node, SUBJECTS[current.subject]!, current.kind, members, current.verdict, current.choice),
          )
        }
        break
      }
      case 'decide-fork': {
        const target = at(current.target)
        const members = forkOf(target)
        if (members.length > 0)
          decisions.push(decide(node, target.id, 'fork', members, current.verdict, current.choice))
        break
      }
      case 'decide-decisions': {
        const about = decisions[current.choice % Math.max(1, decisions.length)]
        if (about !== undefined) {
          const { subject } = about.receipt
          const members = decisions.filter((other) => other.receipt.subject === subject).map((other) => other.id)
          decisions.push(decide(node, subject, 'decisions-disagree', members, current.verdict, current.choice))
        }
        break
      }
      case 'withdraw': {
        const decision = decisions[current.choice % Math.max(1, decisions.length)]
        if (decision !== undefined) {
          node.sign({
            kind: 'decision/withdrawn',
            subject: decision.receipt.subject,
            task: null,
            anchor: null,
            body: { decision: decision.id, reason: 'mistaken' },
          })
        }
        break
      }
      case 'admit':
        node.sign(admitDraft(at(current.candidate).id, policies[0]!))
        break
      case 'policy': {
        const previous = policies[current.follows % policies.length]!
        const policy = {
          ...defaultPolicy,
          decisionsNeeded: current.needed,
          freshness: current.fresh ? [{ subject: '**', maxAgeHours: 12 }] : [],
          ...(current.expects ? { expected: ['*.json', '**/nowhere.json'] } : {}),
          ...(current.refuses ? { unsignedImports: 'refuse' as const } : {}),
        }
        node.sign(policyDraft(policy, previous))
        policies.push(policyHash(policy, previous))
        break
      }
      case 'import':
        node.sign({
          kind: 'evidence/origin',
          subject: ORIGINS[current.origin]!,
          task: null,
          anchor: null,
          body: originOf(current),
        })
        for (const subject of current.files) node.observe(SUBJECTS[subject]!, importOf(current, SUBJECTS[subject]!))
        break
      case 'misfit':
        node.observe(SUBJECTS[current.subject]!, { content: 'no hash' })
        break
    }
  }
  return { genesis, nodes, receipts: nodes.flatMap((node) => node.signed) }
}

function decide(
  node: TestNode,
  subject: string,
  kind: ConflictKind,
  members: readonly ReceiptId[],
  verdict: string,
  choice: number,
): VerifiedReceipt {
  const sorted = [...members].sort()
  return node.sign({
    kind: 'decision/made',
    subject,
    task: null,
    anchor: null,
    body: {
      conflict: sha256Id(sorted.join(' ')),
      kind,
      members: sorted,
      verdict: verdictOf(verdict, sorted, choice),
      reason: 'because',
    },
  })
}

function verdictOf(type: string, members: readonly ReceiptId[], choice: number): Verdict {
  const picked = members[choice % members.length]!
  if (type === 'several' && members.length > 1) return { type: 'several', receipts: members.slice(0, 2) }
  if (type === 'none') return { type: 'none' }
  if (type === 'replacement') return { type: 'replacement', body: { value: choice } }
  return { type: 'pick', receipt: picked }
}

/** Claims on a subject: all of them, or the last that each node signed. */
function claimsOn(nodes: readonly TestNode[], subject: string, newest: boolean): ReceiptId[] {
  return nodes.flatMap((node) => {
    const claims = node.signed.filter(
      ({ receipt }) => receipt.subject === subject && receipt.kind === 'evidence/observed',
    )
    return (newest ? claims.slice(-1) : claims).map((claim) => claim.id)
  })
}

/** All receipts at the first seq at which the node told several stories. */
function forkOf(node: TestNode): ReceiptId[] {
  const bySeq = Map.groupBy(node.signed, ({ receipt }) => receipt.seq)
  const seqs = [...bySeq.keys()].sort((a, b) => a - b)
  const fork = seqs.find((seq) => bySeq.get(seq)!.length > 1)
  return fork === undefined ? [] : bySeq.get(fork)!.map((receipt) => receipt.id)
}

type Import = Extract<Step, { readonly type: 'import' }>
type ImportedBodyOf = { readonly [key: string]: Json }

function originOf({ origin, round, value, events, branch }: Import): ImportedBodyOf {
  // Two branches that part after their first event.
  const chain = Array.from({ length: events }, (_, index) =>
    sha256Id<ContentHash>(index === 0 ? 'event' : `event ${branch} ${index}`),
  )
  const lists = { events: chain, anchors: [], releases: [], scope: [] }
  const head = originHead(lists)
  return {
    origin: ORIGINS[origin]!,
    round,
    files: 2,
    listing: sha256Id<ContentHash>(`listing ${value}`),
    anchors: { state: 'ok', events, lists, warnings: [], ...(head === null ? {} : { head }) },
    capsule: { state: 'missing', listed: 0, checked: 0, warnings: [] },
    signatures: {},
  }
}

function importOf({ origin, round, value, bytes, special, hours }: Import, path: string): ImportedBodyOf {
  const named = { origin: ORIGINS[origin]!, round, path }
  if (special === 'gone') return { ...named, gone: true }
  return {
    ...named,
    content: { hash: sha256Id<ContentHash>(`raw ${value} ${bytes}`), size: 1 },
    canonical: sha256Id<ContentHash>(`content ${value}`),
    envelope: { state: special === 'signed' ? 'ok' : special === 'invalid' ? 'invalid' : 'missing' },
    ...(special === 'mismatch' ? { mismatches: ['It does not fit.'] } : {}),
    ...(special === 'chain' ? { chain: Array.from({ length: value + 1 }, (_, index) => `entry ${index}`) } : {}),
    ...(hours === null ? {} : { stated: instantAt(START + hours * 3_600_000) }),
    plans: [{ plan: 'p', step: `S${value}` }],
  }
}

function anchorAt(index: number | null): Anchor | null {
  return index === null ? null : { hash: ANCHORS[index]!, time: instantAt(START) }
}

/** Ways of delivering: batches in any order, some receipts more than once. */
export function deliveries(count: number): fc.Arbitrary<number[][]> {
  return fc
    .tuple(
      fc.shuffledSubarray(
        Array.from({ length: count }, (_, index) => index),
        { minLength: count, maxLength: count },
      ),
      fc.array(fc.nat({ max: Math.max(0, count - 1) }), { maxLength: 8 }),
      fc.array(fc.integer({ min: 1, max: 12 }), { minLength: 1, maxLength: 12 }),
    )
    .map(([order, repeated, sizes]) => {
      const sequence = [...order, ...repeated]
      const batches: number[][] = []
      for (let from = 0, index = 0; from < sequence.length; index++) {
        const size = sizes[index % sizes.length]!
        batches.push(sequence.slice(from, from + size))
        from += size
      }
      return batches
    })
}

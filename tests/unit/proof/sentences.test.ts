// What a proof says in its sentence, for every kind of receipt, conflict and decision: of the receipts in it and nothing else.
import { expect, test } from 'vitest'
import type { Json } from '#core/contract/index.ts'
import { checkProof, type ProvedReceipt } from '#core/proof/index.ts'
import type { VerifiedReceipt } from '#core/receipts/index.ts'
import { bare, conflictOf, headOf, included, proofOf } from '#tests/kit/made-proofs.ts'
import { TestNode } from '#tests/kit/nodes.ts'

/** ada and ben, who say what they are called. */
function named() {
  const [ada, ben] = [new TestNode('ada'), new TestNode('ben')]
  const names = [ada, ben].map((node) => bare('name', profile(node, node.name)))
  return { ada, ben, names }
}

function profile(node: TestNode, name: Json): VerifiedReceipt {
  return node.sign({ kind: 'node/profile', subject: 'profile', task: null, anchor: null, body: { name } })
}

function decide(node: TestNode, members: readonly VerifiedReceipt[], verdict: Json, more: { reason?: Json } = {}) {
  const body = { conflict: 'any', members: members.map(({ id }) => id), verdict, planStep: null, ...more }
  return node.sign({ kind: 'decision/made', subject: 'a.json', task: null, anchor: null, body })
}

const HASH = `sha256:${'0'.repeat(64)}`

test.each([
  ['evidence/observed', { v: 1 }, 'what it saw at a/b.json.'],
  ['evidence/observed', { origin: 'node-b' }, 'what it read from the directory “node-b” at a/b.json.'],
  ['decision/made', {}, 'a decision about a/b.json.'],
  ['network/admit', {}, 'that it admits a node to the network.'],
  ['node/profile', { name: 'ada' }, 'what it calls itself.'],
  ['plan/step', {}, '“plan/step” about a/b.json.'],
])('a receipt of kind %s %j: “… %s”', (kind, body, ending) => {
  const { ada, names } = named()
  const receipt = ada.sign({ kind, subject: 'a/b.json', task: null, anchor: null, body })
  const checked = checkProof(proofOf([included('receipt', ada, receipt), ...names]))
  expect(checked).toMatchObject({
    holds: true,
    sentence: `ada signed on 2026-11-21 12:00:02 UTC, as receipt #2 of its feed, ${ending}`,
  })
})

test('a node is called by its newest profile, and by its key where it gave itself no name', () => {
  const ada = new TestNode('ada')
  const [first, second] = [profile(ada, 'ada'), profile(ada, 'Ada of the harbour')]
  const receipt = ada.observe('a.json', { v: 1 })
  const sentence = (...profiles: VerifiedReceipt[]) =>
    checkProof(proofOf([bare('receipt', receipt), ...profiles.map((one) => bare('name', one))])).sentence
  expect(sentence(first, second)).toMatch(/^Ada of the harbour signed on /)
  expect(sentence(second, first)).toMatch(/^Ada of the harbour signed on /)
  const key = ada.id.slice('did:key:'.length)
  expect(sentence()).toMatch(new RegExp(`^${key.slice(0, 4)}…${key.slice(-6)} signed on `))
  expect(sentence(profile(ada, 7))).toMatch(new RegExp(`^${key.slice(0, 4)}…`))
})

test.each([
  ['hash-mismatch', 'ada and ben signed different things about a.json (task pilot).'],
  [
    'missing-anchor',
    'What ada and ben signed about a.json (task pilot) stands partly under no anchor: ben named none.',
  ],
  [
    'unknown-anchor',
    'What ada and ben signed about a.json (task pilot) names an anchor that no admitted node has signed, says who exported this.',
  ],
  [
    'diverging-anchors',
    'What ada and ben signed about a.json (task pilot) stands under anchors that do not follow each other, says who exported this.',
  ],
  ['stale', 'What ada and ben signed about a.json (task pilot) is older than the network’s rules allow.'],
  ['invalid-content', 'What ada and ben signed about a.json (task pilot) does not fit its kind.'],
])('a conflict of kind %s: “%s”', (kind, sentence) => {
  const { ada, ben, names } = named()
  const members = [
    ada.observe(
      'x/a.json',
      { v: 1 },
      { task: 'pilot', anchor: { hash: HASH as never, time: '2026-11-21T12:00:00.000Z' as never } },
    ),
    ben.observe('x/a.json', { v: 2 }, { task: 'pilot' }),
  ]
  const proof = proofOf([...members.map((one) => bare('member', one)), ...names], conflictOf(kind, members))
  const checked = checkProof(proof)
  expect(checked).toMatchObject({ holds: true, sentence })
  const said = checked.checks.find(({ name }) => name === 'What they say')
  expect(said?.values).toContainEqual({ label: 'under anchor', value: HASH })
})

test('a kind that nobody knows puts no words into the sentence', () => {
  const { ada, names } = named()
  const member = ada.observe('a.json', { v: 1 })
  const kind = 'and-ben-is-a-thief'
  const checked = checkProof(proofOf([bare('member', member), ...names], conflictOf(kind, [member])))
  expect(checked.sentence).toBe('What ada signed about a.json does not agree.')
})

test('imported files are compared as the nodes compare them: by their canonical form, whatever their bytes', () => {
  const { ada, ben, names } = named()
  const copied = (node: TestNode, bytes: string, canonical: string) =>
    node.observe('a.json', {
      origin: `directory of ${node.name}`,
      round: 1,
      content: { hash: `sha256:${bytes.repeat(64)}` },
      canonical: `sha256:${canonical.repeat(64)}`,
    })
  const checked = (...members: VerifiedReceipt[]) =>
    checkProof(proofOf([...members.map((one) => bare('member', one)), ...names], conflictOf('hash-mismatch', members)))
  expect(checked(copied(ada, '1', '2'), copied(ben, '3', '2'))).toMatchObject({ holds: false })
  const differing = checked(copied(ada, '1', '2'), copied(ben, '3', '4'))
  expect(differing).toMatchObject({
    holds: true,
    sentence:
      'ada read in the directory “directory of ada” and ben read in the directory “directory of ben” different things about a.json.',
  })
  expect(differing.checks.find(({ name }) => name === 'What they say')?.values.map(({ value }) => value)).toEqual([
    `sha256:${'2'.repeat(64)}`,
    `sha256:${'4'.repeat(64)}`,
  ])
})

/** A receipt by which the node imported a.json of a directory. */
function imported(node: TestNode, origin: string, body: { readonly [key: string]: Json } = {}) {
  return node.observe('a.json', { origin, round: 1, path: 'a.json', content: { hash: HASH }, ...body })
}

const INVALID = { envelope: { state: 'invalid', why: 'The signature is of other bytes.' } }
const MISMATCH = { mismatches: ['It states another hash of capsule/README.md.'] }

test.each([
  [
    'invalid-signature',
    INVALID,
    'ada read in the directory “node-c” at a.json a signature that does not hold.',
    'The signature is of other bytes.',
  ],
  [
    'content-mismatch',
    MISMATCH,
    'ada read in the directory “node-c” at a.json a hash that does not fit the content it stands for.',
    'It states another hash of capsule/README.md.',
  ],
] as const)(
  'a flaw of an imported file (%s) is told of by who found it, and only where it was signed',
  (kind, flaw, sentence, found) => {
    const { ada, names } = named()
    const checked = (member: VerifiedReceipt) =>
      checkProof(proofOf([bare('member', member), ...names], conflictOf(kind, [member])))
    const flawed = checked(imported(ada, 'node-c', flaw))
    expect(flawed).toMatchObject({ holds: true, sentence })
    expect(flawed.checks.find(({ name }) => name === 'What was found')?.values).toContainEqual({
      label: 'found by ada',
      value: found,
    })
    expect(checked(imported(ada, 'node-c')).holds).toBe(false)
    expect(checked(ada.observe('a.json', flaw)).holds).toBe(false)
  },
)

test('nobody is said to have signed what another node read in their directory', () => {
  const { ada, ben, names } = named()
  const sentence = (kind: string, ...members: VerifiedReceipt[]) =>
    checkProof(proofOf([...members.map((one) => bare('member', one)), ...names], conflictOf(kind, members))).sentence
  const [one, other] = [imported(ada, 'node-a'), imported(ada, 'node-a (2)')]
  expect(sentence('missing-anchor', one, other)).toBe(
    'What ada read in the directories “node-a” and “node-a (2)” about a.json names no anchor.',
  )
  expect(sentence('hash-mismatch', one, ben.observe('a.json', { v: 2 }))).toBe(
    'ben signed and ada read in the directory “node-a” different things about a.json.',
  )
})

test('what one receipt names does not change how the next one is read', () => {
  const { ada, ben, names } = named()
  // V8's JSON.parse reads the second as the first: see core/receipts/parse-json.ts.
  const members = [ada.observe('a.json', { '': 0, '\\': 0 }), ben.observe('a.json', { '': 0, '\u0000': 0 })]
  const proof = proofOf([...members.map((one) => bare('member', one)), ...names], conflictOf('hash-mismatch', members))
  expect(checkProof(proof)).toMatchObject({
    holds: true,
    sentence: 'ada and ben signed different things about a.json.',
  })
})

test.each([
  [{ type: 'pick', receipt: 0 }, "For a.json, ada's receipt #2 holds."],
  [{ type: 'pick', receipt: HASH }, 'For a.json, receipt 00000000 holds.'],
  [{ type: 'several', receipts: [0, 1] }, "For a.json, ada's receipt #2 and ben's receipt #2 hold."],
  [{ type: 'none' }, 'For a.json, none of the two claims holds.'],
  [
    { type: 'replacement', body: { v: 'x' } },
    'For a.json, none of the two claims holds; in their place stands {"v":"x"}.',
  ],
])('a decision %j: “%s”', (verdict, sentence) => {
  const { ada, ben, names } = named()
  const members = [ada.observe('a.json', { v: 1 }), ben.observe('a.json', { v: 2 })]
  // Members are named by their place, since ids come of what is signed.
  const idOf = (one: unknown) => (typeof one === 'number' ? members[one]!.id : one)
  const filled = JSON.parse(JSON.stringify(verdict), (_, value: unknown) => idOf(value)) as Json
  const decision = decide(ben, members, filled, { reason: '' })
  const receipts = [...members.map((one) => bare('member', one)), bare('decision', decision), ...names]
  const checked = checkProof(proofOf(receipts, conflictOf('hash-mismatch', members)))
  expect(checked).toMatchObject({ holds: true, beside: [`ben decided: “${sentence}”`] })
  // A reason is only shown where there is one.
  const [check] = checked.checks.filter(({ name }) => name === 'Decision')
  expect(check?.values.map(({ label }) => label)).toEqual(['receipt', 'decides on', 'decides on'])
})

test.each([
  ['stale', {}, { type: 'none' }, 'For a.json, none of the old claims holds.'],
  ['invalid-signature', INVALID, { type: 'none' }, "For a.json, node-c's receipt #2 does not count."],
  ['content-mismatch', MISMATCH, { type: 'pick', receipt: HASH }, "For a.json, node-c's receipt #2 is kept as it is."],
])('a decision on a conflict of kind %s is told in the words of the window', (kind, flaw, verdict, sentence) => {
  const { ada, ben, names } = named()
  const member = imported(ada, 'node-c', flaw)
  const receipts = [bare('member', member), bare('decision', decide(ben, [member], verdict)), ...names]
  const checked = checkProof(proofOf(receipts, conflictOf(kind, [member])))
  expect(checked).toMatchObject({ holds: true, beside: [`ben decided: “${sentence}”`] })
})

test('decisions that disagree are told of by who signed them', () => {
  const { ada, ben, names } = named()
  const members = [ada.observe('a.json', { v: 1 }), ben.observe('a.json', { v: 2 })]
  const decisions = [
    decide(ada, members, { type: 'none' }),
    decide(ben, members, { type: 'pick', receipt: members[0]!.id }),
  ]
  const conflict = conflictOf('decisions-disagree', decisions)
  const proof = (...shown: ProvedReceipt[]) => checkProof(proofOf([...shown, ...names], conflict))
  const [one, other] = decisions.map((decision) => bare('member', decision)) as [ProvedReceipt, ProvedReceipt]
  expect(proof(one, other)).toMatchObject({
    holds: true,
    sentence: 'ada and ben signed decisions about a.json that disagree.',
  })
  expect(proof(one).holds).toBe(false)
})

test('a fork is told by the number where the stories part, also where one does not follow the receipt before', () => {
  const { ada, names } = named()
  const [first] = ada.signed
  const one = ada.observe('a.json', { v: 1 })
  ada.forkAfter(first!)
  const other = ada.observe('a.json', { v: 2 })
  const later = ada.observe('a.json', { v: 3 })
  const told = (...members: VerifiedReceipt[]) => {
    const conflict = conflictOf('fork', members, { subject: ada.id, task: null })
    const checked = checkProof(proofOf([...members.map((member) => bare('member', member)), ...names], conflict))
    const found = checked.checks.find(({ name }) => name === 'Two stories')
    return { holds: checked.holds, sentence: checked.sentence, detail: found?.detail }
  }
  expect(told(one, other)).toMatchObject({
    holds: true,
    sentence: 'ada told two stories: it signed receipts at #2 of its feed that contradict each other.',
    detail: 'One key signed different receipts with the same number. An honest node never does.',
  })
  expect(told(one, later)).toMatchObject({
    holds: true,
    detail: 'One key signed a receipt that does not follow the one before it. An honest node never does.',
  })
  expect(told(other, later)).toMatchObject({ holds: false })
  expect(told(one)).toMatchObject({ holds: false })

  ada.forkAfter(null)
  const another = ada.observe('a.json', { v: 4 })
  expect(told(first!, another)).toMatchObject({ holds: true })
})

test('what is withheld is shown by the head that counts it', () => {
  const { ada, ben, names } = named()
  for (let v = 0; v < 4; v++) ada.observe('a.json', { v })
  const told = (range: readonly [number, number] | null, head: string | null) => {
    const conflict = conflictOf('withheld', [], { subject: ada.id, task: null, range, head })
    const { holds, sentence } = checkProof(proofOf(names, conflict))
    return { holds, sentence }
  }
  const head = headOf(ada)
  expect(told([2, 5], head)).toEqual({
    holds: true,
    sentence: 'ada signed that its feed goes up to #5; #2 to #5 did not arrive.',
  })
  expect(told([5, 5], head)).toEqual({
    holds: true,
    sentence: 'ada signed that its feed goes up to #5; #5 did not arrive.',
  })
  ben.observe('a.json', { v: 1 })
  for (const [range, note] of [
    [[2, 6], head],
    [[0, 5], head],
    [[5, 2], head],
    [null, head],
    [[2, 5], null],
    [[1, 2], headOf(ben)],
    [[2, 5], 'no head\n\nat all\n'],
    [[2, 5], head.replace('time 2026', 'time 2027')],
  ] as const) {
    expect(told(range, note).holds).toBe(false)
  }
})

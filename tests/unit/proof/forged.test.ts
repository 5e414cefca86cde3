// What somebody who makes a proof themselves can get wrong, one thing at a time: the check that finds it, by the name that the page shows.
import { expect, test } from 'vitest'
import { checkProof, parseProof, sealProof, type Proof, type ProvedReceipt } from '#core/proof/index.ts'
import { signReceipt } from '#core/receipts/index.ts'
import { bare, conflictOf, headOf, included, proofOf } from '#tests/kit/made-proofs.ts'
import { signerFromSeed, TestNode } from '#tests/kit/nodes.ts'

const ada = new TestNode('ada')
const [first, second] = [ada.observe('a.json', { v: 1 }), ada.observe('a.json', { v: 2 })]
const good = included('receipt', ada, first)
const { inclusion } = good
const head = headOf(ada)
const root = inclusion?.root ?? ''
const long = 'x'.repeat(81 * 1024)

/** Names of the checks that fail. */
function failing(proof: Proof): string[] {
  const { holds, checks, receipts } = checkProof(proof)
  const failed = [...checks, ...receipts.flatMap((receipt) => receipt.checks)].filter(({ state }) => state === 'fails')
  expect(holds).toBe(failed.length === 0)
  return failed.map(({ name }) => name)
}

const changed = (change: Partial<ProvedReceipt>) => failing(proofOf([{ ...good, ...change }]))
const included2 = (change: Partial<NonNullable<typeof inclusion>>) =>
  changed({ inclusion: inclusion === null ? null : { ...inclusion, ...change } })

test('what was exported holds', () => {
  expect(changed({})).toEqual([])
})

test.each([
  ['a path that is too long', { path: [...(inclusion?.path ?? []), root] }],
  ['a path that is too short', { path: [] }],
  ['a hash that is no base64', { path: ['~'.repeat(44)] }],
  ['a hash in a second spelling', { path: (inclusion?.path ?? []).map((hash) => hash.replace(/.=$/, '+=')) }],
  ['a hash of another length', { path: [root.slice(0, 40)] }],
  ['a root that is no base64', { root: 'root' }],
  ['another root', { root: inclusion?.leaf ?? '' }],
  ['another leaf', { leaf: root }],
])('an inclusion with %s', (_, change) => {
  expect(included2(change)).toContain('Inclusion')
})

test.each([
  ['no end', head.trimEnd()],
  ['no signatures', head.split('\n\n')[0] ?? ''],
  ['another text', head.replace('\nid ', '\nof ')],
  ['more than a head has', `${' '.repeat(16_384)}${head}`],
  ['a node that is no key', head.replaceAll(ada.id, 'did:key:z6Mkada')],
  ['a node whose id spells no key of Ed25519', head.replaceAll(ada.id, `did:key:z6Mk${'z'.repeat(44)}`)],
  ['a signature line in another form', head.replace('— ', '-- ')],
  ['a signature by somebody else', head.replace(`— ${ada.id}`, '— did:key:z6Mkother')],
  ['a signature that is no base64', head.replace(/ \S+\n$/, ' ~~~~\n')],
  ['half a signature', head.replace(/ (\S{40})\S+\n$/, ' $1\n')],
])('a head with %s', (_, note) => {
  expect(note).not.toBe(head)
  expect(changed({ head: note })).toEqual(['Signed head'])
})

test('a line that is too long, another document, or a receipt in another form is no receipt', () => {
  const lines = [
    first.line.replace('"v":1', `"v":"${long}"`),
    '[]',
    'null',
    first.line.replace('{"anchor":null,', '{'),
    first.line.replace('"anchor":null', '"anchor":{"hash":"x","time":"2026-11-21T12:00:00.000Z"}'),
    first.line.replace('"anchor":null', `"anchor":{"hash":"${first.id}","time":"today"}`),
    first.line.replace('"anchor":null', `"anchor":{"hash":"${first.id}"}`),
    first.line.replace('"body":{"v":1}', '"body":[]'),
    first.line.replace('"seq":1', '"seq":0'),
    first.line.replace('"task":null', '"task":""'),
    first.line.replace('2026-11-21T12:00:01.000Z', '2026-11-21T24:00:00.000Z'),
    first.line.replace('2026-11-21T12:00:01.000Z', '2026-13-01T12:00:00.000Z'),
    first.line.replace(/"sig":"\w/, '"sig":"~'),
  ]
  expect(lines.map((line) => changed({ line }))).toEqual(lines.map(() => ['Canonical form']))
})

test('a node whose id is no key of Ed25519 signs nothing', () => {
  const line = first.line.replace(ada.id, `did:key:z6Mk${'z'.repeat(44)}`)
  expect(changed({ line })).toContain('Signature')
})

test('a checksum over other bytes is found', () => {
  expect(failing({ ...proofOf([good]), made: '2027-01-01T00:00:00.000Z' })).toEqual(['Whole proof'])
})

test('a proof without a receipt says so', () => {
  const checked = checkProof(proofOf([]))
  expect(checked).toMatchObject({ holds: false, sentence: 'This proof holds no receipt.' })
})

test('a conflict without members, and one with members about something else', () => {
  const other = ada.observe('b.json', { v: 9 })
  const members = [first, other]
  const about = conflictOf('hash-mismatch', members)
  expect(
    failing(
      proofOf(
        members.map((one) => bare('member', one)),
        about,
      ),
    ),
  ).toEqual(['Members'])
  const empty = checkProof(proofOf([], conflictOf('hash-mismatch', [], { subject: 'a.json' })))
  expect(empty).toMatchObject({ holds: false, sentence: 'nobody signed different things about a.json.' })
  const same = [first, ada.observe('a.json', { v: 1 })]
  expect(
    failing(
      proofOf(
        same.map((one) => bare('member', one)),
        conflictOf('hash-mismatch', same),
      ),
    ),
  ).toEqual(['What they say'])
})

const ID = `sha256:${'0'.repeat(64)}`
test.each([
  ['no verdict', { members: [first.id] }],
  ['a verdict that is none', { members: [first.id], verdict: 'none' }],
  ['a verdict of no type', { members: [first.id], verdict: {} }],
  ['a verdict of another type', { members: [first.id], verdict: { type: 'maybe' } }],
  ['a pick of nothing', { members: [first.id], verdict: { type: 'pick' } }],
  ['a pick of what is no id', { members: [first.id], verdict: { type: 'pick', receipt: 'x' } }],
  ['several of nothing', { members: [first.id], verdict: { type: 'several' } }],
  ['several of what are no ids', { members: [first.id], verdict: { type: 'several', receipts: ['x'] } }],
  ['a replacement without a body', { members: [first.id], verdict: { type: 'replacement' } }],
  ['members that are no list', { members: first.id, verdict: { type: 'none' } }],
  ['members that are no ids', { members: ['x'], verdict: { type: 'none' } }],
  ['members of another conflict', { members: [ID], verdict: { type: 'none' } }],
])('a decision with %s decides nothing here', (_, body) => {
  const members = [first, second]
  const place = { seq: 1, prev: null, time: first.receipt.time }
  const draft = { kind: 'decision/made', subject: 'a.json', task: null, anchor: null, body }
  const decision = signReceipt(draft, place, signerFromSeed('ben'))
  const receipts = [...members.map((one) => bare('member', one)), bare('decision', decision)]
  const proof = proofOf(receipts, conflictOf('hash-mismatch', members))
  expect(failing(proof)).toEqual(['Decision'])
  const illegible = receipts.map((one) => (one.role === 'decision' ? { ...one, line: '{}' } : one))
  const withheld = checkProof(sealProof({ ...proof, receipts: illegible }))
  expect(withheld.beside).toEqual([])
  expect(withheld.holds).toBe(false)
})

test('a withdrawal says why where it does, and of a receipt that cannot be read nothing is said', () => {
  const members = [first, second]
  const ben = new TestNode('ben')
  const sign = (kind: string, body: never) => ben.sign({ kind, subject: 'a.json', task: null, anchor: null, body })
  const decision = sign('decision/made', { members: [first.id], verdict: { type: 'none' }, reason: 7 } as never)
  const withdrawn = (reason: unknown) => sign('decision/withdrawn', { decision: decision.id, reason } as never)
  const checked = (...withdrawals: readonly ProvedReceipt[]) => {
    const receipts = [...members.map((one) => bare('member', one)), bare('decision', decision), ...withdrawals]
    return checkProof(proofOf(receipts, conflictOf('hash-mismatch', members)))
  }
  const values = (reason: unknown) =>
    checked(bare('withdrawal', withdrawn(reason)))
      .checks.find(({ name }) => name === 'Withdrawal')
      ?.values.map(({ label }) => label)
  expect(values('read anew')).toEqual(['receipt', 'withdraws', 'reason'])
  expect(values('')).toEqual(['receipt', 'withdraws'])
  expect(values(7)).toEqual(['receipt', 'withdraws'])
  const unread = checked({ ...bare('withdrawal', withdrawn('x')), line: '{}' })
  expect(unread.holds).toBe(false)
  expect(unread.checks.find(({ name }) => name === 'Withdrawal')?.detail).toBe(
    'This withdraws no decision of this proof by who signed it.',
  )
})

const json = JSON.stringify(proofOf([good], conflictOf('withheld', [], { subject: ada.id, range: [1, 2], head })))
test.each([
  ['range', '"range":[1,2]', '"range":[1,2,3]'],
  ['range of one', '"range":[1,2]', '"range":[1]'],
  ['range of fractions', '"range":[1,2]', '"range":[1.5,2]'],
  ['members', '"members":[]', '"members":[7]'],
  ['task', '"task":null', '"task":7'],
  ['role', '"role":"receipt"', '"role":"witness"'],
  ['inclusion', '"index":0', '"index":-1'],
  ['a member more', '"index":0', '"index":0,"more":1'],
  ['stated', '"stated":null', '"stated":{"status":"open"}'],
  ['stated figures', '"stated":null', '"stated":{"status":"open","decisionsNeeded":"two"}'],
  ['commands', '"byHand":[', '"byHand":[{"what":"x"},'],
  ['format', '"steward-proof/2"', '"steward-proof/3"'],
  ['half a letter', '"made":"', '"made":"\\ud800'],
])('a file with another %s than a proof has is none', (_, from, to) => {
  expect(parseProof(json)).not.toBeNull()
  expect(json).toContain(from)
  expect(parseProof(json.replace(from, to))).toBeNull()
})

test('a file with more receipts, or more bytes, than a proof has is none', () => {
  expect(parseProof(JSON.stringify(proofOf(Array.from({ length: 2_001 }, () => bare('name', first)))))).toBeNull()
  expect(parseProof(`${json}${' '.repeat(32 * 1024 * 1024)}`)).toBeNull()
})

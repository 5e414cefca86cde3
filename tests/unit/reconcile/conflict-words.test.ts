// What a steward reads about each kind of conflict.
import { describe, expect, test } from 'vitest'
import type { ConflictKind, ConflictMember, ContentHash, NodeId, ReceiptId } from '#core/contract/index.ts'
import { conflictRemedy, conflictTitle, conflictWhy, subjectName } from '#core/reconcile/conflict-words.ts'
import { importNote } from '#core/reconcile/import-notes.ts'
import { MARKS } from '#core/reconcile/imported.ts'
import { proofLines } from '#core/reconcile/proof-lines.ts'
import type { ConflictRow, ReadMember } from '#core/reconcile/conflict-reading.ts'
import type { PlacedClaim } from '#core/reconcile/claim-reading.ts'
import { sha256Id } from '#core/receipts/index.ts'
import { instantAt, START, TestNode } from '#tests/kit/nodes.ts'

const [harbor, mill] = [new TestNode('harbor'), new TestNode('mill')]
const names = { of: (node: NodeId) => (node === harbor.id ? 'harbor' : 'mill') }

function member(node: TestNode, seq = 4): ConflictMember {
  const id = sha256Id<ReceiptId>(`${node.id} ${seq}`)
  const hash = sha256Id<ContentHash>(`says ${node.id}`)
  return { receipt: id, node: node.id, nodeName: names.of(node.id), seq, hash, time: instantAt(START), origin: null }
}

interface Told {
  readonly subject?: string
  readonly members?: readonly ConflictMember[]
  readonly range?: { readonly fromSeq: number; readonly toSeq: number } | null
  readonly ages?: { readonly stale: string; readonly newestNode: string; readonly newest: string }
  readonly heldUntil?: string
  readonly flaw?: string
  readonly reopened?: boolean
}

function factsOf(kind: ConflictKind, told: Told) {
  const { members = [member(harbor), member(mill)], subject = 'reports/sum.json', range = null } = told
  const { ages = null, heldUntil = null, flaw = null, reopened = false } = told
  return { kind, subject, members, memberCount: members.length, range, names, ages, heldUntil, flaw, reopened }
}

const one = { members: [member(harbor)] }
const ofHarbor = { subject: harbor.id, members: [] }

test.each<[ConflictKind, Told, string, string]>([
  ['hash-mismatch', {}, 'sum.json: two claims differ', 'no rule may choose between them.'],
  ['missing-anchor', one, "sum.json: harbor's claim names no anchor", 'and this claim names none.'],
  ['missing-anchor', {}, 'sum.json: claims that name no anchor stand beside others', 'which is more recent.'],
  ['unknown-anchor', {}, 'sum.json: a claim names an anchor that nobody signed', 'No admitted node has signed'],
  ['diverging-anchors', {}, 'sum.json: claims stand under anchors that do not follow each other', 'Neither anchor’s'],
  ['stale', one, "sum.json: harbor's claim is out of date", 'another node has a newer one.'],
  ['stale', {}, 'sum.json: the claims of two nodes are out of date', 'older than the network’s policy'],
  [
    'stale',
    { ages: { stale: '3 days', newestNode: 'mill', newest: '1 hour' } },
    'sum.json: the claims of two nodes are out of date',
    'The claim is 3 days old, more than policy allows; mill’s is 1 hour old.',
  ],
  [
    'fork',
    { members: [member(harbor), member(harbor)], range: { fromSeq: 4, toSeq: 4 } },
    'harbor told two stories about its receipt #4',
    'so its feed stands still before #4.',
  ],
  [
    'fork',
    { members: [member(harbor, 5), member(harbor, 4)], range: { fromSeq: 5, toSeq: 5 } },
    'harbor told two stories about its receipt #5',
    'signed a receipt that does not follow the one before it.',
  ],
  ['withheld', ofHarbor, 'harbor has not sent some receipts', 'nothing behind the gap is merged.'],
  ['withheld', { ...ofHarbor, range: { fromSeq: 5, toSeq: 5 } }, 'harbor has not sent its receipt #5', 'counts more'],
  [
    'withheld',
    { ...ofHarbor, range: { fromSeq: 5, toSeq: 9 } },
    'harbor has not sent all of its receipts #5 to #9',
    'head',
  ],
  [
    'held-future',
    { ...ofHarbor, range: { fromSeq: 5, toSeq: 5 } },
    'harbor’s receipt #5 is dated ahead of this clock',
    'more than five minutes ahead of this clock, so it is held back.',
  ],
  [
    'held-future',
    { ...ofHarbor, range: { fromSeq: 5, toSeq: 5 }, heldUntil: 'noon' },
    'harbor’s receipt #5 is dated ahead of this clock',
    'Its time is noon',
  ],
  ['invalid-content', one, 'sum.json: what harbor signed does not fit its kind', 'so it claims nothing.'],
  ['invalid-content', { members: [] }, 'sum.json: what A node signed does not fit its kind', 'The signature is valid'],
  ['decisions-disagree', {}, 'sum.json: two stewards decided differently', 'none of them can be followed.'],
  ['invalid-signature', one, 'sum.json: the signature in harbor’s file does not hold', 'does not hold.'],
  [
    'content-mismatch',
    { ...one, flaw: 'The hash is another.' },
    'sum.json: a hash that harbor',
    'The hash is another.',
  ],
  ['missing-artefact', { subject: 'tsp', members: [] }, 'tsp lacks expected artefacts', 'expects them of everybody'],
  [
    'missing-artefact',
    { subject: 'tsp', members: [], range: { fromSeq: 3, toSeq: 1200 } },
    'tsp lacks 3 of 1,200 expected artefacts',
    'never published here',
  ],
])('%s %#: a steward reads what is the matter, why, and what to do', (kind, told, title, why) => {
  const straight = (text: string) => text.replaceAll('’', "'")
  const facts = factsOf(kind, told)
  expect(straight(conflictTitle(facts))).toContain(straight(title))
  expect(straight(conflictWhy(facts))).toContain(straight(why))
  expect(conflictRemedy(kind)).toMatch(/^(Ask|Compare|Sign|Talk|Nothing) .*\.$|^(Nothing|Ask)/)
})

test('a conflict that was settled before says why it is open again; what nobody decides never was', () => {
  const again = 'a claim that came later is not covered by that decision.'
  expect(conflictWhy(factsOf('hash-mismatch', { reopened: true }))).toContain(again)
  expect(conflictWhy(factsOf('withheld', { ...ofHarbor, reopened: true }))).not.toContain(again)
})

test('a node is called by its name, a file by the last part of its path', () => {
  expect(subjectName(mill.id, names)).toBe('mill')
  expect(subjectName('reports/sum.json', names)).toBe('sum.json')
})

describe('what became of a file’s import', () => {
  const hash = sha256Id<ContentHash>('content')
  const raw = (text: string) => sha256Id<ContentHash>(text)
  const claim = (arrival: number, more: Partial<PlacedClaim> = {}): PlacedClaim => ({
    nodeKey: 1,
    seq: arrival,
    arrival,
    id: Buffer.alloc(32),
    hash,
    anchor: null,
    timeMs: START,
    origin: 'tsp',
    ...more,
  })
  const note = (standing: readonly PlacedClaim[], arrival = 1) =>
    importNote(standing, 'tsp', { arrival }, (key) => (key === 1 ? 'harbor' : 'mill'))

  test.each<[string, readonly PlacedClaim[], string]>([
    ['nothing of it stands', [], 'Imported from tsp.'],
    ['only others stand', [claim(2, { origin: 'other' })], 'Imported from tsp.'],
    ['a later one stands', [claim(2)], "Replaced by a later import of tsp: harbor's receipt #2."],
    ['it says that the file is gone', [claim(1, { marks: MARKS.gone })], 'The file is gone from tsp.'],
    ['it is the last', [claim(1)], 'The last import of tsp.'],
    ['another has the very same bytes', [claim(1), claim(2, { origin: 'other' })], 'The last import of tsp.'],
    [
      'another directory has the same content in other bytes',
      [claim(1, { raw: raw('a') }), claim(2, { origin: 'other', raw: raw('b') })],
      'The last import of tsp. Same content as other, different bytes.',
    ],
    [
      'a node itself has the same content in other bytes',
      [claim(1, { raw: raw('a') }), claim(1, { arrival: 9, origin: null, nodeKey: 2 })],
      'The last import of tsp. Same content as mill, different bytes.',
    ],
  ])('where %s', (_where, standing, sentence) => {
    expect(note(standing)).toBe(sentence)
    expect(note(standing.toReversed())).toBe(sentence)
  })
})

describe('what anybody can check', () => {
  const row = { fromSeq: 5, toSeq: 9 } as ConflictRow
  const receipt = harbor.observe('a.json', { count: 1 }).receipt
  const read = { member: { ...member(harbor), nodeKey: 1, arrival: 1 } satisfies ReadMember, receipt }
  const labels = (kind: ConflictKind, members: readonly (typeof read)[], at = row) =>
    proofLines(kind, at, members).map(({ label, value }) => `${label}: ${value}`)

  test('a gap is told by its receipts, where they are known', () => {
    expect(labels('withheld', [])).toEqual(['Missing receipts: #5 to #9'])
    expect(labels('withheld', [], { ...row, toSeq: null })).toEqual([])
  })

  test('a fork names both stories; the first receipt of a feed follows nothing', () => {
    expect(labels('fork', [])).toEqual([])
    expect(labels('fork', [read])).toContain('Story 1: follows: nothing, it is the first')
  })

  test('a body that fits and one that is no import prove nothing', () => {
    expect(labels('invalid-content', [read])).toContain('What does not fit: nothing')
    expect(labels('content-mismatch', [read])).toEqual([])
    expect(labels('decisions-disagree', [read])).toEqual([`harbor signed: ${read.member.receipt} (unreadable)`])
    expect(labels('stale', [read])).toEqual([])
  })
})

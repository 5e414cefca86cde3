// Everything that was signed about a subject, and what became of it.
import { expect, test } from 'vitest'
import { Cursor, type ContentHash } from '#core/contract/index.ts'
import { receiptById } from '#core/ledger/index.ts'
import { claimStandings, decisionDraft, subjectHistory, withdrawalDraft } from '#core/reconcile/index.ts'
import { sha256Id } from '#core/receipts/index.ts'
import { setBlocked } from '#core/network/index.ts'
import { TestNode } from '#tests/kit/nodes.ts'
import { allSigned, foundNetwork, LATER, World } from '#tests/kit/world.ts'
import { decide, differing, lastOf, pick, SUBJECT, withThree } from './cast.ts'

function notes(world: World, subject = SUBJECT): string[] {
  const { items } = subjectHistory(world.db, { subject, task: null, limit: 20 })
  return items.map(({ nodeName, seq, note }) => `${nodeName} #${seq}: ${note}`)
}

test('what is not merged says why', () => {
  const { world, ada, ben } = withThree({}, ({ ada, ben }) => {
    ada.observe(SUBJECT, { count: 1 })
    ben.observe(SUBJECT, { count: 1 })
  })
  using _ = world
  const common = lastOf(ada)
  const one = ada.observe(SUBJECT, { count: 2 })
  const behind = ada.observe(SUBJECT, { count: 3 })
  const other = ada.forkAfter(common).observe(SUBJECT, { count: 4 })
  const stranger = new TestNode('eve')
  world.deliver([one, behind, other, stranger.observe(SUBJECT, { count: 5 })])
  world.ledger.write(LATER, (tx) => setBlocked(tx, ben.id, true))
  const told = notes(world)
  expect(told.filter((note) => note.endsWith('Not merged: it stands at a fork of its feed.'))).toHaveLength(2)
  expect(told).toEqual(
    expect.arrayContaining([
      'ada #3: The newest claim of its node.',
      'ada #5: Not merged: it stands behind a fork of its feed.',
      'ben #2: Not merged: its node is blocked here.',
      expect.stringContaining('Not merged: its node is not admitted.'),
    ]),
  )
})

// At one place of both feeds, and at others.
test.each([0, 1])(
  'of two nodes that imported a directory alike, every node names the same one, whichever it heard of first (%d)',
  (before) => {
    const [ada, ben] = [new TestNode('ada'), new TestNode('ben')]
    const genesis = foundNetwork([ada, ben])
    const hash = (round: number) => sha256Id<ContentHash>(`round ${round}`)
    const imports = (node: TestNode, round: number) => {
      const content = { hash: hash(round), size: 1 }
      const envelope = { state: 'missing' }
      return node.observe(SUBJECT, { content, canonical: hash(round), envelope, origin: 'mill', round, path: SUBJECT })
    }
    for (let count = 0; count < before; count++) ada.observe('other.json', {})
    const replaced = imports(ada, 1)
    for (const subject of ['one.json', 'two.json']) ben.observe(subject, {})
    for (const node of [ada, ben]) imports(node, 2)
    const told = [ada, ben].map((first) => {
      using world = new World().joinNetwork(genesis.id)
      world.deliver([...first.signed, ...allSigned([ada, ben])])
      const row = receiptById(world.db, replaced.id)!
      return {
        notes: notes(world).toSorted(),
        why: claimStandings(world.db, LATER).superseded({ ...row, isClaim: true }),
      }
    })
    expect(told[1]).toEqual(told[0])
    expect(told[0]).toMatchObject({ why: 'Replaced by mill’s receipt #4.' })
    expect(told[0]?.notes).toContainEqual(expect.stringContaining('Replaced by a later import of mill: '))
  },
)

test('a decision that was taken back says so, and so does what takes it back', () => {
  const { world, ada } = differing()
  using _ = world
  const decision = decide(world, ada, pick(lastOf(ada)))
  world.deliver([ada.sign(withdrawalDraft(world.db, ada.id, { decision: decision.id, reason: 'counted again' }))])
  expect(notes(world)).toEqual(
    expect.arrayContaining([
      expect.stringMatching(/^ada #4: Withdrawn: For external-summary\.json/),
      'ada #5: Takes a decision back.',
    ]),
  )
})

test('of what nobody signed about there is no history, and a foreign cursor is refused', () => {
  const { world } = differing()
  using _ = world
  expect(subjectHistory(world.db, { subject: 'nobody.json', task: null, limit: 5 })).toEqual({ items: [], next: null })
  const after = Cursor.parse('a cursor of another list')
  expect(() => subjectHistory(world.db, { subject: SUBJECT, task: null, limit: 5, after })).toThrow(
    'the cursor is not one of this list',
  )
})

test('a verdict that has no meaning for a conflict is refused before anything is signed', () => {
  const { world, ada, ben } = withThree({}, ({ ada }) => void ada.observe(SUBJECT, { content: 'no hash' }))
  using _ = world
  const [conflict] = world.conflicts()
  const members = [lastOf(ada).id]
  const asked = { conflict: conflict!.id, members, reason: 'counted', planStep: null }
  expect(() =>
    decisionDraft(world.db, ben.id, { ...asked, verdict: { type: 'replacement', body: { count: 1 } } }),
  ).toThrow('The verdict “replacement” has no meaning for this conflict.')
  expect(
    decisionDraft(world.db, ben.id, { ...asked, planStep: 'step-1', verdict: { type: 'none' } }).body,
  ).toMatchObject({ planStep: 'step-1', verdict: { type: 'none' } })
})

// Two nodes that differ find the first receipt at which they do, though they share nothing but a folder.
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { ContentHash, ReceiptId } from '#core/contract/index.ts'
import { feedsToDescend } from '#core/node/compare.ts'
import { identityFromPhrase, signerOf } from '#core/identity/index.ts'
import { parseState, sha256Id, signState, type PublishedRow } from '#core/receipts/index.ts'
import { signerFromSeed } from '#tests/kit/nodes.ts'
import { Place, refusal, type Core } from '#tests/kit/place.ts'
import { folderOf, toldApart } from '#tests/kit/proofs.ts'

const compare = (core: Core, other: Core) => core.steward.network.compare({ node: other.id })

async function three(place: Place) {
  const [ada, ben, cleo] = await place.network('ada', 'ben', 'cleo')
  if (ada === undefined || ben === undefined || cleo === undefined) throw new Error('three were asked for')
  await ada.observe('a', { v: 1 })
  await cleo.observe('a', { v: 1 })
  await place.settle([ada, ben, cleo])
  return { ada, ben, cleo }
}

test('nodes that hold the same show the same four words to each other', async () => {
  await using place = new Place()
  const { ada, ben, cleo } = await three(place)
  const [ofBen, ofCleo] = [await compare(ada, ben), await compare(ada, cleo)]
  const { fingerprint, fingerprintWords } = await ada.steward.network.get({})
  for (const comparison of [ofBen, ofCleo]) {
    expect(comparison).toMatchObject({ outcome: 'same', first: null, differing: 0 })
    expect(comparison.theirs).toEqual({ fingerprint, words: fingerprintWords })
    expect(comparison.steps.every(({ same }) => same)).toBe(true)
  }
  expect(ofBen.sentence).toBe('You and ben hold the same receipts under the same rules, to the last byte.')
})

test('what one has not merged yet is named by its first receipt, from both sides', async () => {
  await using place = new Place()
  const { ada, ben, cleo } = await three(place)
  const first = await cleo.observe('b', { v: 1 })
  await cleo.observe('b', { v: 2 })
  await cleo.sync()
  await ada.sync()
  await ada.sync()
  // ben has not looked since.
  expect(await compare(ada, ben)).toMatchObject({
    outcome: 'differs',
    sentence: 'ben has not merged cleo’s receipt #3 and the one after it; up to there you both hold the same.',
    first: { type: 'they-lack', feed: cleo.id, seq: 3, ours: first, theirs: null },
    differing: 1,
  })
  rmFeed(place, cleo)
  await ben.sync()
  expect(await compare(ben, ada)).toMatchObject({
    outcome: 'differs',
    sentence: 'You have not merged cleo’s receipt #3 and the one after it, which ada has.',
    first: { type: 'we-lack', feed: cleo.id, seq: 3, ours: null },
  })
})

/** The folder of a node goes away before the others have read it. */
function rmFeed(place: Place, core: Core): void {
  rmSync(folderOf(place.exchange, core.id), { recursive: true })
}

test('a node that was told another story finds the receipt at which the stories part, going down the trees', async () => {
  await using place = new Place()
  const { ada, ben, cleo } = await toldApart(place)
  expect(await ada.conflicts('all')).toEqual([])
  const [ofBen, ofAda] = [await compare(ada, ben), await compare(ben, ada)]
  expect(ofBen).toMatchObject({ outcome: 'differs', first: { type: 'two-stories', feed: cleo.id, seq: 3 } })
  expect(ofBen.sentence).toBe('You and ben hold different receipts #3 of cleo: its key told two stories.')
  expect(ofBen.first?.ours).toBe(ofAda.first?.theirs)
  expect(ofBen.first?.theirs).toBe(ofAda.first?.ours)
  expect(ofBen.first?.ours).not.toBe(ofBen.first?.theirs)
  const tree = ofBen.steps.filter(({ what }) => /^(Tree|Receipt)/.test(what)).map(({ what }) => what)
  expect(tree).toEqual(['Tree over #1 to #5', 'Tree over #1 to #4', 'Tree over #3 to #4', 'Receipt #3'])
})

test('a node that never said anything, and a node beside itself', async () => {
  await using place = new Place()
  const { ada } = await three(place)
  const dora = await place.node('dora')
  await dora.sync()
  await ada.sync()
  expect(await compare(ada, dora)).toMatchObject({ outcome: 'not-said', theirs: null, first: null })
  expect(await refusal(compare(ada, ada))).toMatchObject({ code: 'OWN_NODE' })
})

interface Said {
  readonly policy: ContentHash
  readonly rows: readonly PublishedRow[]
}

/** `liar` signs another state than the one it is in; ada reads it. */
async function toldBy(place: Place, liar: Core, ada: Core, change: (said: Said) => Said): Promise<void> {
  const file = join(folderOf(place.exchange, liar.id), 'state')
  const parsed = parseState(readFileSync(file))
  if (!parsed.ok) throw new Error('a node writes its state in the right form')
  const { phrase } = await liar.steward.node.phrase({ passphrase: null })
  const { policy, rows } = change(parsed.value)
  writeFileSync(file, signState(policy, rows, signerOf(identityFromPhrase(phrase))))
  await ada.sync()
}

const STRANGER = signerFromSeed('stranger').node
const OTHER = sha256Id<ReceiptId>('another receipt')

/** The row of cleo, who has signed two receipts. */
const ofCleo = (cleo: Core, change: Partial<PublishedRow>) => (said: Said) => ({
  ...said,
  rows: said.rows.map((row) => (row.node === cleo.id ? { ...row, ...change } : row)),
})

/** What ben says instead, the sentence that follows, the remedy, and how the row of cleo's feed reads then. */
const TELLINGS: readonly (readonly [(cleo: Core) => (said: Said) => Said, string, RegExp, string])[] = [
  [
    () => (said) => ({ ...said, policy: sha256Id<ContentHash>('other rules') }),
    'You and ben hold the same receipts, and follow other rules.',
    /^$/,
    'up to #2',
  ],
  [
    (cleo) => (said) => ({ ...said, rows: said.rows.filter(({ node }) => node !== cleo.id) }),
    'ben has not heard yet that cleo was admitted.',
    /the admission is a receipt that is still on its way/,
    'not admitted',
  ],
  [
    (cleo) => ofCleo(cleo, { seq: 0, id: null }),
    'ben has not merged cleo’s receipt #1 and the one after it; up to there you both hold the same.',
    /ask ben whether it can read cleo’s folder/,
    'nothing merged',
  ],
  [
    (cleo) => ofCleo(cleo, { seq: 7, id: OTHER }),
    'You have not merged cleo’s receipt #3 and 4 after it, which ben has.',
    /ask ben for a bundle with cleo’s feed/,
    'up to #7',
  ],
  [
    (cleo) => ofCleo(cleo, { id: OTHER }),
    'You and ben hold different stories of cleo, beginning at #2 or before.',
    /by a bundle, both ways/,
    'up to #2',
  ],
  [
    (cleo) => ofCleo(cleo, { aside: 'ab'.repeat(32) }),
    'You and ben follow the same story of cleo up to #2, but one of you knows another story that the other does not.',
    /by a bundle, both ways/,
    ', aside abababab',
  ],
]

test('what another node says, signed, is put into words', async () => {
  await using place = new Place()
  const { ada, ben, cleo } = await three(place)
  const state = join(folderOf(place.exchange, ben.id), 'state')
  const written = readFileSync(state)
  for (const [change, sentence, remedy, theirs] of TELLINGS) {
    writeFileSync(state, written)
    await toldBy(place, ben, ada, change(cleo))
    const comparison = await compare(ada, ben)
    expect(comparison).toMatchObject({ outcome: 'differs', sentence })
    expect(comparison.first?.remedy ?? '').toMatch(remedy)
    const step = comparison.steps.find(({ what }) => what === 'Feed of cleo')
    expect(step?.theirs).toContain(theirs)
    expect(step?.same).toBe(comparison.first === null)
  }
})

test('a node that the other one has admitted and this one has not is named', async () => {
  await using place = new Place()
  const { ada, ben } = await three(place)
  const row = { node: STRANGER, seq: 1, id: OTHER, aside: null, root: null }
  await toldBy(place, ben, ada, (said) => ({ ...said, rows: [...said.rows, row] }))
  const comparison = await compare(ada, ben)
  expect(comparison).toMatchObject({ outcome: 'differs', first: { type: 'admitted', feed: STRANGER, seq: 0 } })
  expect(comparison.sentence).toMatch(/^You have not heard yet that \S+ was admitted, which ben has\.$/)
})

test('what is here and does not count points to the fork that keeps it from counting', async () => {
  await using place = new Place()
  const { ada, ben, cleo } = await three(place)
  const { phrase } = await cleo.steward.node.phrase({ passphrase: null })
  const twin = await place.core('twin')
  await twin.steward.node.restore({
    phrase: phrase.join(' '),
    name: 'cleo',
    passphrase: null,
    exchange: place.exchange,
  })
  await twin.observe('b', { v: 1 })
  await cleo.observe('b', { v: 2 })
  for (const core of [twin, cleo, ada]) await core.sync()
  await toldBy(place, ben, ada, ofCleo(cleo, { seq: 3, id: OTHER }))
  const comparison = await compare(ada, ben)
  expect(comparison.sentence).toBe('You have not merged cleo’s receipt #3, which ben has.')
  expect(comparison.first?.remedy).toBe('It is here and does not count: look among the conflicts for a fork of cleo.')
})

test('what all others last said stands side by side, in the order of their names', async () => {
  await using place = new Place()
  const { ada, ben, cleo } = await three(place)
  const dora = await place.node('dora')
  await dora.sync()
  for (const file of ['state', 'seen']) rmSync(join(folderOf(place.exchange, dora.id), file))
  await ada.sync()
  await ada.admit(dora.id)
  await place.settle([ada, cleo])
  // Ben has not looked since, dora has not said anything yet.
  const { items } = await ada.steward.network.states({})
  expect(items.map(({ name, outcome }) => [name, outcome])).toEqual([
    ['ben', 'differs'],
    ['cleo', 'same'],
    ['dora', 'not-said'],
  ])
  expect(items[2]).toMatchObject({ words: null, said: null })
  expect(items[1]?.words).toEqual((await ada.steward.network.get({})).fingerprintWords)

  const { nodes, rows } = await ada.steward.network.map({})
  expect(nodes.map(({ name }) => name)).toEqual(['ada', 'ben', 'cleo', 'dora'])
  const columnOfAda = nodes.findIndex(({ node }) => node === ada.id)
  const upTo = new Map(rows.map(({ holder, upTo: columns }) => [holder, columns[columnOfAda]]))
  const seq = (await ada.steward.network.peer({ node: ada.id })).seq
  expect([ada, ben, cleo, dora].map(({ id }) => upTo.get(id))).toEqual([seq, seq - 1, seq, null])
  expect(rows.find(({ holder }) => holder === dora.id)?.said).toBeNull()
})

test('of one who publishes the leaves of many long feeds no more are read than fit', () => {
  const row = (name: string, seq: number, root: string | null = 'root'): PublishedRow => ({
    node: signerFromSeed(name).node,
    seq,
    id: sha256Id<ReceiptId>(name),
    aside: null,
    root,
  })
  const rows = [row('ada', 6), row('ben', 5), row('cleo', 1, null), row('dora', 4), row('emil', 1)]
  expect(feedsToDescend(rows, 10)).toEqual([rows[0]?.node, rows[3]?.node])
})

// Two nodes that differ find the first receipt at which they do, though they share nothing but a folder.
import { rmSync } from 'node:fs'
import { expect, test } from 'vitest'
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

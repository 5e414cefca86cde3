// What was refused of a bundle and has come right since, by whatever way, is nobody's trouble any more.
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { signSeen } from '#core/receipts/index.ts'
import { signerFromSeed, type TestNode } from '#tests/kit/nodes.ts'
import { Place, type Core } from '#tests/kit/place.ts'
import type { RawEntry } from '#tests/kit/raw-zip.ts'
import { imported, inspected } from './desk.ts'
import { folderOf, lines, segment, whoTheyAre, writeBundle } from './made-bundle.ts'
import { withAdmitted } from './strangers.ts'

/** Eve has signed four receipts, of which Ada knows none. */
async function withFour(place: Place): Promise<readonly [Core, TestNode]> {
  const [ada, eve] = await withAdmitted(place)
  for (const seq of [2, 3, 4]) eve.observe(`${seq}.json`, { seq })
  return [ada, eve]
}

/** Some time after all that was before. */
async function takes(ada: Core, name: string, ...entries: readonly RawEntry[]): Promise<void> {
  const { place } = ada
  place.pass(60_000)
  await inspected(ada, writeBundle(join(place.folder, name), entries))
  await imported(ada)
}

/** The same entries as the shared folder brings them. */
async function syncs(ada: Core, ...entries: readonly RawEntry[]): Promise<void> {
  const { place } = ada
  place.pass(60_000)
  for (const { name, content } of entries) {
    const path = join(place.exchange, String(name))
    mkdirSync(join(path, '..'), { recursive: true })
    writeFileSync(path, content ?? '')
  }
  await ada.sync()
}

async function refused(ada: Core): Promise<string[]> {
  const { items } = await ada.steward.exchange.troubles({ outcome: 'refused', limit: 50 })
  return items.map(({ source, reason }) => `${source.replace(/z6Mk\w+/, 'eve')} ${reason}`)
}

const other = (text: string) => text.replace('"seq":4', '"seq":5')
const spaced = (text: string) => text.replace('{', '{ ')

/** Something about Eve's feed is wrong, each in its own way, and everything that was right of it. */
const wrong: readonly (readonly [string, (eve: TestNode) => RawEntry, string])[] = [
  [
    'a line that says something else',
    (eve) => ({ name: `${folderOf(eve)}/feed/1-4.jsonl`, content: other(lines(eve.signed)) }),
    'feed/1-4.jsonl:4 bad-signature',
  ],
  [
    'a line with a space in it',
    (eve) => ({ name: `${folderOf(eve)}/feed/1-4.jsonl`, content: spaced(lines(eve.signed)) }),
    'feed/1-4.jsonl:1 not-canonical',
  ],
  [
    'a feed that is cut off',
    (eve) => ({ name: `${folderOf(eve)}/feed/1-4.jsonl`, content: lines(eve.signed).slice(0, -9) }),
    'feed/1-4.jsonl bad-segment',
  ],
]

test.each(wrong)('%s of a bundle is no trouble any more once another bundle brings the receipt', async (...one) => {
  await using place = new Place()
  const [, entry, told] = one
  const [ada, eve] = await withFour(place)
  await takes(ada, 'wrong.zip', entry(eve), ...whoTheyAre(eve))
  expect(await refused(ada)).toEqual([`wrong.zip/nodes/eve/${told}`])
  await takes(ada, 'right.zip', segment(eve, eve.signed.slice(0, 2)), segment(eve, eve.signed.slice(2)))
  expect(await refused(ada)).toEqual([])
  expect(await ada.steward.exchange.get({})).toMatchObject({ refused: 0 })
})

test.each(wrong)('%s of a bundle is no trouble any more once the shared folder brings the receipt', async (...one) => {
  await using place = new Place()
  const [, entry, told] = one
  const [ada, eve] = await withFour(place)
  await takes(ada, 'wrong.zip', entry(eve), ...whoTheyAre(eve))
  expect(await refused(ada)).toEqual([`wrong.zip/nodes/eve/${told}`])
  await syncs(ada, segment(eve, eve.signed))
  expect(await refused(ada)).toEqual([])
})

test('single lines whose signature fell over are no trouble any more once the very receipts are here', async () => {
  await using place = new Place()
  const [ada, eve] = await withFour(place)
  const unsigned = lines(eve.signed.slice(3)).replace(/"sig":"...../, '"sig":"AAAAA')
  await takes(ada, 'wrong.zip', { name: 'some.jsonl', content: unsigned })
  expect(await refused(ada)).toEqual(['wrong.zip/some.jsonl:1 bad-signature'])
  await takes(ada, 'half.zip', segment(eve, eve.signed.slice(0, 3)))
  expect(await refused(ada)).toEqual(['wrong.zip/some.jsonl:1 bad-signature'])
  await takes(ada, 'right.zip', segment(eve, eve.signed.slice(3)))
  expect(await refused(ada)).toEqual([])
})

test('rubbish among lines of anybody is no trouble any more once a bundle of this name has none there', async () => {
  await using place = new Place()
  const [ada, eve] = await withFour(place)
  const rubbish = '{"receipt":"steward/1"}\n'
  await takes(ada, 'a.zip', { name: 'some.jsonl', content: `${rubbish}${lines(eve.signed)}${rubbish}` })
  expect(await refused(ada)).toEqual(['a.zip/some.jsonl:1 bad-envelope', 'a.zip/some.jsonl:6 bad-envelope'])
  await takes(ada, 'a.zip', { name: 'some.jsonl', content: `${lines(eve.signed)}\n${rubbish}` })
  expect(await refused(ada)).toEqual(['a.zip/some.jsonl:6 bad-envelope'])
  await takes(ada, 'a.zip', { name: 'some.jsonl', content: lines(eve.signed) })
  expect(await refused(ada)).toEqual([])
})

/** A head and a statement that do not hold, and those that do. */
function notes(eve: TestNode): { readonly bad: readonly RawEntry[]; readonly good: readonly RawEntry[] } {
  const [, head] = whoTheyAre(eve)
  const row = { node: eve.id, seq: 1, id: eve.signed[0]!.id }
  const seen = { name: `${folderOf(eve)}/seen`, content: signSeen([row], signerFromSeed('eve')) }
  const good = [head!, seen]
  const otherwise = (note: string) => note.replace('\n4\n', '\n9\n').replace(' 1 sha256', ' 9 sha256')
  const bad = good.map(({ name, content }) => ({ name, content: otherwise(String(content)) }))
  return { bad, good }
}

test.each([
  ['the shared folder', syncs],
  ['another bundle', (ada: Core, ...entries: readonly RawEntry[]) => takes(ada, 'right.zip', ...entries)],
])(
  'a head and a statement that did not hold are no trouble any more once %s brings ones that do',
  async (_by, bring) => {
    await using place = new Place()
    const [ada, eve] = await withFour(place)
    const { bad, good } = notes(eve)
    await takes(ada, 'wrong.zip', segment(eve, eve.signed), ...bad)
    const told = (await refused(ada)).map((each) => each.replace(/ .*/, ''))
    expect(told).toEqual(['wrong.zip/nodes/eve/head', 'wrong.zip/nodes/eve/seen'])
    await bring(ada, ...good)
    expect(await refused(ada)).toEqual([])
  },
)

test('what a bundle says otherwise of receipts that were here before it, or beside them in a copy, stays refused', async () => {
  await using place = new Place()
  const [ada, eve] = await withFour(place)
  await takes(ada, 'right.zip', segment(eve, eve.signed))
  const { bad, good } = notes(eve)
  const badHead = { ...bad[0]!, name: `copy/${folderOf(eve)}/head` }
  const line = { name: `${folderOf(eve)}/feed/1-4.jsonl`, content: other(lines(eve.signed)) }
  await takes(ada, 'wrong.zip', line, badHead, good[0]!)
  const copy = { name: `${folderOf(eve)}/feed/5-5 (1).jsonl`, content: '{"receipt":"steward/1"}\n' }
  await takes(ada, 'copy.zip', copy)
  eve.observe('5.json', { seq: 5 })
  await takes(ada, 'more.zip', segment(eve, eve.signed.slice(4)))
  await ada.sync()
  expect(await refused(ada)).toEqual([
    'wrong.zip/nodes/eve/feed/1-4.jsonl:4 bad-signature',
    'wrong.zip/copy/nodes/eve/head bad-signature',
    'copy.zip/nodes/eve/feed/5-5 (1).jsonl:1 bad-envelope',
  ])
})

test('a dropped folder that is called like the one in the exchange speaks for itself only', async () => {
  await using place = new Place()
  const [ada, eve] = await withFour(place)
  const path = `${folderOf(eve)}/feed/1-4.jsonl`
  await syncs(ada, { name: path, content: spaced(lines(eve.signed)) })
  expect(await refused(ada)).toEqual(['nodes/eve/feed/1-4.jsonl:1 not-canonical'])
  place.pass(60_000)
  mkdirSync(join(place.folder, path, '..'), { recursive: true })
  writeFileSync(join(place.folder, path), lines(eve.signed))
  await inspected(ada, join(place.folder, 'nodes'))
  await imported(ada)
  expect(await refused(ada)).toEqual(['nodes/eve/feed/1-4.jsonl:1 not-canonical'])
})

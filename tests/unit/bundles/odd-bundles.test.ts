// Bundles of what nodes rarely send: who founded the network, who is blocked, notes and content that are not as they should be, feeds that
// are cut off. Each is told before it is imported, and counted once.
import { createHash } from 'node:crypto'
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { profileDraft } from '#core/network/index.ts'
import { LIMITS } from '#core/receipts/index.ts'
import { TestNode } from '#tests/kit/nodes.ts'
import { Place } from '#tests/kit/place.ts'
import { rawZip } from '#tests/kit/raw-zip.ts'
import { exported, imported, inspected } from './desk.ts'
import { folderOf, lines, segment, whoTheyAre, writeBundle } from './made-bundle.ts'
import { withAdmitted } from './strangers.ts'

test('who joined by an empty shared folder learns of the network from a bundle: its founder’s feed is read first', async () => {
  await using place = new Place()
  const [ada, cleo] = await place.network('ada', 'cleo')
  await cleo.observe('report.json', { value: 1 })
  await cleo.sync()
  await ada.sync()
  const file = join(place.folder, 'ada.zip')
  await exported(ada, { to: file, contents: true })
  // All that ben sees of the network is its marker.
  const exchange = join(place.folder, 'marker-only')
  mkdirSync(exchange)
  copyFileSync(join(place.exchange, 'steward-exchange.json'), join(exchange, 'steward-exchange.json'))
  const ben = await place.node('ben', { exchange })
  await ben.sync()
  const { nodes, network } = await inspected(ben, file)
  expect(network).toMatchObject({ isOurs: true, name: 'network of ada' })
  expect(nodes.map(({ notRead }) => notRead)).toEqual([0, 0])
  expect((await imported(ben)).added).toBe(nodes[0]!.new + nodes[1]!.new)
  expect(await ben.fingerprint()).toBe(await ada.fingerprint())
})

test('a bundle in which the founder does not appear brings nothing to who knows no one yet', async () => {
  await using place = new Place()
  const ada = await place.node('ada')
  await ada.sync()
  const exchange = join(place.folder, 'marker-only')
  mkdirSync(exchange)
  copyFileSync(join(place.exchange, 'steward-exchange.json'), join(exchange, 'steward-exchange.json'))
  const ben = await place.node('ben', { exchange })
  await ben.sync()
  const eve = new TestNode('eve')
  eve.sign(profileDraft({ name: 'Eve' }))
  const file = writeBundle(join(place.folder, 'eve.zip'), [
    segment(eve, eve.signed),
    { name: `copy/${folderOf(eve)}/feed/1-2.jsonl`, content: lines(eve.signed) },
  ])
  expect(await inspected(ben, file)).toMatchObject({ adds: 0, nodes: [{ node: eve.id, notRead: 3 }] })
  expect(await imported(ben)).toMatchObject({ added: 0 })
})

test('of a node that is blocked here nothing is read, in whatever form it comes', async () => {
  await using place = new Place()
  const [ada, eve] = await withAdmitted(place)
  const single = eve.observe('a.json', { value: 1 })
  await ada.steward.network.block({ node: eve.id })
  const file = writeBundle(join(place.folder, 'eve.zip'), [
    segment(eve, eve.signed),
    { name: 'single.jsonl', content: lines([single]) },
  ])
  const { nodes, adds } = await inspected(ada, file)
  expect(adds).toBe(0)
  expect(nodes).toMatchObject([{ node: eve.id, state: 'blocked', new: 0, notRead: 3 }])
  expect(await imported(ada)).toMatchObject({ added: 0 })
})

test('what admits nobody in a bundle admits nobody', async () => {
  await using place = new Place()
  const [ada, eve] = await withAdmitted(place)
  const mallory = new TestNode('mallory')
  mallory.sign(profileDraft({ name: 'Mallory' }))
  eve.sign({ kind: 'network/admit', subject: 'network', task: null, anchor: null, body: { node: 5 } })
  const file = writeBundle(join(place.folder, 'both.zip'), [segment(eve, eve.signed), segment(mallory, mallory.signed)])
  const { nodes } = await inspected(ada, file)
  expect(nodes.find(({ node }) => node === mallory.id)).toMatchObject({ state: 'not-admitted', new: 0, notRead: 1 })
})

test('feeds that are cut off, too large or named twice are refused by their files, and the rest is taken', async () => {
  await using place = new Place()
  const [ada, eve] = await withAdmitted(place)
  eve.observe('a.json', { value: 1 })
  eve.observe('b.json', { value: 2 })
  const feed = `${folderOf(eve)}/feed`
  const file = writeBundle(join(place.folder, 'eve.zip'), [
    { name: `${feed}/1-3.jsonl`, content: lines(eve.signed.slice(0, 2)) },
    { name: `${feed}/1-2.jsonl`, content: lines(eve.signed.slice(0, 2)) },
    { name: `${feed}/3-9.jsonl`, content: 'x'.repeat(LIMITS.segmentBytes + 1) },
    { name: `${feed}/damaged.jsonl`, content: '' },
  ])
  const { nodes, refusals } = await inspected(ada, file)
  expect(nodes).toMatchObject([{ node: eve.id, new: 2 }])
  expect(refusals.map(({ entry, reason }) => `${entry.slice(feed.length + 1)} ${reason}`).toSorted()).toEqual([
    '1-3.jsonl unfinished',
    '3-9.jsonl too-large',
    'damaged.jsonl bad-segment-name',
  ])
  expect(await imported(ada)).toMatchObject({ added: 2, refused: 2 })
})

test('notes that are too large are left out, and what they would be about is imported', async () => {
  await using place = new Place()
  const [ada, eve] = await withAdmitted(place)
  eve.observe('a.json', { value: 1 })
  const file = writeBundle(join(place.folder, 'eve.zip'), [
    segment(eve, eve.signed),
    { name: `${folderOf(eve)}/head`, content: 'x'.repeat(LIMITS.headBytes + 1) },
    { name: `${folderOf(eve)}/seen`, content: 'x'.repeat(LIMITS.seenBytes + 1) },
    { name: 'steward-exchange.json', content: 'x'.repeat(5000) },
    { name: 'copy/steward-exchange.json', content: '{}' },
  ])
  const { refusals, network } = await inspected(ada, file)
  expect(network).toBeNull()
  expect(refusals.map(({ entry, reason }) => `${entry} ${reason}`).toSorted()).toEqual([
    `${folderOf(eve)}/head too-large`,
    'steward-exchange.json too-large',
  ])
  expect(await imported(ada)).toMatchObject({ added: 2 })
})

test('of two heads of one node the newer one says what is missing', async () => {
  await using place = new Place()
  const [ada, eve] = await withAdmitted(place)
  for (let seq = 2; seq <= 4; seq++) eve.observe(`${seq}.json`, { seq })
  const head = (size: number, folder: string) => {
    const [, note] = whoTheyAre(eve, size)
    return { ...note!, name: `${folder}${folderOf(eve)}/head` }
  }
  const file = writeBundle(join(place.folder, 'eve.zip'), [
    segment(eve, eve.signed.slice(0, 2)),
    head(4, 'a/'),
    head(3, 'b/'),
  ])
  expect((await inspected(ada, file)).nodes).toMatchObject([{ missing: { from: 3, to: 4 } }])
})

test('content is taken where it is whole and a receipt names it; the rest is told and left', async () => {
  await using place = new Place()
  const [ada, eve] = await withAdmitted(place)
  const whole = 'content that is named'
  const hashOf = (text: string) => createHash('sha256').update(text).digest('hex')
  const name = (hash: string) => `${folderOf(eve)}/blobs/${hash.slice(0, 2)}/${hash}`
  const named = (text: string) => ({ content: { hash: `sha256:${hashOf(text)}`, size: text.length, name: 'a.txt' } })
  for (const text of [whole, 'damaged', 'other']) eve.observe(`${text}.txt`, named(text))
  const file = writeBundle(join(place.folder, 'eve.zip'), [
    segment(eve, eve.signed),
    { name: name(hashOf(whole)), content: whole },
    { name: name(hashOf('damaged')), content: 'damaged', checksum: 1 },
    { name: name(hashOf('other')), content: 'not what its name says' },
    { name: name(hashOf('nobody')), content: 'nobody' },
  ])
  const { contents, refusals } = await inspected(ada, file)
  expect(contents).toEqual({ count: 2, sizeBytes: whole.length + 'nobody'.length, awaited: 0 })
  expect(refusals.map(({ entry, reason }) => `${entry.slice(-8)} ${reason}`).toSorted()).toEqual(
    [`${hashOf('damaged').slice(-8)} wrong-checksum`, `${hashOf('other').slice(-8)} content-mismatch`].toSorted(),
  )
  expect(await imported(ada)).toMatchObject({ added: 4, contents: 1 })
})

test('files that only look like receipts are foreign, however large; lines of rubbish and of strangers are told', async () => {
  await using place = new Place()
  const [ada, eve] = await withAdmitted(place)
  const mallory = new TestNode('mallory')
  const folder = join(place.folder, 'files')
  mkdirSync(folder)
  const put = (name: string, text: string) => writeFileSync(join(folder, name), text)
  put('huge.json', 'x'.repeat(8 * 1024 * 1024 + 1))
  put('long.json', `{"format": "steward/1", "text": "${'x'.repeat(1024 * 1024)}"}`)
  put('broken.json', '{"receipt": "steward/1", ')
  put('rubbish.jsonl', '{"receipt":"steward/1"}\n')
  put('stranger.jsonl', lines([mallory.observe('a.json', { value: 1 })]))
  put('eve.jsonl', lines(eve.signed))
  const { foreign, nodes, refusals } = await inspected(ada, folder)
  expect(foreign).toBe(2)
  expect(refusals.map(({ entry }) => entry).toSorted()).toEqual(['broken.json:1', 'rubbish.jsonl:1'])
  expect(nodes).toMatchObject([
    { node: eve.id, new: 1 },
    { node: mallory.id, new: 0, notRead: 1 },
  ])
  expect(await imported(ada)).toMatchObject({ added: 1, refused: 2 })
})

test('single files that are damaged in a zip are refused beside the others', async () => {
  await using place = new Place()
  const [ada, eve] = await withAdmitted(place)
  const path = join(place.folder, 'damaged.zip')
  writeFileSync(path, rawZip([{ name: 'a.jsonl', content: lines(eve.signed), checksum: 1 }]))
  const { adds, refusals } = await inspected(ada, path)
  expect(adds).toBe(0)
  expect(refusals).toMatchObject([{ entry: 'a.jsonl', reason: 'wrong-checksum' }])
})

test('more proofs than are listed are counted', async () => {
  await using place = new Place()
  const ada = await place.node('ada')
  const folder = join(place.folder, 'proofs')
  mkdirSync(folder)
  for (let n = 0; n < 22; n++) writeFileSync(join(folder, `${n}.proof`), '{ "format": "steward-proof/2" }')
  const { proofs, proofCount, kinds } = await inspected(ada, folder)
  expect({ listed: proofs.length, proofCount, kinds }).toEqual({ listed: 20, proofCount: 22, kinds: ['proof'] })
  expect(proofs.every(({ holds }) => !holds)).toBe(true)
})

// What an export leaves out, and what it cannot have: other nodes' feeds, content, the second story of a fork, the signature of a locked node.
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { LIMITS } from '#core/receipts/index.ts'
import { Place, type Core } from '#tests/kit/place.ts'
import { twoStories } from '#tests/kit/proofs.ts'
import { exported, imported, inspected } from './desk.ts'
import { folderOf as nodeFolder, segment, writeBundle } from './made-bundle.ts'
import { withAdmitted } from './strangers.ts'

const folderOf = (core: Core) => join('nodes', core.id.slice('did:key:'.length))

async function withContent(place: Place): Promise<readonly [Core, Core]> {
  const [ada, ben] = await place.network('ada', 'ben')
  const { upload } = await ada.steward.uploads.begin({ sizeBytes: 4 })
  await ada.steward.uploads.piece({ upload, offset: 0, base64: Buffer.from('text').toString('base64') })
  const content = { type: 'upload' as const, upload, name: 'a.txt' }
  await ada.steward.receipts.sign({ kind: 'evidence/observed', subject: 'a.txt', task: null, anchor: null, content })
  return [ada, ben]
}

test('only the feeds that were asked for leave, and no content where none is wanted', async () => {
  await using place = new Place()
  const [ada, ben] = await withContent(place)
  const to = join(place.folder, 'bundle')
  expect(await exported(ada, { to, nodes: [ada.id], contents: false })).toMatchObject({ nodes: 1, contents: 0 })
  expect(existsSync(join(to, folderOf(ada), 'feed'))).toBe(true)
  expect(existsSync(join(to, folderOf(ada), 'blobs'))).toBe(false)
  expect(existsSync(join(to, folderOf(ben)))).toBe(false)
})

test('content that receipts name and that is not here is counted as missing', async () => {
  await using place = new Place()
  const [ada] = await withContent(place)
  rmSync(join(ada.home, 'blobs'), { recursive: true })
  const done = await exported(ada, { to: join(place.folder, 'bundle'), contents: true })
  expect(done).toMatchObject({ contents: 0, contentsMissing: 1 })
})

test('both stories of a fork leave, side by side, and each is what is here', async () => {
  await using place = new Place()
  const { ben } = await twoStories(place)
  const to = join(place.folder, 'bundle')
  await exported(ben, { to, contents: true })
  const marks = readdirSync(join(to, folderOf(ben), 'feed')).filter((name) => name.includes('(1)'))
  expect(marks).toHaveLength(1)
  const { nodes } = await inspected(ben, to)
  const own = nodes.find(({ node }) => node === ben.id)!
  expect(own).toMatchObject({ new: 0, refused: 0, known: own.receipts })
})

test('a long feed leaves in segments that are each within the limits, and arrives whole', async () => {
  await using place = new Place()
  const [ada, eve] = await withAdmitted(place)
  const count = Math.ceil(LIMITS.segmentBytes / 60_000) + 2
  for (let n = 0; n < count; n++) eve.observe(`${n}.json`, { text: 'x'.repeat(60_000) }, { atMs: n })
  const halves = [eve.signed.slice(0, 10), eve.signed.slice(10)].map((half) => ({
    ...segment(eve, half),
    deflate: false,
  }))
  await inspected(ada, writeBundle(join(place.folder, 'eve.zip'), halves))
  expect(await imported(ada)).toMatchObject({ added: count + 1 })
  const to = join(place.folder, 'bundle')
  await exported(ada, { to, nodes: [eve.id], contents: true })
  const feed = join(to, nodeFolder(eve), 'feed')
  const segments = readdirSync(feed)
  expect(segments.length).toBeGreaterThan(1)
  for (const name of segments) expect(readFileSync(join(feed, name)).length).toBeLessThanOrEqual(LIMITS.segmentBytes)
  expect(await inspected(ada, to)).toMatchObject({ adds: 0, refusalCount: 0, nodes: [{ known: count + 1 }] })
})

test('a node whose key is locked exports what it holds, and signs nothing anew', async () => {
  await using place = new Place()
  const ada = await place.core('ada', { keychain: null })
  const passphrase = 'a passphrase of many words'
  await ada.steward.node.create({ name: 'ada', passphrase, exchange: null, networkName: 'network of ada' })
  await ada.restart()
  const to = join(place.folder, 'bundle')
  const { receipts } = await exported(ada, { to, contents: true })
  expect(receipts).toBeGreaterThan(0)
  const folder = join(to, folderOf(ada))
  expect(readdirSync(folder).toSorted()).toEqual(['feed', 'profile.json'])
})

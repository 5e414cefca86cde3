import { readFileSync, renameSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import type { ContentHash } from '#core/contract/index.ts'
import { createBlobStore, nodeFolderAdapter, type FolderAdapter } from '#core/exchange/index.ts'
import { sha256Id } from '#core/receipts/index.ts'
import { errno } from '#tests/kit/disk/errno.ts'
import { containing, settle, SharedFolder, type Steward } from './shared-folder.ts'

async function observeContent(steward: Steward, text: string): Promise<ContentHash> {
  const hash = await steward.blobs.put(Buffer.from(text))
  steward.observe('content.txt', { content: { hash, size: text.length } })
  return hash
}

function blobIn(shared: SharedFolder, steward: Steward, hash: ContentHash): string {
  const hex = hash.slice(7)
  return shared.pathOf(steward, 'blobs', hex.slice(0, 2), hex)
}

test('content goes before the receipt that names it, and is fetched after it', async () => {
  await using shared = new SharedFolder()
  const [ada, ben] = await shared.three()
  const hash = await observeContent(ben, 'a report')
  await settle([ben, ada])
  expect(await ada.blobs.read(hash)).toEqual(new Uint8Array(Buffer.from('a report')))
})

test('content that does not match its name is refused and looked for elsewhere', async () => {
  await using shared = new SharedFolder()
  const [ada, ben, cleo] = await shared.three()
  const hash = await observeContent(ben, 'a report')
  await settle([ben, cleo])
  await observeContent(cleo, 'a report')
  await cleo.sync()
  writeFileSync(blobIn(shared, ben, hash), 'another report')
  expect((await ada.sync()).refused).toMatchObject([{ reason: 'content-mismatch' }])
  expect(await ada.blobs.has(hash)).toBe(true)
  expect(readFileSync(blobIn(shared, ben, hash), 'utf8')).toBe('another report')
})

test('content that is not there yet is fetched by a later rescan', async () => {
  await using shared = new SharedFolder()
  const [ada, ben] = await shared.three()
  const hash = await observeContent(ben, 'a report')
  await ben.sync()
  const away = shared.place('away')
  renameSync(blobIn(shared, ben, hash), away)
  await ada.sync()
  expect(await ada.blobs.has(hash)).toBe(false)
  renameSync(away, blobIn(shared, ben, hash))
  expect((await ada.sync()).refused).toEqual([])
  expect(await ada.blobs.has(hash)).toBe(true)
})

test('content that cannot be read in the moment of publishing follows with the next one', async () => {
  await using shared = new SharedFolder()
  const real = nodeFolderAdapter()
  let isAway = true
  const files: FolderAdapter = {
    ...real,
    copy: async (from, to, check) => (isAway ? { outcome: 'missing' } : real.copy(from, to, check)),
  }
  const ada = shared.steward('ada', { files }).found()
  const hash = await observeContent(ada, 'a report')
  await ada.sync()
  isAway = false
  await ada.sync()
  expect(readFileSync(blobIn(shared, ada, hash), 'utf8')).toBe('a report')
})

test('own content that somebody deleted from the folder is written again', async () => {
  await using shared = new SharedFolder()
  const [ada] = await shared.three()
  const hash = await observeContent(ada, 'a report')
  await ada.sync()
  rmSync(blobIn(shared, ada, hash))
  await ada.sync()
  expect(readFileSync(blobIn(shared, ada, hash), 'utf8')).toBe('a report')
})

test('the store keeps what matches its hash, once, up to 64 MiB', async () => {
  await using shared = new SharedFolder()
  const store = createBlobStore(shared.place('blobs'), nodeFolderAdapter())
  const hash = await store.put(Buffer.from('content'))
  expect(hash).toBe(sha256Id('content'))
  expect(await store.put(Buffer.from('content'))).toBe(hash)
  expect(await store.sizeBytes(hash)).toBe(7)
  expect(Buffer.from((await store.read(hash, 4)) ?? []).toString()).toBe('cont')

  const file = shared.place('file')
  writeFileSync(file, 'from a file')
  const wrong = sha256Id<ContentHash>('something else')
  expect(await store.putFile(file, wrong)).toMatchObject({ outcome: 'mismatch' })
  expect(await store.has(wrong)).toBe(false)
  expect(await store.putFile(file, null)).toMatchObject({ outcome: 'copied', sizeBytes: 11 })
  expect(await store.putFile(shared.place('nowhere'), wrong)).toEqual({ outcome: 'missing' })
  truncateSync(file, 64 * 1024 * 1024 + 1)
  expect(await store.putFile(file, wrong)).toMatchObject({ outcome: 'too-large' })
  await expect(store.put(new Uint8Array(64 * 1024 * 1024 + 1))).rejects.toThrow(/64 MiB/)
})

test('many who want the same content kept at once all get it, whether it is here from an earlier run or not', async () => {
  await using shared = new SharedFolder()
  const files = nodeFolderAdapter()
  const hash = await createBlobStore(shared.place('blobs'), files).put(Buffer.from('content'))
  const file = shared.place('file')
  writeFileSync(file, 'content')
  // What an earlier run of the program kept is made sure of once more.
  const again = createBlobStore(shared.place('blobs'), files)
  const kept = await Promise.all(Array.from({ length: 16 }, () => again.keeps(hash)))
  expect(kept).toEqual(Array.from({ length: 16 }, () => true))

  const empty = createBlobStore(shared.place('elsewhere'), files)
  await Promise.all([
    ...Array.from({ length: 8 }, () => empty.put(Buffer.from('content'))),
    ...Array.from({ length: 8 }, () => empty.putFile(file, hash)),
  ])
  expect(Buffer.from((await empty.read(hash)) ?? []).toString()).toBe('content')
  // Whoever takes it back waits for who still writes it.
  await Promise.all([again.keeps(hash), again.drop(hash)])
  expect(await again.has(hash)).toBe(false)
})

test('content that the disk has changed is not handed out as what it was', async () => {
  await using shared = new SharedFolder()
  const store = createBlobStore(shared.place('blobs'), nodeFolderAdapter())
  const hash = await store.put(Buffer.from('content'))
  writeFileSync(store.pathOf(hash), 'CONTENT')
  expect(await store.read(hash)).toBeNull()
})

test.each([
  ['ENOSPC', { state: 'unreadable', reason: containing('the data folder is full or cannot be written') }],
  ['EROFS', { state: 'unreadable', reason: containing('the data folder is full or cannot be written') }],
  ['EIO', { state: 'idle', reason: null }],
])('content that the data folder answers with %s is fetched later, and the receipts are here', async (code, told) => {
  await using shared = new SharedFolder()
  const [first, ben] = await shared.three()
  const hash = await observeContent(ben, 'a report')
  await ben.sync()
  const real = nodeFolderAdapter()
  let isBroken = true
  const home: FolderAdapter = {
    ...real,
    copy: (from, to, check) => (isBroken ? Promise.reject(errno(code)) : real.copy(from, to, check)),
  }
  const ada = shared.steward('ada', { home }).joinNetwork(first.network!)
  await ada.sync()
  expect(ada.exchange.view()).toMatchObject(told)
  expect([ada.seqOf(ben), await ada.blobs.has(hash)]).toEqual([2, false])
  isBroken = false
  await ada.sync()
  expect(ada.exchange.view().state).toBe('idle')
  expect(await ada.blobs.has(hash)).toBe(true)
})

test('content that is larger than any may be is refused with its size', async () => {
  await using shared = new SharedFolder()
  const [ada, ben] = await shared.three()
  const hash = await observeContent(ben, 'a report')
  await ben.sync()
  truncateSync(blobIn(shared, ben, hash), 64 * 1024 * 1024 + 1)
  expect((await ada.sync()).refused).toMatchObject([{ reason: 'too-large' }])
  expect(ada.exchange.troubles({ limit: 10 }).items).toMatchObject([{ detail: containing('It has 67108865 bytes') }])
})

test('of several own contents each that somebody changed is put right', async () => {
  await using shared = new SharedFolder()
  const [ada] = await shared.three()
  const texts = ['a report', 'another report', 'a third one']
  const hashes: ContentHash[] = []
  for (const text of texts) hashes.push(await observeContent(ada, text))
  await ada.sync()
  for (const hash of hashes) writeFileSync(blobIn(shared, ada, hash), 'spoilt')
  await ada.sync()
  expect(hashes.map((hash) => readFileSync(blobIn(shared, ada, hash), 'utf8'))).toEqual(texts)
})

test('a file of which only the name is known is hashed before it is kept, and one that is here is not read again', async () => {
  await using shared = new SharedFolder()
  const store = createBlobStore(shared.place('blobs'), nodeFolderAdapter())
  expect(await store.putFile(shared.place('nowhere'), null)).toEqual({ outcome: 'missing' })
  const file = shared.place('file')
  writeFileSync(file, 'from a file')
  const kept = await store.putFile(file, null)
  rmSync(file)
  expect(await store.putFile(file, sha256Id('from a file'))).toEqual(kept)
  writeFileSync(file, '')
  truncateSync(file, 64 * 1024 * 1024 + 1)
  await expect(store.putFile(file, null)).rejects.toThrow(/64 MiB/)
})

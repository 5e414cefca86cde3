import { readFileSync, renameSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import type { ContentHash } from '#core/contract/index.ts'
import { createBlobStore, nodeFolderAdapter, type FolderAdapter } from '#core/exchange/index.ts'
import { sha256Id } from '#core/receipts/index.ts'
import { settle, SharedFolder, type Steward } from './shared-folder.ts'

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

test('content that the disk has changed is not handed out as what it was', async () => {
  await using shared = new SharedFolder()
  const store = createBlobStore(shared.place('blobs'), nodeFolderAdapter())
  const hash = await store.put(Buffer.from('content'))
  writeFileSync(store.pathOf(hash), 'CONTENT')
  expect(await store.read(hash)).toBeNull()
})

// A zip and a folder as bundles that change, lie or are too large while they are read: what each reader answers, by the same table where
// both can be hit by it.
import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { fileTree } from '../../../core/bundles/file-tree.ts'
import { BUNDLE_LIMITS } from '../../../core/bundles/limits.ts'
import { openBundle } from '../../../core/bundles/open-bundle-adapter.ts'
import type { BundleReader, Step } from '../../../core/bundles/types.ts'
import { rawZip, type RawEntry } from '#tests/kit/raw-zip.ts'

const root = mkdtempSync(join(tmpdir(), 'steward-readers-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))
let made = 0

/** A zip with these entries. */
function zipOf(entries: readonly RawEntry[]): string {
  const path = join(root, `${made++}.zip`)
  writeFileSync(path, rawZip(entries))
  return path
}

/** A folder with these files. */
function folderOf(entries: readonly RawEntry[]): string {
  const path = join(root, `${made++}`)
  mkdirSync(path)
  for (const { name, content } of entries) writeFileSync(join(path, String(name)), content ?? '')
  return path
}

async function opened(path: string, step: Step = () => undefined): Promise<BundleReader> {
  const bundle = await openBundle({ paths: [path], name: null }, step)
  if (!bundle.ok) throw new Error(JSON.stringify(bundle.refused.items))
  return bundle.reader
}

test('what is named twice is in it once; of what has the same name in two places neither takes the other’s', async () => {
  const places = [
    folderOf([{ name: 'a.json', content: Buffer.from('one') }]),
    folderOf([{ name: 'a.json', content: Buffer.from('two') }]),
  ]
  const [one, two] = places.map((place) => join(place, 'a.json')) as [string, string]
  const bundle = await openBundle({ paths: [one, two, one], name: null }, () => undefined)
  if (!bundle.ok) throw new Error(JSON.stringify(bundle.refused.items))
  const { reader } = bundle
  expect([one, two].map((path) => reader.folderOf(path))).toEqual(['a.json', 'a (2).json'])
  const texts = await Promise.all(
    reader.files.map(async (file) => {
      const content = await reader.read(file, 100)
      return [file.name, content.ok && Buffer.from(content.bytes).toString()]
    }),
  )
  expect(texts).toEqual([
    ['a (2).json', 'two'],
    ['a.json', 'one'],
  ])
})

/** Everything of its one file, and what was said of it. */
async function poured(reader: BundleReader) {
  const pieces: Uint8Array[] = []
  const refusal = await reader.pour(reader.files[0]!, (piece) => void pieces.push(Uint8Array.from(piece)))
  return { refusal, bytes: Buffer.concat(pieces) }
}

/** Larger than what is read at once, and packs to nothing less. */
const LARGE = Buffer.concat(
  Array.from({ length: 9375 }, (_, index) => createHash('sha512').update(`${index}`).digest()),
)
const containers = [
  { container: 'zip', make: zipOf },
  { container: 'folder', make: folderOf },
]

test.each(containers)('a file of a $container that is larger than it may be is not read', async ({ make }) => {
  const reader = await opened(make([{ name: 'a', content: LARGE }]))
  expect(await reader.read(reader.files[0]!, LARGE.length - 1)).toMatchObject({
    ok: false,
    refusal: { entry: 'a', reason: 'too-large', detail: 'It has 600000 bytes; at most 599999 are taken.' },
  })
  await reader.close()
})

test.each(containers)(
  'whoever reads a $container ends it by throwing, and that is what is heard of it',
  async ({ make }) => {
    const reader = await opened(make([{ name: 'a', content: LARGE }]))
    const full = new Error('There is no room left.')
    const pouring = reader.pour(reader.files[0]!, () => {
      throw full
    })
    await expect(pouring).rejects.toBe(full)
    await reader.close()
  },
)

test.each([
  { container: 'zip', make: zipOf, reason: 'cannot-unpack' },
  { container: 'folder', make: folderOf, reason: 'wrong-size' },
])('a file of a $container that was cut off after it was looked at is refused', async ({ make, container, reason }) => {
  const path = make([{ name: 'a', content: LARGE }])
  const reader = await opened(path)
  truncateSync(container === 'zip' ? path : join(path, 'a'), 300_000)
  const { refusal, bytes } = await poured(reader)
  expect(refusal).toMatchObject({ entry: 'a', reason })
  expect(LARGE.subarray(0, bytes.length).equals(bytes)).toBe(true)
  expect(await reader.read(reader.files[0]!, LARGE.length)).toMatchObject({ ok: false, refusal: { reason } })
  await reader.close()
})

test.skipIf(process.platform === 'win32')(
  'a file that is gone when it is to be read is refused by the system’s word',
  async () => {
    const path = folderOf([{ name: 'a', content: LARGE }])
    const reader = await opened(path)
    rmSync(join(path, 'a'))
    expect((await poured(reader)).refusal).toMatchObject({
      reason: 'unreadable',
      detail: 'It could not be read (ENOENT).',
    })
  },
)

test('an entry that unpacks to more than it promises is stopped there', async () => {
  const reader = await opened(zipOf([{ name: 'a', content: LARGE, deflate: true, sizeBytes: 300_000 }]))
  const { refusal, bytes } = await poured(reader)
  expect(refusal).toMatchObject({ reason: 'wrong-size', detail: 'It goes on after the 300000 bytes that it promises.' })
  expect(bytes.length).toBeLessThanOrEqual(300_000)
  await reader.close()
})

test('what systems and tools leave everywhere is passed over in a zip as in a folder', async () => {
  const entries = [{ name: '.DS_Store' }, { name: 'Thumbs.db' }, { name: 'a' }]
  for (const { make } of containers) {
    const reader = await opened(make(entries))
    expect({ names: reader.files.map(({ name }) => name), ignored: reader.ignored }).toEqual({
      names: ['a'],
      ignored: 2,
    })
    await reader.close()
  }
})

test.each(containers)('of a $container with thousands of entries is told how far its looking is', async ({ make }) => {
  const told: number[] = []
  const path = make(Array.from({ length: 4200 }, (_, index) => ({ name: `${index}` })))
  const reader = await opened(path, (done) => void told.push(done))
  expect(reader.files).toHaveLength(4200)
  expect(told).toContain(4096)
  await reader.close()
})

test('a zip that is larger than any is taken is refused before it is read', async () => {
  const path = join(root, 'large.zip')
  writeFileSync(path, '')
  truncateSync(path, BUNDLE_LIMITS.packedBytes + 1)
  expect(await openBundle({ paths: [path], name: 'dropped.zip' }, () => undefined)).toMatchObject({
    ok: false,
    name: 'dropped.zip',
    refused: { items: [{ entry: '', reason: 'too-large' }] },
  })
  rmSync(path)
})

test('a folder with more in it than is taken is refused as a whole', async () => {
  const path = folderOf([{ name: 'a' }, { name: 'b' }])
  for (const name of ['a', 'b']) truncateSync(join(path, name), BUNDLE_LIMITS.unpackedBytes / 2 + 1)
  expect(await openBundle({ paths: [path], name: null }, () => undefined)).toMatchObject({
    ok: false,
    refused: {
      items: [{ entry: '', reason: 'too-large', detail: expect.stringMatching(/^It has 4294967298 bytes/) as string }],
    },
  })
})

test('folders and files that are dropped together lie in the bundle under their own names', async () => {
  const folder = folderOf([{ name: 'inside', content: 'x' }])
  const file = join(root, 'beside.json')
  writeFileSync(file, '{}')
  const bundle = await openBundle({ paths: [folder, file], name: null }, () => undefined)
  expect(bundle.ok && bundle.reader.name).toBe('2 files and folders')
  expect(bundle.ok && bundle.reader.files.map(({ name }) => name)).toEqual([
    `${folder.slice(root.length + 1)}/inside`,
    'beside.json',
  ])
})

test.skipIf(process.platform === 'win32')('a device that was dropped is no file', async () => {
  const bundle = await openBundle({ paths: ['/dev/null', zipOf([])], name: null }, () => undefined)
  expect(bundle.ok && bundle.reader.refused.items).toMatchObject([{ entry: 'null', reason: 'special-file' }])
})

test.each([
  { name: null, said: /none\.zip cannot be read \(ENOENT\)\.$/ },
  { name: 'dropped.zip', said: /^dropped\.zip cannot be read \(ENOENT\)\.$/ },
])('what is not there is told by the name that the person knows ($name)', async ({ name, said }) => {
  const opening = openBundle({ paths: [join(root, 'none.zip')], name }, () => undefined)
  await expect(opening).rejects.toMatchObject({
    code: 'BUNDLE_UNREADABLE',
    happened: expect.stringMatching(said) as string,
  })
})

test('a step that is cancelled ends the looking with its own reason', async () => {
  const path = folderOf(Array.from({ length: 1100 }, (_, index) => ({ name: `${index}` })))
  const cancelled = new Error('cancelled')
  const opening = openBundle({ paths: [path], name: null }, () => {
    throw cancelled
  })
  await expect(opening).rejects.toBe(cancelled)
})

test('node directories read out of a zip what they would read out of a folder', async () => {
  const files = [
    { name: 'a/b', sizeBytes: 3 },
    { name: 'a/damaged', sizeBytes: 3 },
  ]
  const tree = fileTree(files, ({ name }) =>
    Promise.resolve(
      name === 'a/b'
        ? { ok: true, bytes: Buffer.from('abc') }
        : { ok: false, refusal: { entry: name, reason: 'wrong-checksum', detail: 'It is damaged.', remedy: '' } },
    ),
  )
  expect(await tree.list('a', 1)).toMatchObject({ outcome: 'listed', entries: [{ name: 'b' }], notRead: 1 })
  expect(await tree.list('none', 1)).toEqual({ outcome: 'missing' })
  expect(await tree.read('a/b', 3)).toMatchObject({ outcome: 'read' })
  expect(await tree.read('a/b', 2)).toEqual({ outcome: 'too-large', sizeBytes: 3 })
  expect(await tree.read('a/none', 3)).toEqual({ outcome: 'missing' })
  expect(await tree.read('a/damaged', 3)).toEqual({ outcome: 'failed', why: 'It is damaged.' })
})

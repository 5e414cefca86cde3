// The desk where bundles are handed in and out: one import and one export at a time, each stopped or dismissed, and what is said of the rest.
import { existsSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { Place, refusal, type Core } from '#tests/kit/place.ts'
import { ended, exported, imported, inspected, inspection, traces } from './desk.ts'

/** Two who know each other, and a bundle of the first that has something new for the second. */
async function withNews(place: Place): Promise<{ readonly ada: Core; readonly ben: Core; readonly file: string }> {
  const [ada, ben] = await place.network('ada', 'ben')
  await ada.observe('report.json', { value: 1 })
  const file = join(place.folder, 'ada.zip')
  await exported(ada, { to: file, contents: true })
  return { ada: ada, ben: ben, file }
}

const from = (...paths: readonly string[]) => ({ from: { type: 'paths' as const, paths: [...paths] } })
const current = async (core: Core) => core.steward.bundles.current({})
const NOBODY = '00000000-0000-4000-8000-000000000000'

test('while an import is written no other bundle is taken, and the one that goes on is whole', async () => {
  await using place = new Place()
  const { ben, file } = await withNews(place)
  await inspected(ben, file)
  const { bundles, uploads } = ben.steward
  const { upload } = await uploads.begin({ sizeBytes: 1 })
  await uploads.piece({ upload, offset: 0, base64: 'YQ==' })
  const id = (await current(ben)).import!.id
  const importing = bundles.import({ id })
  const refused = await refusal(bundles.inspect({ from: { type: 'upload', upload, name: 'second.zip' } }))
  expect(refused).toEqual({ code: 'IMPORT_RUNNING', happened: 'An import is running already.' })
  await importing
  expect(await ended(ben)).toMatchObject({ state: 'done', report: { added: 1 } })
  // What came for the second one is not kept.
  expect(readdirSync(join(ben.home, 'uploads'))).toEqual([])
})

test('what was not inspected, not taken or imported already is not imported', async () => {
  await using place = new Place()
  const { ben, file } = await withNews(place)
  const { bundles } = ben.steward
  expect(await refusal(bundles.import({ id: NOBODY }))).toMatchObject({ code: 'IMPORT_GONE' })
  await inspected(ben, file)
  const { id } = (await current(ben)).import!
  expect(await refusal(bundles.import({ id: NOBODY }))).toMatchObject({ code: 'IMPORT_GONE' })
  await imported(ben)
  expect(await refusal(bundles.import({ id }))).toMatchObject({ code: 'IMPORT_NOT_READY' })
  await bundles.cancel({ id })
  expect(await current(ben)).toEqual({ import: null, export: null })
})

test('an import that is cancelled and asked for in the same moment is gone', async () => {
  await using place = new Place()
  const { ben, file } = await withNews(place)
  const before = await traces(ben)
  await inspected(ben, file)
  const { id } = (await current(ben)).import!
  const cancelled = ben.steward.bundles.cancel({ id })
  expect(await refusal(ben.steward.bundles.import({ id }))).toMatchObject({ code: 'IMPORT_GONE' })
  await cancelled
  expect(await current(ben)).toEqual({ import: null, export: null })
  expect(await traces(ben)).toEqual(before)
})

test('another bundle may be dropped while one is still read: the first is let go of', async () => {
  await using place = new Place()
  const { ben, file } = await withNews(place)
  await ben.steward.bundles.inspect(from(file))
  expect(await inspected(ben, file)).toMatchObject({ adds: 1 })
  expect(await imported(ben)).toMatchObject({ added: 1 })
})

test('a path that leads nowhere fails, says which and why, and is dismissed', async () => {
  await using place = new Place()
  const { ben } = await withNews(place)
  const path = join(place.folder, 'gone.zip')
  expect(await inspection(ben, path)).toMatchObject({
    state: 'failed',
    problem: { code: 'BUNDLE_UNREADABLE', happened: `${path} cannot be read (ENOENT).` },
  })
  expect((await current(ben)).import).toMatchObject({ name: 'gone.zip' })
  await ben.steward.bundles.cancel({ id: (await current(ben)).import!.id })
  expect((await current(ben)).import).toBeNull()
  expect(ben.bugs).toEqual([])
})

test('content for which the data folder has no place fails the import, and nothing of it stays', async () => {
  await using place = new Place()
  const { ada, ben } = await withNews(place)
  const { upload } = await ada.steward.uploads.begin({ sizeBytes: 4 })
  await ada.steward.uploads.piece({ upload, offset: 0, base64: Buffer.from('text').toString('base64') })
  const content = { type: 'upload' as const, upload, name: 'a.txt' }
  await ada.steward.receipts.sign({ kind: 'evidence/observed', subject: 'a.txt', task: null, anchor: null, content })
  const file = join(place.folder, 'with-content.zip')
  await exported(ada, { to: file, contents: true })
  await inspected(ben, file)
  const { counters } = await traces(ben)
  // A disk that fails, as the adapter meets it: where content is laid down there is no folder.
  rmSync(join(ben.home, 'uploads'), { recursive: true, force: true })
  writeFileSync(join(ben.home, 'uploads'), '')
  await ben.steward.bundles.import({ id: (await current(ben)).import!.id })
  expect(await ended(ben)).toMatchObject({
    state: 'failed',
    problem: { code: expect.stringMatching(/^[A-Z_]+$/) as string },
  })
  expect((await traces(ben)).counters).toEqual(counters)
})

test('one export at a time; one that is cancelled leaves nothing, and one that is done is dismissed', async () => {
  await using place = new Place()
  const { ada } = await withNews(place)
  const { bundles } = ada.steward
  const to = join(place.folder, 'second.zip')
  const writing = await bundles.export({ to, contents: true })
  expect(await refusal(bundles.export({ to: join(place.folder, 'third.zip'), contents: true }))).toEqual({
    code: 'EXPORT_RUNNING',
    happened: 'An export is running already.',
  })
  await bundles.cancel({ id: NOBODY })
  expect((await current(ada)).export).toMatchObject({ id: writing.id })
  await bundles.cancel({ id: writing.id })
  expect((await current(ada)).export).toBeNull()
  expect(readdirSync(place.folder).filter((name) => name.includes('second') || name.endsWith('.tmp'))).toEqual([])

  await exported(ada, { to, contents: true })
  await bundles.cancel({ id: (await current(ada)).export!.id })
  expect((await current(ada)).export).toBeNull()
  expect(existsSync(to)).toBe(true)
})

test('an export that is being written when the node stops is there whole or not at all', async () => {
  await using place = new Place()
  const { ada } = await withNews(place)
  await ada.steward.bundles.export({ to: join(place.folder, 'unfinished'), contents: true })
  await ada.stop()
  // It may have been quick enough; half of it, under whatever name, is never there.
  const left = readdirSync(place.folder).filter((name) => name.includes('unfinished'))
  expect([[], ['unfinished']]).toContainEqual(left)
})

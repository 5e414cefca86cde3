// Content on its way in: only what a receipt names is kept.
import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { sha256Id } from '#core/receipts/index.ts'
import { Place, refusal, type Core } from '#tests/kit/place.ts'

const base64 = (text: string) => Buffer.from(text).toString('base64')
const filesIn = (folder: string) =>
  existsSync(folder) ? readdirSync(folder, { recursive: true, withFileTypes: true }).filter((e) => e.isFile()) : []
const blobsOf = (core: Core) => filesIn(join(core.home, 'blobs'))

async function uploaded(core: Core, text: string): Promise<string> {
  const { upload } = await core.steward.uploads.begin({ sizeBytes: Buffer.byteLength(text) })
  await core.steward.uploads.piece({ upload, offset: 0, base64: base64(text) })
  return upload
}

const sign = (core: Core, upload: string, wish: { kind?: string; name?: string } = {}) => {
  const { kind = 'evidence/observed', name = 'photo.txt' } = wish
  const content = { type: 'upload' as const, upload, name }
  return core.steward.receipts.sign({ kind, subject: name, task: null, anchor: null, content })
}

test('two files taken in side by side, in pieces, are signed by their own hashes', async () => {
  await using place = new Place()
  const ada = await place.node('ada')
  const { uploads } = ada.steward
  const [one, two] = [await uploads.begin({ sizeBytes: 6 }), await uploads.begin({ sizeBytes: 6 })]
  expect(await uploads.piece({ upload: one.upload, offset: 0, base64: base64('abc') })).toEqual({ received: 3 })
  await uploads.piece({ upload: two.upload, offset: 0, base64: base64('uvw') })
  await uploads.piece({ upload: one.upload, offset: 3, base64: base64('def') })
  await uploads.piece({ upload: two.upload, offset: 3, base64: base64('xyz') })
  for (const [{ upload }, text] of [[one, 'abcdef'] as const, [two, 'uvwxyz'] as const]) {
    const { id } = await sign(ada, upload)
    const detail = await ada.steward.receipts.get({ id })
    expect(detail.body).toEqual({ content: { hash: sha256Id(text), size: 6, name: 'photo.txt' } })
    expect(detail.content).toMatchObject({ type: 'text', text })
  }
  expect(filesIn(join(ada.home, 'uploads'))).toEqual([])
})

test('a piece out of step, beyond the size or too large is refused, and an incomplete file is not signed', async () => {
  await using place = new Place()
  const ada = await place.node('ada')
  const { upload } = await ada.steward.uploads.begin({ sizeBytes: 4 })
  const piece = (offset: number, text: string) => ada.steward.uploads.piece({ upload, offset, base64: base64(text) })
  expect(await refusal(piece(1, 'a'))).toMatchObject({ code: 'UPLOAD_OUT_OF_STEP' })
  expect(await refusal(piece(0, 'abcde'))).toMatchObject({ code: 'UPLOAD_OUT_OF_STEP' })
  await piece(0, 'ab')
  expect(await refusal(piece(0, 'ab'))).toMatchObject({ code: 'UPLOAD_OUT_OF_STEP' })
  expect(await refusal(sign(ada, upload))).toMatchObject({ code: 'UPLOAD_INCOMPLETE' })
  await piece(2, 'cd')
  expect(await sign(ada, upload)).toMatchObject({ seq: 3 })
  expect(await refusal(sign(ada, upload))).toMatchObject({ code: 'UPLOAD_UNKNOWN' })
  const large = await ada.steward.uploads.begin({ sizeBytes: 600 * 1024 })
  const tooLarge = { upload: large.upload, offset: 0, base64: Buffer.alloc(513 * 1024).toString('base64') }
  await expect(ada.steward.uploads.piece(tooLarge)).rejects.toMatchObject({ code: 'BAD_REQUEST' })
  expect(await refusal(ada.steward.uploads.begin({ sizeBytes: 64 * 1024 * 1024 + 1 }))).toMatchObject({
    code: 'CONTENT_TOO_LARGE',
  })
})

test('content that is refused is not kept: locked, a kind that is no file, a name nobody would accept', async () => {
  await using place = new Place()
  const ada = await place.node('ada')
  const upload = await uploaded(ada, 'evidence')
  await ada.steward.node.lock({})
  expect(await refusal(sign(ada, upload))).toMatchObject({ code: 'LOCKED' })
  await ada.steward.node.unlock({ passphrase: '' })
  expect(await refusal(sign(ada, upload, { kind: 'governance/anchor' }))).toMatchObject({ code: 'BODY_NOT_OF_KIND' })
  expect(await refusal(sign(ada, upload, { kind: 'network/admit' }))).toMatchObject({ code: 'KIND_NOT_BY_HAND' })
  expect(await refusal(sign(ada, upload, { name: 'a\u0000b' }))).toMatchObject({ code: 'DRAFT_REFUSED' })
  expect(blobsOf(ada)).toEqual([])
  // It is still here for the next try.
  expect(await sign(ada, upload)).toMatchObject({ seq: 3 })
  expect(blobsOf(ada)).toHaveLength(1)
})

test('abandoned uploads make room after a while, and a start leaves none behind', async () => {
  await using place = new Place()
  const ada = await place.node('ada')
  for (let n = 0; n < 8; n++) await ada.steward.uploads.begin({ sizeBytes: 4 })
  expect(await refusal(ada.steward.uploads.begin({ sizeBytes: 4 }))).toMatchObject({ code: 'UPLOADS_FULL' })
  place.pass(11 * 60_000)
  const { upload } = await ada.steward.uploads.begin({ sizeBytes: 4 })
  expect(filesIn(join(ada.home, 'uploads'))).toHaveLength(1)
  await ada.steward.uploads.cancel({ upload })
  expect(filesIn(join(ada.home, 'uploads'))).toEqual([])

  await ada.stop()
  mkdirSync(join(ada.home, 'uploads'), { recursive: true })
  writeFileSync(join(ada.home, 'uploads', 'left-by-a-crash'), 'half')
  writeFileSync(join(ada.home, '.node.json.0b8a5c1e-8f0e-4f57-9d5c-2a6f3d1b7c90.tmp'), 'half')
  await ada.restart()
  expect(filesIn(join(ada.home, 'uploads'))).toEqual([])
  expect(readdirSync(ada.home).filter((name) => name.endsWith('.tmp'))).toEqual([])
})

test('a file that lost its bytes before it was signed, or has more than content may have, is not signed', async () => {
  await using place = new Place()
  const ada = await place.node('ada')
  const upload = await uploaded(ada, 'evidence')
  rmSync(join(ada.home, 'uploads', upload))
  expect(await refusal(sign(ada, upload))).toEqual({
    code: 'FILE_NOT_TAKEN',
    happened: 'The file changed while it was read.',
  })
  // Begun as a bundle, it may be larger than content.
  const large = await ada.steward.uploads.begin({ sizeBytes: 64 * 1024 * 1024 + 1, for: 'bundle' })
  const piece = Buffer.alloc(512 * 1024).toString('base64')
  for (let n = 0; n < 128; n++)
    await ada.steward.uploads.piece({ upload: large.upload, offset: n * 512 * 1024, base64: piece })
  await ada.steward.uploads.piece({ upload: large.upload, offset: 128 * 512 * 1024, base64: 'AA==' })
  expect(await refusal(sign(ada, large.upload))).toMatchObject({ code: 'CONTENT_TOO_LARGE' })
  expect(blobsOf(ada)).toEqual([])
})

test('an empty file is content too, and cancelling what is not open changes nothing', async () => {
  await using place = new Place()
  const ada = await place.node('ada')
  const { upload } = await ada.steward.uploads.begin({ sizeBytes: 0 })
  expect(await ada.steward.uploads.piece({ upload, offset: 0, base64: '' })).toEqual({ received: 0 })
  const { id } = await sign(ada, upload)
  expect((await ada.steward.receipts.get({ id })).content).toMatchObject({ type: 'text', text: '', sizeBytes: 0 })
  await ada.steward.uploads.cancel({ upload })
  expect(filesIn(join(ada.home, 'uploads'))).toEqual([])
})

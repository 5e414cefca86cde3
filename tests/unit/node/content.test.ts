// What a claim says, shown and compared: text as text, the rest as what it is, and never more than a person can take in.
import { readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { ReceiptId } from '#core/contract/index.ts'
import { type Core, Place } from '#tests/kit/place.ts'

const MIB = 1024 * 1024
const PIECE = 512 * 1024

async function signFile(core: Core, bytes: Uint8Array, subject = 'file'): Promise<ReceiptId> {
  core.place.pass(1000)
  const { upload } = await core.steward.uploads.begin({ sizeBytes: bytes.length })
  for (let offset = 0; offset < bytes.length; offset += PIECE) {
    const base64 = Buffer.from(bytes.subarray(offset, offset + PIECE)).toString('base64')
    await core.steward.uploads.piece({ upload, offset, base64 })
  }
  const content = { type: 'upload' as const, upload, name: 'file' }
  return (await core.steward.receipts.sign({ kind: 'evidence/observed', subject, task: null, anchor: null, content }))
    .id
}

const contentOf = async (core: Core, id: ReceiptId) => (await core.steward.receipts.get({ id })).content

test.each<[string, Buffer, unknown]>([
  ['JSON', Buffer.from('{"a": 1}'), { type: 'json', text: '{"a": 1}', sizeBytes: 8, cut: false }],
  ['text', Buffer.from('Größe'), { type: 'text', text: 'Größe', sizeBytes: 7, cut: false }],
  ['text with a zero byte', Buffer.from('a\0b'), { type: 'binary', sizeBytes: 3 }],
  ['bytes that are no text', Buffer.from([0x61, 0xff, 0xfe]), { type: 'binary', sizeBytes: 3 }],
  ['text that breaks off within a character', Buffer.from('ö').subarray(0, 1), { type: 'binary', sizeBytes: 1 }],
])('a file is shown as what it holds: %s', async (_what, bytes, shown) => {
  await using place = new Place()
  const ada = await place.node('ada', { exchange: null })
  expect(await contentOf(ada, await signFile(ada, bytes))).toEqual(shown)
})

test.each([
  ['between two characters', 'x'.repeat(MIB), 'ende', MIB],
  ['within a character', `${'x'.repeat(MIB - 1)}`, '😂 ende', MIB - 1],
  ['after a character of several bytes', `${'x'.repeat(MIB - 2)}ö`, 'ende', MIB - 1],
])('a large text is cut at a mebibyte and says so: %s', async (_where, beginning, end, characters) => {
  await using place = new Place()
  const ada = await place.node('ada', { exchange: null })
  const bytes = Buffer.from(beginning + end)
  const content = await contentOf(ada, await signFile(ada, bytes))
  if (content?.type !== 'text') throw new Error(`shown as ${content?.type}`)
  expect(content).toMatchObject({ sizeBytes: bytes.length, cut: true })
  expect(content.text).toHaveLength(characters)
  expect(content.text).toBe(beginning)
})

test('content that is not here is said to be missing, in the receipt and in the conflict about it', async () => {
  await using place = new Place()
  const [ada, ben] = await place.network('ada', 'ben')
  const id = await signFile(ada, Buffer.from('one'))
  await signFile(ben, Buffer.from('two'))
  await place.settle([ada, ben])
  for (const name of readdirSync(join(ben.home, 'blobs'))) rmSync(join(ben.home, 'blobs', name), { recursive: true })
  expect(await contentOf(ben, id)).toMatchObject({
    type: 'missing',
    why: 'The content that this receipt names has not arrived here.',
  })
  const [conflict] = await ben.conflicts()
  const review = await ben.steward.conflicts.get({ id: conflict!.id })
  expect(review.members.map(({ content }) => content.type)).toEqual(['missing', 'missing'])
  expect(await ben.steward.conflicts.diff({ id: conflict!.id, withEqual: false })).toMatchObject({ rows: [] })
})

test('a hash that is none names no content: the body is what is claimed', async () => {
  await using place = new Place()
  const ada = await place.node('ada', { exchange: null })
  const content = { type: 'body' as const, body: { content: { hash: 'unknown' } } }
  const wish = { kind: 'test/seen', subject: 'file', task: null, anchor: null, content }
  const { id } = await ada.steward.receipts.sign(wish)
  expect(await ada.steward.receipts.get({ id })).toMatchObject({ body: content.body, content: null })
})

test('a file and a body are compared by what they say; what is too large to be read is one value', async () => {
  await using place = new Place()
  const [ada, ben] = await place.network('ada', 'ben')
  await signFile(ada, Buffer.from('{"count":1}'), 'small')
  await ben.observe('small', { count: 2 })
  await signFile(ada, Buffer.alloc(8 * MIB + 1, 'a'), 'large')
  await ben.observe('large', { count: 2 })
  await place.settle([ada, ben])
  const diffOf = async (subject: string) => {
    const found = (await ada.conflicts()).find((conflict) => conflict.subject === subject)
    return ada.steward.conflicts.diff({ id: found!.id, withEqual: false })
  }
  const small = await diffOf('small')
  expect(small).toMatchObject({ structured: true, rows: [{ path: 'count', cells: ['1', '2'] }] })
  expect(JSON.stringify(await diffOf('large'))).not.toContain('aaa')
})

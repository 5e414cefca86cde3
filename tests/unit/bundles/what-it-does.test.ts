// What importing would do beside adding receipts: content that was missing, and who asks to join.
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { Place } from '#tests/kit/place.ts'
import { exported, imported, inspected } from './desk.ts'
import { whoTheyAre, writeBundle } from './made-bundle.ts'
import { withStranger } from './strangers.ts'

test('content that a receipt waits for is something to import, until it is here', async () => {
  await using place = new Place()
  const [ada, ben] = await place.network('ada', 'ben')
  const { upload } = await ada.steward.uploads.begin({ sizeBytes: 4 })
  await ada.steward.uploads.piece({ upload, offset: 0, base64: Buffer.from('text').toString('base64') })
  const content = { type: 'upload' as const, upload, name: 'a.txt' }
  await ada.steward.receipts.sign({ kind: 'evidence/observed', subject: 'a.txt', task: null, anchor: null, content })
  const [without, whole] = [join(place.folder, 'without.zip'), join(place.folder, 'whole.zip')]
  await exported(ada, { to: without, contents: false })
  await exported(ada, { to: whole, contents: true })
  await inspected(ben, without)
  await imported(ben)
  expect(await inspected(ben, whole)).toMatchObject({ adds: 0, contents: { count: 1, awaited: 1 } })
  expect(await imported(ben)).toMatchObject({ added: 0, contents: 1 })
  expect(await inspected(ben, whole)).toMatchObject({ adds: 0, contents: { count: 1, awaited: 0 } })
})

test('a node that asks to join is something to import, and stands under the nodes that wait', async () => {
  await using place = new Place()
  const [ada, eve] = await withStranger(place)
  const zip = writeBundle(join(place.folder, 'eve.zip'), whoTheyAre(eve))
  expect(await inspected(ada, zip)).toMatchObject({ adds: 0, asks: 1 })
  await imported(ada)
  const { items } = await ada.steward.network.peers({})
  expect(items.map(({ node, state }) => ({ node, state }))).toContainEqual({ node: eve.id, state: 'pending' })
  expect(await inspected(ada, zip)).toMatchObject({ adds: 0, asks: 0 })
})

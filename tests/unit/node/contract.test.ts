// What does not fit the contract is refused at the boundary, whoever asks: a window, the command line, another program.
import { expect, test } from 'vitest'
import { Place } from '#tests/kit/place.ts'

const REFUSED = { code: 'BAD_REQUEST' }

test('a passphrase that is guessed at once seals no key', async () => {
  await using place = new Place()
  const { steward } = await place.core('ada')
  const wish = { name: 'ada', exchange: null, networkName: 'pilot' }
  await expect(steward.node.create({ ...wish, passphrase: 'seven77' })).rejects.toMatchObject(REFUSED)
  await expect(steward.node.create({ ...wish, passphrase: '' })).rejects.toMatchObject(REFUSED)
  expect((await steward.app.state({})).phase).toBe('no-node')
})

test('a page has at most 200 rows, so that no question holds up the others', async () => {
  await using place = new Place()
  const { steward } = await place.node('ada')
  const wish = { filter: {}, sort: 'newest' as const }
  await expect(steward.receipts.list({ ...wish, limit: 201 })).rejects.toMatchObject(REFUSED)
  await expect(steward.receipts.list({ ...wish, limit: 0 })).rejects.toMatchObject(REFUSED)
  expect((await steward.receipts.list({ ...wish, limit: 200 })).items.length).toBeGreaterThan(0)
})

test('an id, a name and a search have their form and their length', async () => {
  await using place = new Place()
  const { steward } = await place.node('ada')
  const noId = `sha256:${'0'.repeat(63)}`
  await expect(steward.receipts.get({ id: noId })).rejects.toMatchObject(REFUSED)
  await expect(steward.app.search({ text: 'x'.repeat(513), limit: 10 })).rejects.toMatchObject(REFUSED)
  await expect(steward.app.search({ text: 'x', limit: 51 })).rejects.toMatchObject(REFUSED)
})

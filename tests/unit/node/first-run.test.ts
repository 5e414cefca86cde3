// Making a node: what is refused before anything is written, and what a crash at any step leaves to be taken up again.
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { Place, refusal, type Core } from '#tests/kit/place.ts'

const PASSPHRASE = 'correct horse battery staple'

async function kindsOf(core: Core): Promise<string[]> {
  const { items } = await core.steward.receipts.list({ filter: {}, sort: 'oldest', limit: 200 })
  // Both come from one moment of the test's clock, so their place in the feed orders them.
  const own = items.filter(({ node }) => node === core.id)
  return own.toSorted((a, b) => a.seq - b.seq).map(({ kind }) => kind)
}

test('a folder that cannot be used is refused before a key is made, and the next try works', async () => {
  await using place = new Place()
  const ada = await place.core('ada')
  const wish = { name: 'ada', passphrase: null, networkName: 'pilot' }
  const missing = join(place.folder, 'not-there')
  expect(await refusal(ada.steward.node.create({ ...wish, exchange: missing }))).toMatchObject({
    code: 'EXCHANGE_UNUSABLE',
  })
  expect(readdirSync(ada.home)).toEqual([])
  expect(await ada.steward.app.state({})).toMatchObject({ phase: 'no-node' })

  const made = await ada.steward.node.create({ ...wish, exchange: place.exchange })
  expect(made.phrase).toHaveLength(24)
  expect(await ada.steward.network.get({})).toMatchObject({ name: 'pilot', admitted: 1 })
})

test('of two nodes made in one empty folder the second joins what the first founded', async () => {
  await using place = new Place()
  const ada = await place.node('ada')
  const ben = await place.node('ben')
  await ben.sync()
  expect((await ben.steward.network.get({})).id).toBe((await ada.steward.network.get({})).id)
})

test('files of the data folder are for their owner only, also where the folder was there before', async () => {
  await using place = new Place()
  mkdirSync(place.home('ada'))
  chmodSync(place.home('ada'), 0o755)
  const ada = await place.node('ada')
  await ada.observe('a', { v: 1 })
  await ada.sync()
  expect(statSync(ada.home).mode & 0o777).toBe(0o700)
  for (const entry of readdirSync(ada.home, { recursive: true, withFileTypes: true })) {
    const mode = statSync(join(entry.parentPath, entry.name)).mode & 0o777
    expect([entry.name, mode]).toEqual([entry.name, entry.isDirectory() ? 0o700 : 0o600])
  }
})

test('two wishes for a node at the same moment make one node', async () => {
  await using place = new Place()
  const ada = await place.core('ada')
  const create = (name: string) =>
    ada.steward.node.create({ name, passphrase: null, exchange: null, networkName: null })
  const [one, other] = await Promise.allSettled([create('ada'), create('eve')])
  expect([one.status, other.status]).toEqual(['fulfilled', 'rejected'])
  expect((await ada.steward.app.state({})).node?.name).toBe('ada')
})

test('a data folder holds one node: neither its key nor its ledger is ever written over', async () => {
  await using place = new Place()
  const ada = await place.node('ada')
  const wish = { name: 'eve', passphrase: null, exchange: null, networkName: null }
  expect(await refusal(ada.steward.node.create(wish))).toMatchObject({ code: 'NODE_EXISTS' })

  await ada.stop()
  rmSync(join(ada.home, 'node.json'))
  await ada.restart()
  expect(await ada.steward.app.state({})).toMatchObject({ phase: 'no-node' })
  expect(await refusal(ada.steward.node.create(wish))).toMatchObject({ code: 'NODE_FILE_MISSING' })
  expect(existsSync(join(ada.home, 'key.sealed'))).toBe(true)
})

test('a key file without its node is set aside, not written over', async () => {
  await using place = new Place()
  mkdirSync(place.home('ada'))
  writeFileSync(join(place.home('ada'), 'key.age'), 'somebody’s key')
  const ada = await place.node('ada')
  const aside = readdirSync(ada.home).find((name) => name.startsWith('set-aside-'))
  expect(readFileSync(join(ada.home, aside ?? ''), 'utf8')).toBe('somebody’s key')
  await ada.restart()
  expect(await ada.steward.app.state({})).toMatchObject({ phase: 'ready' })
})

/** The data folder as a crash leaves it that comes right after the node's file was written. */
async function crashedAfterNodeFile(place: Place, exchange: string | null): Promise<Core> {
  const ada = await place.node('ada', { exchange: null })
  await ada.stop()
  const file = join(ada.home, 'node.json')
  // Our own file, written a moment ago.
  const written = JSON.parse(readFileSync(file, 'utf8')) as object
  const setup = { exchange, networkName: 'pilot' }
  writeFileSync(file, JSON.stringify({ ...written, network: null, exchange: null, signedSeq: 0, setup }))
  for (const name of readdirSync(ada.home)) if (name.startsWith('ledger')) rmSync(join(ada.home, name))
  return ada
}

test('a crash before the first receipt: the next start founds the network that was wished for', async () => {
  await using place = new Place()
  const ada = await crashedAfterNodeFile(place, place.exchange)
  await ada.restart()
  expect(await ada.steward.network.get({})).toMatchObject({ name: 'pilot', admitted: 1 })
  expect(await ada.steward.exchange.get({})).toMatchObject({ folder: place.exchange })
  expect(await kindsOf(ada)).toEqual(['network/genesis', 'node/profile'])
  await ada.restart()
  expect(await kindsOf(ada)).toEqual(['network/genesis', 'node/profile'])
})

test('a crash before the network was joined: the next start joins it and founds none', async () => {
  await using place = new Place()
  const ben = await place.node('ben')
  await ben.sync()
  const ada = await crashedAfterNodeFile(place, place.exchange)
  await ada.restart()
  await ada.sync()
  expect((await ada.steward.network.get({})).id).toBe((await ben.steward.network.get({})).id)
  expect(await kindsOf(ada)).toEqual(['node/profile'])
})

test('a crash between the founding receipt and the note of it does not found a second network', async () => {
  await using place = new Place()
  const ada = await place.node('ada')
  const { id } = await ada.steward.network.get({})
  await ada.stop()
  const file = join(ada.home, 'node.json')
  const written = JSON.parse(readFileSync(file, 'utf8')) as object
  const setup = { exchange: place.exchange, networkName: 'pilot' }
  writeFileSync(file, JSON.stringify({ ...written, network: null, exchange: null, signedSeq: 0, setup }))
  await ada.restart()
  expect((await ada.steward.network.get({})).id).toBe(id)
  expect(await kindsOf(ada)).toEqual(['network/genesis', 'node/profile'])
})

test('a folder that is gone after a crash keeps nobody from unlocking; choosing it again goes on from there', async () => {
  await using place = new Place()
  const ada = await crashedAfterNodeFile(place, join(place.folder, 'stick'))
  await ada.restart()
  expect(await ada.steward.app.state({})).toMatchObject({ phase: 'ready' })
  expect(await ada.steward.exchange.get({})).toMatchObject({ state: 'none' })
  await ada.steward.exchange.choose({ folder: place.exchange })
  expect(await ada.steward.network.get({})).toMatchObject({ name: 'pilot' })
})

test('a node that waits for its admission signs its profile once, however often it is started', async () => {
  await using place = new Place()
  const ben = await place.node('ben')
  await ben.sync()
  const ada = await place.node('ada')
  await ada.sync()
  await ada.restart()
  await ada.restart()
  expect(await kindsOf(ada)).toEqual(['node/profile'])
})

test('without a keychain and without a passphrase no key is made', async () => {
  await using place = new Place()
  const ada = await place.core('ada', { keychain: null })
  const create = ada.steward.node.create({ name: 'ada', passphrase: null, exchange: null, networkName: null })
  expect(await refusal(create)).toMatchObject({ code: 'PASSPHRASE_NEEDED' })
  expect(readdirSync(ada.home)).toEqual([])
  // And the next try, with one, works.
  await ada.steward.node.create({ name: 'ada', passphrase: PASSPHRASE, exchange: null, networkName: null })
  expect(await ada.steward.app.state({})).toMatchObject({ phase: 'ready' })
})

test('a node file that is damaged is said, and the ledger beside it is untouched', async () => {
  await using place = new Place()
  const ada = await place.node('ada')
  await ada.stop()
  writeFileSync(join(ada.home, 'node.json'), '{"format":"steward-node/1",')
  await expect(ada.restart()).rejects.toMatchObject({ code: 'NODE_FILE_DAMAGED', kept: expect.any(String) as string })
})

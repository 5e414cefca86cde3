// Before a node signs it asks the folder what it signed last; meanwhile it reads, and whoever locks it is obeyed.
import { copyFileSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import { systemTimers, type FolderAdapter } from '#core/exchange/index.ts'
import type { Keychain } from '#core/node/index.ts'
import { memoryKeychain, Place, refusal } from '#tests/kit/place.ts'
import { silentFolder, timersWithout } from '#tests/kit/silent-folder.ts'

const SIGNING = {
  kind: 'evidence/observed',
  subject: 'a',
  task: null,
  anchor: null,
  content: { type: 'body' as const, body: { v: 1 } },
}

/** A node that waits for its folder: its keychain opens the key only when it is asked again. */
async function waitingFor(place: Place, folders: FolderAdapter) {
  const memory = memoryKeychain()
  let refuses = false
  const keychain: Keychain = {
    seal: (secret) => memory.seal(secret),
    open: (bytes) => (refuses ? Promise.reject(new Error('not yet')) : memory.open(bytes)),
  }
  const ada = await place.node('ada', { keychain })
  await ada.sync()
  refuses = true
  await ada.restart({ background: true, folders })
  refuses = false
  const unlocking = ada.steward.node.unlock({ passphrase: '' })
  await vi.waitFor(async () => expect(await ada.steward.app.state({})).toMatchObject({ phase: 'ready' }), 10_000)
  return { ada, unlocking }
}

test('who signs before the folder has answered is asked to wait a moment', async () => {
  await using place = new Place()
  using folders = silentFolder(place.exchange)
  const { ada, unlocking } = await waitingFor(place, folders)
  expect(await refusal(ada.steward.receipts.sign(SIGNING))).toEqual({
    code: 'HEAD_NOT_READ',
    happened: 'The exchange folder has not said yet what this node signed last.',
  })
  folders.answer()
  await unlocking
  expect(await ada.steward.receipts.sign(SIGNING)).toMatchObject({ seq: 3 })
})

test('a node that is locked while it waits for its folder signs nothing when the answer comes', async () => {
  await using place = new Place()
  using folders = silentFolder(place.exchange)
  const { ada, unlocking } = await waitingFor(place, folders)
  await ada.steward.node.lock({})
  folders.answer()
  await unlocking
  expect(await ada.steward.app.state({})).toMatchObject({ phase: 'locked' })
  expect(await refusal(ada.steward.receipts.sign(SIGNING))).toMatchObject({ code: 'LOCKED' })
})

/** Nobody waits for a folder: not the window, not a command. */
const impatient = () => timersWithout(5_000, timersWithout(30_000, systemTimers()))

test.each([
  ['in a window', { background: true }],
  ['in a command', { background: false }],
])('a ledger put back from an old copy signs no second story, however slow its folder is: %s', async (_where, host) => {
  await using place = new Place()
  const ada = await place.node('ada')
  await ada.sync()
  await ada.stop()
  const copy = join(place.folder, 'copy.sqlite')
  copyFileSync(join(ada.home, 'ledger.sqlite'), copy)
  await ada.restart()
  await ada.observe('a', { v: 0 })
  await ada.sync()
  await ada.stop()
  copyFileSync(copy, join(ada.home, 'ledger.sqlite'))
  using folders = silentFolder(place.exchange)
  await ada.restart({ ...host, folders, timers: impatient() })
  expect(await refusal(ada.steward.receipts.sign(SIGNING))).toEqual({
    code: 'HEAD_NOT_READ',
    happened: 'The exchange folder has not said yet what this node signed last.',
  })
  expect(await ada.steward.exchange.get({})).toMatchObject({
    state: 'unreadable',
    remedy: expect.stringContaining('signing') as string,
  })
  folders.answer()
  await ada.sync()
  expect(await ada.steward.receipts.sign(SIGNING)).toMatchObject({ seq: 4 })
  expect(await ada.conflicts('all')).toEqual([])
  expect(ada.bugs).toEqual([])
})

test('a command waits for a slow folder, and signs as soon as it has answered', async () => {
  await using place = new Place()
  const ada = await place.node('ada')
  await ada.sync()
  using folders = silentFolder(place.exchange)
  // Longer than a window would.
  const starting = ada.restart({ folders, timers: timersWithout(5_000, systemTimers()) })
  await vi.waitFor(() => expect(folders.isAsked()).toBe(true), 10_000)
  folders.answer()
  await starting
  expect(await ada.steward.receipts.sign(SIGNING)).toMatchObject({ seq: 3 })
})

test('a window whose folder is slow opens all the same, is told when it has answered, and signs then', async () => {
  await using place = new Place()
  const ada = await place.node('ada')
  await ada.sync()
  using folders = silentFolder(place.exchange)
  await ada.restart({ background: true, folders, timers: impatient() })
  expect(await ada.steward.app.state({})).toMatchObject({ phase: 'ready' })
  expect(await refusal(ada.steward.receipts.sign(SIGNING))).toMatchObject({ code: 'HEAD_NOT_READ' })
  const changes = await ada.steward.app.changes({})
  await changes.next()
  folders.answer()
  const told = new Set<string>()
  for await (const { topics, exchange } of changes) {
    for (const topic of topics) told.add(topic)
    if (told.has('app') && exchange.state === 'idle') break
  }
  expect(await ada.steward.receipts.sign(SIGNING)).toMatchObject({ seq: 3 })
  expect(ada.bugs).toEqual([])
})

test('a node restored into an empty folder signs nothing there before its head is declared lost, and founds a network then', async () => {
  await using place = new Place()
  const before = await place.core('before')
  const wish = { name: 'ada', passphrase: null, exchange: null, networkName: 'pilot' }
  const { phrase } = await before.steward.node.create(wish)
  await before.stop()
  const empty = join(place.folder, 'empty')
  mkdirSync(empty)
  const ada = await place.core('ada')
  await ada.steward.node.restore({ phrase: phrase.join(' '), name: 'ada', passphrase: null, exchange: empty })
  expect(await ada.steward.network.get({})).toMatchObject({ id: null })
  expect(await refusal(ada.steward.receipts.sign(SIGNING))).toMatchObject({ code: 'HEAD_UNKNOWN' })
  await ada.steward.node.declareHeadLost({})
  await ada.sync()
  expect((await ada.steward.network.get({})).id).not.toBeNull()
  expect((await ada.steward.exchange.probe({ folder: empty })).network).not.toBeNull()
})

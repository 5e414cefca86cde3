// Before a node signs it asks the folder what it signed last; meanwhile it reads, and whoever locks it is obeyed.
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import { nodeFolderAdapter, type FolderAdapter } from '#core/exchange/index.ts'
import type { Keychain } from '#core/node/index.ts'
import { memoryKeychain, Place, refusal } from '#tests/kit/place.ts'

const SIGNING = {
  kind: 'evidence/observed',
  subject: 'a',
  task: null,
  anchor: null,
  content: { type: 'body' as const, body: { v: 1 } },
}

/** A folder that answers nothing below `held` until it is let go. */
function slowFolders(held: string): FolderAdapter & Disposable & { letGo(): void } {
  const files = nodeFolderAdapter()
  let letGo: () => void = () => undefined
  const gone = new Promise<void>((resolve) => (letGo = resolve))
  const after =
    <A extends [string, ...unknown[]], R>(ask: (...args: A) => Promise<R>) =>
    async (...args: A) => {
      if (args[0].startsWith(held)) await gone
      return ask(...args)
    }
  return {
    ...files,
    read: after(files.read.bind(files)),
    list: after(files.list.bind(files)),
    stat: after(files.stat.bind(files)),
    letGo,
    [Symbol.dispose]: letGo,
  }
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
  using folders = slowFolders(place.exchange)
  const { ada, unlocking } = await waitingFor(place, folders)
  expect(await refusal(ada.steward.receipts.sign(SIGNING))).toEqual({
    code: 'HEAD_UNKNOWN',
    happened: 'The exchange folder has not said yet what this node signed last.',
  })
  folders.letGo()
  await unlocking
  expect(await ada.steward.receipts.sign(SIGNING)).toMatchObject({ seq: 3 })
})

test('a node that is locked while it waits for its folder signs nothing when the answer comes', async () => {
  await using place = new Place()
  using folders = slowFolders(place.exchange)
  const { ada, unlocking } = await waitingFor(place, folders)
  await ada.steward.node.lock({})
  folders.letGo()
  await unlocking
  expect(await ada.steward.app.state({})).toMatchObject({ phase: 'locked' })
  expect(await refusal(ada.steward.receipts.sign(SIGNING))).toMatchObject({ code: 'LOCKED' })
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

// Choosing folders, losing them, and what waits meanwhile.
import { cpSync, mkdirSync, readdirSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { Place, refusal } from '#tests/kit/place.ts'

test('a node that is alone in its network may join another one; what it signed before stays in its feed', async () => {
  await using place = new Place()
  const ben = await place.node('ben')
  await ben.sync()
  const ada = await place.node('ada', { exchange: null })
  await ada.observe('a', { v: 1 })
  const own = await ada.steward.network.get({})
  const view = await ada.steward.exchange.choose({ folder: place.exchange })
  expect(view.folder).toBe(place.exchange)
  await ada.sync()
  expect((await ada.steward.network.get({})).id).toBe((await ben.steward.network.get({})).id)
  expect((await ada.steward.network.get({})).id).not.toBe(own.id)

  const { pendingNodes } = await ben.sync()
  expect(pendingNodes).toMatchObject([{ node: ada.id, name: 'ada' }])
  await ben.admit(ada.id)
  await place.settle([ben, ada])
  expect(await ben.steward.network.peer({ node: ada.id })).toMatchObject({ state: 'admitted', mergedSeq: 3 })
  expect(await ada.fingerprint()).toBe(await ben.fingerprint())
})

test('a node that shares a network refuses the folder of another one, and goes on with its own', async () => {
  await using place = new Place()
  const [ada] = await place.network('ada', 'ben')
  const other = join(place.folder, 'other')
  mkdirSync(other)
  const cleo = await place.node('cleo', { exchange: other })
  await cleo.sync()
  const before = await ada?.steward.network.get({})
  const choose = ada?.steward.exchange.choose({ folder: other }) ?? Promise.resolve()
  expect(await refusal(choose)).toMatchObject({ code: 'OTHER_NETWORK' })
  expect(await ada?.steward.exchange.get({})).toMatchObject({ folder: place.exchange, state: 'idle' })
  expect(await ada?.steward.network.get({})).toEqual(before)
  expect(readdirSync(join(other, 'nodes'))).toHaveLength(1)
})

test('a folder that is not there is refused when it is chosen, and the one before stays', async () => {
  await using place = new Place()
  const ada = await place.node('ada')
  const choose = ada.steward.exchange.choose({ folder: join(place.folder, 'nowhere') })
  expect(await refusal(choose)).toMatchObject({ code: 'EXCHANGE_UNUSABLE' })
  expect((await ada.steward.exchange.get({})).folder).toBe(place.exchange)
})

test('signing goes on while the folder is unplugged; what waits is said and follows once it is back', async () => {
  await using place = new Place()
  const [ada, ben] = await place.network('ada', 'ben')
  if (ada === undefined || ben === undefined) throw new Error('two were asked for')
  const away = join(place.folder, 'away')
  renameSync(place.exchange, away)
  await ada.observe('a', { v: 1 })
  await ada.observe('b', { v: 1 })
  expect(await ada.sync()).toMatchObject({ published: 0, exchange: { state: 'missing' } })
  expect(await ada.steward.exchange.get({})).toMatchObject({ unpublished: 2, state: 'missing' })
  const { safety, waits } = await ada.steward.app.overview({})
  expect(safety).toMatchObject({ level: 'watch', headline: 'The exchange stands still' })
  expect(safety.detail).toContain('2 receipts of yours wait to be published')
  expect(waits).toMatchObject([{ type: 'trouble', about: 'exchange' }])
  // Also for a core that starts without it.
  await ada.restart()
  await ada.observe('c', { v: 1 })
  expect((await ada.sync()).exchange.state).toBe('missing')

  renameSync(away, place.exchange)
  expect(await ada.sync()).toMatchObject({ published: 3, exchange: { state: 'idle', reason: null } })
  await ben.sync()
  expect(await ben.steward.network.peer({ node: ada.id })).toMatchObject({ seq: 6, mergedSeq: 6 })
})

test('an empty folder where the drive was is not taken for a new exchange', async () => {
  await using place = new Place()
  const ada = await place.node('ada')
  await ada.sync()
  renameSync(place.exchange, join(place.folder, 'away'))
  mkdirSync(place.exchange)
  await ada.observe('a', { v: 1 })
  expect((await ada.sync()).exchange.state).toBe('missing')
  expect(readdirSync(place.exchange)).toEqual([])
})

test('moving to a copy of the folder publishes there what the copy lacks', async () => {
  await using place = new Place()
  const [ada, ben] = await place.network('ada', 'ben')
  if (ada === undefined || ben === undefined) throw new Error('two were asked for')
  const copy = join(place.folder, 'copy')
  cpSync(place.exchange, copy, { recursive: true })
  await ada.observe('a', { v: 1 })
  await ada.sync()
  await ada.steward.exchange.choose({ folder: copy })
  expect(await ada.sync()).toMatchObject({ published: 1 })
  await ben.steward.exchange.choose({ folder: copy })
  await ben.sync()
  expect(await ben.fingerprint()).toBe(await ada.fingerprint())
})

test('a core that works in the background publishes and merges by itself, and reads whom it admits at once', async () => {
  await using place = new Place()
  const ada = await place.node('ada', { background: true })
  const ben = await place.node('ben', { background: true })
  const { id: benId } = (await ben.steward.app.state({})).node ?? {}
  if (benId === undefined) throw new Error('ben is a node')
  const until = async (holds: () => Promise<boolean>) => {
    const ending = new AbortController()
    for await (const _ of await ada.steward.app.changes({}, { signal: ending.signal })) if (await holds()) break
    ending.abort()
  }
  await until(async () => (await ada.steward.network.get({})).pending === 1)
  await ada.steward.network.admit({ node: benId })
  const peer = () => ada.steward.network.peer({ node: benId })
  await until(async () => (await peer()).mergedSeq === 1)
  await ben.observe('a', { v: 1 })
  await until(async () => (await peer()).mergedSeq === 2)
  expect([...ada.bugs, ...ben.bugs]).toEqual([])
})

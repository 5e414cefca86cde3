import { cpSync, mkdirSync, renameSync, rmdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { nodeFolderAdapter, probeFolder } from '#core/exchange/index.ts'
import { errno } from '#tests/kit/disk/errno.ts'
import { containing, matching, SharedFolder } from './shared-folder.ts'

test('an unplugged folder is a state with since-when; signing goes on, and the backlog is published in order on return', async () => {
  await using shared = new SharedFolder()
  const [ada, ben] = await shared.three()
  const away = shared.place('unplugged')
  renameSync(shared.folder, away)
  ada.nowMs += 1000
  const gone = ada.now()
  expect((await ada.sync()).exchange.state).toBe('missing')
  ada.observe('offline-1.json')
  ada.observe('offline-2.json')
  expect(ada.exchange.view()).toMatchObject({
    state: 'missing',
    since: gone,
    unpublished: 2,
    remedy: containing('Plug in'),
  })
  expect(ada.exchange.view().since).toBe(gone)
  renameSync(away, shared.folder)
  expect(await ada.sync()).toMatchObject({ published: 2, exchange: { state: 'idle', reason: null } })
  expect(await ben.sync()).toMatchObject({ admitted: 2, waiting: 0 })
})

test('an empty mount point is not taken for an empty exchange: nothing is written into it', async () => {
  await using shared = new SharedFolder()
  const [ada] = await shared.three()
  const away = shared.place('unmounted')
  renameSync(shared.folder, away)
  mkdirSync(shared.folder)
  ada.observe('offline.json')
  const report = await ada.sync()
  expect(report).toMatchObject({
    published: 0,
    exchange: { state: 'missing', reason: containing('not mounted') },
  })
  // Fails unless the folder is empty.
  rmdirSync(shared.folder)
  renameSync(away, shared.folder)
  expect(await ada.sync()).toMatchObject({ published: 1, exchange: { state: 'idle' } })
})

test('choosing the folder again makes the marker anew', async () => {
  await using shared = new SharedFolder()
  const [ada] = await shared.three()
  rmSync(join(shared.folder, 'steward-exchange.json'))
  expect((await ada.sync()).exchange.state).toBe('missing')
  await ada.exchange.setFolder(shared.folder)
  expect((await ada.sync()).exchange.state).toBe('idle')
})

test('a stick that comes back costs a listing: no segment is read and no signature checked', async () => {
  await using shared = new SharedFolder()
  const [ada, ben] = await shared.three()
  for (let index = 0; index < 12; index++) {
    ben.observe(`${index}.json`)
    await ben.exchange.publish()
  }
  await ada.sync()
  const away = shared.place('stick')
  renameSync(shared.folder, away)
  await ada.sync()
  renameSync(away, shared.folder)
  expect(await ada.exchange.rescan()).toMatchObject({ read: 0, verified: 0 })
})

test('files that come back with other times are recognised by their content', async () => {
  await using shared = new SharedFolder()
  const [ada, ben] = await shared.three()
  ben.observeMany(50)
  await ben.exchange.publish()
  await ada.sync()
  for (const name of shared.segmentsOf(ben)) {
    const then = new Date('2020-01-01T00:00:00Z')
    utimesSync(shared.pathOf(ben, 'feed', name), then, then)
  }
  expect(await ada.exchange.rescan()).toMatchObject({ read: 0, verified: 0 })
  expect(await ada.exchange.rescan()).toMatchObject({ read: 0, verified: 0 })
})

test('the same exchange under another path is read again without checking a signature', async () => {
  await using shared = new SharedFolder()
  const [ada, ben] = await shared.three()
  ben.observeMany(50)
  await ben.exchange.publish()
  await ada.sync()
  const moved = shared.place('moved')
  cpSync(shared.folder, moved, { recursive: true })
  await ada.exchange.setFolder(moved)
  const counts = await ada.exchange.rescan()
  expect(counts).toMatchObject({ admitted: 0, verified: 0 })
  expect(counts.known).toBeGreaterThan(50)
  expect(ada.exchange.view()).toMatchObject({ folder: moved, state: 'idle', unpublished: 0 })
})

test('without a folder the state says so and nothing else happens', async () => {
  await using shared = new SharedFolder()
  const ada = shared.steward('ada', { folder: null }).found()
  expect(await ada.sync()).toMatchObject({ published: 0, exchange: { state: 'none' } })
  expect(ada.exchange.view()).toMatchObject({ folder: null, remedy: containing('Choose'), unpublished: 2 })
  await ada.exchange.setFolder(shared.folder)
  expect(await ada.sync()).toMatchObject({ published: 2, exchange: { state: 'idle' } })
})

test('a marker that is not whole yet is waited for', async () => {
  await using shared = new SharedFolder()
  const [ada] = await shared.three()
  const marker = join(shared.folder, 'steward-exchange.json')
  writeFileSync(marker, '{"format":"steward-exch')
  expect((await ada.sync()).exchange).toMatchObject({
    state: 'unreadable',
    reason: containing('not whole'),
  })
})

test.each(['EACCES', 'EIO', 'EMFILE', 'EBUSY'])('a folder that answers %s is a state with a remedy', async (code) => {
  await using shared = new SharedFolder()
  await shared.three()
  const real = nodeFolderAdapter()
  const dora = shared.steward('dora', { files: { ...real, read: () => Promise.reject(errno(code)) } })
  const report = await dora.sync()
  expect(report.exchange.state).toBe('unreadable')
  expect(dora.exchange.view().remedy).toBeTruthy()
})

test('what choosing a folder would mean is told before it is chosen', async () => {
  await using shared = new SharedFolder()
  const files = nodeFolderAdapter()
  expect(await probeFolder(files, shared.place('nowhere'))).toMatchObject({
    exists: false,
    problem: matching(/./),
  })
  expect(await probeFolder(files, shared.folder)).toMatchObject({
    exists: true,
    writable: true,
    empty: true,
    network: null,
  })
  const [ada] = await shared.three()
  expect(await ada.exchange.probe(shared.folder)).toMatchObject({
    empty: false,
    network: { id: ada.network, name: 'test network', nodes: 3 },
    problem: null,
  })
  mkdirSync(shared.place('Dropbox'))
  writeFileSync(join(shared.place('Dropbox'), 'cat.jpg'), 'x')
  expect(await probeFolder(files, shared.place('Dropbox'))).toMatchObject({ hint: containing('Dropbox') })
})

test('a pass that is cancelled keeps what it took, and the next one takes the rest', async () => {
  await using shared = new SharedFolder()
  const [ada, ben] = await shared.three()
  // By now what was read is settled, and only what is new is read.
  ada.nowMs += 60_000
  await ada.sync()
  ben.observeMany(4000)
  await ben.exchange.publish()
  const passing = ada.sync()
  while (ada.seqOf(ben) < 500) await new Promise((resolve) => setTimeout(resolve, 1))
  expect(ada.exchange.view()).toMatchObject({ state: 'syncing', progress: { total: 4000 } })
  ada.exchange.cancel()
  await passing
  const taken = ada.seqOf(ben)
  expect(taken).toBeLessThan(4001)
  expect(ada.exchange.view()).toMatchObject({ state: 'idle', progress: null })
  const counts = await ada.exchange.rescan()
  expect(counts).toMatchObject({ known: taken - 1, admitted: 4001 - taken })
  expect(ada.seqOf(ben)).toBe(4001)
})

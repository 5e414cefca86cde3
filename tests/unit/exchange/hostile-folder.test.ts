import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { buildHostileFolder } from '#tests/fixtures/hostile-folder/build.ts'
import { signerFromSeed } from '#tests/kit/nodes.ts'
import { guardedFolders } from './guarded-folders.ts'
import { settle, SharedFolder, snapshot } from './shared-folder.ts'

const SEED = 20261121

test('a hostile folder costs nobody anything: no link is followed, nothing hangs, and the node’s real feed is read', async () => {
  await using shared = new SharedFolder()
  const [ada, ben] = await shared.three()
  ben.observeMany(5)
  await ben.exchange.publish()
  const outside = shared.place('outside')
  mkdirSync(outside)
  const { secret } = buildHostileFolder(shared.pathOf(ben), outside, SEED, 50)
  for (let rescan = 0; rescan < 4; rescan++) await ada.sync()
  expect(ada.seqOf(ben)).toBe(6)
  expect(ada.exchange.view().state).toBe('idle')
  expect(ada.exchange.view().ignored).toBeGreaterThanOrEqual(50)
  const troubles = ada.exchange.troubles({ limit: 100 }).items
  expect(troubles.every(({ source }) => !source.includes('secret'))).toBe(true)
  expect(JSON.stringify(troubles)).not.toContain('not for the exchange')
  expect(readFileSync(secret, 'utf8')).toBe('not for the exchange\n')
})

test('a hundred thousand foreign files are bounded: the rest is counted as not read, and the feed is still found beside them', async () => {
  await using shared = new SharedFolder()
  const [ada, ben] = await shared.three()
  const nodes = join(shared.folder, 'nodes')
  for (let index = 0; index < 100_000; index++) writeFileSync(join(nodes, `foreign-${index}`), '')
  ben.observe('a.json')
  await settle([ben, ada])
  const view = ada.exchange.view()
  expect(view.ignored + view.notRead).toBeGreaterThanOrEqual(100_000)
  expect(view.notRead).toBeLessThan(10)
  expect(view.state).toBe('idle')
}, 120_000)

test('strangers are read no further than their head and profile, and only so many of them', async () => {
  await using shared = new SharedFolder()
  const [ada] = await shared.three()
  for (let index = 0; index < 20; index++) {
    const stranger = shared.steward(`stranger-${index}`).joinNetwork(ada.network!)
    stranger.introduce()
    stranger.observeMany(3)
    await stranger.exchange.publish()
  }
  const counts = await ada.exchange.rescan()
  expect(counts).toMatchObject({ read: 0, verified: 0 })
  expect(ada.exchange.pendingNodes()).toHaveLength(20)
})

test('one node’s rubbish does not delay another node', async () => {
  await using shared = new SharedFolder()
  const [ada, ben, cleo] = await shared.three()
  for (let index = 0; index < 50; index++)
    writeFileSync(shared.pathOf(ben, 'feed', `${500 + index}-${500 + index}.jsonl`), 'rubbish\n')
  cleo.observe('a.json')
  await cleo.exchange.publish()
  expect(await ada.sync()).toMatchObject({ admitted: 1 })
  expect(ada.seqOf(cleo)).toBe(2)
})

test('a node folder that is a link is not entered', async () => {
  await using shared = new SharedFolder()
  const [ada] = await shared.three()
  const elsewhere = shared.place('elsewhere')
  const dora = shared.steward('dora', { folder: elsewhere })
  mkdirSync(elsewhere)
  dora.found()
  await dora.sync()
  symlinkSync(join(elsewhere, 'nodes', dora.id.slice(8)), shared.pathOf(dora))
  await ada.sync()
  expect(ada.exchange.pendingNodes()).toEqual([])
})

test('a reader changes nothing outside its own folder, whatever it finds', async () => {
  await using shared = new SharedFolder()
  const [ada, ben, cleo] = await shared.three()
  ben.observeMany(30)
  await ben.exchange.publish()
  const outside = shared.place('outside')
  mkdirSync(outside)
  buildHostileFolder(shared.pathOf(cleo), outside, SEED, 10)
  const trespasses: string[] = []
  const { node: doraId } = signerFromSeed('dora')
  const before = [snapshot(shared.pathOf(ben)), snapshot(shared.pathOf(cleo, 'feed'))]
  const files = guardedFolders(shared.folder, shared.pathOf({ id: doraId }), trespasses)
  const dora = shared.steward('dora', { files }).joinNetwork(ada.network!)
  dora.introduce()
  for (let rescan = 0; rescan < 4; rescan++) await dora.sync()
  expect(trespasses).toEqual([])
  expect([snapshot(shared.pathOf(ben)), snapshot(shared.pathOf(cleo, 'feed'))]).toEqual(before)
  expect(dora.seqOf(ben)).toBe(31)
})

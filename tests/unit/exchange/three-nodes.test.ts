import { expect, test } from 'vitest'
import { readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { copyFolder, settle, SharedFolder } from './shared-folder.ts'

test('three nodes that share nothing but a folder come to the same fingerprint', async () => {
  await using shared = new SharedFolder()
  const stewards = await shared.three()
  for (const steward of stewards) steward.observe('report.json', { by: steward.name })
  await settle(stewards)
  const [ada, ben, cleo] = stewards
  expect(ada.fingerprint()).toBe(ben.fingerprint())
  expect(cleo.fingerprint()).toBe(ben.fingerprint())
  expect(stewards.map((steward) => steward.receipts())).toEqual([7, 7, 7])
  expect(ada.exchange.view()).toMatchObject({ state: 'idle', unpublished: 0, waiting: 0, held: 0, refused: 0 })
})

test('the exchange holds head, profile, what is held and the feed of each node, and nothing else', async () => {
  await using shared = new SharedFolder()
  const [ada] = await shared.three()
  expect(readdirSync(shared.folder).toSorted()).toEqual(['nodes', 'steward-exchange.json'])
  expect(readdirSync(shared.pathOf(ada)).toSorted()).toEqual(['feed', 'head', 'profile.json', 'seen', 'state'])
  expect(shared.segmentsOf(ada)).toEqual(['1-2.jsonl'])
})

test('a pass without news reads nothing, writes nothing and checks no signature', async () => {
  await using shared = new SharedFolder()
  const [ada] = await shared.three()
  const report = await ada.sync()
  expect(report).toMatchObject({
    published: 0,
    admitted: 0,
    known: 0,
    waiting: 0,
    held: 0,
    refused: [],
    pendingNodes: [],
  })
  expect(await ada.exchange.rescan()).toMatchObject({ read: 0, verified: 0 })
})

test('copies of the folder carried around pairwise are enough, and a dead node does not stop the others', async () => {
  await using shared = new SharedFolder()
  const [ada, ben, cleo] = await shared.three()
  const stick = shared.place('stick')
  copyFolder(shared.folder, stick)
  await ada.close()
  const dora = shared.steward('dora', { folder: stick })
  dora.joinNetwork(ben.network!)
  dora.introduce()
  await dora.sync()
  copyFolder(join(stick, 'nodes', dora.id.slice(8)), shared.pathOf(dora))
  ben.observe('late.json')
  await ben.sync()
  ben.admit(dora)
  await settle([ben, cleo])
  expect(cleo.seqOf(dora)).toBe(1)
  expect(cleo.fingerprint()).toBe(ben.fingerprint())
})

test('a node that lost its ledger has everything of the others again after one pass', async () => {
  await using shared = new SharedFolder()
  const [ada, ben] = await shared.three()
  ben.observeMany(40)
  await settle([ben, ada])
  const again = shared.steward('ada', { seed: 'ada' })
  again.joinNetwork(ada.network!)
  await again.sync()
  expect(again.fingerprint()).toBe(ada.fingerprint())
  expect(again.seq).toBe(ada.seq)
})

test('what one node deletes in the folder stays in every ledger, and its own feed is published again', async () => {
  await using shared = new SharedFolder()
  const [ada, ben] = await shared.three()
  rmSync(shared.pathOf(ada), { recursive: true })
  await ben.sync()
  expect(ben.seqOf(ada)).toBe(2)
  await ada.sync()
  expect(shared.segmentsOf(ada)).toEqual(['1-2.jsonl'])
  expect(ada.exchange.view()).toMatchObject({ state: 'idle', unpublished: 0 })
})

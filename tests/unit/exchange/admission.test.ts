import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { ReceiptId } from '#core/contract/index.ts'
import { forkSeqOf, knownIds, nodeKeyOf } from '#core/ledger/index.ts'
import { setBlocked } from '#core/network/index.ts'
import { fingerprintWords, nodeIdFromPublicKey } from '#core/receipts/index.ts'
import { containing, settle, SharedFolder, type Steward } from './shared-folder.ts'

async function asking(shared: SharedFolder): Promise<{ ada: Steward; ben: Steward; dora: Steward }> {
  const [ada, ben] = await shared.three()
  const dora = shared.steward('dora').joinNetwork(ada.network!)
  dora.introduce()
  dora.observe('claim.json')
  await dora.sync()
  await settle([ada, ben])
  return { ada, ben, dora }
}

test('a new node is pending with its name and its words, and nothing of it is merged before it is admitted', async () => {
  await using shared = new SharedFolder()
  const { ada, ben, dora } = await asking(shared)
  for (const steward of [ada, ben]) {
    expect(steward.exchange.pendingNodes()).toMatchObject([{ node: dora.id, name: 'dora', headSeq: 2 }])
    expect(steward.seqOf(dora)).toBe(0)
  }
  expect((await ada.sync()).pendingNodes).toEqual([{ node: dora.id, name: 'dora', words: fingerprintWords(dora.id) }])
  expect(dora.exchange.view()).toMatchObject({ state: 'not-admitted', remedy: containing('six words') })
})

test('one admission opens the node’s feed for the whole network', async () => {
  await using shared = new SharedFolder()
  const { ada, ben, dora } = await asking(shared)
  ada.admit(dora)
  await settle([ada, ben, dora])
  expect(ben.seqOf(dora)).toBe(2)
  expect(ben.exchange.pendingNodes()).toEqual([])
  expect(dora.exchange.view().state).toBe('idle')
  expect(dora.fingerprint()).toBe(ben.fingerprint())
})

test('admitted by what is read in the same pass, a node is read in that pass too', async () => {
  await using shared = new SharedFolder()
  const { ada, ben, dora } = await asking(shared)
  ada.admit(dora)
  await ada.exchange.publish()
  expect(await ben.sync()).toMatchObject({ admitted: 3, pendingNodes: [] })
})

test('nothing of a blocked node is read, and it is read again once the block is lifted', async () => {
  await using shared = new SharedFolder()
  const [ada, ben] = await shared.three()
  ada.ledger.write(ada.now(), (tx) => setBlocked(tx, ben.id, true))
  ben.observe('unheard.json')
  await ben.exchange.publish()
  expect(await ada.sync()).toMatchObject({ admitted: 0, pendingNodes: [] })
  ada.ledger.write(ada.now(), (tx) => setBlocked(tx, ben.id, false))
  expect(await ada.sync()).toMatchObject({ admitted: 1 })
})

test('the fork of a blocked node is not read, not even from who shows it; once the block is lifted both stories are there', async () => {
  await using shared = new SharedFolder()
  const [ada, ben, cleo] = await shared.three()
  const twin = shared.steward('twin', { seed: 'ben' }).joinNetwork(ada.network!)
  await twin.sync()
  ada.ledger.write(ada.now(), (tx) => setBlocked(tx, ben.id, true))
  const stories = [ben.observe('here.json'), twin.observe('there.json')]
  await settle([ben, twin, cleo])
  const before = ada.fingerprint()
  await settle([cleo, ada])
  expect([forkOf(cleo, ben), storiesIn(cleo, stories)]).toEqual([2, 2])
  expect([forkOf(ada, ben), storiesIn(ada, stories), ada.fingerprint()]).toEqual([null, 0, before])

  ada.ledger.write(ada.now(), (tx) => setBlocked(tx, ben.id, false))
  await settle([ada, cleo])
  expect([forkOf(ada, ben), storiesIn(ada, stories), ada.fingerprint()]).toEqual([2, 2, cleo.fingerprint()])
})

function forkOf(reader: Steward, of: Steward): number | null {
  return forkSeqOf(reader.ledger.read, nodeKeyOf(reader.ledger.read, of.id)!)
}

function storiesIn(reader: Steward, stories: readonly { readonly id: ReceiptId }[]): number {
  return knownIds(
    reader.ledger.read,
    stories.map(({ id }) => id),
  ).size
}

test('a node that took its request back is not pending any more', async () => {
  await using shared = new SharedFolder()
  const { ada, dora } = await asking(shared)
  rmSync(shared.pathOf(dora), { recursive: true })
  await ada.sync()
  expect(ada.exchange.pendingNodes()).toEqual([])
})

test('of strangers who came and went nothing is remembered, however many there were', async () => {
  await using shared = new SharedFolder()
  const [ada, ben] = await shared.three()
  ben.observe('a.json')
  const noted = () =>
    ['exchange_inbox_file', 'exchange_head', 'exchange_last_seen'].map((table) =>
      ada.ledger.read.prepare<[], number>(`SELECT count(*) FROM ${table}`).pluck().get(),
    )
  await settle([ben, ada])
  const before = noted()
  for (const name of ['dora', 'emil', 'fred']) {
    const stranger = shared.steward(name).joinNetwork(ada.network!).introduce()
    await stranger.exchange.publish()
    ada.nowMs += 5000
    await ada.sync()
    expect(ada.exchange.pendingNodes()).toMatchObject([{ name }])
    rmSync(shared.pathOf(stranger), { recursive: true })
  }
  const bad = shared.pathOf({ id: nodeIdFromPublicKey(new Uint8Array(32).fill(7)) })
  mkdirSync(bad)
  writeFileSync(join(bad, 'head'), 'signed by nobody')
  await ada.sync()
  rmSync(bad, { recursive: true })
  ada.nowMs += 5000
  await ada.sync()
  expect(ada.exchange.pendingNodes()).toEqual([])
  expect(noted()).toEqual(before)
})

test('a joining node that has only the network’s id finds the founder by the receipt with that id', async () => {
  await using shared = new SharedFolder()
  const [ada, ben, cleo] = await shared.three()
  const dora = shared.steward('dora').joinNetwork(ada.network!)
  expect(await dora.sync()).toMatchObject({ admitted: ada.seq + ben.seq + cleo.seq, pendingNodes: [] })
  expect(dora.fingerprint()).toBe(ada.fingerprint())
})

test('until the founding receipt is there, that is what is waited for', async () => {
  await using shared = new SharedFolder()
  const [ada] = await shared.three()
  const folder = shared.pathOf(ada, 'feed')
  const dora = shared.steward('dora').joinNetwork(ada.network!)
  rmSync(folder, { recursive: true })
  await dora.sync()
  expect(dora.exchange.view()).toMatchObject({
    state: 'not-admitted',
    reason: containing('founding receipt'),
  })
  expect(dora.receipts()).toBe(0)
})

// One data folder that was copied to a second machine: the same key at work in two places, of which nobody signs.
import { createHash } from 'node:crypto'
import { readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { append } from '#core/ledger/index.ts'
import { containing, settle, SharedFolder, snapshot, type Steward } from './shared-folder.ts'

/** Ada in two places on one exchange, with content and a receipt of somebody else. */
async function adaTwice(shared: SharedFolder): Promise<[ada: Steward, twin: Steward, ben: Steward]> {
  const [ada, ben] = await shared.three()
  const hash = await ada.blobs.put(Buffer.from('a report'))
  ada.observe('content.txt', { content: { hash, size: 8 } })
  await settle([ada, ben])
  const twin = shared.steward('twin', { seed: 'ada' }).joinNetwork(ada.network!)
  await twin.blobs.put(Buffer.from('a report'))
  await settle([twin, ada])
  return [ada, twin, ben]
}

/** Of somebody of whom nothing lies in the exchange: it came by another way, and only to this place. */
function holdsMore(shared: SharedFolder, place: Steward): void {
  const eve = shared.steward('eve', { folder: null })
  const receipt = eve.observe('eve.json')
  place.ledger.write(place.now(), (tx) => append(tx, receipt, { way: 'bundle', source: 'a bundle' }))
}

function sha256Of(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

test('two places with one key that hold the same leave what the other has written', async () => {
  await using shared = new SharedFolder()
  const [ada, twin, ben] = await adaTwice(shared)
  const before = snapshot(shared.folder)
  await settle([ada, twin])
  expect(snapshot(shared.folder)).toBe(before)

  // As where a sync tool brings what the other place has, and gives it another time.
  const blob = join(shared.pathOf(ada), 'blobs', sha256Of('a report').slice(0, 2), sha256Of('a report'))
  utimesSync(blob, 1, 1)
  ben.observe('ben.json')
  await settle([ben, ada, twin])
  expect(statSync(blob).mtimeMs).toBe(1000)
  const after = snapshot(shared.folder)
  await settle([ada, twin])
  expect(snapshot(shared.folder)).toBe(after)
  expect([ada.exchange.view().state, twin.exchange.view().state]).toEqual(['idle', 'idle'])
})

test('what one of two places signs is taken over by the other, head and all', async () => {
  await using shared = new SharedFolder()
  const [ada, twin, ben] = await adaTwice(shared)
  ada.observe('a.json')
  await settle([ada, twin])
  const before = snapshot(shared.folder)
  await settle([ada, twin, ben])
  expect(twin.seq).toBe(ada.seq)
  expect(ben.seqOf(ada)).toBe(ada.seq)
  await settle([ada, twin, ben])
  expect(snapshot(shared.pathOf(ada))).toBe(
    before
      .split('\n')
      .filter((line) => line.startsWith(shared.pathOf(ada) + '/'))
      .join('\n'),
  )
})

test('two places with one key that hold different things do not write over each other for ever: one gives way and says so', async () => {
  await using shared = new SharedFolder()
  const [ada, twin, ben] = await adaTwice(shared)
  holdsMore(shared, twin)
  for (let round = 0; round < 5; round++) await settle([ada, twin])
  const before = snapshot(shared.folder)
  await settle([ada, twin])
  expect(snapshot(shared.folder)).toBe(before)

  const told = [ada, twin].map((place) => place.exchange.view()).filter(({ reason }) => reason !== null)
  expect(told).toMatchObject([
    { state: 'unreadable', reason: containing('Another place'), remedy: containing('Stop the other place') },
  ])
  // Receipts get out all the same.
  const quiet = ada.exchange.view().reason === null ? twin : ada
  quiet.observe('still.json')
  await settle([quiet, ben])
  expect(ben.seqOf(ada)).toBe(quiet.seq)
})

test('when the other place is stopped, the one that gave way goes on once its folder is chosen again', async () => {
  await using shared = new SharedFolder()
  const [ada, twin] = await adaTwice(shared)
  holdsMore(shared, twin)
  for (let round = 0; round < 5; round++) await settle([ada, twin])
  const gaveWay = ada.exchange.view().reason === null ? twin : ada
  await gaveWay.exchange.setFolder(shared.folder)
  await gaveWay.sync()
  const written = snapshot(shared.pathOf(ada))
  await gaveWay.sync()
  expect(gaveWay.exchange.view()).toMatchObject({ state: 'idle', reason: null })
  expect(snapshot(shared.pathOf(ada))).toBe(written)
})

test('an older version of an own file is put right as often as a sync tool brings it back', async () => {
  await using shared = new SharedFolder()
  const [ada, ben] = await shared.three()
  const seen = shared.pathOf(ada, 'seen')
  const old = readFileSync(seen)
  ben.observe('ben.json')
  await settle([ben, ada])
  const newest = readFileSync(seen)
  expect(newest).not.toEqual(old)
  for (let time = 0; time < 5; time++) {
    writeFileSync(seen, old)
    await ada.sync()
    expect(readFileSync(seen)).toEqual(newest)
  }
  expect(ada.exchange.view()).toMatchObject({ state: 'idle', reason: null })
})

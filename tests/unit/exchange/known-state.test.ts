import { copyFileSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import type { NodeId } from '#core/contract/index.ts'
import { nodeIdFromPublicKey, parseHead, signHead, signSeen } from '#core/receipts/index.ts'
import { signerFromSeed } from '#tests/kit/nodes.ts'
import { matching, settle, SharedFolder, type Steward } from './shared-folder.ts'

test('who holds whose feed up to where is known, also of nodes that are offline', async () => {
  await using shared = new SharedFolder()
  const [ada, ben, cleo] = await shared.three()
  ada.observe('a.json')
  await settle([ada, ben])
  const said = new Map(ada.exchange.knownState().map((row) => [`${row.holder} ${row.node}`, row.seq]))
  expect(said.get(`${ben.id} ${ada.id}`)).toBe(3)
  expect(said.get(`${cleo.id} ${ada.id}`)).toBe(2)
  expect(ada.exchange.peer(ben.id)).toMatchObject({
    hasOfOurs: 3,
    head: { seq: 1 },
    lastSeen: { way: 'folder' },
    trouble: null,
  })
  expect(ada.exchange.peer(cleo.id)).toMatchObject({ hasOfOurs: 2 })
})

test.each([
  ['another receipt than lies there', 0],
  ['more than was ever signed', 5],
])('who says that they hold %s of a feed holds no copy of it', async (_what, beyond) => {
  await using shared = new SharedFolder()
  const [ada, ben] = await shared.three()
  ada.observe('a.json')
  await settle([ada, ben])
  expect(ada.exchange.peer(ben.id).hasOfOurs).toBe(ada.seq)
  const lie = [{ node: ada.id, seq: ada.seq + beyond, id: ada.network! }]
  writeFileSync(shared.pathOf(ben, 'seen'), signSeen(lie, signerFromSeed('ben')))
  ada.nowMs += 5000
  await ada.sync()
  expect(ada.exchange.peer(ben.id).hasOfOurs).toBeNull()
  expect(ada.exchange.knownState().filter(({ holder }) => holder === ben.id)).toEqual([])
})

test('a node that names others each time is remembered by the last that it said, and by no more than one note holds', async () => {
  await using shared = new SharedFolder()
  const [ada, ben] = await shared.three()
  const invented = (first: number) =>
    Array.from({ length: 200 }, (_, at) => ({
      node: nodeIdFromPublicKey(new Uint8Array(32).fill(first + at)),
      seq: 1,
      id: ada.network!,
    }))
  const heldBy = () => ada.exchange.knownState().filter(({ holder }) => holder === ben.id)
  for (const first of [0, 40]) {
    writeFileSync(shared.pathOf(ben, 'seen'), signSeen(invented(first), signerFromSeed('ben')))
    ada.nowMs += 5000
    await ada.sync()
    expect(heldBy().map(({ node }) => node)).toEqual(
      invented(first)
        .map(({ node }) => node)
        .sort(),
    )
  }
})

/** What a node signed that it holds, as a bundle brings it. */
function bundled(ada: Steward, holder: NodeId, note: string): Promise<boolean> {
  return ada.exchange.takeIn('bundle', ada.ledger, async (intake) =>
    intake.seen(holder, Buffer.from(note), 'old.zip/seen'),
  )
}

test('a bundle that is older takes back nothing of what a node says that it holds', async () => {
  await using shared = new SharedFolder()
  const [ada, ben, cleo] = await shared.three()
  const old = readFileSync(shared.pathOf(ben, 'seen'), 'utf8')
  ada.observe('a.json')
  cleo.observe('b.json')
  await settle([ada, cleo, ben, ada])
  const said = ada.exchange.knownState()
  expect(ada.exchange.peer(ben.id).hasOfOurs).toBe(ada.seq)
  ada.nowMs += 5000
  for (const note of [old, readFileSync(shared.pathOf(ben, 'seen'), 'utf8'), signSeen([], signerFromSeed('ben'))]) {
    expect(await bundled(ada, ben.id, note)).toBe(true)
    expect(ada.exchange.knownState()).toEqual(said)
  }
})

test('what a bundle takes back of one feed is not believed for what it adds of another', async () => {
  await using shared = new SharedFolder()
  const [ada, ben, cleo] = await shared.three()
  await settle([ada, ben, cleo])
  const said = ada.exchange.knownState()
  const own = { node: ada.id, seq: 1, id: ada.network! }
  const others = { node: cleo.id, seq: cleo.seq + 1, id: ada.network! }
  await bundled(ada, ben.id, signSeen([own, others], signerFromSeed('ben')))
  expect(ada.exchange.knownState()).toEqual(said)
})

test('what a bundle says beyond the folder counts, also when the folder is read again and says what it said', async () => {
  await using shared = new SharedFolder()
  const [ada, ben] = await shared.three()
  const path = shared.pathOf(ben, 'seen')
  const [old, time] = [readFileSync(path), new Date('2026-11-21T12:00:00Z')]
  ada.observe('a.json')
  await settle([ada, ben])
  const newer = readFileSync(path, 'utf8')
  writeFileSync(path, old)
  await ada.sync()
  expect(ada.exchange.peer(ben.id).hasOfOurs).toBe(ada.seq - 1)
  await bundled(ada, ben.id, newer)
  expect(ada.exchange.peer(ben.id).hasOfOurs).toBe(ada.seq)
  utimesSync(path, time, time)
  await ada.sync()
  expect(ada.exchange.peer(ben.id).hasOfOurs).toBe(ada.seq)
})

test('a node that lost part of what it held is believed when its folder says so', async () => {
  await using shared = new SharedFolder()
  const [ada, ben] = await shared.three()
  expect(ada.exchange.peer(ben.id).hasOfOurs).toBe(ada.seq)
  const left = [{ node: ada.id, seq: 1, id: ada.network! }]
  writeFileSync(shared.pathOf(ben, 'seen'), signSeen(left, signerFromSeed('ben')))
  await ada.sync()
  expect(ada.exchange.peer(ben.id).hasOfOurs).toBe(1)
})

test('receipts that a head names and that are not here are withheld, until they come', async () => {
  await using shared = new SharedFolder()
  const [ada, ben] = await shared.three()
  ben.observe('a.json')
  ben.observe('b.json')
  await ben.exchange.publish()
  const segment = shared.pathOf(ben, 'feed', '2-3.jsonl')
  const kept = shared.place('kept')
  copyFileSync(segment, kept)
  rmSync(segment)
  ada.nowMs += 5000
  await ada.sync()
  const since = ada.now()
  // A head may well arrive before what it names.
  expect(ada.exchange.observations()).toEqual([])
  ada.nowMs += 60_000
  expect(ada.exchange.observations()).toEqual([
    { type: 'withheld', node: ben.id, fromSeq: 2, toSeq: 3, headId: matching(/^sha256:/), since },
  ])
  expect(ada.exchange.peer(ben.id).trouble?.what).toContain('#2 and #3 did not arrive.')
  ada.nowMs += 5000
  await ada.sync()
  expect(ada.exchange.observations()).toMatchObject([{ since }])
  copyFileSync(kept, segment)
  await ada.sync()
  expect(ada.exchange.observations()).toEqual([])
  expect(ada.exchange.peer(ben.id).trouble).toBeNull()
})

test('what came behind a gap is not said to be missing', async () => {
  await using shared = new SharedFolder()
  const [ada, ben] = await shared.three()
  for (const subject of ['a.json', 'b.json', 'c.json']) {
    ben.observe(subject)
    await ben.exchange.publish()
  }
  for (const missing of ['2-2.jsonl', '3-3.jsonl']) rmSync(shared.pathOf(ben, 'feed', missing))
  await ada.sync()
  expect(ada.exchange.peer(ben.id).trouble?.what).toBe(
    'It signed 4 receipts; #2 and #3 did not arrive; #4 waits behind them.',
  )
  ada.nowMs += 60_000
  await ada.sync()
  expect(ada.exchange.observations()).toMatchObject([{ type: 'withheld', node: ben.id, fromSeq: 2, toSeq: 3 }])
})

test('a head whose root does not fit the feed is said', async () => {
  await using shared = new SharedFolder()
  const [ada, ben] = await shared.three()
  ben.observe('a.json')
  await ben.exchange.publish()
  const head = parseHead(readFileSync(shared.pathOf(ben, 'head')))
  if (!head.ok) throw new Error('Ben’s head is well formed')
  const lie = signHead({ ...head.value, root: new Uint8Array(32).fill(7) }, signerFromSeed('ben'))
  writeFileSync(shared.pathOf(ben, 'head'), lie)
  await ada.sync()
  expect(ada.exchange.peer(ben.id).trouble?.what).toContain('Merkle root')
})

test('an older copy of a node’s folder takes nothing back', async () => {
  await using shared = new SharedFolder()
  const [ada, ben] = await shared.three()
  const old = readFileSync(shared.pathOf(ben, 'head'))
  ben.observe('a.json')
  await ben.exchange.publish()
  await ada.sync()
  writeFileSync(shared.pathOf(ben, 'head'), old)
  rmSync(shared.pathOf(ben, 'feed', '2-2.jsonl'))
  await ada.sync()
  expect(ada.exchange.peer(ben.id).head?.seq).toBe(2)
  expect(ada.seqOf(ben)).toBe(2)
  expect(ada.exchange.observations()).toEqual([])
})

test('a forged head or statement is refused once it is stable, and changes nothing', async () => {
  await using shared = new SharedFolder()
  const [ada, ben] = await shared.three()
  const head = readFileSync(shared.pathOf(ben, 'head'), 'utf8')
  writeFileSync(shared.pathOf(ben, 'head'), head.replace('\n1\n', '\n9\n'))
  expect((await ada.sync()).refused).toEqual([])
  await ada.sync()
  expect((await ada.sync()).refused).toMatchObject([{ source: matching(/\/head$/), reason: 'bad-signature' }])
  expect(ada.exchange.peer(ben.id).head?.seq).toBe(1)
  expect(ada.exchange.observations()).toEqual([])
})

test('the newest head of a node is kept as it was signed', async () => {
  await using shared = new SharedFolder()
  const [ada, ben] = await shared.three()
  expect(ada.exchange.headNote(ben.id)).toBe(readFileSync(shared.pathOf(ben, 'head'), 'utf8'))
  expect(ada.exchange.headNote(ada.id)).toBe(readFileSync(shared.pathOf(ada, 'head'), 'utf8'))
  expect(ada.exchange.recentHeldBack(ada.now())).toEqual(Array(12).fill(0))
})

import { readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { nodeFolderAdapter } from '#core/exchange/index.ts'
import { containing, settle, SharedFolder } from './shared-folder.ts'

test('a restored node reads its own feed back before anything else, and only then knows its head', async () => {
  await using shared = new SharedFolder()
  const [ada, ben] = await shared.three()
  ada.observeMany(30)
  await settle([ada, ben])
  const restored = shared.steward('restored', { seed: 'ada' }).joinNetwork(ada.network!)
  restored.headKnown = false
  expect(restored.exchange.ownHeadState()).toMatchObject({ complete: false, seqHere: 0 })
  await restored.sync()
  expect(restored.exchange.ownHeadState()).toMatchObject({
    complete: true,
    seqHere: 32,
    seqInFolder: 32,
    seqElsewhere: 32,
  })
  expect(restored.fingerprint()).toBe(ada.fingerprint())
})

test.each(['hangs', 'is broken'])(
  'a drive that %s keeps nobody from signing for longer than it takes to ask it',
  async (how) => {
    await using shared = new SharedFolder()
    const [ada] = await shared.three()
    const drive = Promise.withResolvers<null>()
    // Whoever asks the drive hears of it, however late.
    drive.promise.catch(() => undefined)
    const broken = () => drive.reject(Object.assign(new Error('input/output error'), { code: 'EIO' }))
    const files = { ...nodeFolderAdapter(), read: () => drive.promise }
    if (how === 'is broken') broken()
    const again = shared.steward('again', { seed: 'ada', files })
    expect(again.exchange.ownHeadState()).toMatchObject({ isRead: false })
    await again.exchange.lookAtOwnHead()
    expect(again.exchange.ownHeadState()).toMatchObject({ isRead: true, seqInFolder: null })
    broken()
    await again.exchange.stop()
    expect([...ada.bugs, ...again.bugs]).toEqual([])
  },
)

test('while part of the own feed is missing the head is not known, and nothing is published over it', async () => {
  await using shared = new SharedFolder()
  const [ada, ben] = await shared.three()
  ada.observe('a.json')
  await settle([ada, ben])
  const segment = shared.pathOf(ada, 'feed', '3-3.jsonl')
  const away = shared.place('away')
  renameSync(segment, away)
  const head = readFileSync(shared.pathOf(ada, 'head'), 'utf8')
  const restored = shared.steward('restored', { seed: 'ada' }).joinNetwork(ada.network!)
  expect((await restored.sync()).exchange).toMatchObject({
    state: 'unreadable',
    reason: containing('longer own feed'),
  })
  expect(restored.exchange.ownHeadState()).toMatchObject({ complete: false, isAhead: true, seqHere: 2, seqInFolder: 3 })
  expect(readFileSync(shared.pathOf(ada, 'head'), 'utf8')).toBe(head)
  renameSync(away, segment)
  expect((await restored.sync()).exchange.state).toBe('idle')
  expect(restored.exchange.ownHeadState().complete).toBe(true)
})

test('what others say they hold counts too: a head is not known while they hold more', async () => {
  await using shared = new SharedFolder()
  const [ada, ben] = await shared.three()
  const old = readFileSync(shared.pathOf(ada, 'head'))
  ada.observe('a.json')
  await settle([ada, ben])
  rmSync(shared.pathOf(ada, 'feed', '3-3.jsonl'))
  writeFileSync(shared.pathOf(ada, 'head'), old)
  const restored = shared.steward('restored', { seed: 'ada' }).joinNetwork(ada.network!)
  restored.headKnown = false
  await restored.sync()
  expect(restored.exchange.ownHeadState()).toMatchObject({
    complete: false,
    seqHere: 2,
    seqInFolder: 2,
    seqElsewhere: 3,
  })
  expect(restored.exchange.ownHeadState().reason).toContain('3 own receipts are known elsewhere')
})

test('a folder without a head of this node proves nothing about it', async () => {
  await using shared = new SharedFolder()
  const [ada] = await shared.three()
  rmSync(shared.pathOf(ada), { recursive: true })
  const restored = shared.steward('restored', { seed: 'ada' }).joinNetwork(ada.network!)
  restored.headKnown = false
  await restored.sync()
  expect(restored.exchange.ownHeadState().complete).toBe(false)
})

test('once the steward declares the old head lost, publishing goes on after what is here', async () => {
  await using shared = new SharedFolder()
  const [ada] = await shared.three()
  ada.observe('a.json')
  await ada.sync()
  rmSync(shared.pathOf(ada, 'feed', '3-3.jsonl'))
  const restored = shared.steward('restored', { seed: 'ada' }).joinNetwork(ada.network!)
  await restored.sync()
  restored.exchange.declareOwnHeadLost()
  expect(restored.exchange.ownHeadState()).toMatchObject({ isAhead: false })
  restored.observe('b.json')
  expect(await restored.sync()).toMatchObject({ published: 1, exchange: { state: 'idle' } })
  expect(await restored.sync()).toMatchObject({ published: 0, exchange: { state: 'idle' } })
})

test('a key that signs in two places is noticed, nothing new is published, and everybody sees both stories', async () => {
  await using shared = new SharedFolder()
  const [ada, ben, cleo] = await shared.three()
  const twin = shared.steward('twin', { seed: 'ada' }).joinNetwork(ada.network!)
  await twin.sync()
  ada.observe('here.json')
  twin.observe('there.json')
  twin.observe('and there.json')
  await ada.sync()
  const head = readFileSync(shared.pathOf(ada, 'head'), 'utf8')
  expect((await twin.sync()).exchange).toMatchObject({ state: 'unreadable', reason: containing('two stories') })
  expect(shared.segmentsOf(ada).filter((name) => name.includes('('))).toEqual(['3-3 (2).jsonl', '3-4 (1).jsonl'])
  expect(readFileSync(shared.pathOf(ada, 'head'), 'utf8')).toBe(head)

  await settle([ada, ben, cleo])
  for (const other of [ada, ben, cleo]) {
    expect(other.receipts()).toBe(twin.receipts())
    expect(other.fingerprint()).toBe(twin.fingerprint())
  }
})

test('two places that publish the same fork do not write over each other again and again', async () => {
  await using shared = new SharedFolder()
  const [ada] = await shared.three()
  const twin = shared.steward('twin', { seed: 'ada' }).joinNetwork(ada.network!)
  await twin.sync()
  ada.observe('here.json')
  twin.observe('there.json')
  await settle([ada, twin])
  const times = () => shared.segmentsOf(ada).map((name) => statSync(shared.pathOf(ada, 'feed', name)).mtimeMs)
  const before = times()
  await settle([ada, twin])
  expect(times()).toEqual(before)
})

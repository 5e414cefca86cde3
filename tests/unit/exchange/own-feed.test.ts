import { mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { expect, test, vi } from 'vitest'
import { nodeFolderAdapter, systemTimers } from '#core/exchange/index.ts'
import { StewardError } from '#core/problem/index.ts'
import { errno } from '#tests/kit/disk/errno.ts'
import { silentFolder, type SilentFolder } from '#tests/kit/silent-folder.ts'
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

test.each(['ENOENT', 'EIO', 'ENOTCONN'])('a drive that answers %s keeps nobody from signing', async (code) => {
  await using shared = new SharedFolder()
  const [ada] = await shared.three()
  const files = { ...nodeFolderAdapter(), read: () => Promise.reject(errno(code)) }
  // On a busy machine even an error takes its time.
  const again = shared.steward('again', { seed: 'ada', files, timers: systemTimers() })
  expect(again.exchange.ownHeadState()).toMatchObject({ isRead: false })
  await again.exchange.lookAtOwnHead()
  expect(again.exchange.ownHeadState()).toMatchObject({ isRead: true, seqInFolder: null })
  expect([...ada.bugs, ...again.bugs]).toEqual([])
})

test.each([
  ['the head', (late: SilentFolder) => late.answer(), { isRead: true, isOutrun: true, seqInFolder: 2 }],
  ['an error', (late: SilentFolder) => late.fail(errno('EIO')), { isRead: true, isOutrun: false, seqInFolder: null }],
] as const)(
  'a folder that is silent for longer than anybody waits says so; its own head is read when it answers: %s',
  async (_answer, ends, state) => {
    await using shared = new SharedFolder()
    await shared.three()
    const files = silentFolder(shared.root)
    const again = shared.steward('again', { seed: 'ada', files })
    await again.exchange.lookAtOwnHead()
    expect(again.exchange.ownHeadState()).toMatchObject({ isRead: false, isOutrun: false })
    expect(again.exchange.view()).toMatchObject({ state: 'unreadable', reason: containing('has not answered yet') })
    again.changes.length = 0
    ends(files)
    await expect.poll(() => again.exchange.ownHeadState()).toMatchObject(state)
    expect(again.exchange.view()).toMatchObject({ state: 'idle', reason: null })
    expect(again.changes).toContain('exchange')
    expect(again.bugs).toEqual([])
  },
)

test('who chooses another folder does not wait for a silent one, and its late answer is none of the new one', async () => {
  await using shared = new SharedFolder()
  await shared.three()
  const [there, elsewhere] = [shared.place('there'), shared.place('elsewhere')]
  for (const folder of [there, elsewhere]) mkdirSync(folder)
  const files = silentFolder(shared.root)
  const again = shared.steward('again', { seed: 'ada', files })
  await again.exchange.lookAtOwnHead()
  files.isSilent = (path) => path.startsWith(elsewhere)
  await again.exchange.setFolder(there)
  await expect.poll(() => again.exchange.ownHeadState()).toMatchObject({ isRead: true, seqInFolder: null })
  await again.exchange.setFolder(elsewhere)
  expect(again.exchange.view()).toMatchObject({ folder: elsewhere, reason: containing('has not answered yet') })
  files.answerTo(shared.folder)
  // Only the own key can have signed the head that the first folder held.
  await expect.poll(() => again.exchange.ownHeadState()).toMatchObject({ isRead: false, isOutrun: true })
  await again.exchange.setFolder(null)
  expect(again.exchange.ownHeadState()).toMatchObject({ isRead: true })
  expect(again.bugs).toEqual([])
})

test('a node that is stopped while its folder is silent stops at once, and the late answer harms nothing', async () => {
  await using shared = new SharedFolder()
  await shared.three()
  const files = silentFolder(shared.root)
  const again = shared.steward('again', { seed: 'ada', files })
  await again.exchange.lookAtOwnHead()
  await again.close()
  again.changes.length = 0
  files.answer()
  await files.idle()
  expect(again.changes).toEqual([])
  expect(again.bugs).toEqual([])
})

test('a ledger that could not take the own head has not read it: the next pass does', async () => {
  await using shared = new SharedFolder()
  const [ada] = await shared.three()
  const again = shared.steward('again', { seed: 'ada' }).joinNetwork(ada.network!)
  const writing = vi.spyOn(again.ledger, 'write').mockImplementation(() => {
    throw new StewardError({ code: 'DISK_FULL', happened: 'It is full.', kept: 'All is kept.', remedy: 'Free space.' })
  })
  await again.exchange.lookAtOwnHead()
  expect(again.exchange.ownHeadState()).toMatchObject({ isRead: false })
  writing.mockRestore()
  await again.sync()
  expect(again.exchange.ownHeadState()).toMatchObject({ isRead: true, seqHere: 2, seqInFolder: 2 })
})

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

import { readFileSync, renameSync, symlinkSync } from 'node:fs'
import { expect, test, vi } from 'vitest'
import { nodeFolderAdapter, systemTimers, type FolderAdapter, type Timers } from '#core/exchange/index.ts'
import { SharedFolder, type Steward } from './shared-folder.ts'

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 5))
}

/** The folder reads that happen from now on, by path. */
function recording(reads: string[]): FolderAdapter {
  const real = nodeFolderAdapter()
  return {
    ...real,
    list: (folder, limit) => {
      reads.push(folder)
      return real.list(folder, limit)
    },
  }
}

async function started(shared: SharedFolder, wish: { files?: FolderAdapter; timers?: Timers } = {}) {
  const [ada, ben, cleo] = await shared.three()
  const dora = shared.steward('dora', { timers: systemTimers(), ...wish }).joinNetwork(ada.network!)
  dora.exchange.start()
  await until(() => dora.exchange.view().lastRescan !== null)
  return { ada, ben, cleo, dora }
}

/** A watcher needs a moment to be in place; what is signed meanwhile must not be missed for good either. */
async function signUntilSeen(signer: Steward, reader: Steward): Promise<void> {
  for (let attempt = 0; reader.seqOf(signer) < 2; attempt++) {
    signer.observe(`${attempt}.json`)
    await signer.exchange.publish()
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}

test('a new segment is noticed without anybody asking, and only its node’s folder is read', async () => {
  await using shared = new SharedFolder()
  const reads: string[] = []
  const { ben, cleo, dora } = await started(shared, { files: recording(reads) })
  await signUntilSeen(ben, dora)
  reads.length = 0
  const before = dora.seqOf(ben)
  ben.observe('noticed.json')
  await ben.exchange.publish()
  await until(() => dora.seqOf(ben) > before)
  expect(reads.some((folder) => folder === shared.pathOf(ben))).toBe(true)
  expect(reads.some((folder) => folder === shared.pathOf(cleo))).toBe(false)
})

test('one receipt that comes is told with itself: no page is asked to look once more because a pass was made', async () => {
  await using shared = new SharedFolder()
  const { ben, dora } = await started(shared)
  const seen = shared.pathOf(dora, 'seen')
  const saysWhatItHolds = () => readFileSync(seen, 'utf8').includes(`${ben.id} ${ben.seq} `)
  await signUntilSeen(ben, dora)
  await until(saysWhatItHolds)
  dora.changes.length = 0
  ben.observe('told once.json')
  await ben.exchange.publish()
  await until(saysWhatItHolds)
  expect(dora.seqOf(ben)).toBe(ben.seq)
  expect(dora.changes).toEqual([])
})

test('where no event comes, as on a network drive, the periodic rescan finds what is new', async () => {
  await using shared = new SharedFolder()
  const deaf: FolderAdapter = { ...nodeFolderAdapter(), watch: () => ({ close: () => Promise.resolve() }) }
  const planned: (() => void)[] = []
  const real = systemTimers()
  const timers: Timers = {
    ...real,
    // The rescan's minute is turned by the test; everything else runs as it would.
    setTimeout: (run, delayMs) => (delayMs === 60_000 ? planned.push(run) : real.setTimeout(run, delayMs)),
  }
  const { ben, dora } = await started(shared, { files: deaf, timers })
  ben.observe('silent.json')
  await ben.exchange.publish()
  expect(dora.seqOf(ben)).toBe(1)
  await until(() => planned.length > 0)
  planned.pop()?.()
  await until(() => dora.seqOf(ben) === 2)
})

test('a folder that comes back is watched again', async () => {
  await using shared = new SharedFolder()
  const { ben, dora } = await started(shared)
  const away = shared.place('away')
  renameSync(shared.folder, away)
  await dora.sync()
  expect(dora.exchange.view().state).toBe('missing')
  renameSync(away, shared.folder)
  await dora.sync()
  await signUntilSeen(ben, dora)
  expect(dora.exchange.view().state).not.toBe('missing')
})

test('an admission that is read opens a folder that nothing touched', async () => {
  await using shared = new SharedFolder()
  const { ada, dora } = await started(shared)
  const eve = shared.steward('eve').joinNetwork(ada.network!)
  eve.introduce()
  await eve.sync()
  await until(() => dora.exchange.pendingNodes().some(({ node }) => node === eve.id))
  ada.admit(eve)
  await ada.exchange.publish()
  await until(() => dora.seqOf(eve) === 1)
  await vi.waitFor(() => expect(dora.exchange.pendingNodes().map(({ node }) => node)).not.toContain(eve.id), 20_000)
})

test('an admission that is signed here is followed at once, without any event', async () => {
  await using shared = new SharedFolder()
  const [ada] = await shared.three()
  const eve = shared.steward('eve').joinNetwork(ada.network!)
  eve.introduce()
  await eve.sync()
  const deaf: FolderAdapter = { ...nodeFolderAdapter(), watch: () => ({ close: () => Promise.resolve() }) }
  const twin = shared.steward('twin', { seed: 'ada', files: deaf, timers: systemTimers() }).joinNetwork(ada.network!)
  twin.exchange.start()
  await until(() => twin.exchange.pendingNodes().length === 1)
  await until(() => twin.exchange.view().lastRescan !== null)
  twin.admit(eve)
  twin.exchange.admissionsChanged()
  await until(() => twin.seqOf(eve) === 1)
  await vi.waitFor(() => expect(twin.exchange.pendingNodes()).toEqual([]), 20_000)
})

test('a chosen folder that is a link is watched where it leads', async () => {
  await using shared = new SharedFolder()
  const [ada, ben] = await shared.three()
  const link = shared.place('link')
  symlinkSync(shared.folder, link)
  const dora = shared.steward('dora', { folder: link, timers: systemTimers() }).joinNetwork(ada.network!)
  dora.exchange.start()
  await until(() => dora.exchange.view().lastRescan !== null)
  await signUntilSeen(ben, dora)
  expect(dora.exchange.view()).toMatchObject({ folder: link, state: 'not-admitted' })
})

test('a folder that is moved away, and one that comes in its place, are noticed in seconds though no rescan is due', async () => {
  await using shared = new SharedFolder()
  const { dora } = await started(shared)
  const tells = (state: string) => vi.waitFor(() => expect(dora.exchange.view().state).toBe(state), 20_000)
  await tells('not-admitted')
  expect(dora.exchange.view().state).toBe('not-admitted')
  const elsewhere = `${shared.folder}-elsewhere`
  renameSync(shared.folder, elsewhere)
  await tells('missing')
  renameSync(elsewhere, shared.folder)
  await tells('not-admitted')
})

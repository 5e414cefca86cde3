import { mkdirSync, readFileSync, renameSync, rmdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { expect, test, vi } from 'vitest'
import { nodeFolderAdapter, systemTimers, type FolderAdapter } from '#core/exchange/index.ts'
import type { FolderEntry } from '#core/exchange/folder-adapter.ts'
import { buildHostileFolder } from '#tests/fixtures/hostile-folder/build.ts'
import { signerFromSeed } from '#tests/kit/nodes.ts'
import { countedFolders, guardedFolders } from './guarded-folders.ts'
import { containing, settle, SharedFolder, snapshot } from './shared-folder.ts'

const SEED = 20261121
const LETTERS = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz'

/** Names that a node could have, before all that these nodes have. */
function goodNames(count: number): string[] {
  const letter = (index: number) => LETTERS[index % LETTERS.length] ?? ''
  return Array.from({ length: count }, (_, index) => {
    const digits = [3, 2, 1, 0].map((place) => letter(Math.floor(index / LETTERS.length ** place)))
    return `z6Mk111${digits.join('')}${'1'.repeat(37)}`
  })
}

/** A folder whose `nodes` is listed otherwise than it is. */
function listedAs(change: (entries: readonly FolderEntry[]) => readonly FolderEntry[]): FolderAdapter {
  const real = nodeFolderAdapter()
  return {
    ...real,
    list: async (folder, limit) => {
      const listing = await real.list(folder, limit)
      if (listing === null || basename(folder) !== 'nodes') return listing
      const entries = change(listing.entries)
      return { entries, notRead: listing.notRead + Math.max(0, listing.entries.length - entries.length) }
    },
  }
}

/** One that lists so many more, with nothing in them. */
function crowdedFolders(count: number): FolderAdapter {
  const crowd = goodNames(count).map((name) => ({ name, kind: 'folder' }) as const)
  return listedAs((entries) => [...crowd, ...entries])
}

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
  expect(ada.seqOf(ben)).toBe(2)
}, 120_000)

test('folders with good names and nothing in them keep nobody admitted from being read, and cost one look each', async () => {
  await using shared = new SharedFolder()
  const calls: string[] = []
  const ada = shared.steward('ada', { files: countedFolders(calls) })
  const [ben, cleo] = [shared.steward('ben'), shared.steward('cleo')]
  ada.found([ada, ben, cleo])
  await settle([ada, ben.introduce(), cleo.introduce()])
  const paths = new Set(goodNames(12_000).map((name) => join(shared.folder, 'nodes', name)))
  for (const path of paths) mkdirSync(path)
  for (const steward of [ben, cleo]) await steward.observeMany(5).exchange.publish()

  for (const seq of [6, 7]) {
    calls.length = 0
    await ada.sync()
    expect([ada.seqOf(ben), ada.seqOf(cleo)]).toEqual([seq, seq])
    const looks = calls.filter((call) => paths.has(dirname(call.slice(call.indexOf(' ') + 1))))
    expect(looks).toHaveLength(10_000)
    expect(looks.every((call) => call.startsWith('stat ') && call.endsWith('head'))).toBe(true)
    expect(calls.some((call) => paths.has(call.slice(call.indexOf(' ') + 1)))).toBe(false)
    for (const steward of [ben, cleo]) await steward.observeMany(1).exchange.publish()
  }

  expect(ada.exchange.view()).toMatchObject({
    state: 'idle',
    notRead: 2_000,
    reason: containing('a node that asks to join may not be seen'),
    remedy: containing('delete from “nodes”'),
  })
  for (const path of paths) rmdirSync(path)
  await ada.sync()
  expect(ada.exchange.view()).toMatchObject({ state: 'idle', notRead: 0, reason: null, remedy: null })
}, 120_000)

test('an event about one node has nobody look at the folders of strangers', async () => {
  await using shared = new SharedFolder()
  const calls: string[] = []
  const ada = shared.steward('ada', { files: countedFolders(calls), timers: systemTimers() })
  const ben = shared.steward('ben')
  ada.found([ada, ben])
  await settle([ada, ben.introduce()])
  const paths = new Set(goodNames(100).map((name) => join(shared.folder, 'nodes', name)))
  for (const path of paths) mkdirSync(path)
  ada.exchange.start()
  await vi.waitFor(() => expect(calls.filter((call) => paths.has(dirname(call.slice(5))))).toHaveLength(100), 20_000)
  calls.length = 0
  // What is written before the watch stands is told by no event.
  const heard = async () => {
    await ben.observeMany(1).exchange.publish()
    expect(ada.seqOf(ben)).toBeGreaterThan(1)
  }
  await vi.waitFor(heard, { timeout: 25_000, interval: 200 })
  expect(calls.filter((call) => paths.has(dirname(call.slice(5))))).toEqual([])
}, 40_000)

test('who asks to join is seen among many, sooner or later, and once seen is not lost', async () => {
  await using shared = new SharedFolder()
  const ada = shared.steward('ada', { files: crowdedFolders(12_000) }).found()
  await ada.sync()
  const dora = shared.steward('dora').joinNetwork(ada.network!).introduce()
  await dora.exchange.publish()
  const asking = async () => {
    ada.nowMs += 61_003
    await ada.sync()
    return ada.exchange.pendingNodes().map(({ name }) => name)
  }
  let rescans = 0
  while ((await asking()).length === 0) expect(++rescans).toBeLessThan(20)
  for (let rescan = 0; rescan < 4; rescan++) expect(await asking()).toEqual(['dora'])
}, 120_000)

test('a new node finds the founder among folders with good names and nothing in them', async () => {
  await using shared = new SharedFolder()
  const [ada, ben] = await shared.three()
  const dora = shared.steward('dora', { files: crowdedFolders(12_000) }).joinNetwork(ada.network!)
  await dora.sync()
  expect([dora.seqOf(ada), dora.seqOf(ben)]).toEqual([2, 1])
}, 120_000)

test.each([
  ['by its name', (name: string) => name],
  ['by its name in small letters', (name: string) => name.toLowerCase()],
  ['by its name in capitals', (name: string) => name.toUpperCase()],
])('a node that the listing leaves out is found %s', async (_how, spelt) => {
  await using shared = new SharedFolder()
  const name = spelt(signerFromSeed('ben').node.slice('did:key:'.length))
  const ada = shared.steward('ada', { files: listedAs((entries) => entries.filter((entry) => entry.name !== name)) })
  const ben = shared.steward('ben')
  ada.found([ada, ben])
  await ada.sync()
  await ben.introduce().observeMany(3).exchange.publish()
  renameSync(shared.pathOf(ben), join(shared.folder, 'nodes', name))
  await ada.sync()
  expect(ada.seqOf(ben)).toBe(4)
  expect(ada.exchange.view()).toMatchObject({ notRead: 1, reason: containing('may not be seen') })
})

test('of a node’s name in many spellings the one that a drive would make of it is read, and the others are ignored', async () => {
  await using shared = new SharedFolder()
  const small = signerFromSeed('ben').node.slice('did:key:'.length).toLowerCase()
  const spelt = goodNames(20).map(
    (_, index) =>
      `Z6mk${small.slice(4, 30)}${small
        .slice(30)
        .toUpperCase()
        .slice(0, -index - 1)}${small.slice(-index - 1)}`,
  )
  const files = listedAs((entries) => [...spelt.map((name) => ({ name, kind: 'folder' }) as const), ...entries])
  const ada = shared.steward('ada', { files })
  const ben = shared.steward('ben')
  ada.found([ada, ben])
  await ada.sync()
  await ben.introduce().observeMany(3).exchange.publish()
  renameSync(shared.pathOf(ben), join(shared.folder, 'nodes', small))
  await ada.sync()
  expect(ada.seqOf(ben)).toBe(4)
  expect(ada.exchange.view()).toMatchObject({ ignored: new Set(spelt).size, notRead: 0, reason: null })
})

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

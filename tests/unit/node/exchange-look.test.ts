// A core that came for one question has read nothing yet: it looks how the folder is, and writes nothing into it.
import { mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { nodeFolderAdapter } from '#core/exchange/index.ts'
import { Place, type Core } from '#tests/kit/place.ts'

/** As a command does it: a core that answers one question. */
async function askedAnew(core: Core) {
  await core.restart()
  return core.steward.exchange.get({})
}

function filesIn(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).toSorted()
}

test('a folder that is there and in order is idle, and nothing of it is read or written', async () => {
  await using place = new Place()
  const [ada, ben] = await place.network('ada', 'ben')
  await ben.observe('a.json', { v: 1 })
  await ben.sync()
  await ada.observe('b.json', { v: 1 })
  const before = filesIn(place.exchange)
  expect(await askedAnew(ada)).toMatchObject({ state: 'idle', reason: null, unpublished: 1, lastRescan: null })
  expect(filesIn(place.exchange)).toEqual(before)
  expect((await ada.steward.network.peer({ node: ben.id })).seq).toBe(1)
})

test('a folder that went away, an empty mount point and the folder of another network are told as what they are', async () => {
  await using place = new Place()
  const [ada] = await place.network('ada', 'ben')
  const away = join(place.folder, 'away')
  renameSync(place.exchange, away)
  expect(await askedAnew(ada)).toMatchObject({
    state: 'missing',
    reason: 'The exchange folder is not there.',
    remedy: expect.stringContaining('Plug in') as string,
  })
  expect((await ada.steward.app.overview({})).safety.headline).toBe('The exchange stands still')
  mkdirSync(place.exchange)
  expect((await askedAnew(ada)).reason).toContain('not mounted')
  expect(readdirSync(place.exchange)).toEqual([])
  rmSync(place.exchange, { recursive: true })
  mkdirSync(place.exchange)
  const marker = { format: 'steward-exchange/1', network: `sha256:${'0'.repeat(64)}`, name: 'another' }
  writeFileSync(join(place.exchange, 'steward-exchange.json'), JSON.stringify(marker))
  expect(await askedAnew(ada)).toMatchObject({ state: 'other-network' })
})

test('a node that nobody has admitted is told so, also by a core that has not read the folder', async () => {
  await using place = new Place()
  const ada = await place.node('ada')
  await ada.sync()
  const ben = await place.node('ben')
  await ben.sync()
  expect(await askedAnew(ben)).toMatchObject({ state: 'not-admitted', reason: expect.any(String) as string })
  await ada.sync()
  await ada.admit(ben.id)
  await ada.sync()
  // It has not read yet that it is.
  expect((await askedAnew(ben)).state).toBe('not-admitted')
  await ben.sync()
  expect((await askedAnew(ben)).state).toBe('idle')
})

test('an exchange that is still to begin is idle, and the look does not begin it', async () => {
  await using place = new Place()
  const ada = await place.node('ada', { exchange: null })
  expect(await askedAnew(ada)).toMatchObject({ state: 'none', unpublished: 2 })
  await ada.steward.exchange.choose({ folder: place.exchange })
  expect((await ada.steward.exchange.get({})).state).toBe('idle')
  expect(readdirSync(place.exchange)).toEqual([])
})

test('a folder in which nothing may be written is read-only', async () => {
  await using place = new Place()
  const [ada] = await place.network('ada', 'ben')
  await ada.restart({ folders: { ...nodeFolderAdapter(), mayWrite: () => Promise.resolve(false) } })
  expect(await ada.steward.exchange.get({})).toMatchObject({ state: 'read-only' })
})

test('an own feed that tells two stories is told', async () => {
  await using place = new Place()
  const [ada, ben] = await place.network('ada', 'ben')
  const { phrase } = await ben.steward.node.phrase({ passphrase: null })
  const twin = await place.core('twin')
  await twin.steward.node.restore({ phrase: phrase.join(' '), name: 'ben', passphrase: null, exchange: place.exchange })
  await ben.observe('a.json', { v: 1 })
  await twin.observe('a.json', { v: 2 })
  await place.settle([twin, ben, ada])
  await ben.sync()
  expect((await askedAnew(ben)).reason).toContain('tells two stories')
})

test('a folder that is silent is told as silent', async () => {
  await using place = new Place()
  const [ada] = await place.network('ada', 'ben')
  const folders = nodeFolderAdapter()
  const timers = {
    setTimeout(run: () => void) {
      setImmediate(run)
      return 0
    },
    clearTimeout: () => undefined,
    setInterval: () => 0,
    clearInterval: () => undefined,
  }
  const silent = new Promise<never>(() => undefined)
  await ada.restart({ folders: { ...folders, stat: () => silent }, timers })
  expect(await ada.steward.exchange.get({})).toMatchObject({
    state: 'unreadable',
    reason: expect.stringContaining('has not answered') as string,
  })
  // Silent only now: the own head was read.
  await ada.restart({ folders: { ...folders, mayWrite: () => silent }, timers })
  expect((await ada.steward.exchange.get({})).reason).toContain('has not answered')
})

test('what lies in the folder beside what is read is remembered', async () => {
  await using place = new Place()
  const [ada, ben] = await place.network('ada', 'ben')
  writeFileSync(join(place.exchange, 'nodes', ben.id.slice('did:key:'.length), 'feed', '.9-9.jsonl.icloud'), 'x')
  await ada.sync()
  expect(await ada.steward.exchange.get({})).toMatchObject({ placeholders: 1 })
  expect(await askedAnew(ada)).toMatchObject({ placeholders: 1, conflictCopies: 0 })
})

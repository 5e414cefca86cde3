// Is anything waiting for me, is everything safe? And the search that finds things by what a person knows of them.
import { readdirSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { ownFeedSafety, type SafetyFacts } from '#core/node/safety.ts'
import { Place, type Core } from '#tests/kit/place.ts'

const overview = (core: Core) => core.steward.app.overview({})

test('what is said about safety follows the state of the feeds in both directions', async () => {
  await using place = new Place()
  const ada = await place.node('ada', { exchange: null })
  expect((await overview(ada)).safety).toMatchObject({
    level: 'watch',
    headline: 'Your receipts are only on this machine',
  })
  await ada.steward.exchange.choose({ folder: place.exchange })
  await ada.sync()
  expect((await overview(ada)).safety).toMatchObject({
    level: 'watch',
    headline: 'Nobody else holds your receipts yet',
  })

  const ben = await place.node('ben')
  await ben.sync()
  await ada.sync()
  expect((await overview(ada)).waits).toMatchObject([{ type: 'node', name: 'ben' }])
  expect((await overview(ada)).counters.pendingNodes).toBe(1)
  expect((await ada.steward.network.get({})).pending).toBe(1)
  await ada.admit(ben.id)
  await ada.sync()
  expect((await overview(ada)).safety.headline).toBe('1 receipt of yours is not with any other node yet')
  await place.settle([ben, ada])
  expect((await overview(ada)).safety).toMatchObject({
    level: 'safe',
    headline: 'Every other node holds all your receipts',
  })
  expect((await overview(ada)).safety.detail).toContain('Everything that they signed is here too.')
  expect((await overview(ben)).nodes.every(({ merged, head }) => merged === head)).toBe(true)

  // Ben's head is here, his receipts are not: half of being in step is missing.
  for (const v of [1, 2]) await ben.observe('b', { v })
  await ben.sync()
  const feed = join(place.exchange, 'nodes', ben.id.slice('did:key:'.length), 'feed')
  const newest = readdirSync(feed).toSorted().at(-1) ?? ''
  renameSync(join(feed, newest), join(place.folder, newest))
  await ada.sync()
  const behind = await overview(ada)
  expect(behind.safety.detail).toContain('1 feed is still arriving here.')
  expect(behind.nodes.find(({ node }) => node === ben.id)).toMatchObject({ merged: 1, head: 3 })
  renameSync(join(place.folder, newest), join(feed, newest))
  await ada.sync()
  expect((await overview(ada)).safety.detail).toContain('Everything that they signed is here too.')

  // Signed a moment ago, not published: nobody can hold it.
  await ada.observe('a', { v: 1 })
  expect((await overview(ada)).safety).toMatchObject({
    level: 'watch',
    headline: '1 receipt of yours is not with any other node yet',
  })
})

const HEALTHY: SafetyFacts = {
  exchange: { state: 'idle', reason: null, remedy: null, unpublished: 0 },
  ownSeq: 5,
  othersHave: [5, 5],
  openForks: 0,
  behind: 0,
}

test.each([
  [
    'a fork is worse than anything',
    { openForks: 2, exchange: { ...HEALTHY.exchange, reason: 'gone' } },
    'danger',
    '2 nodes told two stories',
  ],
  ['one fork', { openForks: 1 }, 'danger', 'A node told two stories'],
  [
    'the exchange stands still',
    { exchange: { ...HEALTHY.exchange, state: 'full', reason: 'No space.' } },
    'watch',
    'The exchange stands still',
  ],
  [
    'who waits to be admitted reads and publishes all the same',
    { exchange: { ...HEALTHY.exchange, state: 'not-admitted', reason: 'Not admitted.' } },
    'watch',
    'Your node is not admitted yet',
  ],
  [
    'what others put into the exchange is no matter of the own feed while the exchange goes on',
    { exchange: { ...HEALTHY.exchange, reason: 'More folders than are looked at.' } },
    'safe',
    'Every other node holds all your receipts',
  ],
  ['one of two holds everything', { othersHave: [5, 4] }, 'watch', '1 of 2 others holds all your receipts'],
  ['nobody holds the last two', { othersHave: [3, 0] }, 'watch', '2 receipts of yours are not with any other node yet'],
  ['two of three hold everything', { othersHave: [5, 5, 4] }, 'watch', '2 of 3 others hold all your receipts'],
  ['a feed is still arriving', { behind: 1 }, 'watch', 'Every other node holds all your receipts'],
  ['all hold everything', {}, 'safe', 'Every other node holds all your receipts'],
] as const)('safety: %s', (_case, facts, level, headline) => {
  const safety = ownFeedSafety({ ...HEALTHY, ...facts })
  expect(safety).toMatchObject({ level, headline })
  expect(safety.detail).toMatch(/\.$/)
})

test.each([
  [{ behind: 2 }, /^2 feeds are still arriving here\. /],
  [{ exchange: { ...HEALTHY.exchange, state: 'full', reason: 'No space.', unpublished: 0 } }, /^No space\.$/],
  [
    { exchange: { ...HEALTHY.exchange, state: 'full', reason: 'No space.', unpublished: 2 } },
    /^No space\. 2 receipts of yours wait to be published\.$/,
  ],
] as const)('what stands behind it is counted: %o', (facts, detail) => {
  expect(ownFeedSafety({ ...HEALTHY, ...facts }).detail).toMatch(detail)
})

test('artefacts that the policy expects and that are missing somewhere wait for the steward, whatever else does', async () => {
  await using place = new Place()
  const [ada, ben] = await place.network('ada', 'ben')
  if (ada === undefined || ben === undefined) throw new Error('two were asked for')
  const { policy } = await ada.steward.network.get({})
  await ada.steward.network.signPolicy({ policy: { ...policy, expected: ['plans/*'] } })
  await ada.observe('plans/a.json', { v: 1 })
  await ada.observe('plans/b.json', { v: 1 })
  await ben.observe('plans/a.json', { v: 1 })
  await place.settle([ada, ben])
  const { waits, oldestOpen } = await overview(ada)
  expect(waits).toMatchObject([
    { type: 'trouble', about: 'coverage', what: 'Expected artefacts are missing: ben has 50.0 %.', since: oldestOpen },
  ])
  await ben.observe('plans/b.json', { v: 1 })
  await place.settle([ben, ada])
  expect((await overview(ada)).waits).toEqual([])
})

test('a clock that is over five minutes behind the others’ is said, and what they sign is held until then', async () => {
  await using place = new Place()
  const [ada, ben] = await place.network('ada', 'ben')
  if (ada === undefined || ben === undefined) throw new Error('two were asked for')
  expect((await overview(ada)).clockOffMs).toBeNull()
  ada.clockOffMs = -10 * 60_000
  await ben.observe('a', { v: 1 })
  await ben.sync()
  await ada.sync()
  expect((await overview(ada)).clockOffMs).toBe(10 * 60_000)
  expect(await ada.steward.exchange.get({})).toMatchObject({ held: 1 })
  expect((await ada.conflicts()).map(({ kind }) => kind)).toContain('held-future')

  place.pass(6 * 60_000)
  await ada.sync()
  expect(await ada.steward.exchange.get({})).toMatchObject({ held: 0 })
  expect(await ada.conflicts()).toEqual([])
  await place.settle([ada, ben])
  expect(await ada.fingerprint()).toBe(await ben.fingerprint())
})

test('a clock that is set back keeps nobody from signing; the receipt says the time that the clock says', async () => {
  await using place = new Place()
  const ada = await place.node('ada', { exchange: null })
  await ada.observe('a', { v: 1 })
  const last = place.now
  ada.clockOffMs = -60_000
  const close = await ada.steward.receipts.get({ id: await ada.observe('a', { v: 2 }) })
  expect(close.summary.time >= last).toBe(true)
  expect(close.timeRunsBackwards).toBe(false)
  ada.clockOffMs = -3_600_000
  const far = await ada.steward.receipts.get({ id: await ada.observe('a', { v: 3 }) })
  expect(far.timeRunsBackwards).toBe(true)
  expect(Date.parse(far.summary.time)).toBe(place.nowMs - 3_600_000)
})

test('things are found by id, by subject, by name, by words', async () => {
  await using place = new Place()
  const [ada, ben] = await place.network('ada', 'ben')
  if (ada === undefined || ben === undefined) throw new Error('two were asked for')
  const id = await ada.observe('reports/usage_100%.json', { v: 1 })
  await ben.observe('reports/usage_100%.json', { v: 2 })
  await place.settle([ada, ben])
  const [conflict] = await ada.conflicts()
  if (conflict === undefined) throw new Error('they differ')
  const find = async (text: string, limit = 20) => (await ada.steward.app.search({ text, limit })).items
  expect(await find(id)).toMatchObject([{ type: 'receipt', id }])
  expect(await find(id.slice(7, 19).toUpperCase())).toMatchObject([{ type: 'receipt', id }])
  expect(await find(conflict.id.slice(7, 19))).toMatchObject([{ type: 'conflict', id: conflict.id }])
  expect((await find('USAGE_100%')).map(({ type }) => type)).toEqual(['conflict', 'receipt', 'receipt'])
  expect(await find('usageX100')).toEqual([])
  expect(await find('Ben')).toMatchObject([{ type: 'peer', id: ben.id, title: 'ben' }])
  const { words } = await ada.steward.network.peer({ node: ben.id })
  expect(await find(words.join(' '))).toMatchObject([{ type: 'peer', id: ben.id }])
  // By his id, with the receipt that admitted him.
  expect(await find(ben.id)).toMatchObject([{ type: 'peer', id: ben.id }, { type: 'receipt' }])
  expect(await find('   ')).toEqual([])
  expect(await find('usage', 2)).toHaveLength(2)
  for (const text of ['%', "'", '"', '\\', 'sha256:', 'zz']) await find(text)
  const all = await find('e', 50)
  expect(new Set(all.map((item) => item.id)).size).toBe(all.length)
})

test('a folder that loses a node’s files loses nobody’s receipts', async () => {
  await using place = new Place()
  const [ada, ben] = await place.network('ada', 'ben')
  if (ada === undefined || ben === undefined) throw new Error('two were asked for')
  await ben.observe('b', { v: 1 })
  await place.settle([ada, ben])
  const before = await ada.fingerprint()
  rmSync(join(place.exchange, 'nodes', ben.id.slice('did:key:'.length)), { recursive: true })
  await ada.sync()
  expect(await ada.fingerprint()).toBe(before)
  await ben.sync()
  expect(readdirSync(join(place.exchange, 'nodes'))).toHaveLength(2)
})

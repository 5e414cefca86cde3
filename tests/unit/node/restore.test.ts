// A node restored on another machine signs nothing until its own head was read back, or its steward gives it up.
import { cpSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { Place, refusal, type Core } from '#tests/kit/place.ts'

const SIGNING = {
  kind: 'evidence/observed',
  subject: 'a',
  task: null,
  anchor: null,
  content: { type: 'body' as const, body: { v: 'after' } },
}

async function phraseOf(core: Core): Promise<string> {
  return (await core.steward.node.phrase({ passphrase: null })).phrase.join(' ')
}

async function restored(place: Place, phrase: string, exchange: string | null): Promise<Core> {
  const core = await place.core('new-machine')
  await core.steward.node.restore({ phrase, name: 'ben', passphrase: null, exchange })
  return core
}

const ownFolder = (place: Place, core: Core) => join(place.exchange, 'nodes', core.id.slice('did:key:'.length))

/** Ada and Ben share a folder; Ben signed three claims, and Ada has seen them. */
async function adaAndBen(place: Place) {
  const [ada, ben] = await place.network('ada', 'ben')
  if (ada === undefined || ben === undefined) throw new Error('two were asked for')
  for (const v of [1, 2, 3]) await ben.observe('a', { v })
  await place.settle([ada, ben])
  return { ada, ben, phrase: await phraseOf(ben) }
}

test('where its feed lies in the folder, the node goes on after its newest receipt', async () => {
  await using place = new Place()
  const { ada, ben, phrase } = await adaAndBen(place)
  await ben.stop()
  const back = await restored(place, phrase, place.exchange)
  expect(await back.steward.app.state({})).toMatchObject({ phase: 'ready', node: { phraseConfirmed: true } })
  expect(await back.steward.receipts.sign(SIGNING)).toMatchObject({ seq: 5 })
  await place.settle([back, ada])
  expect(await ada.steward.network.peer({ node: ben.id })).toMatchObject({ seq: 5, mergedSeq: 5, trouble: null })
  expect(await back.fingerprint()).toBe(await ada.fingerprint())
})

test('restored without its folder it signs nothing and publishes nothing; once the folder is chosen and read, it does', async () => {
  await using place = new Place()
  const { ben, phrase } = await adaAndBen(place)
  await ben.stop()
  const stick = join(place.folder, 'stick')
  renameSync(place.exchange, stick)

  const missing = await place.core('new-machine')
  const wish = { phrase, name: 'ben', passphrase: null, exchange: place.exchange }
  expect(await refusal(missing.steward.node.restore(wish))).toMatchObject({ code: 'EXCHANGE_UNUSABLE' })
  const back = missing
  await back.steward.node.restore({ ...wish, exchange: null })
  expect(await back.steward.app.state({})).toMatchObject({ phase: 'head-unknown' })
  expect(await refusal(back.steward.receipts.sign(SIGNING))).toMatchObject({ code: 'HEAD_UNKNOWN' })
  await back.sync()
  await back.restart()
  expect(await back.steward.app.state({})).toMatchObject({ phase: 'head-unknown' })

  await back.steward.exchange.choose({ folder: stick })
  expect(await back.steward.app.state({})).toMatchObject({ phase: 'head-unknown' })
  await back.sync()
  expect(await back.steward.app.state({})).toMatchObject({ phase: 'ready' })
  expect(await back.steward.receipts.sign(SIGNING)).toMatchObject({ seq: 5 })
})

test('where another node has seen more than the folder holds, it waits; what arrives later sets it free', async () => {
  await using place = new Place()
  const { ben, phrase } = await adaAndBen(place)
  await ben.stop()
  const whole = join(place.folder, 'whole')
  cpSync(ownFolder(place, ben), whole, { recursive: true })
  // As a sync tool leaves it that has brought an old state of Ben's folder: his first segment, and no head.
  const feed = join(ownFolder(place, ben), 'feed')
  for (const name of readdirSync(feed).toSorted().slice(1)) rmSync(join(feed, name))
  rmSync(join(ownFolder(place, ben), 'head'))

  const back = await restored(place, phrase, place.exchange)
  await back.sync()
  expect(await back.steward.app.state({})).toMatchObject({ phase: 'head-unknown' })
  expect(await refusal(back.steward.receipts.sign(SIGNING))).toMatchObject({
    code: 'HEAD_UNKNOWN',
    happened: expect.stringContaining('4 own receipts are known elsewhere; 1 of them are here') as string,
  })

  cpSync(whole, ownFolder(place, ben), { recursive: true })
  await back.sync()
  expect(await back.steward.app.state({})).toMatchObject({ phase: 'ready' })
  expect(await back.steward.receipts.sign(SIGNING)).toMatchObject({ seq: 5 })
})

test('a head that is declared lost lets the node sign and publish after what was found', async () => {
  await using place = new Place()
  const { ada, ben, phrase } = await adaAndBen(place)
  await ben.stop()
  const feed = join(ownFolder(place, ben), 'feed')
  for (const name of readdirSync(feed).toSorted().slice(1)) rmSync(join(feed, name))
  const back = await restored(place, phrase, place.exchange)
  await back.sync()
  expect(await back.steward.app.state({})).toMatchObject({ phase: 'head-unknown' })

  await back.steward.node.lock({})
  expect(await refusal(back.steward.node.declareHeadLost({}))).toMatchObject({ code: 'LOCKED' })
  await back.steward.node.unlock({ passphrase: '' })
  await back.steward.node.declareHeadLost({})
  expect(await back.steward.app.state({})).toMatchObject({ phase: 'ready' })
  expect(await back.steward.receipts.sign(SIGNING)).toMatchObject({ seq: 2 })
  expect((await back.sync()).exchange).toEqual({ state: 'idle', reason: null })
  expect(await back.steward.exchange.get({})).toMatchObject({ unpublished: 0 })
  await back.restart()
  expect(await back.steward.app.state({})).toMatchObject({ phase: 'ready' })
  // Ada holds the old story too: everybody sees the fork, nobody loses a receipt.
  await ada.sync()
  expect((await ada.conflicts()).map(({ kind }) => kind)).toContain('fork')
})

test('a node restored without any folder and given up begins a network of its own', async () => {
  await using place = new Place()
  const { phrase } = await adaAndBen(place)
  const back = await restored(place, phrase, null)
  await back.steward.node.declareHeadLost({})
  expect(await back.steward.network.get({})).toMatchObject({ name: 'ben’s network', admitted: 1 })
  expect(await back.steward.receipts.sign(SIGNING)).toMatchObject({ seq: 3 })
})

test('a data folder put back from an old copy signs no second story: its own head in the exchange outruns it', async () => {
  await using place = new Place()
  const [ada] = await place.network('ada', 'ben')
  if (ada === undefined) throw new Error('ada was asked for')
  await putBackOldCopy(place, ada)
  // The folder brings the head before the receipts that it names.
  const feed = join(ownFolder(place, ada), 'feed')
  const late = join(place.folder, 'late')
  mkdirSync(late)
  const names = readdirSync(feed).toSorted()
  for (const name of names.slice(1)) renameSync(join(feed, name), join(late, name))
  await ada.restart()
  await ada.sync()
  expect(await ada.steward.app.state({})).toMatchObject({ phase: 'head-unknown' })
  expect(await refusal(ada.steward.receipts.sign(SIGNING))).toMatchObject({ code: 'HEAD_UNKNOWN' })

  for (const name of readdirSync(late)) renameSync(join(late, name), join(feed, name))
  await ada.sync()
  expect(await ada.steward.app.state({})).toMatchObject({ phase: 'ready' })
  expect(await ada.conflicts()).toEqual([])
})

test.each([
  ['a command', false],
  ['a window', true],
])(
  'a ledger put back from an old copy signs no second story in %s that signs before it has synced either',
  async (_who, background) => {
    await using place = new Place()
    const [ada] = await place.network('ada', 'ben')
    if (ada === undefined) throw new Error('ada was asked for')
    await putBackOldCopy(place, ada)
    await ada.restart({ background })
    expect(await refusal(ada.steward.receipts.sign(SIGNING))).toMatchObject({ code: 'HEAD_UNKNOWN' })
    await ada.sync()
    expect(await ada.steward.receipts.sign(SIGNING)).toMatchObject({ seq: 6 })
    expect(await ada.conflicts()).toEqual([])
  },
)

/** The data folder as it was before the last two receipts; the node is stopped. */
async function putBackOldCopy(place: Place, node: Core): Promise<void> {
  await node.stop()
  const old = join(place.folder, 'old-copy')
  cpSync(node.home, old, { recursive: true })
  await node.restart()
  for (const v of [1, 2]) await node.observe('a', { v })
  await node.sync()
  await node.stop()

  rmSync(node.home, { recursive: true })
  cpSync(old, node.home, { recursive: true })
}

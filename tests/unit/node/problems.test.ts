// What a caller learns when something cannot be done: four sentences, never a path of this machine or a stack.
import { cpSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { Cursor, NodeId } from '#core/contract/index.ts'
import { nodeFolderAdapter, type FolderAdapter } from '#core/exchange/index.ts'
import { Place, refusal, type Core } from '#tests/kit/place.ts'

const NOWHERE = `sha256:${'0'.repeat(64)}`

/** Every question of the contract that a steward can ask, with an answer to each; rejections are answers too. */
async function everyAnswer({ steward }: Core): Promise<readonly unknown[]> {
  const { items } = await steward.receipts.list({ filter: {}, sort: 'newest', limit: 200 })
  const conflicts = await steward.conflicts.list({ filter: { status: 'all' }, sort: 'newest', limit: 200 })
  const receipt = items[0]?.id
  const conflict = conflicts.items[0]
  if (receipt === undefined || conflict === undefined) throw new Error('there is something to ask about')
  return Promise.all([
    steward.app.overview({}),
    steward.app.search({ text: 'e', limit: 50 }),
    steward.app.doctor({}),
    steward.settings.get({}),
    steward.settings.diagnostics({}),
    steward.conflicts.counts({}),
    steward.conflicts.facets({}),
    steward.conflicts.get({ id: conflict.id }),
    steward.conflicts.diff({ id: conflict.id, withEqual: true }),
    steward.conflicts.history({ subject: conflict.subject, task: conflict.task, limit: 100 }),
    steward.conflicts.preview({ conflicts: [conflict.id], rule: { type: 'newest' } }),
    steward.receipts.facets({}),
    steward.receipts.kinds({}),
    ...items.flatMap(({ id }) => [
      steward.receipts.get({ id }),
      steward.receipts.check({ id }),
      steward.receipts.proof({ id, form: 'json' }),
    ]),
    steward.network.get({}),
    steward.network.peers({ limit: 200 }),
    steward.network.map({}),
    steward.exchange.troubles({ limit: 200 }),
    steward.exchange.sync({}),
    Promise.resolve(items),
    Promise.resolve(conflicts),
  ])
}

async function twoThatDiffer(place: Place) {
  const [ada, ben] = await place.network('ada', 'ben')
  if (ada === undefined || ben === undefined) throw new Error('two were asked for')
  await ada.observe('meter', { value: 1 })
  await ben.observe('meter', { value: 2 })
  await place.settle([ada, ben])
  return { ada, ben }
}

test('no answer holds a path of this machine, but for the data folder and the exchange that the steward chose', async () => {
  await using place = new Place()
  const { ada } = await twoThatDiffer(place)
  const isLeak = (said: unknown) => JSON.stringify(said).includes(place.folder)
  for (const answer of await everyAnswer(ada)) expect(isLeak(answer)).toBe(false)
  const { home, ...state } = await ada.steward.app.state({})
  expect([home, isLeak(state)]).toEqual([ada.home, false])
  const { folder, ...exchange } = await ada.steward.exchange.get({})
  expect([folder, isLeak(exchange)]).toEqual([place.exchange, false])

  // Also where the folder and what is in it make trouble.
  rmSync(join(place.exchange, 'steward-exchange.json'))
  const events = await ada.steward.app.changes({})
  await ada.sync()
  const first = await events.next()
  if (first.done === true) throw new Error('the first event comes at once')
  const { counters, exchange: shown } = first.value
  expect(shown).toMatchObject({ state: 'missing', folder: place.exchange })
  expect(isLeak([counters, { ...shown, folder: null }])).toBe(false)
  expect(JSON.parse((await ada.steward.settings.diagnostics({})).text)).toMatchObject({
    exchange: { folderChosen: true, state: 'missing' },
  })
})

test('what a steward can do wrong is answered with a code and four sentences', async () => {
  await using place = new Place()
  const { ada } = await twoThatDiffer(place)
  const { steward } = ada
  const [conflict] = await ada.conflicts()
  if (conflict === undefined) throw new Error('they differ')
  const body = (value: never) => ({
    kind: 'evidence/observed',
    subject: 'a',
    task: null,
    anchor: null,
    content: { type: 'body' as const, body: value },
  })
  const members = conflict.members.map(({ receipt }) => receipt)
  const decision = { conflict: conflict.id, members, reason: '', planStep: null }
  const unknown = NOWHERE as never
  const codes = await Promise.all(
    [
      steward.receipts.get({ id: unknown }),
      steward.receipts.check({ id: unknown }),
      steward.receipts.proof({ id: unknown, form: 'json' }),
      steward.conflicts.get({ id: unknown }),
      steward.conflicts.diff({ id: unknown, withEqual: false }),
      steward.conflicts.withdraw({ decision: unknown, reason: '' }),
      steward.network.peer({ node: NodeId.parse('did:key:z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK') }),
      steward.receipts.sign(body([1] as never)),
      steward.receipts.sign({ ...body({} as never), kind: 'network/admit' }),
      steward.receipts.sign({ ...body({} as never), subject: 'a\nb' }),
      steward.receipts.sign({ ...body({} as never), anchor: unknown }),
      steward.conflicts.decide({ ...decision, verdict: { type: 'none' } }),
      steward.conflicts.decide({ ...decision, verdict: { type: 'pick', receipt: unknown } }),
      steward.receipts.list({ filter: {}, sort: 'newest', after: Cursor.parse('rubbish'), limit: 10 }),
      steward.conflicts.list({ filter: { status: 'all' }, sort: 'newest', after: Cursor.parse('rubbish'), limit: 10 }),
      steward.exchange.browse({ folder: join(place.folder, 'nowhere') }),
      steward.uploads.piece({ upload: '00000000-0000-4000-8000-000000000000', offset: 0, base64: '' }),
    ].map(async (call) => (await refusal(call)).code),
  )
  expect(codes).toEqual([
    'NOT_FOUND',
    'NOT_FOUND',
    'NOT_FOUND',
    'NOT_FOUND',
    'NOT_FOUND',
    'NOT_FOUND',
    'NOT_FOUND',
    'BODY_NOT_OBJECT',
    'KIND_NOT_BY_HAND',
    'DRAFT_REFUSED',
    'ANCHOR_UNKNOWN',
    'REASON_MISSING',
    'VERDICT_UNFIT',
    'BAD_CURSOR',
    'BAD_CURSOR',
    'FOLDER_UNREADABLE',
    'UPLOAD_UNKNOWN',
  ])
  expect(ada.bugs).toEqual([])
})

test('before there is a node every question about it says so', async () => {
  await using place = new Place()
  const { steward } = await place.core('ada')
  const asked = [
    steward.app.overview({}),
    steward.receipts.list({ filter: {}, sort: 'newest', limit: 10 }),
    steward.conflicts.counts({}),
    steward.network.get({}),
    steward.exchange.sync({}),
    steward.exchange.choose({ folder: place.exchange }),
    steward.node.unlock({ passphrase: 'anything' }),
    steward.node.declareHeadLost({}),
    steward.settings.set({ undoSeconds: 5 }),
  ]
  for (const call of asked) expect(await refusal(call)).toMatchObject({ code: 'NO_NODE' })
  expect(await steward.settings.get({})).toMatchObject({ undoSeconds: 10 })
  expect(await steward.exchange.probe({ folder: place.exchange })).toMatchObject({ exists: true, empty: true })
})

test('a bug of our own is told to the host, and to the caller only that there was one', async () => {
  await using place = new Place()
  const secret = '/home/somebody/.config/secret'
  const broken: FolderAdapter = {
    ...nodeFolderAdapter(),
    stat: () => Promise.reject(new TypeError(`cannot read ${secret}`)),
  }
  const ada = await place.node('ada', { exchange: null })
  const { upload } = await ada.steward.uploads.begin({ sizeBytes: 0 })
  const id = await ada.steward.receipts.sign({
    kind: 'evidence/observed',
    subject: 'a',
    task: null,
    anchor: null,
    content: { type: 'upload', upload, name: 'empty' },
  })
  await ada.restart({ folders: broken })
  const thrown: unknown = await ada.steward.receipts.get({ id: id.id }).catch((error: unknown) => error)
  expect(thrown).toMatchObject({ code: 'PROBLEM', data: { code: 'INTERNAL' } })
  // What crosses the boundary.
  const crossing = JSON.stringify(thrown)
  expect(crossing).not.toContain(secret)
  expect(crossing).not.toContain('.ts:')
  expect(ada.bugs).toMatchObject([expect.any(TypeError)])
})

test('a data folder that cannot be written is said, and what was settled before stays', async () => {
  await using place = new Place()
  const ada = await place.node('ada', { exchange: null })
  await ada.steward.settings.set({ undoSeconds: 5 })
  await ada.stop()
  const gone = join(place.folder, 'gone')
  cpSync(ada.home, gone, { recursive: true })
  await ada.restart()
  rmSync(ada.home, { recursive: true })
  expect(await refusal(ada.steward.settings.set({ undoSeconds: 7 }))).toMatchObject({ code: 'HOME_UNWRITABLE' })
  expect(await ada.steward.settings.get({})).toMatchObject({ undoSeconds: 5 })
  await ada.stop()
  cpSync(gone, ada.home, { recursive: true })
  await ada.restart()
  expect(await ada.steward.settings.get({})).toMatchObject({ undoSeconds: 5 })
})

test('stopping while everything is asked at once ends all of it, without a bug', async () => {
  await using place = new Place()
  const { ada, ben } = await twoThatDiffer(place)
  for (let value = 0; value < 40; value++) await ben.observe('more', { value })
  await ben.sync()
  const [conflict] = await ada.conflicts()
  if (conflict === undefined) throw new Error('they differ')
  const asked = Promise.allSettled([
    ada.steward.exchange.sync({}),
    ada.steward.exchange.sync({}),
    ada.steward.conflicts.get({ id: conflict.id }),
    ada.steward.conflicts.diff({ id: conflict.id, withEqual: true }),
    ada.steward.app.doctor({}),
    ada.steward.exchange.choose({ folder: place.exchange }),
  ])
  await Promise.resolve()
  await ada.stop()
  const refused = (await asked).filter((result) => result.status === 'rejected')
  for (const { reason } of refused) expect(reason).toMatchObject({ code: 'PROBLEM', data: { code: 'NO_NODE' } })
  expect(ada.bugs).toEqual([])
  await ada.restart()
  await place.settle([ada, ben])
  expect(await ada.fingerprint()).toBe(await ben.fingerprint())
})

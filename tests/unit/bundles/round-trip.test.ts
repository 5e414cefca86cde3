import { execFileSync } from 'node:child_process'
import { cpSync, existsSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { Place } from '#tests/kit/place.ts'
import { exported, imported, inspected } from './desk.ts'

test('what one steward exports, another drops in: counted by node before, merged after', async () => {
  await using place = new Place()
  const [ada, ben] = await place.network('ada', 'ben')
  if (ada === undefined || ben === undefined) throw new Error('two nodes')
  await ada.observe('report.json', { value: 1 })
  await ben.observe('report.json', { value: 2 })
  const file = join(place.folder, 'ada.zip')
  const done = await exported(ada, { to: file, contents: true })
  expect(done).toMatchObject({ nodes: 2 })

  const preview = await inspected(ben, file)
  expect(preview.kinds).toEqual(['steward'])
  expect(preview.network).toMatchObject({ isOurs: true })
  expect(preview.nodes.find(({ node }) => node === ada.id)).toMatchObject({ name: 'ada', state: 'admitted', new: 1 })
  expect(preview.nodes.find(({ node }) => node === ben.id)).toMatchObject({ state: 'this-node', new: 0 })
  expect(preview.adds).toBe(1)
  expect(await ben.conflicts()).toEqual([])

  const report = await imported(ben)
  expect(report).toMatchObject({ added: 1, conflicts: 1 })
  expect(await ben.conflicts()).toMatchObject([{ kind: 'hash-mismatch', subject: 'report.json' }])
  const [receipt] = (await ben.steward.receipts.list({ filter: { node: ada.id }, sort: 'newest', limit: 1 })).items
  expect((await ben.steward.receipts.get({ id: receipt!.id })).arrived).toMatchObject({ way: 'bundle' })
  expect(ben.bugs).toEqual([])
})

test('the same bundle a second time adds nothing and says that all of it is known', async () => {
  await using place = new Place()
  const [ada, ben] = await place.network('ada', 'ben')
  await ada.observe('report.json', { value: 1 })
  const file = join(place.folder, 'ada.zip')
  await exported(ada, { to: file, contents: true })
  await inspected(ben, file)
  await imported(ben)
  const fingerprint = await ben.fingerprint()
  const again = await inspected(ben, file)
  expect(again.adds).toBe(0)
  expect(again.nodes.every(({ receipts, known }) => receipts === known)).toBe(true)
  await imported(ben)
  expect(await ben.fingerprint()).toBe(fingerprint)
})

test('a folder, a zip made by another tool and the exchange itself give what Steward’s own zip gives', async () => {
  await using place = new Place()
  const [ada, ben] = await place.network('ada', 'ben')
  await ada.observe('report.json', { value: 1 })
  await ada.steward.exchange.sync({})
  const folder = join(place.folder, 'copied')
  cpSync(place.exchange, folder, { recursive: true })
  const zip = join(place.folder, 'other.zip')
  execFileSync('python3', ['-m', 'zipfile', '-c', zip, 'exchange'], { cwd: place.folder })
  const counts = []
  for (const path of [folder, zip]) {
    const { nodes, adds, refusalCount } = await inspected(ben, path)
    counts.push({ nodes, adds, refusalCount })
  }
  expect(counts[0]).toMatchObject({ adds: 1, refusalCount: 0 })
  expect(counts[1]).toEqual(counts[0])
})

test('an export appears whole or not at all, and never over something that is there', async () => {
  await using place = new Place()
  const [ada] = await place.network('ada')
  const taken = join(place.folder, 'taken.zip')
  writeFileSync(taken, 'mine')
  await expect(exported(ada, { to: taken, contents: true })).rejects.toThrow('EXPORT_UNUSABLE')
  await expect(exported(ada, { to: join(place.folder, 'none', 'x.zip'), contents: true })).rejects.toThrow(
    'EXPORT_UNUSABLE',
  )
  const folder = join(place.folder, 'bundle')
  await exported(ada, { to: folder, contents: true })
  expect(existsSync(join(folder, 'steward-exchange.json'))).toBe(true)
  expect(readdirSync(place.folder).filter((name) => name.endsWith('.tmp'))).toEqual([])
})

test('what a node lacks is what it has not said it holds', async () => {
  await using place = new Place()
  const [ada, ben] = await place.network('ada', 'ben')
  const file = (name: string) => join(place.folder, name)
  const whole = await exported(ada, { to: file('whole.zip'), contents: true })
  await ada.observe('report.json', { value: 1 })
  const rest = await exported(ada, { to: file('rest.zip'), contents: true, lackedBy: ben.id })
  expect(rest.receipts).toBe(1)
  expect(whole.receipts).toBeGreaterThan(1)
  expect((await inspected(ben, file('rest.zip'))).adds).toBe(1)
  expect(await imported(ben)).toMatchObject({ added: 1 })
})

test('a bundle says whose feeds its maker holds, so that who reads it knows what they still lack', async () => {
  await using place = new Place()
  const [ada, ben] = await place.network('ada', 'ben')
  const said = async () => {
    const { nodes, rows } = await ada.steward.network.map({})
    return rows.find(({ holder }) => holder === ben.id)?.upTo[nodes.findIndex(({ node }) => node === ada.id)]
  }
  await ada.observe('report.json', { value: 1 })
  await exported(ada, { to: join(place.folder, 'to-ben.zip'), contents: true })
  await inspected(ben, join(place.folder, 'to-ben.zip'))
  await imported(ben)
  const before = await said()
  await exported(ben, { to: join(place.folder, 'from-ben.zip'), contents: true })
  await inspected(ada, join(place.folder, 'from-ben.zip'))
  await imported(ada)
  expect(await said()).toBe((before ?? 0) + 1)
})

test('content that receipts name travels with them', async () => {
  await using place = new Place()
  const [ada, ben] = await place.network('ada', 'ben')
  const text = 'a report that is kept by its hash'
  const { upload } = await ada.steward.uploads.begin({ sizeBytes: text.length })
  await ada.steward.uploads.piece({ upload, offset: 0, base64: Buffer.from(text).toString('base64') })
  const content = { type: 'upload' as const, upload, name: 'report.txt' }
  const { id } = await ada.steward.receipts.sign({
    kind: 'evidence/observed',
    subject: 'report.txt',
    task: null,
    anchor: null,
    content,
  })
  const file = join(place.folder, 'ada.zip')
  expect(await exported(ada, { to: file, contents: true })).toMatchObject({ contents: 1, contentsMissing: 0 })
  expect((await inspected(ben, file)).contents).toMatchObject({ count: 1, sizeBytes: text.length })
  expect(await imported(ben)).toMatchObject({ added: 1, contents: 1 })
  expect((await ben.steward.receipts.get({ id })).content).toMatchObject({ type: 'text', text })
  expect(readdirSync(join(ben.home, 'uploads'))).toEqual([])
})

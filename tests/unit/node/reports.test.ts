// Reports as a node makes and keeps them; what stands in them is tested with core/report.
import { writeFileSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { expect, test } from 'vitest'
import type { ReportSummary } from '#core/contract/index.ts'
import { type Core, Place, refusal } from '#tests/kit/place.ts'
import { folderOf } from '#tests/kit/proofs.ts'

async function make(core: Core, wish: { quick?: boolean } = { quick: true }): Promise<ReportSummary> {
  for await (const told of await core.steward.reports.make(wish)) if (told.type === 'done') return told.report
  throw new Error('The report did not end.')
}

test('reports are listed page by page, the newest first, and only one of them is the latest', async () => {
  await using place = new Place()
  const ada = await place.node('ada', { exchange: null })
  const made: string[] = []
  for (let n = 0; n < 3; n++) {
    made.unshift((await make(ada)).id)
    place.pass(60_000)
  }
  const first = await ada.steward.reports.list({ limit: 2 })
  expect(first.items.map(({ id, latest }) => [id, latest])).toEqual([
    [made[0], true],
    [made[1], false],
  ])
  const second = await ada.steward.reports.list({ limit: 2, after: first.next ?? undefined })
  expect(second).toMatchObject({ items: [{ id: made[2], latest: false }], next: null })
})

test('two reports of one second have names of their own, and are compared as they stand', async () => {
  await using place = new Place()
  const ada = await place.node('ada', { exchange: null })
  const [one, two] = [await make(ada), await make(ada)]
  expect(two.id).not.toBe(one.id)
  expect((await ada.steward.reports.get({ report: one.id })).summary.latest).toBe(false)
  await ada.steward.reports.compare({ from: one.id, to: two.id })
})

test('an export needs the whole path of its folder', async () => {
  await using place = new Place()
  const ada = await place.node('ada', { exchange: null })
  const { id } = await make(ada)
  const told = await refusal(ada.steward.reports.export({ report: id, folder: 'out' }))
  expect(told).toEqual({ code: 'PATH_NOT_ABSOLUTE', happened: '“out” does not say where on this machine it lies.' })
})

test('while one report is made no second one is begun; a node that ends leaves nothing of it', async () => {
  await using place = new Place()
  const ada = await place.node('ada', { exchange: null })
  const making = await ada.steward.reports.make({})
  await making.next()
  expect(await refusal(make(ada))).toMatchObject({ code: 'REPORT_RUNNING' })
  const [, ended] = await Promise.all([ada.stop(), refusal(drained(making))])
  expect(ended).toMatchObject({ code: 'CANCELLED' })
  expect(readdirSync(join(ada.home, '_report/network'))).toEqual([])
})

async function drained(told: AsyncIterable<unknown>): Promise<void> {
  for await (const _ of told);
}

test('a check that fails stands in the report with what is wrong', async () => {
  await using place = new Place()
  const ada = await place.node('ada', { exchange: null })
  const id = await ada.observe('meter', { value: 20 })
  await ada.stop()
  const db = new Database(join(ada.home, 'ledger.sqlite'))
  db.prepare('UPDATE receipt SET line = replace(line, \'"value":20\', \'"value":99\') WHERE id = ?').run(
    Buffer.from(id.slice('sha256:'.length), 'hex'),
  )
  db.close()
  await ada.restart()
  const { facts } = await ada.steward.reports.get({ report: (await make(ada, {})).id })
  const receipts = facts.checks.find((check) => check.id === 'receipts')
  expect(receipts?.ok).toBe(false)
  expect(receipts?.detail).toMatch(/^receipts: /)
  expect(facts.recommendation.effective).toBe('no-go')
  const brief = await ada.steward.reports.draftBrief({})
  expect(brief.checks).toMatchObject({ ok: false, failed: expect.arrayContaining(['Every receipt']) as string[] })
})

test('how many different things of a node were refused stands in the report, by reason', async () => {
  await using place = new Place()
  const [ada, ben] = await place.network('ada', 'ben')
  await ben.observe('a', { v: 1 })
  await ben.observe('b', { v: 1 })
  await ben.sync()
  const feed = join(folderOf(place.exchange, ben.id), 'feed')
  const newest = join(feed, readdirSync(feed).toSorted().at(-1) ?? '')
  const lines = readFileSync(newest, 'utf8').replaceAll('"v":1', '"v":2')
  writeFileSync(newest, `${lines}no receipt\n`)
  writeFileSync(join(folderOf(place.exchange, ben.id), 'head'), 'no head')
  await ada.sync()
  const { items } = await ada.steward.exchange.troubles({ limit: 100 })
  expect(new Set(items.map(({ reason }) => reason)).size).toBeGreaterThan(1)
  const { facts } = await ada.steward.reports.get({ report: (await make(ada)).id })
  const told = JSON.stringify(facts)
  expect(told).toContain('1 thing refused for a signature, key or hash that does not hold: ben (bad-signature, 1).')
})

test('a brief of a node that is not admitted names no head of it, and goes without a note', async () => {
  await using place = new Place()
  const ada = await place.node('ada')
  await ada.sync()
  const ben = await place.node('ben')
  await ben.sync()
  expect(await ben.steward.reports.draftBrief({})).toMatchObject({ head: null, coverage: null })
  const { id, published } = await ben.steward.reports.brief({})
  expect(published).toBe(true)
  expect((await ben.steward.receipts.get({ id })).body).not.toHaveProperty('note')
})

test('a brief of a node without a folder is signed and not published', async () => {
  await using place = new Place()
  const ada = await place.node('ada', { exchange: null })
  const { id, published, brief } = await ada.steward.reports.brief({ note: 'All well.' })
  expect(published).toBe(false)
  expect(brief.head?.seq).toBe(2)
  expect((await ada.steward.receipts.get({ id })).body).toMatchObject({ note: 'All well.', head: { seq: 2 } })
})

test('what the report computes itself needs no override', async () => {
  await using place = new Place()
  const ada = await place.node('ada', { exchange: null })
  const { id, recommendation } = await make(ada)
  const told = await refusal(ada.steward.reports.override({ report: id, verdict: recommendation, reason: 'so' }))
  expect(told).toEqual({ code: 'NOTHING_TO_OVERRIDE', happened: `The report itself computes a ${recommendation}.` })
})

// One receipt in front of the steward: checks made anew, also of what a disk has changed since, and a proof for others.
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { expect, test } from 'vitest'
import type { Check, ReceiptId } from '#core/contract/index.ts'
import { Place, refusal, type Core } from '#tests/kit/place.ts'

async function withFeed(place: Place) {
  const ada = await place.node('ada')
  const ids: ReceiptId[] = []
  for (const value of [10, 20, 30]) ids.push(await ada.observe('meter', { value }))
  await ada.sync()
  const [first, second] = ids
  if (first === undefined || second === undefined) throw new Error('three were signed')
  return { ada, first, second }
}

const checks = async (core: Core, id: ReceiptId) => (await core.steward.receipts.check({ id })).checks
const named = (all: readonly Check[], name: string) => all.find((check) => check.name === name)

/** Changes what the disk holds of a receipt, behind the app's back. */
async function tamper(core: Core, id: ReceiptId, change: (line: string) => string): Promise<void> {
  await core.stop()
  const db = new Database(join(core.home, 'ledger.sqlite'))
  const bytes = Buffer.from(id.slice('sha256:'.length), 'hex')
  const { line } = db.prepare<[Buffer], { line: string }>('SELECT line FROM receipt WHERE id = ?').get(bytes) ?? {
    line: '',
  }
  db.prepare('UPDATE receipt SET line = ? WHERE id = ?').run(change(line), bytes)
  db.close()
  await core.restart()
}

test('a receipt that is as it was signed passes every check', async () => {
  await using place = new Place()
  const { ada, second } = await withFeed(place)
  const answer = await ada.steward.receipts.check({ id: second })
  expect(answer.ok).toBe(true)
  expect(answer.checks.map(({ name }) => name)).toEqual(['Content hash', 'Signature', 'Place in the feed', 'Inclusion'])
  for (const { expected, found } of answer.checks.slice(2)) expect(found).toBe(expected)
  expect(named(answer.checks, 'Inclusion')?.detail).toContain('in the head that its node signed')
})

test('a value that the disk has changed fails hash, signature and inclusion, each with both values', async () => {
  await using place = new Place()
  const { ada, second } = await withFeed(place)
  await tamper(ada, second, (line) => line.replace('"value":20', '"value":99'))
  const all = await checks(ada, second)
  expect(all.map(({ name, ok }) => [name, ok])).toEqual([
    ['Content hash', false],
    ['Signature', false],
    ['Place in the feed', true],
    ['Inclusion', false],
  ])
  expect(named(all, 'Content hash')).toMatchObject({ expected: second })
  for (const { expected, found } of all.filter(({ ok }) => !ok)) {
    expect([typeof expected, typeof found, expected === found]).toEqual(['string', 'string', false])
  }
  expect((await ada.steward.app.doctor({})).ok).toBe(false)
})

test('a swapped signature fails the signature alone of what the id depends on', async () => {
  await using place = new Place()
  const { ada, first, second } = await withFeed(place)
  const other = (await ada.steward.receipts.get({ id: first })).canonical
  const sig = /"sig":"[^"]+"/.exec(other)?.[0] ?? ''
  await tamper(ada, second, (line) => line.replace(/"sig":"[^"]+"/, sig))
  const all = await checks(ada, second)
  expect(named(all, 'Content hash')?.ok).toBe(true)
  expect(named(all, 'Signature')?.ok).toBe(false)
})

test('another predecessor fails the place in the feed', async () => {
  await using place = new Place()
  const { ada, second } = await withFeed(place)
  await tamper(ada, second, (line) => line.replace(/"prev":"sha256:[0-9a-f]{8}/, '"prev":"sha256:00000000'))
  const place_ = named(await checks(ada, second), 'Place in the feed')
  expect(place_).toMatchObject({ ok: false, found: expect.stringContaining('sha256:00000000') as string })
})

test('what is no receipt any more is said, in the checks and where it would be shown', async () => {
  await using place = new Place()
  const { ada, second } = await withFeed(place)
  await tamper(ada, second, (line) => line.slice(0, 100))
  const answer = await ada.steward.receipts.check({ id: second })
  expect(answer).toMatchObject({ ok: false, checks: [{ name: 'Stored form', ok: false }] })
  expect(await refusal(ada.steward.receipts.get({ id: second }))).toMatchObject({ code: 'RECEIPT_DAMAGED' })
  expect(await refusal(ada.steward.receipts.proof({ id: second, form: 'json' }))).toMatchObject({
    code: 'RECEIPT_DAMAGED',
  })
  expect(ada.bugs).toEqual([])
})

test('a receipt behind a fork has no one tree, and its checks say so', async () => {
  await using place = new Place()
  const [ada, ben] = await place.network('ada', 'ben')
  if (ada === undefined || ben === undefined) throw new Error('two were asked for')
  const before = await ben.observe('a', { v: 0 })
  await place.settle([ada, ben])
  const { phrase } = await ben.steward.node.phrase({ passphrase: null })
  // The same key on a second machine that was told that its head is lost.
  const twin = await place.core('twin')
  await twin.steward.node.restore({ phrase: phrase.join(' '), name: 'ben', passphrase: null, exchange: place.exchange })
  const elsewhere = await twin.observe('a', { v: 1 })
  await ben.observe('a', { v: 2 })
  await twin.sync()
  await ben.sync()
  expect((await ben.conflicts()).map(({ kind }) => kind)).toContain('fork')
  expect((await ben.steward.receipts.check({ id: before })).ok).toBe(true)
  const all = await checks(ben, elsewhere)
  expect(named(all, 'Signature')?.ok).toBe(true)
  expect(named(all, 'Inclusion')).toMatchObject({ ok: false })
  // It signs nothing more, which could only make it worse.
  expect(await refusal(ben.observe('a', { v: 3 }))).toMatchObject({ code: 'OWN_FEED_FORKED' })
})

test('a head that the disk has changed counts for nothing: inclusion is checked in the feed as held here', async () => {
  await using place = new Place()
  const [ada, ben] = await place.network('ada', 'ben')
  if (ada === undefined || ben === undefined) throw new Error('two were asked for')
  const id = await ben.observe('a', { v: 1 })
  await place.settle([ben, ada])
  expect(named(await checks(ada, id), 'Inclusion')?.detail).toContain('in the head that its node signed')
  await ada.stop()
  const db = new Database(join(ada.home, 'ledger.sqlite'))
  db.prepare('UPDATE exchange_head SET note = ?').run('no head')
  db.close()
  await ada.restart()
  const inclusion = named(await checks(ada, id), 'Inclusion')
  expect(inclusion).toMatchObject({ ok: true, detail: expect.stringContaining('of the feed as held here') as string })
})

test('a receipt whose predecessor the disk has lost says which one is not here', async () => {
  await using place = new Place()
  const { ada, first, second } = await withFeed(place)
  await ada.stop()
  const db = new Database(join(ada.home, 'ledger.sqlite'))
  db.pragma('foreign_keys = OFF')
  db.prepare('DELETE FROM receipt WHERE id = ?').run(Buffer.from(first.slice('sha256:'.length), 'hex'))
  db.close()
  await ada.restart()
  const place_ = named(await checks(ada, second), 'Place in the feed')
  expect(place_).toMatchObject({ ok: false, expected: 'receipt #3, which is not here', found: first })
})

test('what the disk has changed is never proved to others', async () => {
  await using place = new Place()
  const { ada, second } = await withFeed(place)
  await tamper(ada, second, (line) => line.replace('"value":20', '"value":99'))
  const { code, happened } = await refusal(ada.steward.receipts.proof({ id: second, form: 'json' }))
  expect(code).toBe('PROOF_DOES_NOT_HOLD')
  expect(happened).toMatch(/^What this disk holds could not be proved\. .+\.$/)
})

test('a locked node proves without a head what no head covers yet', async () => {
  await using place = new Place()
  const { ada } = await withFeed(place)
  const id = await ada.observe('meter', { value: 40 })
  const headOf = async () => {
    const { text } = await ada.steward.receipts.proof({ id, form: 'json' })
    return (JSON.parse(text) as { receipts: { id: string; head: string | null }[] }).receipts.find(
      (receipt) => receipt.id === id,
    )?.head
  }
  expect(await headOf()).toContain('steward/1 ')
  await ada.steward.node.lock({})
  expect(await headOf()).toBeNull()
})

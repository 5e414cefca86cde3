// The ledger as a person and a script read it: the list with its filters, and one receipt with its checks. Through a running host.
import { expect, test } from 'vitest'
import * as z from 'zod'
import { Place } from '#tests/kit/place.ts'
import { disagreement, twoStories } from '#tests/kit/proofs.ts'
import { serve } from './served.ts'

const Page = z.object({
  items: z.array(z.object({ id: z.string(), nodeName: z.string(), kind: z.string(), time: z.string() })),
  next: z.string().nullable(),
})

test('receipts are listed by node, kind, subject, task and time, the newest or the oldest first, page by page', async () => {
  await using place = new Place()
  const { ada, ben } = await disagreement(place)
  await ada.observe('other.json', { v: 1 })
  await using host = await serve(ada)
  const list = async (...words: readonly string[]) => Page.parse((await host.run('receipts', ...words)).json)

  const all = await list()
  expect((await list('--newest')).items).toEqual(all.items)
  expect((await list('--oldest')).items).toEqual(all.items.toReversed())
  expect((await list('--node', 'ben')).items.map(({ nodeName }) => nodeName)).toEqual(
    (await list('--node', ben.id)).items.map(() => 'ben'),
  )
  expect((await list('--kind', 'evidence/observed')).items).toHaveLength(3)
  expect((await list('--kind', 'evidence/observed', '--subject', 'COUNTS', '--task', 'pilot')).items).toHaveLength(2)

  const [newest] = all.items
  expect((await list('--from', newest?.time ?? '')).items).toEqual([newest])
  expect((await list('--to', '2001-01-01')).items).toEqual([])
  expect((await list('--arrived-to', '2001-01-01T00:00:00Z')).items).toEqual([])
  expect((await list('--arrived-from', '2001-01-01T00:00')).items).toEqual(all.items)

  const first = await list('--limit', '2')
  const second = await list('--limit', '2', '--after', first.next ?? '')
  expect([...first.items, ...second.items]).toEqual(all.items.slice(0, 4))
  const text = (await host.read('receipts', '--limit', '2')).out
  expect(text).toMatch(/^RECEIPT +NODE +SEQ +TIME +KIND +STATE +SUBJECT\n.+ merged +other\.json\n/)
  expect(text).toContain(`\nMore follow: add --after ${first.next}\n`)
  expect((await host.read('receipts', '--kind', 'no/such')).out).toBe('No receipts.\n')
  expect((await list('--anchor', `sha256:${'0'.repeat(64)}`)).items).toEqual([])
  expect((await host.read('receipts', '--choices')).out).toMatch(
    /^Kinds +evidence\/observed, .*network\/genesis.*\nTasks +pilot\nNodes +ada, ben\n$/,
  )
})

test.each([
  [['receipts', '--from', 'yesterday'], '--from is no time.'],
  [['receipts', '--anchor', 'v1'], 'v1 is no hash of an anchor.'],
  [['receipts', '--newest', '--oldest'], 'cannot be used with'],
  [['receipts', '--node', 'nobody'], 'No node is named nobody.'],
  [['receipt', 'ffffffffffff'], 'No receipt is named ffffffffffff.'],
  [['receipt', `sha256:${'0'.repeat(64)}`], 'Nothing was changed.'],
])('%j cannot be answered, and it is said why', async (words, sentence) => {
  await using place = new Place()
  const ada = await place.node('ada', { exchange: null })
  await using host = await serve(ada)
  const said = await host.read(...words)
  expect([said.code, said.out]).toEqual([2, ''])
  expect(said.err).toContain(sentence)
})

test('a receipt is shown with where it stands, its neighbours, its checks and what it says', async () => {
  await using place = new Place()
  const { ada } = await disagreement(place)
  const [conflict] = await ada.conflicts()
  const id = conflict?.members.find(({ node }) => node === ada.id)?.receipt ?? ''
  await using host = await serve(ada)
  const { code, out } = await host.read('receipt', id.slice(7, 19))
  expect(code).toBe(0)
  expect(out).toContain(`Receipt    ${id}\n`)
  expect(out).toMatch(/Subject +report\/counts\.json \(pilot\)\n/)
  expect(out).toMatch(/Stands +merged: it counts\n/)
  expect(out).toMatch(/Held by +ada, ben\n/)
  expect(out).toMatch(/Before it +#\d+ [0-9a-f]{12} network\/admit\n/)
  expect(out).toMatch(new RegExp(`Conflict +${conflict?.id.slice(7, 19)}\\n`))
  expect(out).toMatch(/Checked now:\nok +Content hash .*\nok +Signature .*\nok +Place in the feed .*\nok +Inclusion /)
  expect(out).toContain('\nSays:\n{\n  "count": 12,\n')
  expect(await host.run('receipt', id)).toMatchObject({
    code: 0,
    json: { summary: { id, state: 'merged' }, check: { ok: true }, usage: null },
  })
})

test('a receipt of a node that told two stories says that it is not merged', async () => {
  await using place = new Place()
  const { ben } = await twoStories(place)
  await using host = await serve(ben)
  const { items } = Page.parse((await host.run('receipts', '--subject', 'meter')).json)
  expect(items).toHaveLength(2)
  expect((await host.read('receipt', items[0]?.id ?? '')).out).toContain(
    'not merged: its node told several stories here',
  )
})

test('kinds say what signing them claims, and which a person signs by hand', async () => {
  await using place = new Place()
  const ada = await place.node('ada', { exchange: null })
  await using host = await serve(ada)
  expect((await host.read('kinds')).out).toMatch(/\nevidence\/observed +by hand +This node saw this content/)
  expect((await host.run('kinds')).json).toMatchObject({ items: expect.any(Array) as unknown })
})

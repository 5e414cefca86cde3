// One receipt as a person reads it: its anchor, its content, its figures, and what is said where something is missing. Through a running host.
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import * as z from 'zod'
import type { Json } from '#core/contract/index.ts'
import { corpusFolder } from '#tests/kit/importer.ts'
import { Place } from '#tests/kit/place.ts'
import { serve, type Served } from './served.ts'
import { signAnchor, signFile } from './signing.ts'

async function shown(host: Served, id: string): Promise<string> {
  const { code, out } = await host.read('receipt', id)
  expect(code).toBe(0)
  return out
}

test('a receipt says under which anchor it stands, whether another follows that one, and that none is named', async () => {
  await using place = new Place()
  const ada = await place.node('ada', { exchange: null })
  await using host = await serve(ada)
  const before = await ada.observe('before.json', { v: 1 })
  expect(await shown(host, before)).toMatch(/\nAnchor +none named\n/)
  await signAnchor(ada, 'capsule v1', 'a1', null)
  const under = await ada.observe('under.json', { v: 1 })
  expect(await shown(host, under)).toMatch(/\nAnchor +capsule v1 \(a1a1a1a1a1a1\)\n/)
  await signAnchor(ada, 'capsule v2', 'a2', 'a1')
  expect(await shown(host, under)).toMatch(/\nAnchor +capsule v1 \(a1a1a1a1a1a1\), followed by capsule v2\n/)
})

test('an anchor of a node that does not count is said to be signed by nobody that does', async () => {
  await using place = new Place()
  const [ada, ben] = await place.network('ada', 'ben')
  await signAnchor(ben, 'capsule v1', 'a1', null)
  await place.settle([ada, ben])
  const under = await ada.observe('under.json', { v: 1 })
  await ada.steward.network.block({ node: ben.id })
  await using host = await serve(ada)
  expect(await shown(host, under)).toMatch(/\nAnchor +a1a1a1a1a1a1, signed by nobody that counts\n/)
})

test('a receipt names its neighbours and how it came: signed here, or by which file of the folder', async () => {
  await using place = new Place()
  const [ada, ben] = await place.network('ada', 'ben')
  const first = await ben.observe('first.json', { v: 1 })
  const second = await ben.observe('second.json', { v: 1 })
  await place.settle([ada, ben])
  await using adas = await serve(ada)
  const read = await shown(adas, first)
  expect(read).toMatch(/\nCame +\S+ \S+ UTC, by the folder: nodes\/z6Mk\S+\.jsonl\S*\n/)
  expect(read).toContain(`#3 ${second.slice(7, 19)} evidence/observed\n`)
  const [genesis] = (await ada.steward.receipts.list({ filter: { kind: 'network/genesis' }, sort: 'oldest', limit: 1 }))
    .items
  const founded = await shown(adas, genesis?.id ?? '')
  expect(founded).toMatch(/\nCame +\S+ \S+ UTC, signed here\n/)
  expect(founded).toMatch(/\nBefore it +nothing: it is the first here\n/)

  const newest = await ben.observe('newest.json', { v: 1 })
  await using bens = await serve(ben)
  expect(await shown(bens, newest)).toMatch(/\nHeld by +ben\nNot yet by +ada\n(.+\n)*After it +nothing yet\n/)
})

test('of a node that asks to join no node of the network has said that they hold its receipt', async () => {
  await using place = new Place()
  await place.network('ada')
  const ben = await place.node('ben')
  await ben.sync()
  const own = await ben.observe('a.json', { v: 1 })
  await using host = await serve(ben)
  const text = await shown(host, own)
  expect(text).toMatch(/\nStands +not merged: its node is not admitted\n/)
  expect(text).toMatch(/\nHeld by +no node of the network has said so\nNot yet by +ada\n/)
})

test('a clock that went back and a kind of a later version are said, and change nothing else', async () => {
  await using place = new Place()
  const ada = await place.node('ada', { exchange: null })
  await using host = await serve(ada)
  const said = await host.run('sign', '--kind=later/kind', '--subject=z', '--body={"v":1}')
  const { id } = z.object({ id: z.string() }).parse(said.json)
  expect(await shown(host, id)).toMatch(/\nKind +later\/kind \(not known to this version: kept and passed on\)\n/)
  ada.clockOffMs = -3_600_000
  const back = await ada.observe('back.json', { v: 1 })
  const text = await shown(host, back)
  expect(text).toMatch(/\nSigned +\S+ 11:00 UTC, which is before the receipt before it\n/)
  expect(text).toMatch(/\nStands +merged: it counts\n/)
})

test('the content of a file is printed line by line, and what hides in it is shown', async () => {
  await using place = new Place()
  const ada = await place.node('ada', { exchange: null })
  await using host = await serve(ada)
  const note = await signFile(host, ada, { subject: 'note.txt', content: 'first\nsecond\u202e\n' })
  expect(await shown(host, note)).toMatch(/\nContent:\nfirst\nsecond\\u\{202e\}\n$/)
  const json = await signFile(host, ada, { subject: 'counts.json', content: '{"count":12}' })
  expect(await shown(host, json)).toMatch(/\nContent:\n\{\s*"count": ?12\s*\}\n$/)
  expect(await shown(host, await signFile(host, ada, { subject: 'one', content: Uint8Array.of(0xff) }))).toMatch(
    /\nContent:\n1 byte that is no text\n$/,
  )
  expect(await shown(host, await signFile(host, ada, { subject: 'two', content: Uint8Array.of(0xff, 0xfe) }))).toMatch(
    /\nContent:\n2 bytes that are no text\n$/,
  )
  const long = await signFile(host, ada, { subject: 'long.txt', content: 'x'.repeat(1024 * 1024 + 50) })
  expect(await shown(host, long)).toMatch(/x\nCut: 1048626 bytes in all\.\n$/)

  rmSync(join(ada.home, 'blobs'), { recursive: true })
  expect(await shown(host, note)).toMatch(
    /\nContent:\nThe content that this receipt names has not arrived here\.\nIt is fetched as soon as .+\.\n$/,
  )
})

test('a conflict that a receipt is part of is named', async () => {
  await using place = new Place()
  const [ada, ben] = await place.network('ada', 'ben')
  const own = await ada.observe('a.json', { v: 1 })
  await ben.observe('a.json', { v: 2 })
  await place.settle([ada, ben])
  const [conflict] = await ada.conflicts()
  await using host = await serve(ada)
  expect(await shown(host, own)).toContain(`\nConflict   ${conflict?.id.slice(7, 19)}\n`)
})

test('the usage receipts of a directory are read out as figures, with what they do not state', async () => {
  await using place = new Place()
  const ada = await place.node('ada', { exchange: null })
  await using host = await serve(ada)
  await host.run('import', corpusFolder('node-a'), corpusFolder('pilot-sample/node-b'))
  const about = async (subject: string, origin: string) => {
    const { items } = await ada.steward.receipts.list({ filter: { subject }, sort: 'newest', limit: 20 })
    const texts = await Promise.all(items.map(({ id }) => shown(host, id)))
    return texts.find((text) => text.includes(`"origin": "${origin}"`)) ?? ''
  }
  const summary = await about('usage/external-summary', 'node-a')
  expect(summary).toMatch(/\nFEED +RECEIPTS +BAD SIGNATURES +FRESHNESS +AGE\ndemo +1 +0 +fresh +20\.3 h\n/)
  expect(await about('usage/external-summary', 'node-b')).toMatch(/\ndemo +2 +not stated +unknown +not stated\n/)
  expect(await about('usage/receipts-hygiene', 'node-a')).toMatch(
    /\nPlans +103\nWithout receipts +1\nSlow +2025-09-17-planner-eval-bootstrap, 176070 seconds\n/,
  )
  expect(await about('usage/receipts-hygiene', 'node-b')).toMatch(/\nPlans +not stated\nWithout receipts +not stated\n/)
})

test.each<[string, string, Json, string]>([
  [
    'plans that lack receipts, and a slow one of which no time is stated',
    'receipts-hygiene-summary.json',
    {
      metrics: { plans_total: 2, plans_missing_receipts: 1, missing_plan_ids: ['P\u202e'], slow_plans: [['Q', null]] },
    },
    'Plans             2\nWithout receipts  1\n                  P\\u{202e}\nSlow              Q, time not stated\n',
  ],
  [
    'receipts that do not verify, named as far as the summary names them',
    'external-summary.json',
    { invalid_receipts: [{ path: 'a.json', error: 'bad signature' }, {}] },
    'No feeds are stated.\nInvalid  a.json: bad signature\nInvalid  path not stated: no reason stated\n',
  ],
])('a usage receipt is read out: %s', async (_what, name, body, figures) => {
  await using place = new Place()
  const ada = await place.node('ada', { exchange: null })
  await using host = await serve(ada)
  const id = await ada.observe(`_report/usage/${name}`, body)
  expect(await shown(host, id)).toContain(`\n\n${figures}\nSays:\n`)
})

// How a node stands, as a person reads it and as a script takes it. Commands go through a running host.
import { readdirSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { segmentName } from '#core/receipts/index.ts'
import { Place } from '#tests/kit/place.ts'
import { folderOf } from '#tests/kit/proofs.ts'
import { serve } from './served.ts'
import { leaveGap } from './signing.ts'

const HOUR = 60 * 60_000

test('sync says what it did, what waits and why, and who asks to join', async () => {
  await using place = new Place()
  const [ada, ben] = await place.network('ada', 'ben')
  const cleo = await place.node('cleo')
  await cleo.sync()
  ben.clockOffMs = HOUR
  await ben.observe('ahead.json', { v: 1 })
  await ben.sync()
  writeFileSync(join(folderOf(place.exchange, ben.id), 'feed', segmentName(900, 900)), '{"not":"a receipt"}\n')

  await using host = await serve(ada)
  const { code, out } = await host.read('sync')
  expect(code).toBe(0)
  expect(out).toMatch(/^Published \d+, merged \d+, known before \d+\.\n/)
  expect(out).toContain('Held back, their time is ahead: 1\n')
  expect(out).toMatch(
    /Refused: 1\n {2}refused: nodes\/\S+900\S+\.jsonl\S*\n( {6}\S.+\.\n){3} {6}Since .+ UTC\. Id: refused-1\n/,
  )
  expect(out).toContain('`steward troubles` says of each what it is, what was kept and what to do.\n')
  expect(out).toMatch(/Asks to join: cleo \(z6Mk\w{8}…\), words: (\w+ ){5}\w+\n/)
})

test('what lies behind a gap is counted', async () => {
  await using place = new Place()
  const [ada, ben] = await place.network('ada', 'ben')
  await leaveGap(ben, 'b.json')
  await using host = await serve(ada)
  expect(await host.read('sync')).toMatchObject({
    code: 0,
    out: expect.stringContaining('\nWaiting behind a gap: 1\n') as string,
  })
})

test('what is not whole yet, not downloaded, copied or refused is told as what it is, by sync and by status, as long as it lies there', async () => {
  await using place = new Place()
  const [ada, ben] = await place.network('ada', 'ben')
  const feed = join(folderOf(place.exchange, ben.id), 'feed')
  const [whole = ''] = readdirSync(feed)
  writeFileSync(join(feed, segmentName(7, 9)), '{"half')
  writeFileSync(join(feed, `.${segmentName(10, 10)}.icloud`), '')
  writeFileSync(join(feed, whole.replace('.jsonl', '.sync-conflict-20260101-120000-ABCDEFG.jsonl')), '{}\n')
  await using host = await serve(ada)
  const first = await host.read('sync')
  expect(first.out).toContain('Files that are not whole yet: 1\n')
  expect(first.out).not.toContain('gap')
  for (const line of ['Files that are not downloaded yet: 1', 'Conflict copies of a sync tool: 1', 'Refused: 1'])
    expect(first.out).toContain(`${line}\n`)
  // Still said, now that nothing of it is new.
  expect((await host.read('sync')).out).toContain('Refused: 1\n')
  const told = (await host.read('status')).out
  expect(told).toMatch(/Troubles +Files that are not whole yet: 1\n +Files that are not downloaded yet: 1\n/)
  expect(told).toContain('Refused: 1\n')
  const troubles = { 'half-synced': 1, placeholder: 1, 'conflict-copy': 1, refused: 1 }
  expect((await host.run('status')).json).toMatchObject({ troubles })
  // By now it has stayed as it is for long enough: it is not on its way, it is broken.
  const { 'half-synced': _, ...others } = troubles
  expect((await host.run('sync')).json).toMatchObject({ troubles: { ...others, refused: 2 } })
})

test('a shared folder that has gone is said with its reason: sync ends with 2, status tells it', async () => {
  await using place = new Place()
  const [ada] = await place.network('ada', 'ben')
  await using host = await serve(ada)
  expect((await host.run('status')).json).not.toMatchObject({ exchange: { reason: expect.anything() as unknown } })

  renameSync(place.exchange, `${place.exchange}-away`)
  const synced = await host.read('sync')
  expect(synced.code).toBe(2)
  const { reason } = await ada.steward.exchange.get({})
  for (const line of [
    `Folder  ${place.exchange} (missing)`,
    `        ${reason}`,
    '        What was signed and read so far is kept in the data folder.',
    '        Plug in the drive or start the sync tool, then run `steward sync`. If the folder has moved, name it with `steward exchange <dir>`.',
  ])
    expect(synced.out).toContain(`${line}\n`)
  expect((await host.run('sync')).json).toMatchObject({
    exchange: {
      state: 'missing',
      reason,
      folder: place.exchange,
      kept: 'What was signed and read so far is kept in the data folder.',
      remedy: expect.stringContaining('`steward exchange <dir>`') as string,
    },
  })
  const status = await host.run('status')
  expect(status).toMatchObject({ code: 0, json: { exchange: { state: 'missing', reason } } })
  expect((await host.read('status')).out).toMatch(/Folder +\S+ \(missing\)/)
})

test('status names the node, its words and what is open; --exit-code is 1 only while something is', async () => {
  await using place = new Place()
  const [ada, ben] = await place.network('ada', 'ben')
  await using host = await serve(ada)
  const calm = await host.read('status', '--exit-code')
  expect(calm.code).toBe(0)
  expect(calm.out).toMatch(/Node +ada \(z6Mk\w{8}…\), words: (\w+ ){5}\w+\n/)
  expect(calm.out).toMatch(/Network +network of ada, 2 nodes, 0 pending\n/)
  expect(calm.out).toMatch(/Conflicts +none open\n/)

  await ada.observe('meter.json', { v: 1 })
  await ben.observe('meter.json', { v: 2 })
  await place.settle([ada, ben])
  const open = await host.read('status', '--exit-code')
  expect(open.code).toBe(1)
  expect(open.out).toMatch(/Conflicts +1 open\n/)
  expect((await host.read('status')).code).toBe(0)
})

test('a node without a shared folder says so', async () => {
  await using place = new Place()
  const ada = await place.node('ada', { exchange: null })
  await using host = await serve(ada)
  expect((await host.read('status')).out).toMatch(/Folder +none \(none\)/)
  expect((await host.run('status')).json).toMatchObject({ exchange: { folder: null, state: 'none' } })
})

test('peers show how much of each feed is merged, and what stands still', async () => {
  await using place = new Place()
  const [ada, ben] = await place.network('ada', 'ben')
  await using host = await serve(ada)
  expect((await host.read('peers')).out).toMatch(/ben +z6Mk\w{8}… +admitted +(\d+)\/\1 +(\w+ ){5}\w+\n/)

  ben.clockOffMs = HOUR
  await ben.observe('ahead.json', { v: 1 })
  await ben.sync()
  await ada.sync()
  const [trouble] = (await ada.steward.network.peers({ limit: 10 })).items.flatMap((peer) => peer.trouble ?? [])
  expect(trouble).toBeDefined()
  expect((await host.read('peers')).out).toContain(trouble?.what)
})

test('compare says whether two nodes hold the same, and where they first differ', async () => {
  await using place = new Place()
  const [ada, ben] = await place.network('ada', 'ben')
  const cleo = await place.node('cleo')
  await cleo.sync()
  await place.settle([ada, ben])
  await using host = await serve(ada)
  const same = await host.read('compare', 'ben', '--exit-code')
  expect(same.code).toBe(0)
  expect(same.out).toMatch(/State of ben +\w+ · .*\(read .*\)\n\nYou and ben hold the same receipts/)
  expect((await host.read('compare', 'cleo')).out).toMatch(/State of z6Mk\S+ +not said yet\n/)

  await ada.observe('new.json', { v: 1 })
  const differs = await host.read('compare', 'ben', '--exit-code')
  expect(differs.code).toBe(1)
  expect(differs.out).toMatch(/DIFFERS IN +YOU +ben\n/)
  expect(differs.out).toContain('ben has not merged')
  expect((await host.run('compare', 'ben')).code).toBe(0)
})

test('a node is named by its name, by the beginning of its id, or by all of it', async () => {
  await using place = new Place()
  const [ada, ben] = await place.network('ada', 'ben')
  await using host = await serve(ada)
  for (const name of ['ben', ben.id, ben.id.slice(0, 24), `${ben.id.slice(8, 20)}…`])
    expect((await host.run('compare', name)).json).toMatchObject({ node: ben.id })

  // Every id of this kind begins so.
  const many = await host.read('compare', 'z6Mk')
  expect(many.err).toContain('No node is named z6Mk.\n')
  expect(many.err).toContain('at least 6 characters of it are needed.')
  expect(many.err).toContain('Write the name as `steward peers` shows it.')

  // As a person remembers it, while nobody else has that name with other capitals.
  expect((await host.run('compare', 'BEN')).json).toMatchObject({ node: ben.id })
  const shouting = await place.core('shouting')
  await shouting.steward.node.create({ name: 'BEN', passphrase: null, exchange: place.exchange, networkName: null })
  await shouting.sync()
  await ada.sync()
  expect((await host.run('compare', 'ben')).json).toMatchObject({ node: ben.id })
  const either = await host.read('compare', 'Ben')
  expect(either.err).toContain('No node is named Ben.\n')
  expect(either.err).toMatch(/Write the name as it stands: “(ben” or “BEN|BEN” or “ben)”\./)

  const other = await place.node('twin', { exchange: null })
  await other.stop()
  const namesake = await place.core('namesake')
  await namesake.steward.node.create({ name: 'ben', passphrase: null, exchange: place.exchange, networkName: null })
  await namesake.sync()
  await ada.sync()
  const both = await host.read('admit', 'ben')
  expect(both.code).toBe(2)
  expect(both.err).toContain('2 nodes are named ben.\nNothing was changed.\nTake the id from `steward peers --json`')
})

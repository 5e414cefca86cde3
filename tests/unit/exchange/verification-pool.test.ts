import { readFileSync, statSync, writeFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { createVerificationPool, systemTimers } from '#core/exchange/index.ts'
import { SharedFolder } from './shared-folder.ts'

const inThreads = (ledgerFile: string) => createVerificationPool({ ledgerFile, threads: 2 })

test('worker threads give the same network as judging in process', async () => {
  await using shared = new SharedFolder()
  const [ada, ben, cleo] = await shared.three()
  for (const steward of [ada, ben, cleo]) {
    steward.observeMany(300)
    await steward.exchange.publish()
  }
  await ada.sync()
  const threaded = shared.steward('dora', { verification: inThreads, timers: systemTimers() }).joinNetwork(ada.network!)
  expect(await threaded.sync()).toMatchObject({ admitted: 904, refused: [] })
  expect(threaded.fingerprint()).toBe(ada.fingerprint())
  for (const row of threaded.ledger.read.prepare<[], { line: string }>('SELECT line FROM receipt').all()) {
    expect(row.line).toContain('"sig":"')
  }
})

test('worker threads look known receipts up in the ledger and check no signature of them', async () => {
  await using shared = new SharedFolder()
  const [ada, ben] = await shared.three()
  ben.observeMany(100)
  await ben.exchange.publish()
  const threaded = shared.steward('dora', { verification: inThreads, timers: systemTimers() }).joinNetwork(ada.network!)
  await threaded.sync()
  await threaded.exchange.setFolder(shared.folder)
  expect(await threaded.exchange.rescan()).toMatchObject({ known: 104, admitted: 0, verified: 0 })
})

test('what a worker thread refuses comes back with its line, its reason and its place', async () => {
  await using shared = new SharedFolder()
  const [, ben] = await shared.three()
  ben.observeMany(3)
  await ben.exchange.publish()
  const path = shared.pathOf(ben, 'feed', '2-4.jsonl')
  const lines = readFileSync(path, 'utf8').trimEnd().split('\n')
  writeFileSync(path, `${lines.with(1, 'rubbish').join('\n')}\n`)
  const pool = inThreads(shared.steward('dora', { verification: inThreads }).ledger.raw.name)
  const { size, mtimeNs } = statSync(path, { bigint: true })
  const reading = await pool.readSegment({
    path,
    node: ben.id,
    first: 2,
    last: 4,
    stat: { sizeBytes: Number(size), mtimeNs: String(mtimeNs) },
    settled: [],
  })
  expect(reading).toMatchObject({ result: 'read', refused: [{ lineNumber: 2, refusal: { reason: 'not-json' } }] })
  if (reading.result !== 'read') throw new Error('it was read')
  expect(Buffer.from(reading.refused[0]?.bytes ?? []).toString()).toBe('rubbish')
  expect(reading.verified.slice(0, 9).map(({ receipt }) => receipt.seq)).toEqual([2, 4])
  expect(
    await pool.readSegment({
      path: `${path}-none`,
      node: ben.id,
      first: 1,
      last: 1,
      stat: { sizeBytes: 1, mtimeNs: '1' },
      settled: [],
    }),
  ).toEqual({ result: 'gone' })
  const { verified, failed } = await pool.verifyLines([lines[0] ?? '', 'rubbish'], ben.id)
  expect([verified.count, failed]).toEqual([1, [1]])
  await pool.close()
})

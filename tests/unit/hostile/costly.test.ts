// What is cheap to send and was dear to read: each of these once took minutes, or more memory than there is. Found by the fuzzer.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { parseProof } from '#core/proof/index.ts'
import { diffContents } from '#core/reconcile/index.ts'
import { createVerifier, parseFeedLeaves } from '#core/receipts/index.ts'
import { parseAnchors, parseHashLedger } from '#core/teof/index.ts'
import { judgeRecords, type ZipRecord } from '../../../core/bundles/zip-entries.ts'
import { judgeLines } from '../../../core/exchange/segment.ts'
import { TestNode } from '#tests/kit/nodes.ts'
import { Place } from '#tests/kit/place.ts'
import { imported, inspected } from '../bundles/desk.ts'
import { lines } from '../bundles/made-bundle.ts'

const EIGHT_MEBIBYTES = 8 * 1024 * 1024

test('a file of four million lines of rubbish is given up on, and the receipts in the file beside it are imported', async () => {
  await using place = new Place()
  const ada = await place.node('ada')
  await ada.sync()
  await ada.observe('a.json', { value: 1 })
  const exported = await ada.steward.receipts.list({ filter: {}, sort: 'newest', limit: 1 })
  const { canonical } = await ada.steward.receipts.get({ id: exported.items[0]!.id })
  const [good, rubbish] = [join(place.folder, 'good.jsonl'), join(place.folder, 'rubbish.jsonl')]
  writeFileSync(good, `${canonical}\n`)
  writeFileSync(rubbish, `{"receipt":"steward/1"}\n${'x\n'.repeat(EIGHT_MEBIBYTES / 2 - 20)}`)
  const preview = await inspected(ada, rubbish, good)
  expect(preview.refusalCount).toBeLessThan(5_000)
  expect(preview.nodes).toMatchObject([{ known: 1 }])
  expect(await imported(ada)).toMatchObject({ known: 1 })
})

test('every line of such a file is still counted, and what was verified before the rubbish is taken', () => {
  const ada = new TestNode('ada')
  ada.observe('a.json', { value: 1 })
  const verifier = createVerifier({ native: 'node', slowChecksAllowed: () => true })
  let taken = 0
  const bytes = Buffer.from(`${lines(ada.signed)}${'x\n'.repeat(10_000)}${lines(ada.signed)}\n\n`)
  const judged = judgeLines(bytes, 'test', { verifier, known: () => new Set() }, () => void taken++)
  expect(taken).toBe(1)
  expect(judged).toMatchObject({ stopped: 'refusals', known: 0 })
  expect(judged.refused.length + judged.deferred + taken).toBe(10_002)
  expect(judged.refused[3]).toMatchObject({ lineNumber: 5, bytes: Uint8Array.from(Buffer.from('x')) })
})

test('two long lists that differ in every item are compared in a moment', () => {
  const list = (from: number, count: number) =>
    JSON.stringify(Array.from({ length: count }, (_, index) => from + index))
  const { rows, more, structured } = diffContents([list(0, 90_000), list(1_000_000, 90_000)], false)
  expect([structured, rows.length + more]).toEqual([true, 90_000])
  // Twice as many as a person could ever look at are told as what they are: two contents that differ.
  expect(diffContents([list(0, 400_000), list(1_000_000, 400_000)], false)).toMatchObject({
    structured: false,
    rows: [{ path: '[0]', change: 'changed' }],
  })
  expect(diffContents(['\n'.repeat(EIGHT_MEBIBYTES), 'x\n'.repeat(EIGHT_MEBIBYTES / 2)], false)).toMatchObject({
    rows: [{ path: '', change: 'changed' }],
  })
})

test('leaves of another length than promised are not taken apart, and each has one spelling', () => {
  expect(parseFeedLeaves('\n'.repeat(4 * EIGHT_MEBIBYTES), 3, '')).toBeNull()
  const ada = new TestNode('ada')
  const { id } = ada.observe('a.json', { value: 1 })
  const root = 'AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA='
  expect(parseFeedLeaves(`${root} ${id}\n`, 1, root)).toHaveLength(1)
  expect(parseFeedLeaves(`${root.replace('A=', 'B=')} ${id}\n`, 1, root)).toBeNull()
})

test('a proof of nothing but brackets is none before a tree is made of it', () => {
  const heapBytes = process.memoryUsage().heapUsed
  expect(parseProof(`[${'{},'.repeat(EIGHT_MEBIBYTES)}{}]`)).toBeNull()
  expect(process.memoryUsage().heapUsed - heapBytes).toBeLessThan(64 * 1024 * 1024)
})

test('a hash-ledger of rubbish, and anchors as long as a book, are told in a few sentences', () => {
  const ledger = parseHashLedger('ledger', Buffer.from('x\n'.repeat(600_000)), null)
  expect(ledger.isWhole).toBe(false)
  expect(ledger.findings.length).toBeLessThan(30)
  expect(ledger.findings.at(-1)?.happened).toMatch(/more of this kind/)
  const anchors = parseAnchors(Buffer.from(`{"events":[${'{"ts":"2025-08-26T01:59:17Z"},'.repeat(40_000)}{}]}`))
  expect(anchors.ok ? null : anchors.finding.happened).toMatch(/has \d+ bytes; at most 1048576 are read\.$/)
})

test('a zip whose entries lie in millions of folders is refused for their number', () => {
  const deep = Array.from({ length: 30 }, (_, level) => `d${level}`).join('/')
  const record = (index: number): ZipRecord => ({
    name: `${index}/${deep}/f`,
    isFolder: false,
    method: 0,
    flags: 0,
    modeKind: 0,
    crc32: 0,
    packedBytes: 0,
    sizeBytes: 0,
    headerOffset: 0,
    dataOffset: 0,
  })
  const refused = judgeRecords(
    Array.from({ length: 200_000 }, (_, index) => record(index)),
    0,
  )
  expect(refused.items).toMatchObject([{ entry: '', reason: 'too-many-entries' }])
})

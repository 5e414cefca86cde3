// What reading one segment can come to, whatever the drive answers, and lines that belong to no segment.
import { expect, test } from 'vitest'
import { inlineVerification, nodeFolderAdapter, type FolderAdapter } from '#core/exchange/index.ts'
import { judgeLines } from '#core/exchange/segment.ts'
import { slowCheckRation } from '#core/exchange/verification.ts'
import { packer, unpackReceipts } from '#core/exchange/verified-transfer.ts'
import { createVerifier, LIMITS, signReceipt, type VerifiedReceipt } from '#core/receipts/index.ts'
import { errno } from '#tests/kit/disk/errno.ts'
import { instantAt, signerFromSeed, START } from '#tests/kit/nodes.ts'

const signer = signerFromSeed('ada')

function feedOf(length: number): readonly VerifiedReceipt[] {
  const made: VerifiedReceipt[] = []
  for (let seq = 1; seq <= length; seq++) {
    const draft = { kind: 'evidence/observed', subject: `s${seq}`, task: null, anchor: null, body: { seq } }
    made.push(signReceipt(draft, { seq, prev: made.at(-1)?.id ?? null, time: instantAt(START + seq) }, signer))
  }
  return made
}

const feed = feedOf(3)
const whole = Buffer.from(`${feed.map(({ line }) => line).join('\n')}\n`)
const stat = { kind: 'file', sizeBytes: whole.length, mtimeNs: '1', blocks: 8 } as const
const task = { path: 'feed/1-3.jsonl', node: signer.node, first: 1, last: 3, stat, settled: [] }

function poolOn(drive: Partial<FolderAdapter>) {
  const folders = { ...nodeFolderAdapter(), read: async () => whole, stat: async () => stat, ...drive }
  return inlineVerification({ folders, known: () => new Set(), clock: () => instantAt(START) })
}

test.each<[string, Partial<FolderAdapter>, Partial<typeof task>, object]>([
  ['is whole', {}, {}, { result: 'read', checked: 3, refused: [], stopped: null }],
  ['is not there any more', { read: async () => null }, {}, { result: 'gone' }],
  ['loses its name while it is read', { stat: async () => null }, {}, { result: 'gone' }],
  ['is touched while it is read', { stat: async () => ({ ...stat, mtimeNs: '2' }) }, {}, { result: 'changing' }],
  ['grows while it is read', { read: async () => whole.subarray(1) }, {}, { result: 'changing' }],
  ['cannot be read', { read: () => Promise.reject(errno('EIO')) }, {}, { result: 'failed', code: 'EIO' }],
  ['fails for no reason', { read: () => Promise.reject(new Error()) }, {}, { result: 'failed', code: 'unknown' }],
  ['promises more than it holds', {}, { last: 4 }, { result: 'unfinished' }],
])('a segment that %s', async (_how, drive, asked, expected) => {
  expect(await poolOn(drive).readSegment({ ...task, ...asked })).toMatchObject(expected)
})

test('a segment that is larger than any may be is told with its size, and not taken apart', async () => {
  const large = { ...stat, sizeBytes: LIMITS.segmentBytes + 1 }
  const reading = await poolOn({ stat: async () => large }).readSegment({ ...task, stat: large })
  expect(reading).toEqual({ result: 'too-large', sizeBytes: LIMITS.segmentBytes + 1 })
})

test('lines that were stored are checked again, and those that the disk has changed are named', async () => {
  const lines = feed.map(({ line }) => line)
  const changed = [...lines, lines[0]!.replace('s1', 's9'), 'no receipt']
  const { verified, failed } = await poolOn({}).verifyLines(changed, 'ada')
  expect(verified.slice(0, 9).map(({ id }) => id)).toEqual(feed.map(({ id }) => id))
  expect(failed).toEqual([3, 4])
})

test('out of a bundle, a segment that is not whole is unfinished', async () => {
  const segment = { node: signer.node, first: 1, last: 3 }
  const reading = await poolOn({}).judgeBytes({ bytes: whole.subarray(0, 100), segment, source: 'a bundle' })
  expect(reading.result).toBe('unfinished')
})

test('loose lines are judged one by one: empty ones are none, the last one needs no newline', () => {
  const taken: number[] = []
  const judgement = judgeLines(
    Buffer.from(`\n${feed[0]!.line}\n\nrubbish\n${feed[1]!.line}`),
    'a bundle',
    { verifier: createVerifier({ native: 'node', slowChecksAllowed: () => true }), known: () => new Set() },
    ({ receipt }) => void taken.push(receipt.seq),
  )
  expect(taken).toEqual([1, 2])
  expect(judgement.refused.map(({ lineNumber, bytes }) => [lineNumber, Buffer.from(bytes).toString()])).toEqual([
    [4, 'rubbish'],
  ])
})

test('a file of rubbish is given up after as many lines as a segment may have', () => {
  const rubbish = LIMITS.segmentLines + 10
  const judgement = judgeLines(
    Buffer.from('x\n'.repeat(rubbish) + feed[0]!.line),
    'a bundle',
    { verifier: createVerifier({ native: 'node', slowChecksAllowed: () => true }), known: () => new Set() },
    () => expect.unreachable('nothing behind so much rubbish is taken'),
  )
  expect(judgement).toMatchObject({ stopped: 'refusals', deferred: 10 })
  expect(judgement.refused.length).toBe(LIMITS.segmentLines + 1)
})

test('more receipts than a message first has room for arrive as they were packed', () => {
  const long = feedOf(1030)
  const { take, done } = packer(long.reduce((sum, { line }) => sum + line.length, 0))
  for (const receipt of long) take(receipt)
  const batch = unpackReceipts(done())
  expect(batch.count).toBe(1030)
  const shown = ({ id, line, leaf }: VerifiedReceipt) => ({ id, line, leaf: Buffer.from(leaf).toString('hex') })
  expect(batch.slice(0, 2000).map(shown)).toEqual(long.map(shown))
})

test('slow checks are rationed by source and minute, however many sources come', () => {
  let nowMs = 0
  const isAllowed = slowCheckRation(2, () => nowMs)
  expect([1, 2, 3].map(() => isAllowed('eve'))).toEqual([true, true, false])
  nowMs += 60_000
  expect(isAllowed('eve')).toBe(true)
  for (let source = 0; source < 1_000; source++) expect(isAllowed(`source ${source}`)).toBe(true)
})

import { expect, test } from 'vitest'
import { judgeFile, keyRings } from '#core/teof/index.ts'
import { bytesOf, checker, corpusFiles, keysIn, ringOf, textOf } from './corpus.ts'

const FEED_RECEIPTS = [
  ['node-a', '_report/external/demo/20250922T014500Z.json'],
  ['node-a', '_report/external/sample/20250922T221000Z.json'],
  ['node-b', '_report/external/demo/20250922T014500Z.json'],
  ['node-b', '_report/external/sample/20250922T221000Z.json'],
  ['node-c', '_report/external/demo/20251004T060046Z.json'],
  ['node-c', '_report/external/sample/20251004T060051Z.json'],
] as const

test.each(FEED_RECEIPTS)(
  'the genuine feed receipt of %s verifies, and the form that did is named: %s',
  (node, path) => {
    const files = corpusFiles(node)
    const judged = judgeFile(path, files.get(path)!, ringOf(files), checker)
    expect(judged.envelope).toMatchObject({ state: 'ok', form: 'feed' })
    expect(judged.findings).toEqual([])
  },
)

test('a tampered receipt is told with what to do, and keeps its hashes', () => {
  const files = corpusFiles('node-a')
  const [, path] = FEED_RECEIPTS[0]
  const changed = bytesOf(textOf(files.get(path)).replace('92.4', '92.5'))
  const judged = judgeFile(path, changed, ringOf(files), checker)
  expect(judged.envelope).toMatchObject({ state: 'invalid', fault: 'not-over-these-bytes' })
  expect(judged.findings.map(({ code }) => code)).toEqual(['stated-hash-differs', 'bad-signature'])
  expect(judged.findings[0]?.happened).toMatch(/says its content hashes to 05f64845.*but it hashes to [0-9a-f]{64}/)
  expect(judged.findings.every(({ remedy }) => remedy.length > 20)).toBe(true)
  expect(judged.contentHash).not.toBe(judgeFile(path, files.get(path)!, ringOf(files), checker).contentHash)
})

test('a swapped key is told apart from tampering where another node holds the key that fits', () => {
  const a = corpusFiles('node-a')
  const [, path] = FEED_RECEIPTS[0]
  const rings = keyRings(
    new Map([
      ['node-a', keysIn(corpusFiles('node-b'))],
      ['node-b', keysIn(a)],
    ]),
  )
  const { envelope } = judgeFile(path, a.get(path)!, rings.get('node-a')!, checker)
  expect(envelope).toMatchObject({ state: 'invalid', fault: 'other-origins-key' })
  expect(envelope).toHaveProperty('why', expect.stringContaining('the one that node-b keeps under that name'))
})

import { expect, test } from 'vitest'
import { EarlyShares } from '#core/exchange/early-receipts.ts'
import { isTemporary, meaningOf, nodeOfFolderName } from '#core/exchange/exchange-paths.ts'
import { quarantine, quarantineSize } from '#core/exchange/quarantine.ts'
import { judgeSegment } from '#core/exchange/segment.ts'
import { slowCheckRation } from '#core/exchange/verification.ts'
import { createVerifier } from '#core/receipts/index.ts'
import { matching, SharedFolder } from './shared-folder.ts'

test('of one node at most 10,000 receipts or 64 MiB wait; the rest stays in the folder', async () => {
  await using shared = new SharedFolder()
  const ada = shared.steward('ada')
  ada.ledger.write(ada.now(), (tx) => {
    const shares = new EarlyShares()
    let taken = 0
    while (shares.take(tx, ada.id, 'waiting', 100)) taken++
    expect(taken).toBe(10_000)
    expect(shares.take(tx, ada.id, 'held', 100)).toBe(true)
    const large = new EarlyShares()
    expect(large.take(tx, ada.id, 'waiting', 64 * 1024 * 1024)).toBe(true)
    expect(large.take(tx, ada.id, 'waiting', 1)).toBe(false)
  })
})

test('quarantine keeps bytes up to its caps, and beyond them hash, reason and count', async () => {
  await using shared = new SharedFolder()
  const ada = shared.steward('ada')
  const refusal = { reason: 'bad-segment', detail: 'It is broken.', node: null } as const
  const refuse = (source: string, bytes: Uint8Array) =>
    ada.ledger.write(ada.now(), (tx) => quarantine(tx, { source, refusal, bytes, sizeBytes: bytes.length }))
  refuse('a', new Uint8Array(2 * 1024 * 1024))
  expect(quarantineSize(ada.ledger.read)).toEqual({ entries: 1, bytes: 1024 * 1024, beyond: 0 })
  ada.ledger.raw.exec('UPDATE exchange_quarantine_size SET bytes = 512 * 1024 * 1024')
  refuse('b', new Uint8Array(10))
  expect(ada.exchange.troubles({ limit: 5 }).items[1]).toMatchObject({ kept: matching(/hash/) })
  ada.ledger.raw.exec('UPDATE exchange_quarantine_size SET entries = 100000')
  refuse('c', new Uint8Array(10))
  expect(quarantineSize(ada.ledger.read)).toMatchObject({ entries: 100_000, beyond: 1 })
  expect(ada.exchange.view().refused).toBe(100_001)
})

test('slow checks are rationed by source and minute', () => {
  let nowMs = 0
  const mayCheck = slowCheckRation(3, () => nowMs)
  expect([1, 2, 3, 4].map(() => mayCheck('ben'))).toEqual([true, true, true, false])
  expect(mayCheck('cleo')).toBe(true)
  nowMs = 60_000
  expect(mayCheck('ben')).toBe(true)
})

test('where the ration is used up the rest of a segment is deferred, not refused', async () => {
  await using shared = new SharedFolder()
  const ada = shared.steward('ada').found()
  ada.observe('a.json')
  const lines = ada.ledger.read.prepare<[], string>('SELECT line FROM receipt ORDER BY seq').pluck().all()
  const forged = lines.map((line) => line.replace(/"sig":"....../, '"sig":"AAAAAA'))
  const bytes = Buffer.from(`${[lines[0], forged[1], lines[2]].join('\n')}\n`)
  const judge = (slowChecksAllowed: boolean) =>
    judgeSegment(
      bytes,
      ada.id,
      { first: 1, last: 3 },
      {
        verifier: createVerifier({ native: 'node', slowChecksAllowed: () => slowChecksAllowed }),
        known: () => new Set(),
      },
      () => {},
    )
  expect(judge(false)).toMatchObject({ stopped: 'ration', deferred: 2, refused: [] })
  expect(judge(true)).toMatchObject({ stopped: 'bad-signature', deferred: 1, refused: [{ lineNumber: 2 }] })
})

test.each([
  ['1-2.jsonl', 'segment'],
  ['1-2.sync-conflict-20261121-120000-ABCDEFG.jsonl', 'conflict-copy'],
  ['1-2 (conflicted copy 2026-11-21).jsonl', 'conflict-copy'],
  ['head.sync-conflict-20261121-120000-ABCDEFG', 'conflict-copy'],
  ['1-2 (3).jsonl', 'conflict-copy'],
  // A copy of a copy.
  ['1-2 (92).sync-conflict-20261121-000017-ABCDEF1.jsonl', 'conflict-copy'],
  ['1-2.sync-conflict-20261121-000017-ABCDEF1.sync-conflict-20261121-000018-ABCDEF1.jsonl', 'conflict-copy'],
  ['.1-2.jsonl.icloud', 'placeholder'],
  ['head.dropbox', 'placeholder'],
  ['head', 'ours'],
  ['01-2.jsonl', 'foreign'],
  ['2-1.jsonl', 'foreign'],
  ['0-1.jsonl', 'foreign'],
  ['1-999999.jsonl', 'foreign'],
  ['cat (1).jpg', 'foreign'],
  ['.DS_Store', 'foreign'],
  ['..', 'foreign'],
  ['1-2.jsonl\n', 'foreign'],
])('the name %j means %s', (name, is) => {
  expect(meaningOf({ name, kind: 'file' }, ['head']).is).toBe(is)
  expect(meaningOf({ name, kind: 'other' }, ['head']).is).toBe(name === 'head' ? 'ours' : 'foreign')
})

test('only the name that a did gives is a node’s folder', () => {
  expect(nodeOfFolderName('z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK')).not.toBeNull()
  for (const name of ['', 'z6Mk', '../z6Mk', 'z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK/..']) {
    expect(nodeOfFolderName(name)).toBeNull()
  }
  expect(isTemporary('.head.tmp')).toBe(true)
})

test('a bug in background work stops the exchange visibly and is told, but does not end the program', async () => {
  await using shared = new SharedFolder()
  const [ada] = await shared.three()
  const { nodeFolderAdapter } = await import('#core/exchange/index.ts')
  const broken = { ...nodeFolderAdapter(), list: () => Promise.reject(new TypeError('made up by a test')) }
  const dora = shared.steward('dora', { files: broken }).joinNetwork(ada.network!)
  dora.introduce()
  expect(await dora.exchange.publish()).toBe(0)
  expect(dora.bugs).toHaveLength(1)
  expect(dora.exchange.view()).toMatchObject({ state: 'unreadable', reason: matching(/fault of its own/) })
  await expect(dora.sync()).rejects.toThrow('made up by a test')
})

import { expect, test } from 'vitest'
import type { Topic } from '#core/contract/index.ts'
import { append, counters, feedTailOf, openLedger, receiptsOfNode, type Tx } from '#core/ledger/index.ts'
import { StewardError } from '#core/problem/index.ts'
import { parseStoredLine } from '#core/receipts/index.ts'
import {
  at,
  feedOf,
  FROM_FOLDER,
  nextReceipt,
  NOW,
  openIn,
  openInMemory,
  seededSigner,
  temporaryFolder,
} from './world.ts'

const ada = seededSigner('ada')

test('topics are told after the commit, once, and not for what was undone', () => {
  const told: { topics: readonly Topic[]; receipts: number }[] = []
  const ledger = openLedger({
    file: ':memory:',
    features: [],
    now: NOW,
    backupDir: '',
    onCommitted: (topics) => told.push({ topics, receipts: counters(ledger.read).receipts }),
  })
  const [first, second] = feedOf(ada, [{}, {}])
  ledger.write(NOW, (tx) => {
    append(tx, first!, FROM_FOLDER)
    append(tx, second!, FROM_FOLDER)
    tx.touched('exchange')
  })
  expect(told).toEqual([{ topics: ['receipts', 'exchange'], receipts: 2 }])
  expect(() =>
    ledger.write(NOW, (tx) => {
      tx.touched('settings')
      throw new Error('no')
    }),
  ).toThrow('no')
  ledger.write(NOW, () => undefined)
  expect(told).toHaveLength(1)
})

test('writes do not nest, do not wait, and end with their work', () => {
  const ledger = openInMemory()
  expect(() => ledger.write(NOW, () => ledger.write(NOW, () => 1))).toThrow(/writes do not nest/)
  expect(() => ledger.write(NOW, () => Promise.resolve(1))).toThrow(/synchronous/)
  let kept: Tx | null = null
  ledger.write(NOW, (tx) => void (kept = tx))
  expect(() => kept!.prepare('SELECT 1')).toThrow(/inside its own write/)
  expect(ledger.write(NOW, () => 'still works')).toBe('still works')
})

test('a full disk is said so, nothing of the change stays, and the ledger goes on once there is room', () => {
  using folder = temporaryFolder()
  const ledger = openIn(folder.path)
  const pages = ledger.raw.pragma('page_count', { simple: true })
  ledger.raw.pragma(`max_page_count = ${String(pages)}`)
  const feed = feedOf(
    ada,
    Array.from({ length: 400 }, (_, index) => ({ subject: `${index}` })),
  )
  const appendAll = () => ledger.write(NOW, (tx) => feed.map((receipt) => append(tx, receipt, FROM_FOLDER).outcome))
  expect(appendAll).toThrow(StewardError)
  expect(appendAll).toThrow(/disk is full/)
  expect(counters(ledger.read).receipts).toBe(0)
  ledger.raw.pragma('max_page_count = 1000000')
  expect(new Set(appendAll())).toEqual(new Set(['appended']))
  ledger.close()
})

test('an idle node leaves the disk alone', () => {
  using folder = temporaryFolder()
  const ledger = openIn(folder.path)
  ledger.write(NOW, (tx) => append(tx, nextReceipt(ada, null), FROM_FOLDER))
  const framesInLog = () => {
    ledger.checkpoint()
    const [state] = ledger.raw.prepare<[], { log: number }>('PRAGMA wal_checkpoint(PASSIVE)').all()
    return state?.log
  }
  const before = framesInLog()
  for (let minute = 1; minute <= 5; minute++) ledger.write(at(minute * 60_000), () => undefined)
  expect(framesInLog()).toBe(before)
  ledger.close()
})

test('more questions than are kept prepared are all answered', () => {
  const { read } = openInMemory()
  const answers = Array.from({ length: 1100 }, (_, n) =>
    read
      .prepare<[], number>(`SELECT ${n % 600}`)
      .pluck()
      .get(),
  )
  expect(answers).toEqual(Array.from({ length: 1100 }, (_, n) => n % 600))
})

test('a statement that is being read is not started again by who asks for the same text', () => {
  const ledger = openInMemory()
  ledger.write(NOW, (tx) => {
    for (const receipt of feedOf(ada, [{}, {}, {}])) append(tx, receipt, FROM_FOLDER)
  })
  const sql = 'SELECT seq FROM receipt ORDER BY seq'
  const seen: unknown[] = []
  for (const outer of ledger.read.prepare<[], number>(sql).pluck().iterate()) {
    seen.push(outer, ledger.read.prepare<[], { seq: number }>(sql).all().length)
  }
  expect(seen).toEqual([1, 3, 2, 3, 3, 3])
  // Nor does it keep the shape that the one before asked for.
  expect(ledger.read.prepare<[], number>(sql).pluck().get()).toBe(1)
  expect(ledger.read.prepare<[], { seq: number }>(sql).get()).toEqual({ seq: 1 })
})

test('a second core on the same ledger cannot make a feed fork, though there should never be one', () => {
  using folder = temporaryFolder()
  const cores = [openIn(folder.path), openIn(folder.path)]
  for (let turn = 0; turn < 20; turn++) {
    const outcome = cores[turn % 2]!.write(NOW, (tx) => {
      const tail = feedTailOf(tx, ada.node)
      const newest = [...receiptsOfNode(tx, ada.node, tail.seq, tail.seq)].at(0)
      return append(tx, nextReceipt(ada, newest === undefined ? null : parseStoredLine(newest.line)), FROM_FOLDER)
    })
    expect(outcome).toEqual({ outcome: 'appended' })
  }
  expect(cores.map((core) => counters(core.read).receipts)).toEqual([20, 20])
  for (const core of cores) core.close()
})

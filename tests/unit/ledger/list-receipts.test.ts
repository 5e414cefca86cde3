import { expect, test } from 'vitest'
import { Cursor, type ReceiptFilter } from '#core/contract/index.ts'
import { append, listReceipts, receiptFacets, recentArrivals, type Ledger } from '#core/ledger/index.ts'
import { at, feedOf, FROM_FOLDER, NOW, openInMemory, seededSigner } from './world.ts'

const ada = seededSigner('ada')
const ben = seededSigner('ben')

test.each<[string, ReceiptFilter, RegExp]>([
  ['nothing', {}, /receipt_by_time \(\(time_ms,id\)~\(\?,\?\)\)/],
  [
    'a span of time',
    { from: at(-1000), to: NOW },
    /receipt_by_time \((time_ms~\? AND \(time_ms,id\)~\(\?,\?\)|\(time_ms,id\)~\(\?,\?\) AND time_ms~\?)\)/,
  ],
  ['a node', { node: ada.node }, /receipt_by_node \(node_key=\? AND \(time_ms,id\)~/],
  ['a kind', { kind: 'test/told' }, /receipt_by_kind \(kind=\? AND \(time_ms,id\)~/],
  ['a node and a kind', { node: ada.node, kind: 'test/told' }, /receipt_by_(node|kind) \(\w+=\? AND \(time_ms,id\)~/],
  ['a task', { task: 'pilot' }, /receipt_by_subject \(subject_key=\? AND \(time_ms,id\)~/],
  ['a subject', { subject: 'a' }, /receipt_by_subject \(subject_key=\? AND \(time_ms,id\)~/],
])('a page filtered by %s starts in an index and walks no table', (_what, filter, expected) => {
  const ledger = filled()
  const plans = plansOf(ledger, () => {
    for (const sort of ['newest', 'oldest'] as const) {
      const first = listReceipts(ledger.read, { filter, sort, after: null, limit: 2 })
      listReceipts(ledger.read, { filter, sort, after: first.next, limit: 2 })
    }
  })
  const pages = plans.filter((plan) => plan.includes('SCAN page'))
  expect(pages).toHaveLength(2)
  // The same plan in both directions.
  for (const plan of pages) expect(plan.replaceAll(/[<>]/g, '~')).toMatch(expected)
  expect(plans.join('\n')).not.toMatch(/SCAN receipt/)
})

test('what arrived in some time is found by when it came, whatever time it was signed with', () => {
  const ledger = openInMemory()
  const feed = feedOf(ada, [{}, {}, {}, {}, {}])
  const hour = 60 * 60 * 1000
  for (const [index, hours] of [0, 1, 1, 2, 5].entries()) {
    ledger.write(at(hours * hour), (tx) => append(tx, feed[index]!, FROM_FOLDER))
  }
  const seqs = (filter: ReceiptFilter) =>
    listReceipts(ledger.read, { filter, sort: 'oldest', after: null, limit: 10 }).rows.map(({ seq }) => seq)
  expect(seqs({ arrivedFrom: at(hour), arrivedTo: at(2 * hour) })).toEqual([2, 3])
  expect(seqs({ arrivedFrom: at(2 * hour) })).toEqual([4, 5])
  expect(seqs({ arrivedTo: at(hour) })).toEqual([1])
  expect(seqs({ arrivedFrom: at(3 * hour), arrivedTo: at(4 * hour) })).toEqual([])
  expect(seqs({ arrivedFrom: at(hour), node: ben.node })).toEqual([])
})

test('a cursor that no page gave is refused with a way on', () => {
  const ledger = filled()
  for (const cursor of ['', 'x', '5', '5.zz', `5.${'a'.repeat(63)}`, "5' OR 1=1"]) {
    const page = () => listReceipts(ledger.read, { filter: {}, sort: 'newest', after: Cursor.parse(cursor), limit: 2 })
    expect(page).toThrow(/not one that a page ended at/)
  }
})

test('what lists may be filtered by is told without walking the receipts', () => {
  const ledger = filled()
  expect(receiptFacets(ledger.read)).toEqual({
    kinds: ['test/asked', 'test/told'],
    tasks: ['other', 'pilot'],
    nodes: [ada.node, ben.node].sort(),
  })
})

test('arrivals of the last day are kept in two-hour buckets, oldest first', () => {
  const ledger = openInMemory()
  const feed = feedOf(ada, [{}, {}, {}, {}])
  const hour = 60 * 60 * 1000
  for (const [index, offset] of [-25 * hour, -22 * hour, -22 * hour, 0].entries()) {
    ledger.write(at(offset), (tx) => append(tx, feed[index]!, FROM_FOLDER))
  }
  const buckets = recentArrivals(ledger.read, NOW)
  expect(buckets).toHaveLength(12)
  expect(buckets.map((bucket) => bucket.receipts)).toEqual([2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1])
  expect(buckets[0]!.from).toBe(at(-22 * hour))
})

function filled(): Ledger {
  const ledger = openInMemory()
  const feeds = [ada, ben].map((signer) =>
    feedOf(signer, [
      { subject: 'a/1', task: 'pilot' },
      { subject: 'a/2', task: 'pilot', kind: 'test/asked' },
      { subject: 'b', task: 'other' },
      { subject: 'a/3' },
    ]),
  )
  ledger.write(NOW, (tx) => {
    for (const receipt of feeds.flat()) append(tx, receipt, FROM_FOLDER)
  })
  return ledger
}

/** The query plans of everything that `work` reads. */
function plansOf(ledger: Ledger, work: () => void): readonly string[] {
  const texts: string[] = []
  const { read } = ledger
  const prepare = read.prepare.bind(read)
  read.prepare = (sql) => {
    texts.push(sql)
    return prepare(sql)
  }
  work()
  read.prepare = prepare
  return [...new Set(texts)].map((sql) =>
    ledger.raw
      .prepare<[], { detail: string }>(`EXPLAIN QUERY PLAN ${sql.replaceAll(/[@?]\w*/g, 'NULL')}`)
      .all()
      .map((step) => step.detail)
      .join('\n'),
  )
}

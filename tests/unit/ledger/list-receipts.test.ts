import { expect, test } from 'vitest'
import { ContentHash, Cursor, Instant, type ReceiptFilter } from '#core/contract/index.ts'
import { append, listReceipts, receiptFacets, recentArrivals, type Ledger } from '#core/ledger/index.ts'
import type { ReceiptPage } from '#core/ledger/list-receipts.ts'
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
  const seqs = (filter: ReceiptFilter) => seqsOf(ledger, filter)
  expect(seqs({ arrivedFrom: at(hour), arrivedTo: at(2 * hour) })).toEqual([2, 3])
  expect(seqs({ arrivedFrom: at(2 * hour) })).toEqual([4, 5])
  expect(seqs({ arrivedTo: at(hour) })).toEqual([1])
  expect(seqs({ arrivedFrom: at(3 * hour), arrivedTo: at(4 * hour) })).toEqual([])
  expect(seqs({ arrivedFrom: at(hour), node: ben.node })).toEqual([])
})

test('a filter that nothing fits is an empty page, and the count of it is known', () => {
  const ledger = filled()
  const nobody = seededSigner('nobody').node
  for (const filter of [{ node: nobody }, { kind: 'test/unheard' }, { subject: 'nowhere' }, { task: 'none' }]) {
    const page = listReceipts(ledger.read, { filter, sort: 'newest', after: null, limit: 2 })
    expect(page).toEqual({ rows: [], next: null, total: 0, moreThan: null })
  }
})

test('what was signed under an anchor is found by it', () => {
  const ledger = openInMemory()
  const anchor = { hash: ContentHash.parse(`sha256:${'a'.repeat(64)}`), time: NOW }
  const feed = feedOf(ada, [{}, { anchor }, {}, { anchor }])
  ledger.write(NOW, (tx) => {
    for (const receipt of feed) append(tx, receipt, FROM_FOLDER)
  })
  expect(seqsOf(ledger, { anchor: anchor.hash })).toEqual([2, 4])
  expect(seqsOf(ledger, { anchor: ContentHash.parse(`sha256:${'b'.repeat(64)}`) })).toEqual([])
})

test('a page goes on where the last one ended, also among receipts of one time that a bound is at', () => {
  const ledger = openInMemory()
  const time = at(-1000)
  const feeds = [ada, ben, seededSigner('cleo')].map((signer) => feedOf(signer, [{ time }])).flat()
  ledger.write(NOW, (tx) => {
    for (const receipt of feeds) append(tx, receipt, FROM_FOLDER)
  })
  for (const sort of ['newest', 'oldest'] as const) {
    const ids: string[] = []
    let after: Cursor | null = null
    do {
      const page: ReceiptPage = listReceipts(ledger.read, { filter: { from: time, to: time }, sort, after, limit: 1 })
      ids.push(...page.rows.map(({ id }) => id))
      after = page.next
    } while (after !== null)
    const sorted = feeds.map(({ id }) => id).sort()
    expect(ids).toEqual(sort === 'oldest' ? sorted : sorted.toReversed())
  }
})

test.each([
  ['more receipts than are gathered and sorted', 20_500, 1],
  ['more subjects than are looked up one by one', 2_100, 2_100],
])('a word in the subject that fits %s gives the same page', (_what, receipts, subjects) => {
  const ledger = large({ receipts, subjects })
  const filter = { subject: 'report', task: 'pilot' }
  const page = listReceipts(ledger.read, { filter, sort: 'newest', after: null, limit: 5 })
  const times = Array.from({ length: receipts }, (_, n) => 1000 * (((n + 1) * 7919) % receipts)).sort((a, b) => b - a)
  expect(page.rows.map(({ timeMs }) => timeMs)).toEqual(times.slice(0, 5))
  const next = listReceipts(ledger.read, { filter, sort: 'newest', after: page.next, limit: 5 })
  expect(next.rows.map(({ timeMs }) => timeMs)).toEqual(times.slice(5, 10))
})

test('as many as are counted are told exactly, beyond that it is said that there are more', () => {
  const ledger = large({ receipts: 20_001, subjects: 1 })
  const counted = (filter: ReceiptFilter) => countsOf(ledger, filter)
  const span = (last: number) => ({ from: SIGNED(0), to: SIGNED(last) })
  const { node } = ada
  for (const filter of [{}, { node }, { kind: 'test/told' }]) {
    expect(counted({ ...filter, ...span(19_999) })).toEqual([20_000, null])
    expect(counted({ ...filter, ...span(20_000) })).toEqual([null, 20_000])
    expect(counted(filter)).toEqual([20_001, null])
  }
  expect(counted({ arrivedFrom: SIGNED(0) })).toEqual([20_001, null])
  expect(counted({ subject: 'report' })).toEqual([null, 20_000])
  // What the index does not say would have to be read, receipt by receipt.
  expect(counted({ node, kind: 'test/told', ...span(499) })).toEqual([500, null])
  expect(counted({ node, kind: 'test/told', ...span(500) })).toEqual([null, null])
  expect(counted({ subject: 'report', ...span(20_000) })).toEqual([null, null])
  expect(counted({ subject: 'report', ...span(400) })).toEqual([401, null])
})

test('of more subjects than are looked up it is said that there are more receipts', () => {
  expect(countsOf(large({ receipts: 2_100, subjects: 2_100 }), { subject: 'report' })).toEqual([null, 2000])
  expect(countsOf(large({ receipts: 2_100, subjects: 2_000 }), { subject: 'report' })).toEqual([2_100, null])
})

test('a page behind the first counts nothing', () => {
  const ledger = large({ receipts: 300, subjects: 1 })
  const filter = { from: SIGNED(0), to: SIGNED(250) }
  const first = listReceipts(ledger.read, { filter, sort: 'newest', after: null, limit: 100 })
  const second = listReceipts(ledger.read, { filter, sort: 'newest', after: first.next, limit: 100 })
  expect([first.total, second.total, second.moreThan]).toEqual([251, null, null])
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

function seqsOf(ledger: Ledger, filter: ReceiptFilter): readonly number[] {
  return listReceipts(ledger.read, { filter, sort: 'oldest', after: null, limit: 10 }).rows.map(({ seq }) => seq)
}

function countsOf(ledger: Ledger, filter: ReceiptFilter): readonly (number | null)[] {
  const { total, moreThan } = listReceipts(ledger.read, { filter, sort: 'newest', after: null, limit: 5 })
  return [total, moreThan]
}

/** When the nth receipt of a large ledger was signed, counted from the first. */
const SIGNED = (nth: number) => Instant.parse(new Date(1000 * nth).toISOString())

/** What a list shows stands in the columns; receipts that nobody signed do here, and are made a hundred times as fast. */
function large({ receipts, subjects }: { readonly receipts: number; readonly subjects: number }): Ledger {
  const ledger = openInMemory()
  ledger.raw.exec(`
    INSERT INTO node (key, id) VALUES (1, '${ada.node}');
    INSERT INTO source (key, text) VALUES (1, 'test');
    INSERT INTO kept (node_key, what, number) VALUES (1, 'test/told', ${receipts});
    WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < ${subjects})
    INSERT INTO subject (key, subject, task) SELECT n, 'Report ' || n, 'pilot' FROM n;
    WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < ${receipts})
    INSERT INTO receipt (id, node_key, seq, kind, subject_key, time_ms, way, source_key, arrived_ms, leaf, line)
    SELECT randomblob(32), 1, n, 'test/told', 1 + n % ${subjects}, 1000 * (n * 7919 % ${receipts}), 'folder', 1, 0,
      zeroblob(32), '' FROM n;
  `)
  return ledger
}

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

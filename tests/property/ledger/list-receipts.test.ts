// I17 for the list of receipts: every filter, sort and page in SQL is the naive answer computed in memory, for combined
// filters too.
import fc from 'fast-check'
import { beforeAll, afterAll, expect, test } from 'vitest'
import { ContentHash, type Cursor, type Instant, type ReceiptFilter } from '#core/contract/index.ts'
import { append, listReceipts, type Ledger } from '#core/ledger/index.ts'
import type { VerifiedReceipt } from '#core/receipts/index.ts'
import { at, FROM_FOLDER, nextReceipt, NOW, openInMemory, seededSigner } from '#tests/unit/ledger/world.ts'
import { propertyRuns } from '#tests/kit/property-runs.ts'

const RUNS = propertyRuns({ usual: 1_000 })
const KINDS = ['test/told', 'test/asked', 'from/the-future']
const TASKS = [null, 'pilot', 'Pilot 2']
const SUBJECTS = ['_report/a.json', '_report/A/b.json', 'Ünder/weg.txt', '100%_sure', "o'brien"]
// Few instants, so that many receipts share one and the id decides.
const TIMES = [at(-3000), at(-2000), at(-1000), NOW]
// When they came has nothing to do with when they were signed.
const ARRIVALS = [at(1000), at(2000), at(3000), at(4000)]
const ANCHORS = ['a', 'b'].map((letter) => ContentHash.parse(`sha256:${letter.repeat(64)}`))

const signers = ['ada', 'ben', 'cleo', 'dora'].map(seededSigner)
const nobody = seededSigner('nobody')
const receipts = worldOf(240)
const arrivals = receipts.map((_, index) => ARRIVALS[Math.floor((index * ARRIVALS.length) / receipts.length)]!)
let ledger: Ledger

beforeAll(() => {
  ledger = openInMemory()
  for (const [index, receipt] of receipts.entries()) {
    ledger.write(arrivals[index]!, (tx) => append(tx, receipt, FROM_FOLDER))
  }
})
afterAll(() => ledger.close())

const filters: fc.Arbitrary<ReceiptFilter> = fc.record(
  {
    node: fc.constantFrom(...signers, nobody).map((signer) => signer.node),
    kind: fc.constantFrom(...KINDS, 'test/never'),
    task: fc.constantFrom('pilot', 'Pilot 2', 'pi'),
    subject: fc.constantFrom('_REPORT', 'a', 'ü', 'Ü', '%', '_', "'", '.json', '', 'zzz'),
    from: fc.constantFrom(at(-5000), ...TIMES, at(5000)),
    to: fc.constantFrom(at(-5000), ...TIMES, at(5000)),
    anchor: fc.constantFrom(...ANCHORS, ContentHash.parse(`sha256:${'c'.repeat(64)}`)),
    arrivedFrom: fc.constantFrom(NOW, ...ARRIVALS, at(5000)),
    arrivedTo: fc.constantFrom(NOW, ...ARRIVALS, at(5000)),
  },
  { requiredKeys: [] },
)

test('any filters, either order, any page size: the pages are the naive answer, each row once, and the first counts all', () => {
  fc.assert(
    fc.property(
      filters,
      fc.constantFrom('newest' as const, 'oldest' as const),
      fc.integer({ min: 1, max: 60 }),
      (filter, sort, limit) => {
        const listed: string[] = []
        let after: Cursor | null = null
        const totals: (number | null)[] = []
        do {
          const page = listReceipts(ledger.read, { filter, sort, after, limit })
          expect(page.rows.length).toBeLessThanOrEqual(limit)
          listed.push(...page.rows.map((row) => row.id))
          // Pages that never end would be a fault as well.
          expect(listed.length).toBeLessThanOrEqual(receipts.length)
          totals.push(page.total)
          expect(page.moreThan).toBe(null)
          after = page.next
        } while (after !== null)
        const naive = naiveList(filter, sort)
        expect(listed).toEqual(naive)
        expect(totals[0]).toBe(naive.length)
        for (const total of totals) expect([null, naive.length]).toContain(total)
      },
    ),
    { numRuns: RUNS },
  )
})

test('a receipt that comes while a person turns pages moves no row to another page', () => {
  using own = Object.assign(openInMemory(), {
    [Symbol.dispose]() {
      own.close()
    },
  })
  const feed = receipts.filter(({ receipt }) => receipt.node === signers[0]!.node)
  own.write(NOW, (tx) => {
    for (const receipt of feed.slice(0, -1)) append(tx, receipt, FROM_FOLDER)
  })
  const first = listReceipts(own.read, { filter: {}, sort: 'newest', after: null, limit: 10 })
  const expected = listReceipts(own.read, { filter: {}, sort: 'newest', after: first.next, limit: 10 })
  own.write(NOW, (tx) => append(tx, nextReceipt(signers[0]!, feed.at(-2)!, { time: at(60_000) }), FROM_FOLDER))
  expect(listReceipts(own.read, { filter: {}, sort: 'newest', after: first.next, limit: 10 }).rows).toEqual(
    expected.rows,
  )
})

function naiveList(filter: ReceiptFilter, sort: 'newest' | 'oldest'): string[] {
  const { node, kind, task, subject, from, to, anchor, arrivedFrom, arrivedTo } = filter
  const came = ({ id }: VerifiedReceipt): Instant => arrivals[receipts.findIndex((receipt) => receipt.id === id)]!
  const ascii = (text: string) => text.replace(/[A-Z]/g, (letter) => letter.toLowerCase())
  const found = receipts
    .filter(
      (each) =>
        (arrivedFrom === undefined || came(each) >= arrivedFrom) && (arrivedTo === undefined || came(each) < arrivedTo),
    )
    .filter(
      ({ receipt }) =>
        (node === undefined || receipt.node === node) &&
        (kind === undefined || receipt.kind === kind) &&
        (task === undefined || receipt.task === task) &&
        (subject === undefined || ascii(receipt.subject).includes(ascii(subject))) &&
        (from === undefined || receipt.time >= from) &&
        (to === undefined || receipt.time <= to) &&
        (anchor === undefined || receipt.anchor?.hash === anchor),
    )
    .toSorted((a, b) => (`${a.receipt.time} ${a.id}` < `${b.receipt.time} ${b.id}` ? -1 : 1))
    .map((receipt) => receipt.id)
  return sort === 'oldest' ? found : found.toReversed()
}

function worldOf(count: number): readonly VerifiedReceipt[] {
  const made: VerifiedReceipt[] = []
  const newestByNode = new Map<string, VerifiedReceipt>()
  const pick = <T>(from: readonly T[], index: number): T => from[index % from.length]!
  for (let index = 0; index < count; index++) {
    // A number that is mixed well enough to meet every combination, and the same in every run.
    const mixed = (index * 2_654_435_761) % 4_294_967_296
    const signer = pick(signers, mixed >>> 28)
    const receipt = nextReceipt(signer, newestByNode.get(signer.node) ?? null, {
      kind: pick(KINDS, mixed >>> 20),
      task: pick(TASKS, mixed >>> 16),
      subject: pick(SUBJECTS, mixed >>> 12),
      time: pick(TIMES, mixed >>> 8),
      anchor: pick(
        [null, ...ANCHORS].map((hash) => hash && { hash, time: NOW }),
        mixed >>> 4,
      ),
    })
    newestByNode.set(signer.node, receipt)
    made.push(receipt)
  }
  return made
}

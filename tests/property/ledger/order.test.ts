// I1, I2, I8, I16 for the ledger: what is in it, where feeds end and fork, and what is projected are functions of the set of
// receipts; order, batches and repetition do not show, and more receipts never take one away.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { append, counters, doctor, feedTailOf, forkSeqOf, nodeKeyOf, type Ledger } from '#core/ledger/index.ts'
import type { VerifiedReceipt } from '#core/receipts/index.ts'
import { FROM_FOLDER, nextReceipt, NOW, openInMemory, seededSigner } from '#tests/unit/ledger/world.ts'
import { propertyRuns } from '#tests/kit/property-runs.ts'

const RUNS = propertyRuns({ usual: 1_000 })
/** I1 and I2. */
const MANY_RUNS = propertyRuns({ usual: 1_000, ci: 10_000, whole: 10_000 })
const signers = ['ada', 'ben', 'cleo'].map(seededSigner)

/** Feeds that go on, now and then beside themselves: each step names a node and how far back it takes up its own feed. */
const network = fc
  .array(
    fc.record({
      node: fc.nat(signers.length - 1),
      // Mostly the newest; otherwise a second story.
      back: fc.oneof(
        { weight: 6, arbitrary: fc.constant(0) },
        { weight: 1, arbitrary: fc.integer({ min: 1, max: 4 }) },
      ),
      subject: fc.constantFrom('a', 'b', 'c'),
      task: fc.constantFrom(null, 'pilot'),
      kind: fc.constantFrom('test/told', 'test/told', 'from/the-future'),
    }),
    { minLength: 1, maxLength: 24 },
  )
  .map((steps) => {
    const made: VerifiedReceipt[] = []
    for (const [index, { node, back, ...telling }] of steps.entries()) {
      const signer = signers[node]!
      const own = made.filter((receipt) => receipt.receipt.node === signer.node)
      made.push(nextReceipt(signer, own.at(-1 - back) ?? null, { ...telling, value: index }))
    }
    return made
  })

/** The same receipts as somebody else gets them: in another order, some twice, in batches of any size. */
const deliveries = network.chain((made) =>
  fc.record({
    made: fc.constant(made),
    arrived: fc
      .tuple(
        fc.shuffledSubarray(made, { minLength: made.length }),
        fc.array(fc.constantFrom(...made), { maxLength: 8 }),
      )
      .map(([all, again]) => [...all, ...again]),
    batch: fc.integer({ min: 1, max: 9 }),
  }),
)

test('order, batches and repetition do not show', () => {
  fc.assert(
    fc.property(deliveries, ({ made, arrived, batch }) => {
      using sorted = deliver(made, made.length)
      using shuffled = deliver(arrived, batch)
      expect(shown(shuffled)).toEqual(shown(sorted))
      expect(counters(shuffled.read).receipts).toBe(made.length)
    }),
    { numRuns: MANY_RUNS },
  )
})

test('what was projected bit by bit is what a rebuild makes, and every row re-verifies', async () => {
  await fc.assert(
    fc.asyncProperty(deliveries, async ({ arrived, batch }) => {
      using ledger = deliver(arrived, batch)
      const checks = await doctor(ledger, ledger.features, NOW)
      expect(checks.filter((check) => !check.ok)).toEqual([])
    }),
    { numRuns: propertyRuns({ usual: 200, ci: 1_000 }) },
  )
})

test('receipts that come later never take one away, and merging is one and the same in any grouping', () => {
  fc.assert(
    fc.property(deliveries, fc.nat(), ({ made, arrived, batch }, cut) => {
      const half = cut % (arrived.length + 1)
      using ledger = deliver(arrived.slice(0, half), batch)
      const before = idsIn(ledger)
      drain(ledger, arrived, batch)
      expect(idsIn(ledger)).toEqual(expect.arrayContaining(before))
      expect(idsIn(ledger)).toEqual(made.map((receipt) => receipt.id).sort())
    }),
    { numRuns: MANY_RUNS },
  )
})

test('nothing behind a missing seq is taken', () => {
  fc.assert(
    fc.property(network, fc.nat(), (made, pick) => {
      const missing = made[pick % made.length]!.receipt
      const present = made.filter(({ receipt }) => receipt.node !== missing.node || receipt.seq !== missing.seq)
      using ledger = deliver(present, 4)
      expect(feedTailOf(ledger.read, missing.node).seq).toBe(missing.seq - 1)
    }),
    { numRuns: RUNS },
  )
})

type DisposableLedger = Ledger & Disposable

function deliver(receipts: readonly VerifiedReceipt[], batch: number): DisposableLedger {
  const ledger = openInMemory()
  drain(ledger, receipts, batch)
  return Object.assign(ledger, { [Symbol.dispose]: () => ledger.close() })
}

/** As the exchange does: what waits for an earlier receipt is offered again, until nothing moves any more. */
function drain(ledger: Ledger, receipts: readonly VerifiedReceipt[], batch: number): void {
  let offered = receipts
  let isMoving = true
  while (isMoving) {
    const waiting: VerifiedReceipt[] = []
    for (let from = 0; from < offered.length; from += batch) {
      ledger.write(NOW, (tx) => {
        for (const receipt of offered.slice(from, from + batch)) {
          if (append(tx, receipt, FROM_FOLDER).outcome === 'waiting') waiting.push(receipt)
        }
      })
    }
    isMoving = waiting.length < offered.length && waiting.length > 0
    offered = waiting
  }
}

/** Everything that may be seen of a ledger, without the keys that depend on when things came. */
function shown(ledger: Ledger): unknown {
  return {
    ids: idsIn(ledger),
    feeds: signers.map(({ node }) => {
      const tail = feedTailOf(ledger.read, node)
      const nodeKey = nodeKeyOf(ledger.read, node)
      const stories = Array.from({ length: tail.seq }, (_, index) => tail.idsAt(index + 1))
      return { stories, forkSeq: nodeKey === null ? null : forkSeqOf(ledger.read, nodeKey) }
    }),
    projected: ledger.read.prepare<[], unknown>('SELECT * FROM latest_told ORDER BY subject, task, node').all(),
    tallies: ledger.read
      .prepare<[], unknown>(
        'SELECT node.id, kind, receipts FROM tally JOIN node ON node.key = node_key ORDER BY node.id, kind',
      )
      .all(),
  }
}

function idsIn(ledger: Ledger): string[] {
  return ledger.read.prepare<[], string>("SELECT 'sha256:' || lower(hex(id)) FROM receipt ORDER BY id").pluck().all()
}

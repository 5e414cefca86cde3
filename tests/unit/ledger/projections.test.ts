import { expect, test } from 'vitest'
import * as z from 'zod'
import {
  append,
  counters,
  doctor,
  rebuildProjections,
  type Feature,
  type Ledger,
  type Projection,
} from '#core/ledger/index.ts'
import {
  at,
  feedOf,
  FROM_FOLDER,
  latestTold,
  nextReceipt,
  NOW,
  openIn,
  openInMemory,
  seededSigner,
  tellings,
  temporaryFolder,
} from './world.ts'

const ada = seededSigner('ada')

test('a projection follows in the transaction that appends: never behind, never ahead', () => {
  const ledger = openInMemory()
  const feed = feedOf(ada, [{ subject: 'a' }, { subject: 'b' }, { subject: 'a' }])
  ledger.write(NOW, (tx) => {
    for (const receipt of feed) append(tx, receipt, FROM_FOLDER)
  })
  expect(latest(ledger)).toEqual([
    { subject: 'a', seq: 3 },
    { subject: 'b', seq: 2 },
  ])
  expect(() =>
    ledger.write(NOW, (tx) => {
      append(tx, nextReceipt(ada, feed[2]!, { subject: 'b' }), FROM_FOLDER)
      throw new Error('no')
    }),
  ).toThrow('no')
  expect(latest(ledger)[1]).toEqual({ subject: 'b', seq: 2 })
})

test('a projection that fails takes the receipt with it: nothing is acknowledged that is not shown', () => {
  const fragile: Projection = {
    ...latestTold,
    project(tx, rows) {
      latestTold.project(tx, rows)
      if (rows.some((row) => row.receipt.receipt.subject === 'b')) throw new Error('a bug')
    },
  }
  const ledger = openInMemory([{ ...tellings, projections: [fragile] }])
  const feed = feedOf(ada, [{ subject: 'a' }, { subject: 'b' }])
  ledger.write(NOW, (tx) => append(tx, feed[0]!, FROM_FOLDER))
  expect(() => ledger.write(NOW, (tx) => append(tx, feed[1]!, FROM_FOLDER))).toThrow('a bug')
  expect(latest(ledger)).toEqual([{ subject: 'a', seq: 1 }])
  expect(ledger.write(NOW, (tx) => append(tx, nextReceipt(ada, feed[0]!, { subject: 'c' }), FROM_FOLDER))).toEqual({
    outcome: 'appended',
  })
})

test('of a large write every receipt is projected once, in its order, and counted once', async () => {
  const seen: number[] = []
  const watching: Projection = {
    ...latestTold,
    project(tx, rows) {
      seen.push(...rows.map((row) => row.receipt.receipt.seq))
      latestTold.project(tx, rows)
    },
  }
  const watched = [{ ...tellings, projections: [watching] }]
  const ledger = openInMemory(watched)
  const count = 600
  const feed = feedOf(
    ada,
    Array.from({ length: count }, (_, index) => ({ subject: `s${index % 7}` })),
  )
  const inOrder = Array.from({ length: count }, (_, index) => index + 1)
  ledger.write(NOW, (tx) => {
    for (const receipt of feed) append(tx, receipt, FROM_FOLDER)
  })
  expect(seen).toEqual(inOrder)
  expect((await doctor(ledger, watched, NOW)).filter(({ ok }) => !ok)).toEqual([])
  expect(counters(ledger.read).receipts).toBe(count)
  seen.length = 0
  rebuildProjections(ledger, NOW)
  expect(seen).toEqual(inOrder)
})

test('a projection of a new version is made anew from the receipts when the ledger is opened', () => {
  using folder = temporaryFolder()
  fill(openIn(folder.path), 20).close()
  const shouting: Projection = {
    ...latestTold,
    version: 2,
    settle(tx) {
      latestTold.settle(tx)
      tx.prepare<[], never>('UPDATE latest_told SET subject = upper(subject) WHERE subject <> upper(subject)').run()
    },
  }
  const told: [number, number][] = []
  const ledger = openIn(folder.path, {
    features: [{ ...tellings, projections: [shouting] }],
    onProgress: (done, total) => told.push([done, total]),
  })
  expect(latest(ledger)[0]).toEqual({ subject: 'S0', seq: 19 })
  expect(told).toEqual([[20, 20]])
  ledger.close()
})

test('a projection that is current is not read again when the ledger is opened', () => {
  using folder = temporaryFolder()
  fill(openIn(folder.path), 20).close()
  const told: number[] = []
  openIn(folder.path, { onProgress: (done) => told.push(done) }).close()
  expect(told).toEqual([])
})

test('a kind that becomes known is projected from the receipts that were kept before', () => {
  using folder = temporaryFolder()
  const noKinds = openIn(folder.path, { features: [{ ...tellings, kinds: [], projections: [] }] })
  fill(noKinds, 3).close()
  const ledger = openIn(folder.path)
  expect(latest(ledger)).toHaveLength(3)
  ledger.close()

  const seen: string[] = []
  const watching: Projection = {
    ...latestTold,
    project: (tx, rows) => {
      seen.push(...rows.map((row) => row.receipt.receipt.kind))
      latestTold.project(tx, rows)
    },
  }
  const watched: Feature = { ...tellings, projections: [watching] }
  openIn(folder.path, { features: [watched] }).close()
  expect(seen).toEqual([])
  const knowsMore: Feature = {
    ...watched,
    kinds: [
      ...tellings.kinds,
      { kind: 'test/new', body: z.object({}), claims: 'Something new.', byHand: false, isClaim: false },
    ],
  }
  openIn(folder.path, { features: [knowsMore] }).close()
  expect(seen).toHaveLength(3)
})

test('tables of a projection that no feature brings any more are gone', () => {
  using folder = temporaryFolder()
  fill(openIn(folder.path), 3).close()
  const ledger = openIn(folder.path, { features: [{ ...tellings, projections: [] }] })
  expect(ledger.read.prepare<[], unknown>("SELECT 1 FROM sqlite_schema WHERE name LIKE 'latest_told%'").all()).toEqual(
    [],
  )
  ledger.close()
})

test('a rebuild that was cut off goes on where it stopped, and reads every receipt once', () => {
  using folder = temporaryFolder()
  fill(openIn(folder.path), 9000).close()
  const read: number[] = []
  const watching: Projection = {
    ...latestTold,
    version: 2,
    project: (tx, rows) => {
      read.push(...rows.map((row) => row.receipt.receipt.seq))
      latestTold.project(tx, rows)
    },
  }
  const features = [{ ...tellings, projections: [watching] }]
  const stopped = new Error('the power went')
  const stop = () => {
    throw stopped
  }
  expect(() => openIn(folder.path, { features, onProgress: stop })).toThrow(stopped)
  expect(read.length).toBeLessThan(9000)
  const ledger = openIn(folder.path, { features })
  expect(read).toEqual(Array.from({ length: 9000 }, (_, index) => index + 1))
  expect(latest(ledger)[0]).toEqual({ subject: 's0', seq: 8998 })
  ledger.close()
})

test('projections that were damaged are put right by a rebuild, and no receipt is touched', () => {
  const ledger = fill(openInMemory(), 20)
  const before = latest(ledger)
  const receipts = ledger.read.prepare<[], unknown>('SELECT * FROM receipt').all()
  ledger.raw.exec("DELETE FROM latest_told WHERE subject = 's1'; UPDATE latest_told SET seq = 1")
  rebuildProjections(ledger, NOW)
  expect(latest(ledger)).toEqual(before)
  expect(ledger.read.prepare<[], unknown>('SELECT * FROM receipt').all()).toEqual(receipts)
})

test('time that passes settles what is due, without any receipt', () => {
  const due: Projection = {
    name: 'due',
    version: 1,
    tables: ['due'],
    create: (tx) => tx.exec('CREATE TABLE due (id BLOB NOT NULL PRIMARY KEY) STRICT, WITHOUT ROWID'),
    project: () => undefined,
    settle: (tx) => {
      const { changes } = tx
        .prepare<[number], never>('INSERT OR IGNORE INTO due SELECT id FROM receipt WHERE time_ms <= ?')
        .run(Date.parse(tx.now) - 60_000)
      if (changes > 0) tx.touched('conflicts')
    },
  }
  const ledger = openInMemory([{ ...tellings, projections: [due] }])
  ledger.write(NOW, (tx) => append(tx, nextReceipt(ada, null, { time: NOW }), FROM_FOLDER))
  const count = () => ledger.read.prepare<[], number>('SELECT count(*) FROM due').pluck().get()
  expect(count()).toBe(0)
  ledger.write(at(59_999), () => undefined)
  expect(count()).toBe(0)
  ledger.write(at(60_000), () => undefined)
  expect(count()).toBe(1)
})

function fill(ledger: Ledger, count: number): Ledger {
  const feed = feedOf(
    ada,
    Array.from({ length: count }, (_, index) => ({ subject: `s${index % 3}` })),
  )
  ledger.write(NOW, (tx) => {
    for (const receipt of feed) append(tx, receipt, FROM_FOLDER)
  })
  return ledger
}

function latest(ledger: Ledger): readonly unknown[] {
  return ledger.read.prepare<[], unknown>('SELECT subject, seq FROM latest_told ORDER BY subject').all()
}

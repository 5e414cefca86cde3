import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { append, doctor, repairProjections, treeOf, type Ledger, type Projection } from '#core/ledger/index.ts'
import {
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
const ben = seededSigner('ben')

test('a sound ledger passes every check, in a file and in memory, and is not changed by them', async () => {
  using folder = temporaryFolder()
  for (const ledger of [fill(openIn(folder.path)), fill(openInMemory())]) {
    const before = createHash('sha256').update(ledger.raw.serialize()).digest('hex')
    let pauses = 0
    const checks = await doctor(ledger, ledger.features, NOW, () => {
      pauses++
      return Promise.resolve()
    })
    expect(checks.filter((check) => !check.ok)).toEqual([])
    expect(checks.map((check) => check.name)).toEqual([
      'file',
      'references',
      'durability',
      'receipts',
      'feeds',
      'counts',
      'projection latest-told: latest_told',
      'projection latest-told: latest_told_dirty',
    ])
    expect(pauses).toBeGreaterThan(3)
    expect(createHash('sha256').update(ledger.raw.serialize()).digest('hex')).toBe(before)
    ledger.close()
  }
})

test.each([
  [
    'a word inside a receipt',
    `UPDATE receipt SET line = replace(line, '"value":3', '"value":4')`,
    'receipts',
    /have the id/,
  ],
  [
    'a receipt that is no JSON any more',
    `UPDATE receipt SET line = 'x' WHERE seq = 3`,
    'receipts',
    /no JSON|canonical/,
  ],
  ['a signature', `UPDATE receipt SET line = replace(line, '"sig":"', '"sig":"A') WHERE seq = 3`, 'receipts', /sig/],
  ['an id', `UPDATE receipt SET id = zeroblob(32) WHERE seq = 3 AND node_key = 1`, 'receipts', /have the id/],
  ['a leaf hash', `UPDATE receipt SET leaf = zeroblob(32) WHERE seq = 3`, 'receipts', /leaf/],
  ['the column of a time', `UPDATE receipt SET time_ms = 5 WHERE seq = 3`, 'receipts', /time is stored as 5/],
  [
    'the column of a subject',
    `UPDATE subject SET subject = 'other' WHERE key = 1`,
    'receipts',
    /subject is stored as other/,
  ],
  ['the order of a feed', `UPDATE receipt SET seq = 9 WHERE seq = 3`, 'feeds', /has 9 but not/],
  ['a lost receipt', `DELETE FROM receipt WHERE seq = 2 AND node_key = 2`, 'feeds', /has 3 but not 2/],
  ['a fork that was forgotten', `DELETE FROM feed_fork`, 'feeds', /forks at 3, kept is no seq/],
  [
    'a fork where there is none',
    `INSERT INTO feed_fork (node_key, seq) VALUES (1, 2)`,
    'feeds',
    /forks at no seq, kept is 2/,
  ],
  ['a tree that does not fit', `UPDATE feed_tree SET peaks = zeroblob(length(peaks))`, 'feeds', /another tree/],
  ['a count', `UPDATE kept SET number = number + 1 WHERE node_key = 1`, 'counts', /.+/],
  ['a projection’s table', `DROP TABLE latest_told`, 'projection latest-told: latest_told', /.+/],
  [
    'a value that a table forbids',
    `PRAGMA ignore_check_constraints = ON; UPDATE receipt SET seq = 0 WHERE seq = 6; PRAGMA ignore_check_constraints = OFF`,
    'file',
    /CHECK constraint failed in receipt/,
  ],
  [
    'a row that something refers to',
    `PRAGMA foreign_keys = OFF; DELETE FROM source; PRAGMA foreign_keys = ON`,
    'references',
    /^receipt to source$/,
  ],
  ['settings that lose what was acknowledged', `PRAGMA synchronous = OFF`, 'durability', /"synchronous":0/],
  ['a row of a projection', `DELETE FROM latest_told WHERE seq = 4`, 'projection latest-told: latest_told', /.+/],
  ['a value in a projection', `UPDATE latest_told SET seq = 1`, 'projection latest-told: latest_told', /.+/],
])('damage is found: %s', async (_what, damage, name, found) => {
  const ledger = fill(openInMemory())
  ledger.raw.exec(damage)
  const failed = (await doctor(ledger, ledger.features, NOW)).filter((check) => !check.ok)
  expect(failed.map((check) => check.name)).toContain(name)
  expect(failed.find((check) => check.name === name)?.found).toMatch(found)
})

test('a ledger with nothing in it is sound, and so is one that nothing is projected from', async () => {
  const failed = async (ledger: Ledger) =>
    (await doctor(ledger, ledger.features, NOW)).filter((check) => !check.ok).map((check) => check.name)
  expect(await failed(openInMemory())).toEqual([])
  expect(await failed(fill(openInMemory([{ ...tellings, projections: [] }])))).toEqual([])
})

test('where everything is damaged the faults are counted up to a hundred, and the search ends', async () => {
  const ledger = openInMemory()
  const feed = feedOf(
    ada,
    Array.from({ length: 300 }, () => ({})),
  )
  ledger.write(NOW, (tx) => {
    for (const receipt of feed) append(tx, receipt, FROM_FOLDER)
  })
  ledger.raw.exec('UPDATE receipt SET leaf = zeroblob(32)')
  const receipts = (await doctor(ledger, ledger.features, NOW)).find((check) => check.name === 'receipts')
  expect(receipts?.detail).toMatch(/^Faults: 100 or more\. Restore the newest backup/)
})

test('a signature that is whole but another node’s is found', async () => {
  const ledger = fill(openInMemory())
  const [first] = feedOf(ben, [{ value: 'forged' }])
  // Everything fits but the signature: the forger signed with a key that is not the node's.
  const forged = { ...ben, node: ada.node }
  const fake = nextReceipt(forged, null, { value: 'forged' })
  const leaf = createHash('sha256').update(`\0${fake.line}`).digest()
  ledger.raw
    .prepare(`
      UPDATE receipt SET id = ?, line = ?, leaf = ?, time_ms = ?, subject_key = (SELECT key FROM subject WHERE subject = ?)
      WHERE node_key = 1 AND seq = 1
    `)
    .run(Buffer.from(fake.id.slice(7), 'hex'), fake.line, leaf, Date.parse(fake.receipt.time), fake.receipt.subject)
  expect(first).toBeDefined()
  const receipts = (await doctor(ledger, ledger.features, NOW)).find((check) => check.name === 'receipts')
  expect(receipts?.found).toMatch(/signature is not its node’s/)
})

test('a projection that depends on when receipts came is caught', async () => {
  const byArrival: Projection = {
    name: 'batches',
    version: 1,
    tables: ['batch'],
    create: (tx) => tx.exec('CREATE TABLE batch (size INTEGER NOT NULL) STRICT'),
    project: (tx, rows) => void tx.prepare<[number], never>('INSERT INTO batch (size) VALUES (?)').run(rows.length),
    settle: () => undefined,
  }
  const ledger = openInMemory([{ ...tellings, projections: [latestTold, byArrival] }])
  for (const receipt of feedOf(ada, [{}, {}, {}])) ledger.write(NOW, (tx) => append(tx, receipt, FROM_FOLDER))
  const failed = (await doctor(ledger, ledger.features, NOW)).filter((check) => !check.ok)
  expect(failed.map((check) => check.name)).toEqual(['projection batches: batch'])
  expect(repairProjections(ledger, failed, NOW)).toBe(true)
  const repaired = await doctor(ledger, ledger.features, NOW)
  expect(repaired.filter((check) => !check.ok)).toEqual([])
  expect(repairProjections(ledger, repaired, NOW)).toBe(false)
})

test('a projection that writes beyond its own tables cannot change the ledger by being examined', async () => {
  using folder = temporaryFolder()
  const meddling: Projection = {
    ...latestTold,
    settle(tx) {
      latestTold.settle(tx)
      tx.prepare<[], never>("INSERT OR REPLACE INTO note (text) VALUES ('settled')").run()
    },
  }
  const ledger = fill(openIn(folder.path, { features: [{ ...tellings, projections: [meddling] }] }))
  ledger.raw.exec('DELETE FROM note')
  const failed = (await doctor(ledger, ledger.features, NOW)).filter((check) => !check.ok)
  expect(failed).toMatchObject([{ name: 'projections', found: 'SqliteError: database is locked' }])
  expect(ledger.read.prepare<[], unknown>('SELECT * FROM note').all()).toEqual([])
  ledger.close()
})

test('a projection that fails at a rebuild is told as this version’s fault, in its own words', async () => {
  let fails = false
  const failing: Projection = {
    ...latestTold,
    project(tx, rows) {
      if (fails) throw new Error('a fault of this version')
      latestTold.project(tx, rows)
    },
  }
  const ledger = fill(openInMemory([{ ...tellings, projections: [failing] }]))
  fails = true
  const failed = (await doctor(ledger, ledger.features, NOW)).filter((check) => !check.ok)
  expect(failed).toMatchObject([{ name: 'projections', found: 'Error: a fault of this version' }])
})

test('a ledger that lost when its projections were settled is examined as of now, and brought up to date when it is opened', async () => {
  using folder = temporaryFolder()
  const ledger = fill(openIn(folder.path))
  ledger.raw.exec('DELETE FROM kept WHERE node_key = -1; DELETE FROM latest_told')
  const failed = async (examined: Ledger) =>
    (await doctor(examined, examined.features, NOW)).filter((check) => !check.ok).map((check) => check.name)
  expect(await failed(ledger)).toEqual(['projection latest-told: latest_told'])
  ledger.close()
  const again = openIn(folder.path)
  expect(await failed(again)).toEqual([])
  again.close()
})

test('receipts that arrive while the doctor is at work are no fault', async () => {
  using folder = temporaryFolder()
  const ledger = fill(openIn(folder.path))
  let last = feedOf(seededSigner('cleo'), [{}])[0]!
  const checks = await doctor(ledger, ledger.features, NOW, () => {
    ledger.write(NOW, (tx) => append(tx, last, FROM_FOLDER))
    last = nextReceipt(seededSigner('cleo'), last)
    return Promise.resolve()
  })
  expect(checks.filter((check) => !check.ok)).toEqual([])
  ledger.close()
})

test('a second story behind a tree that was kept before it came is no fault, whichever story is sorted first', async () => {
  for (let value = 0; value < 8; value++) {
    const ledger = openInMemory()
    const first = feedOf(ada, [{}, {}, {}])
    ledger.write(NOW, (tx) => {
      for (const receipt of first) append(tx, receipt, FROM_FOLDER)
      treeOf(tx, ada.node)
    })
    const second = nextReceipt(ada, first[1]!, { value: `another story ${value}` })
    ledger.write(NOW, (tx) => append(tx, second, FROM_FOLDER))
    const checks = await doctor(ledger, ledger.features, NOW)
    expect(checks.filter((check) => !check.ok)).toEqual([])
    ledger.close()
  }
})

function fill(ledger: Ledger): Ledger {
  const adas = feedOf(
    ada,
    Array.from({ length: 6 }, (_, index) => ({ subject: `s${index % 3}` })),
  )
  const bens = feedOf(ben, [{}, {}, {}])
  const fork = nextReceipt(ben, bens[1]!, { value: 'another story' })
  ledger.write(NOW, (tx) => {
    for (const receipt of [...adas, ...bens, fork]) append(tx, receipt, FROM_FOLDER)
    treeOf(tx, ada.node)
  })
  return ledger
}

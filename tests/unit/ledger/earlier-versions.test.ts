import { readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import type { Instant } from '#core/contract/index.ts'
import { features } from '#core/features.ts'
import {
  counters,
  doctor,
  listReceipts,
  openLedger,
  receiptFacets,
  recentArrivals,
  type Ledger,
} from '#core/ledger/index.ts'
import { temporaryFolder } from './world.ts'

/** When the receipts of the kept ledgers arrived. */
const THEN = '2025-03-01T12:00:00.000Z' as Instant // written in the form of an Instant

const LEDGERS = [
  // Made by 29eaf74: the same for every table as the first release, before counts shared a page.
  { file: 'before-fewer-pages.sqlite.gz', receipts: 60, conflicts: 1 },
]

test.each(LEDGERS)('$file: a ledger of an earlier version is copied, brought up to date and sound', async (kept) => {
  using folder = temporaryFolder()
  writeFileSync(join(folder.path, 'ledger.sqlite'), gunzipSync(readFileSync(fixture(kept.file))))
  const ledger = openIn(folder.path)
  expect((await doctor(ledger, features, THEN)).filter(({ ok }) => !ok)).toEqual([])
  expect(counters(ledger.read)).toEqual({ receipts: kept.receipts })
  expect(recentArrivals(ledger.read, THEN).map(({ receipts }) => receipts)).toEqual([
    ...Array.from({ length: 11 }, () => 0),
    kept.receipts,
  ])
  const { kinds, nodes } = receiptFacets(ledger.read)
  const ofKind = kinds.map((kind) => listed(ledger, { kind }))
  const ofNode = nodes.map((node) => listed(ledger, { node }))
  for (const lists of [ofKind, ofNode]) {
    expect(lists.reduce((sum, { total }) => sum + (total ?? 0), 0)).toBe(kept.receipts)
    for (const { rows, total } of lists) expect(rows).toHaveLength(total ?? 0)
  }
  const conflicts = ledger.read.prepare<[], number>('SELECT count(*) FROM reconcile_conflict WHERE status = 0').pluck()
  expect(conflicts.get()).toBe(kept.conflicts)
  ledger.close()
  expect(readdirSync(join(folder.path, 'backups'))).toHaveLength(1)

  // The second time there is nothing to do.
  openIn(folder.path).close()
  expect(readdirSync(join(folder.path, 'backups'))).toHaveLength(1)
})

function openIn(path: string): Ledger {
  return openLedger({ file: join(path, 'ledger.sqlite'), features, now: THEN, backupDir: join(path, 'backups') })
}

function listed(ledger: Ledger, filter: Parameters<typeof listReceipts>[1]['filter']) {
  return listReceipts(ledger.read, { filter, sort: 'newest', after: null, limit: 100 })
}

const fixture = (file: string) => new URL(`../../fixtures/ledgers/${file}`, import.meta.url)

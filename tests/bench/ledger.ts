// A ledger that holds a bench network, filled without checking signatures again: for rows that are about what comes after.
import { join } from 'node:path'
import type { Instant } from '#core/contract/index.ts'
import { features } from '#core/features.ts'
import { append, openLedger, type Ledger } from '#core/ledger/index.ts'
import { setNetwork } from '#core/network/index.ts'
import type { VerifiedReceipt } from '#core/receipts/index.ts'
import type { BenchNetwork } from './network.ts'

/** After every receipt of the bench was signed. */
export const NOW = '2025-03-01T12:00:00.000Z' as Instant // written in the form of an Instant

const BATCH = 4096

export function openBenchLedger(folder: string): Ledger {
  return openLedger({ file: join(folder, 'ledger.sqlite'), features, now: NOW, backupDir: join(folder, 'backups') })
}

export function fillLedger(ledger: Ledger, network: BenchNetwork): void {
  ledger.write(NOW, (tx) => setNetwork(tx, network.id))
  for (const feed of network.feeds) {
    for (let from = 0; from < feed.length; from += BATCH) appendAll(ledger, feed.slice(from, from + BATCH))
  }
}

export function appendAll(ledger: Ledger, receipts: readonly VerifiedReceipt[]): void {
  ledger.write(NOW, (tx) => {
    for (const receipt of receipts) {
      const { outcome } = append(tx, receipt, { way: 'folder', source: 'bench' })
      if (outcome !== 'appended') throw new Error(`A receipt of the bench was ${outcome}.`)
    }
  })
}

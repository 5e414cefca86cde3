// A data folder as it is after years: a node that belongs to the bench network, with every receipt in its ledger.
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { startInlineCore } from '#core/hosts/cli/inline-core.ts'
import type { CoreClient } from '#core/hosts/thread/index.ts'
import { fillLedger, openBenchLedger } from './ledger.ts'
import type { BenchNetwork } from './network.ts'

export const PASSPHRASE = 'a long walk by the sea'

/** Its exchange folder, `<home>-exchange`, has the network's marker and nothing else, so that there is nothing new to read. */
export async function fillHome(home: string, network: BenchNetwork): Promise<void> {
  const exchange = `${home}-exchange`
  mkdirSync(exchange, { recursive: true })
  const marker = { format: 'steward-exchange/1', network: network.id, name: 'bench' }
  writeFileSync(join(exchange, 'steward-exchange.json'), `${JSON.stringify(marker)}\n`)
  await withCore(home, (client) =>
    client.node.create({ name: 'bench', passphrase: PASSPHRASE, exchange, networkName: null }),
  )
  const ledger = openBenchLedger(home)
  fillLedger(ledger, network)
  ledger.close()
}

/** The core in this process, as the command line has it: what the contract costs without a thread in between. */
export async function withCore<T>(home: string, work: (client: CoreClient) => Promise<T>): Promise<T> {
  const core = await startInlineCore({ home, version: 'bench' })
  try {
    return await work(core.client)
  } finally {
    await core.stop()
  }
}

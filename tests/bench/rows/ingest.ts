// A steward chooses the folder of a network that has existed for years: cold ledger, every signature checked, every projection made,
// and the window told. Beside it: the two-worker verify rate, and the script that somebody would write instead.
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { loadSodium } from '#core/receipts/index.ts'
import { findPythonWithNacl, HOW_TO_GET_NACL } from '#tests/python.ts'
import { startApp, type Ingested } from '../app-orders.ts'
import { absolute, measurePairs, median, type Figure } from '../measure.ts'
import { oneInAHundredDiffers, signNetwork, writeExchange, type BenchNetwork } from '../network.ts'
import type { Row, Scale } from '../row.ts'
import { inTemporaryFolder } from '../temporary.ts'
import { startVerifyLimit } from '../verify-limit.ts'

const PRODUCT = '100k receipts from segments: verified, appended, projected, told'

export const ingest: Row = {
  name: 'ingest',
  run: (scale) =>
    inTemporaryFolder(async (folder) => {
      const network = signNetwork({ nodes: 10, receipts: scale.receipts, value: oneInAHundredDiffers })
      const exchange = join(folder, 'exchange')
      writeExchange(network, exchange)
      const runs: Ingested[] = []
      const ours = async () => {
        const run = await ingestOnce(join(folder, `home-${runs.length}`), exchange, network)
        runs.push(run)
        return network.receipts / run.seconds
      }
      const rate = await besideVerification(scale, network, ours)
      const receiptsMiB = network.feeds.flat().reduce((sum, { line }) => sum + line.length, 0) / 2 ** 20
      const script = await besideTheScript(scale, network, exchange, ours)
      const of = (pick: (run: Ingested) => number) => runs.map(pick)
      return [
        rate,
        ...script,
        absolute(
          'First receipts told',
          'ms',
          of((r) => r.firstMs),
          median(of((r) => r.firstMs)),
          { atMost: 1000 },
        ),
        absolute(
          "Longest block of the window's thread, P99.9",
          'ms',
          of((r) => r.blockMs.p999),
          median(of((r) => r.blockMs.p999)),
          { atMost: 16 },
        ),
        absolute(
          "Longest block of the window's thread",
          'ms',
          of((r) => r.blockMs.max),
          median(of((r) => r.blockMs.max)),
          { atMost: 50 },
        ),
        absolute(
          `Peak memory of the app's process (receipts: ${Math.round(receiptsMiB)} MiB)`,
          'MiB',
          of((r) => r.peakMiB),
          median(of((r) => r.peakMiB)),
          { atMost: 300 + receiptsMiB },
        ),
      ]
    }),
}

async function ingestOnce(home: string, exchange: string, network: BenchNetwork): Promise<Ingested> {
  const app = await startApp(home)
  await app.tell({ type: 'create' }, 'done')
  const run = await app.tell({ type: 'choose', exchange, until: network.receipts }, 'ingested')
  await app.stop()
  return run
}

async function besideVerification(scale: Scale, network: BenchNetwork, ours: () => Promise<number>): Promise<Figure> {
  const native = loadSodium() === null ? 'node' : 'sodium'
  const limit = await startVerifyLimit(network.feeds.flat(), native)
  const figure = await measurePairs({
    what: PRODUCT,
    unit: 'receipts/s',
    limitIs: `bare ${native} verification, two workers`,
    gate: { atLeast: native === 'sodium' ? 0.35 : 0.5 },
    count: scale.pairs,
    limit: () => limit.measure(),
    ours,
  })
  await limit.close()
  return figure
}

async function besideTheScript(
  scale: Scale,
  network: BenchNetwork,
  exchange: string,
  ours: () => Promise<number>,
): Promise<Figure[]> {
  const python = findPythonWithNacl()
  if (python === null) {
    console.log(`  Not measured beside the script: ${HOW_TO_GET_NACL}.`)
    return []
  }
  const script = new URL('../check-exchange.py', import.meta.url).pathname
  const figure = await measurePairs({
    what: PRODUCT,
    unit: 'receipts/s',
    limitIs: 'the same checked by a Python script with PyNaCl, one core',
    gate: { atLeast: 1 },
    count: Math.min(scale.pairs, 3),
    limit: () => {
      const { stdout, status } = spawnSync(python, [script, exchange], { encoding: 'utf8' })
      if (status !== 0) throw new Error('The script of the bench failed.')
      const said: unknown = JSON.parse(stdout)
      // check-exchange.py prints exactly this.
      return network.receipts / (said as { seconds: number }).seconds
    },
    ours,
  })
  return [figure]
}

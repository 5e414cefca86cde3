// Start with a full ledger and nothing new: until the core answers, which must not grow with the ledger.
import { join } from 'node:path'
import { startApp } from '../app-orders.ts'
import { absolute, median, type Figure } from '../measure.ts'
import { oneInAHundredDiffers, signNetwork, writeExchange } from '../network.ts'
import type { Row } from '../row.ts'
import { inTemporaryFolder } from '../temporary.ts'

export const start: Row = {
  name: 'start',
  run: (scale) =>
    inTemporaryFolder(async (folder) => {
      const full = await startsOf(join(folder, 'full'), scale.receipts, scale.pairs)
      const small = await startsOf(join(folder, 'small'), 100, scale.pairs)
      const ratio = median(full) / median(small)
      const dependence: Figure = {
        what: 'The same beside a ledger of 100 receipts',
        unit: 'ms',
        ours: median(full),
        limit: median(small),
        limitIs: '100 receipts',
        value: ratio,
        spread: 1,
        gate: null,
      }
      return [
        absolute(
          `Start with ${scale.receipts.toLocaleString('en')} receipts, until it answers`,
          'ms',
          full,
          median(full),
          { atMost: 250 },
        ),
        dependence,
      ]
    }),
}

async function startsOf(folder: string, receipts: number, pairs: number): Promise<number[]> {
  const network = signNetwork({ nodes: 10, receipts, value: oneInAHundredDiffers })
  const exchange = join(folder, 'exchange')
  const home = join(folder, 'home')
  writeExchange(network, exchange)
  const first = await startApp(home)
  await first.tell({ type: 'create' }, 'done')
  await first.tell({ type: 'choose', exchange, until: network.receipts }, 'ingested')
  await first.stop()
  const taken: number[] = []
  for (let run = 0; run < Math.max(5, pairs); run++) {
    const app = await startApp(home)
    taken.push(app.startMs)
    await app.stop()
  }
  return taken
}

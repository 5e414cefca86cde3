// All projections made anew from the receipts, beside the inserts that any rebuild would need at least.
import { rebuildProjections } from '#core/ledger/index.ts'
import { fillLedger, NOW, openBenchLedger } from '../ledger.ts'
import { measurePairs, secondsOf } from '../measure.ts'
import { oneInAHundredDiffers, signNetwork } from '../network.ts'
import type { Row } from '../row.ts'
import { insertLimit } from '../sqlite-limit.ts'
import { inTemporaryFolder } from '../temporary.ts'

export const rebuild: Row = {
  name: 'rebuild',
  run: (scale) =>
    inTemporaryFolder(async (folder) => {
      const network = signNetwork({ nodes: 10, receipts: scale.receipts, value: oneInAHundredDiffers })
      const receipts = network.feeds.flat()
      const ledger = openBenchLedger(folder)
      fillLedger(ledger, network)
      const figure = await measurePairs({
        what: `All projections of ${network.receipts.toLocaleString('en')} receipts made anew`,
        unit: 'receipts/s',
        limitIs: 'bare inserts, 10,000 a transaction',
        gate: { atLeast: 0.3 },
        count: scale.pairs,
        limit: () => insertLimit(folder, receipts),
        ours: async () => receipts.length / (await secondsOf(() => rebuildProjections(ledger, NOW))),
      })
      ledger.close()
      return [figure]
    }),
}

// One more receipt into a full ledger, with all projections, beside one durable commit of SQLite alone.
import { join } from 'node:path'
import { profileDraft } from '#core/network/index.ts'
import { signReceipt, type Signer, type VerifiedReceipt } from '#core/receipts/index.ts'
import { observation } from '../feeds.ts'
import { appendAll, fillLedger, NOW, openBenchLedger } from '../ledger.ts'
import { measurePairs, median, millisecondsOf } from '../measure.ts'
import { oneInAHundredDiffers, signNetwork } from '../network.ts'
import type { Row } from '../row.ts'
import { durableCommitLimit } from '../sqlite-limit.ts'
import { inTemporaryFolder } from '../temporary.ts'

const COMMITS_A_SAMPLE = 100

export const oneMore: Row = {
  name: 'one-more',
  run: (scale) =>
    inTemporaryFolder(async (folder) => {
      const network = signNetwork({ nodes: 10, receipts: scale.receipts, value: oneInAHundredDiffers })
      const ledger = openBenchLedger(join(folder))
      fillLedger(ledger, network)
      const [signer] = network.signers
      let newest = network.feeds[0]?.at(-1)
      if (signer === undefined || newest === undefined) throw new Error('The network of the bench has a founder.')
      const limit = durableCommitLimit(folder)
      let count = 0
      const figure = await measurePairs({
        what: `One more receipt into ${network.receipts.toLocaleString('en')}, P50`,
        unit: 'ms',
        limitIs: 'one durable commit, P50',
        gate: { atMost: 1.5 },
        count: scale.pairs,
        limit: () => p50(() => limit.measure()),
        ours: () =>
          p50(async () => {
            count += 1
            const receipt = next(signer, newest, count)
            newest = receipt
            return millisecondsOf(() => appendAll(ledger, [receipt]))
          }),
      })
      limit.close()
      ledger.close()
      return [figure]
    }),
}

async function p50(once: () => Promise<number>): Promise<number> {
  const taken: number[] = []
  for (let commit = 0; commit < COMMITS_A_SAMPLE; commit++) taken.push(await once())
  return median(taken)
}

/** New subjects and old ones in turn: every second receipt makes or changes a conflict. */
function next(signer: Signer, newest: VerifiedReceipt | undefined, count: number): VerifiedReceipt {
  if (newest === undefined) throw new Error('The feed of the bench is not empty.')
  const draft =
    count % 50 === 0 ? profileDraft({ name: `node ${count}` }) : observation(subjectOf(count), `more ${count}`)
  return signReceipt(draft, { seq: newest.receipt.seq + 1, prev: newest.id, time: NOW }, signer)
}

const subjectOf = (count: number) => `_report/bench/${count % 2 === 0 ? `new-${count}` : count}.json`

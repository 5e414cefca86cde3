// One more receipt into a full ledger, with all projections, beside one durable commit of SQLite alone.
import { profileDraft } from '#core/network/index.ts'
import { signReceipt, type Draft, type Signer, type VerifiedReceipt } from '#core/receipts/index.ts'
import type { Ledger } from '#core/ledger/index.ts'
import { observation } from '../feeds.ts'
import { appendAll, fillLedger, NOW, openBenchLedger } from '../ledger.ts'
import { measurePairs, median, millisecondsOf, type Figure } from '../measure.ts'
import { oneInAHundredDiffers, signNetwork } from '../network.ts'
import type { Row, Scale } from '../row.ts'
import { durableCommitLimit } from '../sqlite-limit.ts'
import { inTemporaryFolder } from '../temporary.ts'

const COMMITS_A_SAMPLE = 100

export const oneMore: Row = {
  name: 'one-more',
  run: (scale) =>
    inTemporaryFolder(async (folder) => {
      const network = signNetwork({ nodes: 10, receipts: scale.receipts, value: oneInAHundredDiffers })
      const filled = openBenchLedger(folder)
      fillLedger(filled, network)
      filled.close()
      // As a host opens it.
      const ledger = openBenchLedger(folder)
      const [signer] = network.signers
      const newest = network.feeds[0]?.at(-1)
      if (signer === undefined || newest === undefined) throw new Error('The network of the bench has a founder.')
      const feed = new GrowingFeed(ledger, signer, newest)
      const limit = durableCommitLimit(folder)
      const figure = (what: string, draft: (count: number) => Draft, atMost: number): Promise<Figure> => {
        let count = 0
        return measurePairs({
          what,
          unit: 'ms',
          limitIs: 'one durable commit, P50',
          gate: { atMost },
          count: scale.pairs,
          limit: () => p50(() => limit.measure()),
          ours: () => p50(() => feed.append(draft((count += 1)))),
        })
      }
      const into = `into ${network.receipts.toLocaleString('en')}, P50`
      const figures = [
        await figure(`One more receipt ${into}`, usual(scale), 1.5),
        // The hostile twin: at most twice as slow.
        await figure(`One that each time opens a conflict of ten nodes, ${into}`, opensConflict, 3),
      ]
      limit.close()
      ledger.close()
      return figures
    }),
}

class GrowingFeed {
  readonly #ledger: Ledger
  readonly #signer: Signer
  #newest: VerifiedReceipt

  constructor(ledger: Ledger, signer: Signer, newest: VerifiedReceipt) {
    this.#ledger = ledger
    this.#signer = signer
    this.#newest = newest
  }

  /** Milliseconds until it is on the disk; signing is not counted. */
  append(draft: Draft): Promise<number> {
    const place = { seq: this.#newest.receipt.seq + 1, prev: this.#newest.id, time: NOW }
    this.#newest = signReceipt(draft, place, this.#signer)
    return millisecondsOf(() => appendAll(this.#ledger, [this.#newest]))
  }
}

async function p50(once: () => Promise<number>): Promise<number> {
  const taken: number[] = []
  for (let commit = 0; commit < COMMITS_A_SAMPLE; commit++) taken.push(await once())
  return median(taken)
}

/** New subjects and known ones in turn, and as everywhere in this network one receipt in a hundred says something else than the others. */
function usual({ receipts }: Scale): (count: number) => Draft {
  const known = Math.floor(receipts / 10) - 2
  return (count) => {
    if (count % 50 === 0) return profileDraft({ name: `node ${count}` })
    if (count % 2 === 0) return observation(subjectOf(`new-${count}`), `more ${count}`)
    const index = count % known
    return observation(subjectOf(index), count % 100 === 1 ? `more ${count}` : oneInAHundredDiffers(0, index))
  }
}

const opensConflict = (count: number): Draft => observation(subjectOf(count), `against all others, ${count}`)

const subjectOf = (name: string | number) => `_report/bench/${name}.json`

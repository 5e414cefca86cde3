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
          limit: () => p50(Array.from({ length: COMMITS_A_SAMPLE }, () => limit.measure)),
          ours: () => p50(feed.commits(Array.from({ length: COMMITS_A_SAMPLE }, () => draft((count += 1))))),
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

  /**
   * To be run in this order: each appends one receipt, and answers with the milliseconds until it is on the disk. All are signed before:
   * the limit commits without a pause, which finds warm caches and an awake disk, and so should ours.
   */
  commits(drafts: readonly Draft[]): readonly (() => Promise<number>)[] {
    const receipts = drafts.map((draft) => {
      const place = { seq: this.#newest.receipt.seq + 1, prev: this.#newest.id, time: NOW }
      return (this.#newest = signReceipt(draft, place, this.#signer))
    })
    return receipts.map((receipt) => () => millisecondsOf(() => appendAll(this.#ledger, [receipt])))
  }
}

async function p50(commits: readonly (() => Promise<number>)[]): Promise<number> {
  const taken: number[] = []
  for (const commit of commits) taken.push(await commit())
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

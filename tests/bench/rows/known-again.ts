// Everything that is known comes again: under the same names (a rescan), and in other files (a replay after compaction or through
// another folder). No signature is checked for it and no row written.
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import type { CoreClient } from '#core/hosts/thread/index.ts'
import { PASSPHRASE, withCore } from '../home.ts'
import { absolute, measurePairs, median, millisecondsOf, secondsOf, type Figure } from '../measure.ts'
import {
  oneInAHundredDiffers,
  nodeFolder,
  signNetwork,
  writeExchange,
  writeFeed,
  type BenchNetwork,
} from '../network.ts'
import { parseLimit } from '../parse-limit.ts'
import type { Row } from '../row.ts'
import { inTemporaryFolder } from '../temporary.ts'

export const knownAgain: Row = {
  name: 'known-again',
  run: (scale) =>
    inTemporaryFolder(async (folder) => {
      const network = signNetwork({ nodes: 10, receipts: scale.receipts, value: oneInAHundredDiffers })
      const exchange = join(folder, 'exchange')
      writeExchange(network, exchange)
      // Without watcher and schedule, as on the command line: nobody else reads what is measured.
      return withCore(join(folder, 'home'), async (client) => {
        await client.node.create({ name: 'bench', passphrase: PASSPHRASE, exchange, networkName: null })
        const { admitted } = await client.exchange.sync({})
        if (admitted < network.receipts) throw new Error(`Of ${network.receipts} receipts only ${admitted} were taken.`)
        await client.exchange.sync({})
        return [await rescanFigure(client, scale.pairs), await replayFigure(client, network, exchange, scale.pairs)]
      })
    }),
}

async function rescanFigure(client: CoreClient, pairs: number): Promise<Figure> {
  const taken: number[] = []
  for (let pass = 0; pass < Math.max(5, pairs); pass++) {
    taken.push(await millisecondsOf(() => client.exchange.sync({})))
  }
  return absolute('Warm rescan, nothing changed, segments', 'ms', taken, median(taken), { atMost: 50 })
}

async function replayFigure(
  client: CoreClient,
  network: BenchNetwork,
  exchange: string,
  pairs: number,
): Promise<Figure> {
  const lines = network.feeds.flat().map((receipt) => Buffer.from(receipt.line))
  let round = 0
  return measurePairs({
    what: `${network.receipts.toLocaleString('en')} known receipts in other files`,
    unit: 'receipts/s',
    limitIs: 'JSON.parse + canonicalize + SHA-256, one thread',
    gate: { atLeast: 0.4 },
    count: pairs,
    limit: () => parseLimit(lines),
    ours: async () => {
      round += 1
      resegment(network, exchange, round)
      let known = 0
      const seconds = await secondsOf(async () => {
        known = (await client.exchange.sync({})).known
      })
      if (known < network.receipts) throw new Error(`Of ${network.receipts} known receipts only ${known} were known.`)
      return known / seconds
    },
  })
}

/** The same receipts in files that nobody has seen: about three a node, cut elsewhere in each round. */
function resegment(network: BenchNetwork, exchange: string, round: number): void {
  for (const [place, signer] of network.signers.entries()) {
    rmSync(join(nodeFolder(exchange, signer), 'feed'), { recursive: true })
    const feed = network.feeds[place] ?? []
    writeFeed(exchange, signer, feed, Math.ceil(feed.length / 3) + round)
  }
}

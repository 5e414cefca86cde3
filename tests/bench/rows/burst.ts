// A folder that syncs at last: 1,000 receipts of another node at once, until the window was told of all of them. And the other way:
// one receipt signed here, until its segment and head are on the disk.
import { closeSync, fsyncSync, openSync, renameSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { loadSodium, type VerifiedReceipt } from '#core/receipts/index.ts'
import { startApp, type App } from '../app-orders.ts'
import { absolute, median, millisecondsOf, percentile, type Figure } from '../measure.ts'
import { signNetwork, writeExchange, writeFeed, type BenchNetwork } from '../network.ts'
import type { Row, Scale } from '../row.ts'
import { inTemporaryFolder } from '../temporary.ts'
import { startVerifyLimit } from '../verify-limit.ts'

const BURST = 1_000

export const burst: Row = {
  name: 'burst',
  run: (scale) =>
    inTemporaryFolder(async (folder) => {
      const rounds = Math.max(5, scale.pairs)
      const whole = signNetwork({ nodes: 2, receipts: 2 * (100 + rounds * BURST) })
      const exchange = join(folder, 'exchange')
      writeExchange({ ...whole, feeds: whole.feeds.map((feed) => feed.slice(0, 100)) }, exchange)
      const app = await startApp(join(folder, 'home'))
      await app.tell({ type: 'create' }, 'done')
      await app.tell({ type: 'choose', exchange, until: 200 }, 'ingested')
      const figures = [await burstFigure(app, whole, exchange, rounds), await toDiskFigure(app, folder, scale)]
      await app.stop()
      return figures
    }),
}

async function burstFigure(app: App, whole: BenchNetwork, exchange: string, rounds: number): Promise<Figure> {
  const [, feed = []] = whole.feeds
  const [, signer] = whole.signers
  if (signer === undefined) throw new Error('The network of the bench has two nodes.')
  const limit = await startVerifyLimit(feed.slice(0, BURST), loadSodium() === null ? 'node' : 'sodium')
  const taken: number[] = []
  const allowed: number[] = []
  for (let round = 1; round <= rounds; round++) {
    allowed.push(BURST / (0.4 * (await limit.measure())) + 0.25)
    const upTo: readonly VerifiedReceipt[] = feed.slice(0, 100 + round * BURST)
    writeFeed(exchange, signer, upTo, BURST)
    const { ms } = await app.tell({ type: 'await', until: 200 + round * BURST }, 'awaited')
    taken.push(ms)
  }
  await limit.close()
  const gate = { atMost: Math.round(median(allowed) * 1000) }
  return absolute(
    `${BURST.toLocaleString('en')} receipts at once, until the window was told`,
    'ms',
    taken,
    median(taken),
    gate,
  )
}

async function toDiskFigure(app: App, folder: string, scale: Scale): Promise<Figure> {
  const count = scale.smoke ? 3 : 200
  const exchange = join(folder, 'own')
  await app.tell({ type: 'publish', exchange: join(folder, 'exchange') }, 'done')
  // Warmed up once: the first signature after another folder was chosen is read and compiled on the way.
  replaceTwice(exchange)
  await app.tell({ type: 'sign-published', exchange: join(folder, 'exchange'), count: 1 }, 'published')
  const taken: number[] = []
  const limit: number[] = []
  for (let one = 0; one < count; one++) {
    limit.push(await millisecondsOf(() => replaceTwice(exchange)))
    const published = await app.tell(
      { type: 'sign-published', exchange: join(folder, 'exchange'), count: 1 },
      'published',
    )
    taken.push(...published.taken)
  }
  const value = percentile(taken, 95) / percentile(limit, 95)
  return {
    what: 'A receipt signed here, until segment and head are on the disk, P95',
    unit: 'ms',
    ours: percentile(taken, 95),
    limit: percentile(limit, 95),
    limitIs: 'write + fsync + rename, twice, P95',
    value,
    spread: percentile(taken, 75) / percentile(taken, 25),
    gate: { atMost: 3 },
  }
}

function replaceTwice(path: string): void {
  for (const name of ['segment', 'head']) {
    const file = openSync(`${path}-${name}.tmp`, 'w')
    writeSync(file, 'x'.repeat(1000))
    fsyncSync(file)
    closeSync(file)
    renameSync(`${path}-${name}.tmp`, `${path}-${name}`)
  }
}

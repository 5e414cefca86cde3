// One receipt of another node appears in the folder; how long until its row is on the screen.
import { renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright'
import { Instant } from '#core/contract/index.ts'
import { segmentName, signHead, createTree, signReceipt, type VerifiedReceipt } from '#core/receipts/index.ts'
import { inBrowser, noChromium, serveHome } from '../browser.ts'
import { observation } from '../feeds.ts'
import { PASSPHRASE, withCore } from '../home.ts'
import { NOW } from '../ledger.ts'
import { absolute, millisecondsOf, percentile } from '../measure.ts'
import { nodeFolder, signNetwork, writeExchange } from '../network.ts'
import type { Row } from '../row.ts'
import { inTemporaryFolder } from '../temporary.ts'

export const folderToRow: Row = {
  name: 'folder-to-row',
  cannot: noChromium,
  run: (scale) =>
    inTemporaryFolder((folder) =>
      inBrowser(async (page) => {
        const home = join(folder, 'home')
        const exchange = join(folder, 'exchange')
        const network = signNetwork({ nodes: 2, receipts: 1_000 })
        writeExchange(network, exchange)
        await withCore(home, async (client) => {
          await client.node.create({ name: 'bench', passphrase: PASSPHRASE, exchange, networkName: null })
          await client.exchange.sync({})
        })
        const serving = await serveHome(home)
        await page.goto(await serving.pageAddress())
        await page.locator('main h1').first().waitFor()
        await page.evaluate(() => {
          window.location.hash = '#/receipts'
        })
        await page.getByText('_report/bench/').first().waitFor()

        const publish = publisher(network.signers[1], network.feeds[1], exchange)
        const taken: number[] = []
        for (let one = 0; one < (scale.smoke ? 3 : 60); one++) {
          const subject = `_report/fresh/${one}.json`
          const painted = untilPainted(page, subject)
          taken.push(
            await millisecondsOf(() => {
              publish(subject)
              return painted
            }),
          )
          await page.getByText(subject).first().waitFor()
        }
        await serving.kill()
        return [
          absolute('Receipt in the folder to row on the screen, P95', 'ms', taken, percentile(taken, 95), {
            atMost: 200,
          }),
        ]
      }),
    ),
}

/** Looks at every frame: a locator looks after 20, 70, 170 and 270 ms, which is no measure of less than a second. */
function untilPainted(page: Page, text: string): Promise<void> {
  return page.evaluate(
    (wanted) =>
      new Promise<void>((resolve) => {
        const look = () => {
          const isThere = document.body.textContent.includes(wanted)
          // What is there when a frame begins was painted when the next one does.
          requestAnimationFrame(isThere ? () => resolve() : look)
        }
        requestAnimationFrame(look)
      }),
    text,
  )
}

/** Publishes one receipt more each time: a segment of its own, then the head, as a node does. */
function publisher(
  signer: Parameters<typeof signHead>[1] | undefined,
  feed: readonly VerifiedReceipt[] | undefined,
  exchange: string,
): (subject: string) => void {
  const grown = [...(feed ?? [])]
  if (signer === undefined || grown.length === 0) throw new Error('The network of the bench has two nodes.')
  const own = nodeFolder(exchange, signer)
  const tree = createTree()
  for (const receipt of grown) tree.append(receipt.leaf)
  return (subject) => {
    // A second apart, so that the newest stands first in the list.
    const time = Instant.parse(new Date(Date.parse(NOW) + grown.length * 1000).toISOString())
    const place = { seq: grown.length + 1, prev: grown.at(-1)?.id ?? null, time }
    const receipt = signReceipt(observation(subject, subject), place, signer)
    grown.push(receipt)
    tree.append(receipt.leaf)
    replaceFile(join(own, 'feed', segmentName(place.seq, place.seq)), `${receipt.line}\n`)
    replaceFile(join(own, 'head'), signHead({ seq: place.seq, id: receipt.id, root: tree.root(), time }, signer))
  }
}

function replaceFile(path: string, text: string): void {
  writeFileSync(`${path}.tmp`, text)
  renameSync(`${path}.tmp`, path)
}

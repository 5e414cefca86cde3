// From an address to the overview on the screen, with a full ledger and with a small one, beside a blank page in the same Chromium.
import { join } from 'node:path'
import type { Page } from 'playwright'
import { inBrowser, noChromium, serveBlankPage, serveHome } from '../browser.ts'
import { fillHome } from '../home.ts'
import { measurePairs, millisecondsOf, type Figure } from '../measure.ts'
import { oneInAHundredDiffers, signNetwork } from '../network.ts'
import type { Row } from '../row.ts'
import { inTemporaryFolder } from '../temporary.ts'

export const firstPaint: Row = {
  name: 'first-paint',
  cannot: noChromium,
  run: (scale) =>
    inTemporaryFolder((folder) =>
      inBrowser(async (page) => {
        const full = await served(page, join(folder, 'full'), scale.receipts)
        const small = await served(page, join(folder, 'small'), 100)
        const blank = await serveBlankPage()
        const figures: Figure[] = [
          await measurePairs({
            what: `Overview painted, ${scale.receipts.toLocaleString('en')} receipts`,
            unit: 'ms',
            limitIs: 'a blank page in the same Chromium',
            gate: { atMost: 2 },
            count: Math.max(7, scale.pairs),
            limit: () => millisecondsOf(() => painted(page, blank.url, 'h1')),
            ours: () => millisecondsOf(() => painted(page, full.url, ANSWERED)),
          }),
          await measurePairs({
            what: 'The same beside a ledger of 100 receipts',
            unit: 'ms',
            limitIs: '100 receipts',
            gate: { atMost: 1.15 },
            count: Math.max(7, scale.pairs),
            limit: () => millisecondsOf(() => painted(page, small.url, ANSWERED)),
            ours: () => millisecondsOf(() => painted(page, full.url, ANSWERED)),
          }),
        ]
        for (const one of [full, small, blank]) one.close()
        return figures
      }),
    ),
}

async function served(page: Page, home: string, receipts: number) {
  await fillHome(home, signNetwork({ nodes: 4, receipts, value: oneInAHundredDiffers }))
  const serving = await serveHome(home)
  const address = await serving.pageAddress()
  await page.goto(address) // the token becomes a session of this browser
  await page.locator('main h1').first().waitFor()
  return { url: `${new URL(address).origin}/`, close: () => void serving.kill() }
}

/** What the overview shows only once the node has answered. */
const ANSWERED = 'main .overview-fingerprint'

async function painted(page: Page, url: string, what: string): Promise<void> {
  await page.goto('about:blank')
  await page.goto(url, { waitUntil: 'commit' })
  await page.locator(what).first().waitFor()
  // Two frames later what was laid out has been painted.
  await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))))
}

// TEOF node directories chosen in the window, read, judged and signed for: whether the window stays smooth from the choice to the end.
import { join } from 'node:path'
import type { Page } from 'playwright'
import { dropFolder } from '#tests/e2e/drop.ts'
import { inBrowser, noChromium, serveHome } from '../browser.ts'
import { fillHome } from '../home.ts'
import { absolute, type Figure } from '../measure.ts'
import { oneInAHundredDiffers, signNetwork } from '../network.ts'
import type { Row } from '../row.ts'
import { inTemporaryFolder } from '../temporary.ts'
import { makeTeofNodes } from '../teof-nodes.ts'

const FRAME_MS = 50
const NODES = 3
/** Everything takes longer on a slow machine; it is no gate. */
const PATIENCE_MS = 40 * 60_000

export const importFrames: Row = {
  name: 'import-frames',
  cannot: noChromium,
  run: (scale) =>
    inTemporaryFolder((folder) =>
      inBrowser(async (page) => {
        const each = Math.max(100, Math.round(scale.receipts / 5))
        makeTeofNodes({ folder: join(folder, 'nodes'), receipts: each, nodes: NODES })
        const home = join(folder, 'home')
        await fillHome(home, signNetwork({ nodes: 2, receipts: 200, value: oneInAHundredDiffers }))
        const serving = await serveHome(home)
        page.setDefaultTimeout(PATIENCE_MS)
        await page.goto(await serving.pageAddress())
        await page.locator('main h1').first().waitFor()
        return imported(page, join(folder, 'nodes'))
      }),
    ),
}

async function imported(page: Page, folder: string): Promise<Figure[]> {
  const sheet = page.getByRole('dialog')
  const begin = sheet.getByRole('button', { name: /^Import [\d,]+ receipts$/ })
  await watchFrames(page)
  const beside = await page.context().browser()?.newPage()
  if (beside === undefined) throw new Error('The page is in a browser.')
  await watchFrames(beside)
  const readFrom = performance.now()
  await dropFolder(page, folder)
  await begin.waitFor()
  const readSeconds = (performance.now() - readFrom) / 1e3
  const files = Number((await begin.textContent())?.replaceAll(/\D/g, ''))
  const reading = await framesSeen(page)
  const writeFrom = performance.now()
  await begin.click()
  await sheet.getByText('receipts merged.').waitFor()
  const writeSeconds = (performance.now() - writeFrom) / 1e3
  const writing = await framesSeen(page)
  const idle = await framesSeen(beside)
  const told = `${files.toLocaleString('en')} receipts`
  return [
    absolute(`Longest frame while ${told} are read`, 'ms', [], reading.frameMs, { atMost: FRAME_MS }),
    absolute('Longest task of the page meanwhile', 'ms', [], reading.taskMs, { atMost: FRAME_MS }),
    absolute(`Longest frame while they are imported`, 'ms', [], writing.frameMs, { atMost: FRAME_MS }),
    absolute('Longest task of the page meanwhile', 'ms', [], writing.taskMs, { atMost: FRAME_MS }),
    absolute(
      'Frames over 50 ms, of all',
      'per mille',
      [],
      (1000 * (reading.late + writing.late)) / (reading.all + writing.all),
      null,
    ),
    absolute(
      `Longest of ${idle.all} frames of a blank page meanwhile: what the machine adds`,
      'ms',
      [],
      idle.frameMs,
      null,
    ),
    absolute('Chosen, sent and judged', 's', [], readSeconds, null),
    absolute('Imported', 's', [], writeSeconds, null),
  ]
}

interface Frames {
  readonly frameMs: number
  readonly taskMs: number
  readonly late: number
  readonly all: number
}

declare global {
  interface Window {
    seenFrames?: { frameMs: number; taskMs: number; late: number; all: number }
  }
}

function watchFrames(page: Page): Promise<void> {
  return page.evaluate((limitMs) => {
    const seen = { frameMs: 0, taskMs: 0, late: 0, all: 0 }
    window.seenFrames = seen
    let last = performance.now()
    const next = (now: number) => {
      const tookMs = now - last
      last = now
      seen.all++
      if (tookMs > limitMs) seen.late++
      seen.frameMs = Math.max(seen.frameMs, tookMs)
      requestAnimationFrame(next)
    }
    requestAnimationFrame(next)
    new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) seen.taskMs = Math.max(seen.taskMs, duration)
    }).observe({ type: 'longtask', buffered: false })
  }, FRAME_MS)
}

/** What was seen since it was asked last. */
function framesSeen(page: Page): Promise<Frames> {
  return page.evaluate(() => {
    const seen = window.seenFrames
    if (seen === undefined) throw new Error('The frames are watched.')
    const answer = { ...seen }
    Object.assign(seen, { frameMs: 0, taskMs: 0, late: 0, all: 0 })
    return answer
  })
}

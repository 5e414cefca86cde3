// `npm run screenshots`: every screen of the sample network, light and dark, in two sizes, into screenshots/ (not in git).
import { mkdirSync, rmSync } from 'node:fs'
import { chromium, type Browser } from 'playwright'
import { CHROMIUM_ARGS, findChromium, howToGetChromium } from './chromium.ts'
import { SCREENS, settled } from './screens.ts'
import { World } from './steward.ts'

const FOLDER = 'screenshots'
const SIZES = [
  { width: 1280, height: 800 },
  { width: 1920, height: 1080 },
]

const executablePath = findChromium()
if (executablePath === null) {
  console.error(`There is no Chromium here.\n${howToGetChromium()}`)
  process.exit(2)
}

rmSync(FOLDER, { recursive: true, force: true })
mkdirSync(FOLDER)
const browser = await chromium.launch({ executablePath, args: CHROMIUM_ARGS })
try {
  for (const colorScheme of ['light', 'dark'] as const) {
    for (const viewport of SIZES) await shootAll(browser, colorScheme, viewport)
  }
} finally {
  await browser.close()
}

/** Each round has a network of its own, so that its first run and its times are fresh. */
async function shootAll(
  shared: Browser,
  colorScheme: 'light' | 'dark',
  viewport: { readonly width: number; readonly height: number },
): Promise<void> {
  await using world = new World()
  const serving = await world.home('me').serve()
  const page = await shared.newPage({ colorScheme, viewport, reducedMotion: 'reduce' })
  const shoot = async (name: string) => {
    await settled(page)
    const path = `${FOLDER}/${name}-${colorScheme}-${viewport.width}x${viewport.height}.png`
    await page.screenshot({ path })
    console.log(path)
  }

  await page.goto(await serving.pageAddress())
  await page.getByRole('button', { name: /sample network/i }).waitFor()
  await shoot('first-run')
  await page.getByRole('button', { name: /sample network/i }).click()
  await page.getByRole('navigation', { name: 'Sections' }).waitFor({ timeout: 60_000 })
  for (const screen of SCREENS) {
    await screen.open(page)
    await shoot(screen.name)
  }
  await page.close()
}

// `npm run screenshots`: every screen of the sample network and the states it does not come into, light and dark, in two sizes, into
// screenshots/ (not in git). `npm run screenshots -- states [part …]` makes only the latter.
import { mkdirSync, rmSync } from 'node:fs'
import { chromium, type Browser, type Page } from 'playwright'
import { CHROMIUM_ARGS, findChromium, howToGetChromium } from './chromium.ts'
import { SCREENS, settled } from './screens.ts'
import { shootStates } from './states.ts'
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

const [, , what, ...parts] = process.argv
const onlyStates = what === 'states'
if (!onlyStates) rmSync(FOLDER, { recursive: true, force: true })
mkdirSync(FOLDER, { recursive: true })
const browser = await chromium.launch({ executablePath, args: CHROMIUM_ARGS })
try {
  for (const colorScheme of onlyStates ? [] : (['light', 'dark'] as const)) {
    for (const viewport of SIZES) await shootAll(browser, colorScheme, viewport)
  }
  await shootStates(browser, inTwoLooks, parts)
} finally {
  await browser.close()
}

/** What is on the screen now may not last, so the two looks that differ most are enough. */
async function inTwoLooks(page: Page, name: string): Promise<void> {
  const [small, large] = SIZES
  for (const [colorScheme, viewport] of [
    ['light', small],
    ['dark', large],
  ] as const) {
    if (viewport === undefined) continue
    await page.emulateMedia({ colorScheme })
    await page.setViewportSize(viewport)
    // Colours go over from one look to the other.
    await page.evaluate(async () => {
      await new Promise((resolve) => requestAnimationFrame(resolve))
      await Promise.allSettled(document.getAnimations().map(({ finished }) => finished))
    })
    const path = `${FOLDER}/${name}-${colorScheme}-${viewport.width}x${viewport.height}.png`
    await page.screenshot({ path })
    console.log(path)
  }
  if (small !== undefined) await page.setViewportSize(small)
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

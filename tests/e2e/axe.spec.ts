import AxeBuilder from '@axe-core/playwright'
import { expect, test, type Page } from 'playwright/test'
import { SCREENS, settled } from './screens.ts'
import { World } from './steward.ts'

const WIDE = { width: 1280, height: 800 }
/** The smallest window that everything has to fit into. */
const NARROW = { width: 1024, height: 700 }
const LOOKS = [
  { colorScheme: 'light', viewport: WIDE },
  { colorScheme: 'dark', viewport: WIDE },
  { colorScheme: 'dark', viewport: NARROW },
] as const

for (const { colorScheme, viewport } of LOOKS) {
  test(`axe finds nothing on any screen, nothing is cut, and the page’s policy has nothing to forbid, ${colorScheme}, ${viewport.width} wide`, async ({
    browser,
  }) => {
    await using world = new World()
    const serving = await world.home('me').serve()
    const context = await browser.newContext({ colorScheme, viewport, reducedMotion: 'reduce' })
    const page = await context.newPage()
    const forbidden: string[] = []
    await page.exposeFunction('tellForbidden', (what: string) => forbidden.push(what))
    await page.addInitScript(() => {
      document.addEventListener('securitypolicyviolation', ({ violatedDirective, sourceFile, sample }) => {
        // Exposed above, by a name that the page's own types do not know.
        const { tellForbidden } = window as unknown as { tellForbidden: (what: string) => void }
        tellForbidden(`${violatedDirective} in ${sourceFile} ${sample}`)
      })
    })
    await page.goto(await serving.pageAddress())
    await page.getByRole('button', { name: 'Try a sample network' }).waitFor()
    await expectNothing(page, 'first-run')

    await page.getByRole('button', { name: 'Try a sample network' }).click()
    await page.getByRole('navigation', { name: 'Sections' }).waitFor({ timeout: 60_000 })
    for (const screen of SCREENS) {
      await screen.open(page)
      await expectNothing(page, screen.name)
      expect.soft(await cutOn(page), `what is cut on ${screen.name}`).toEqual([])
    }
    expect(forbidden).toEqual([])
    await context.close()
  })
}

async function expectNothing(page: Page, screen: string): Promise<void> {
  await settled(page)
  const { violations } = await new AxeBuilder({ page }).analyze()
  const found = violations.map(({ id, nodes }) => ({ id, where: nodes.map((node) => node.html.slice(0, 160)) }))
  expect.soft(found, `axe on ${screen}`).toEqual([])
}

/** Words of a button, lines of a list's row and facts of a claim that do not fit into them; and a page that scrolls to the side. */
async function cutOn(page: Page): Promise<readonly string[]> {
  return page.evaluate(() => {
    const cut = [...document.querySelectorAll('.mantine-Button-label, .vlist-row, .claim, html')]
      .filter(({ clientWidth }) => clientWidth > 1) // a label that only assistive technology reads has one pixel
      .filter(({ scrollWidth, clientWidth }) => scrollWidth > clientWidth + 1)
    const low = [...document.querySelectorAll('.vlist-row, .claim')].filter(
      ({ scrollHeight, clientHeight }) => scrollHeight > clientHeight + 1,
    )
    return [...cut, ...low].map(({ className, textContent }) => `${className}: ${textContent.slice(0, 80)}`)
  })
}

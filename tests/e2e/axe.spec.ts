import AxeBuilder from '@axe-core/playwright'
import { expect, test, type Page } from 'playwright/test'
import { SCREENS, settled } from './screens.ts'
import { World } from './steward.ts'

for (const colorScheme of ['light', 'dark'] as const) {
  test(`axe finds nothing on any screen, and the page’s policy has nothing to forbid, ${colorScheme}`, async ({
    browser,
  }) => {
    await using world = new World()
    const serving = await world.home('me').serve()
    const context = await browser.newContext({ colorScheme, reducedMotion: 'reduce' })
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

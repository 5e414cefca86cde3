// Where the focus stands, and what the keys do there, when a dialog opens and closes.
import { expect, test } from 'playwright/test'
import { World } from './steward.ts'
import { observe, threeNodes } from './three-nodes.ts'
import { expectOpenCount, openConflict, openWindow, rail } from './window.ts'

test('whoever closes a dialog stands where it was opened, and Ctrl+K leaves the list as it is', async ({ page }) => {
  await using world = new World()
  const { ada, ben } = await threeNodes(world)
  for (const subject of ['report/counts.json', 'report/figures.json']) {
    await observe(ada, subject, 12)
    await observe(ben, subject, 14)
  }
  for (const serving of [ben, ada]) await serving.client.exchange.sync({})
  await openWindow(page, ada)
  await expectOpenCount(page, 2, 60_000)

  // A click on a row gives the focus to the list.
  await openConflict(page, 'counts.json')
  const list = page.getByRole('grid', { name: 'Conflicts' })
  await expect(list).toBeFocused()
  const address = page.url()
  const palette = page.getByRole('combobox', { name: /^Find a receipt/ })
  await page.keyboard.press('Control+k')
  await expect(palette).toBeFocused()
  await page.keyboard.press('Escape')
  await expect(list).toBeFocused()
  expect(page.url()).toBe(address)
  // The ring lies over the rows, so that none of them cuts it.
  const ring = await list.evaluate((element) => {
    const { borderTopWidth, zIndex } = getComputedStyle(element.parentElement ?? element, '::after')
    return { borderTopWidth, zIndex }
  })
  expect(ring).toEqual({ borderTopWidth: '2px', zIndex: '3' })

  // A dialog that is made as it opens, and leaves the page as it closes.
  await rail(page)
    .getByRole('link', { name: /^Receipts/ })
    .click()
  const exporting = page.getByRole('button', { name: 'Export', exact: true })
  await exporting.focus()
  await page.keyboard.press('Enter')
  await expect(page.getByRole('dialog')).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(page.getByRole('dialog')).toBeHidden()
  await expect(exporting).toBeFocused()
})

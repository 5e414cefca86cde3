import { expect, test } from 'playwright/test'
import { World } from './steward.ts'
import { nodeOf, observe, threeNodes } from './three-nodes.ts'
import { openWindow } from './window.ts'

test('the window says who stands alike, and leads to the first receipt where somebody does not', async ({ page }) => {
  await using world = new World()
  const { ada, ben, cleo } = await threeNodes(world)
  await observe(cleo, 'report/counts.json', 12)
  await expect
    .poll(async () => {
      for (const serving of [cleo, ada, ben]) await serving.client.exchange.sync({})
      return (await ada.client.network.states({})).items.map(({ name, outcome }) => [name, outcome])
    })
    .toEqual([
      ['ben', 'same'],
      ['cleo', 'same'],
    ])
  await openWindow(page, ada)
  const origin = new URL(page.url()).origin
  await page.goto(`${origin}/#/network`)
  await expect(page.getByText('All 2 others say the same.')).toBeVisible()
  const benId = await nodeOf(ben)
  await ben.stop()

  const receipt = await observe(ada, 'report/more.json', 1)
  await observe(ada, 'report/more.json', 2)
  await ada.client.exchange.sync({})
  await page
    .getByRole('listitem')
    .filter({ hasText: 'ben' })
    .getByRole('link', { name: 'Find the first difference' })
    .click()
  await expect(page).toHaveURL(new RegExp(encodeURIComponent(benId)))
  const same = page.getByRole('region', { name: 'Same state' })
  await expect(same.getByText(/^ben has not merged ada’s receipt #\d+ and the one after it; up to there/)).toBeVisible()
  await same.getByRole('button', { name: 'How this was found' }).click()
  await expect(same.getByRole('row', { name: /^Whole state/ })).toBeVisible()
  await expect(same.getByRole('row', { name: /^Feed of cleo the same$/ })).toBeVisible()
  await page.screenshot({ path: test.info().outputPath('compare.png'), fullPage: true })
  await same.getByRole('link', { name: /^receipt #\d+ of ada$/ }).click()
  await expect(page).toHaveURL(new RegExp(encodeURIComponent(receipt)))
})

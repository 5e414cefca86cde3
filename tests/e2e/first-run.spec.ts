import { expect, test, type Page } from 'playwright/test'
import { World } from './steward.ts'
import { expectOpenCount, rail } from './window.ts'

const PASSPHRASE = 'seven herons over the weir'

test('a new steward makes a node, keeps its phrase, signs a receipt and sees it in the list', async ({ page }) => {
  await using world = new World()
  const serving = await world.home('me').serve()
  await page.goto(await serving.pageAddress())

  await page.getByRole('button', { name: /^Start a network/ }).click()
  await expect(page.getByLabel('Name of the node')).toBeFocused()
  await page.keyboard.type('harbor-lab')
  await page.getByRole('button', { name: 'Continue' }).click()
  await expect(page.getByLabel('Passphrase', { exact: true })).toBeFocused()
  await page.getByLabel('Passphrase', { exact: true }).fill(PASSPHRASE)
  await page.getByLabel('The same again').fill(PASSPHRASE)
  await page.getByRole('button', { name: 'Continue' }).click()
  await page.getByLabel('Exchange folder').fill(world.exchange)
  await page.getByLabel('Name of the new network').fill('propagation-pilot')
  await page.getByRole('button', { name: 'Make the node and start the network' }).click()

  await keepPhrase(page)
  await expect(page.getByText('harbor-lab is ready')).toBeVisible()
  await page.getByRole('button', { name: 'Open Steward' }).click()
  await expect(rail(page)).toBeVisible()
  await expectOpenCount(page, 0)
  expect((await serving.client.receipts.list({ filter: {}, sort: 'newest', limit: 10 })).items.length).toBe(2)
})

test('whoever joins types the folder and presses Enter at once, or finds it by looking round', async ({ page }) => {
  await using world = new World()
  await world.node('founder')
  const serving = await world.home('me').serve()
  await page.goto(await serving.pageAddress())
  await page.getByRole('button', { name: /^Join a network/ }).click()
  await page.keyboard.type('harbor-lab')
  await page.keyboard.press('Enter')
  await page.getByLabel('Passphrase', { exact: true }).fill(PASSPHRASE)
  await page.getByLabel('The same again').fill(PASSPHRASE)
  await page.keyboard.press('Enter')

  const ask = page.getByRole('button', { name: 'Make the node and ask to join' })
  await expect(ask).toBeDisabled()
  const field = page.getByLabel('Exchange folder')
  await field.fill(world.exchange)
  await field.press('Enter')
  await expect(page.getByText('Carries the network “end to end” with 1 node')).toBeVisible()
  await expect(ask).toBeEnabled()

  // A folder that is not there is said once, and the list stays.
  await field.fill(`${world.folder}/nowhere`)
  await field.press('Enter')
  await expect(ask).toBeDisabled()
  await expect(page.getByRole('alert')).toHaveCount(0)
  await field.fill(world.folder)
  await page
    .getByRole('list', { name: `Folders in ${world.folder}` })
    .getByRole('button', { name: 'exchange', exact: true })
    .click()
  await expect(field).toHaveValue(world.exchange)
  await expect(ask).toBeEnabled()
})

async function keepPhrase(page: Page): Promise<void> {
  await expect(page.getByText('Write these 24 words down')).toBeVisible()
  const words = await page.locator('.phrase-words li').allInnerTexts()
  const word = (place: number) => words[place]?.replace(/^\d+\s*/, '').trim() ?? ''
  await page.getByRole('button', { name: 'I have written them down' }).click()
  for (const field of await page.getByLabel(/^Word \d+$/).all()) {
    const label = await field.evaluate((input) =>
      input instanceof HTMLInputElement ? input.labels?.[0]?.innerText : '',
    )
    await field.fill(word(Number(/\d+/.exec(label ?? '')?.[0]) - 1))
  }
  await page.getByRole('button', { name: /^(Check|Continue)/ }).click()
}

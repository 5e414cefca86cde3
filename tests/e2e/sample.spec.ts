import { expect, test } from 'playwright/test'
import { World } from './steward.ts'
import { openConflicts } from './three-nodes.ts'
import { openConflict, expectOpenCount, signNow, verdict } from './window.ts'

test('from a fresh machine to the first decided conflict in under two minutes, by the sample network', async ({
  page,
}) => {
  await using world = new World()
  const serving = await world.home('me').serve()
  const from = Date.now()
  await page.goto(await serving.pageAddress())
  await page.getByRole('button', { name: 'Try a sample network' }).click()
  await expect(page.getByText('Sample network.')).toBeVisible({ timeout: 60_000 })
  const before = (await openConflicts(serving)).length
  expect(before).toBeGreaterThan(3)
  await expectOpenCount(page, before)

  await openConflict(page, 'feed-counts.json')
  await verdict(page, /mill-creek/).click()
  await signNow(page)
  await expectOpenCount(page, before - 1)
  expect(Date.now() - from).toBeLessThan(120_000)
})

test('the divergent, the withheld and the stale claim of the sample are all on the conflicts page', async ({
  page,
}) => {
  await using world = new World()
  const serving = await world.home('me').serve()
  await page.goto(await serving.pageAddress())
  await page.getByRole('button', { name: 'Try a sample network' }).click()
  await page.getByRole('link', { name: /^Conflicts/ }).click({ timeout: 60_000 })
  const list = page.getByRole('grid', { name: 'Conflicts' })
  for (const tag of ['Differs', 'Withheld', 'Stale'])
    await expect(list.getByText(tag, { exact: true }).first()).toBeVisible()
})

test('one click removes the sample network, and the window is back where it began', async ({ page }) => {
  await using world = new World()
  const serving = await world.home('me').serve()
  await page.goto(await serving.pageAddress())
  await page.getByRole('button', { name: 'Try a sample network' }).click()
  await page.getByRole('button', { name: 'Remove the sample' }).click({ timeout: 60_000 })
  await expect(page.getByRole('button', { name: 'Try a sample network' })).toBeVisible()
})

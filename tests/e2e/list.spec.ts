import { rmSync } from 'node:fs'
import { expect, test } from 'playwright/test'
import { oneInAHundredDiffers, signNetwork, writeExchange } from '#tests/bench/network.ts'
import { World } from './steward.ts'
import { openWindow } from './window.ts'

const RECEIPTS = 10_000

test('a list of 10,000 receipts is scrolled to its end without a blank row', async ({ page }) => {
  await using world = new World()
  rmSync(world.exchange, { recursive: true })
  writeExchange(signNetwork({ nodes: 4, receipts: RECEIPTS, value: oneInAHundredDiffers }), world.exchange)
  await openWindow(page, await world.node('me'))
  await page.getByRole('link', { name: /^Receipts/ }).click()
  const list = page.getByRole('grid').first()
  await expect(list.getByRole('row').first()).toBeVisible()
  expect(await list.getByRole('row').count()).toBeLessThan(200)

  // The End key again and again: each time the next page comes, until there is none; what is on screen are rows with text.
  await list.focus()
  const last = () => list.getByRole('row').last().innerText()
  for (let previous = ''; ;) {
    await page.keyboard.press('End')
    const moved = await expect
      .poll(last, { timeout: 3_000, intervals: [20] })
      .not.toBe(previous)
      .then(
        () => true,
        () => false,
      )
    if (!moved) break
    previous = await last()
    expect(previous).not.toBe('')
  }
  // Every feed ends with what its node signed first.
  await expect(list.getByRole('row').last()).toContainText('#1')

  // Whoever looks elsewhere and comes back stands where they were.
  await page.getByRole('link', { name: /^Overview/ }).click()
  await expect(list).toBeHidden()
  await page.getByRole('link', { name: /^Receipts/ }).click()
  await expect(list.getByRole('row').last()).toContainText('#1')
  expect(await list.evaluate(({ scrollTop }) => scrollTop)).toBeGreaterThan(RECEIPTS * 20)
})

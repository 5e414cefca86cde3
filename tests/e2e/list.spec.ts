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

test('a conflict opened from far down is left where it stood in the list, however one comes back', async ({ page }) => {
  await using world = new World()
  rmSync(world.exchange, { recursive: true })
  writeExchange(signNetwork({ nodes: 3, receipts: 600, value: (node, index) => `${node} on ${index}` }), world.exchange)
  await openWindow(page, await world.node('me'))
  const list = page.getByRole('grid', { name: 'Conflicts' })
  const opened = list.locator('[data-active]')
  const conflicts = page.getByRole('link', { name: /^Conflicts/ })
  const scrolledTo = (top: number) => () =>
    list.evaluate((element, to) => ((element.scrollTop = to), element.scrollTop), top)

  await conflicts.click()
  await expect(list.getByRole('row').first()).toBeVisible()
  await expect.poll(scrolledTo(11_000)).toBe(11_000)
  const box = await list.boundingBox()
  if (box === null) throw new Error('The list is not on the screen.')
  // Near the lower edge: a list that opens with a row in its middle stands elsewhere.
  await page.mouse.click(box.x + 120, box.y + box.height - 120)
  await expect(opened).toBeInViewport()
  const subject = await opened.innerText()

  const away = async () => {
    await page.getByRole('link', { name: /^Overview/ }).click()
    await expect(list).toBeHidden()
  }
  const backAgain = {
    'the rail': async () => {
      await away()
      await conflicts.click()
    },
    'going back': async () => {
      await away()
      await page.goBack()
    },
  }
  for (const [way, comeBack] of Object.entries(backAgain)) {
    await comeBack()
    await expect(opened, `by ${way}`).toBeInViewport()
    expect(await opened.innerText()).toBe(subject)
    expect(await list.evaluate(({ scrollTop }) => scrollTop), `by ${way}`).toBe(11_000)
  }
})

import { rmSync } from 'node:fs'
import { expect, test } from 'playwright/test'
import { signNetwork, writeExchange } from '#tests/bench/network.ts'
import { goTo } from './screens.ts'
import { World } from './steward.ts'
import { openWindow } from './window.ts'

for (const { nodes, sign } of [
  { nodes: 8, sign: '8 up to that receipt' },
  { nodes: 12, sign: '−8 so many are missing' },
  { nodes: 40, sign: '−8 so many are missing' },
]) {
  test(`a map of ${nodes} nodes stays within its card, says what its signs mean, and is walked by the arrow keys`, async ({
    page,
  }) => {
    await using world = new World()
    rmSync(world.exchange, { recursive: true })
    writeExchange(signNetwork({ nodes, receipts: nodes * 3 }), world.exchange)
    await openWindow(page, await world.node('me'))
    await goTo(page, '#/network')
    const map = page.getByRole('region', { name: 'Map of feeds' })
    await expect(map.getByRole('row')).toHaveCount(nodes + 1)
    await expect(page.getByText(sign)).toBeVisible()

    const pane = page.getByRole('region', { name: 'The network', exact: true })
    for (const scrolled of [pane, page.locator('html')]) {
      expect(await scrolled.evaluate(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth)).toBe(0)
    }
    // Up to a dozen nothing needs to be scrolled.
    const hidden = await map.evaluate(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth)
    if (nodes <= 12) expect(hidden).toBe(0)

    const last = map.getByRole('row').nth(1).getByRole('button').last()
    await map.getByRole('row').nth(1).getByRole('button').first().focus()
    for (let step = 1; step < nodes; step++) await page.keyboard.press('ArrowRight')
    await expect(last).toBeFocused()
    await expect(last).toBeInViewport()
  })
}

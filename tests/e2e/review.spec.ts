import { expect, test, type Page } from 'playwright/test'
import { goTo } from './screens.ts'
import { World } from './steward.ts'
import { openConflict, openWindow, verdict } from './window.ts'

const SIZES = [
  { width: 1280, height: 800, rows: 3 },
  // What is left of 1280x800 at a zoom of 150 %.
  { width: 853, height: 533, rows: 0 },
  { width: 1024, height: 700, rows: 0 },
]

test('claims, what differs and every verdict are on the screen at once, and the verdicts keep their place', async ({
  page,
}) => {
  await using world = new World()
  await sampleNetwork(page, world)
  for (const { width, height, rows } of SIZES) {
    await page.setViewportSize({ width, height })
    await openConflict(page, 'feed-counts.json')
    await expect(verdict(page, /^2/)).toBeVisible()
    const before = await placeOf(page)

    await openConflict(page, 'external-summary.json')
    await expect(verdict(page, /^3/)).toBeVisible()
    await expect(page.getByRole('region', { name: 'What differs' })).toBeVisible()
    await page.keyboard.press('2')
    await expect(verdict(page, /^2/)).toHaveAttribute('aria-pressed', 'true')
    expect(await placeOf(page), `the foot at ${width}x${height}`).toEqual(before)

    const { top, left, right } = before
    for (const head of await page.getByRole('article').getByRole('heading').all()) {
      const box = await head.boundingBox()
      expect(box === null ? null : box.y + box.height, `a claim at ${width}x${height}`).toBeLessThan(top)
    }
    for (const button of await page.getByLabel('Your decision').getByRole('button').all()) {
      const box = await button.boundingBox()
      expect(box?.x, `a verdict at ${width}x${height}`).toBeGreaterThanOrEqual(left)
      expect(box === null ? null : box.x + box.width, `a verdict at ${width}x${height}`).toBeLessThanOrEqual(right)
    }
    const lines = await page.getByRole('region', { name: 'What differs' }).locator('tbody tr').all()
    const bottoms = await Promise.all(lines.map(async (line) => (await line.boundingBox())?.y ?? Infinity))
    expect(bottoms.filter((y) => y < top - 20).length, `rows at ${width}x${height}`).toBeGreaterThanOrEqual(rows)
  }
})

test('H shows the history of the subject: it comes into view and has the keyboard, and H folds it again', async ({
  page,
}) => {
  await using world = new World()
  await sampleNetwork(page, world)
  await openConflict(page, 'external-summary.json')
  await expect(verdict(page, /^3/)).toBeVisible()

  await page.keyboard.press('h')
  const history = page.getByRole('region', { name: 'History of this subject' })
  await expect(history.getByRole('listitem').first()).toBeInViewport()
  const fold = history.getByRole('button', { name: /^Fold the history/ })
  await expect(fold).toBeFocused()
  const foot = await page.getByLabel('Your decision').boundingBox()
  const first = await history.getByRole('listitem').first().boundingBox()
  expect(first?.y, 'above the foot').toBeLessThan(foot?.y ?? 0)

  await page.keyboard.press('h')
  await expect(history.getByRole('listitem')).toHaveCount(0)
})

test('a node that is not admitted says first how it comes in, and who holds a receipt is said of each node', async ({
  page,
}) => {
  await using world = new World()
  const [ada, ben] = [await world.node('ada'), await world.node('ben')]
  const words = (await ben.client.app.state({})).node?.words ?? []
  const { id } = await ada.client.receipts.sign({
    kind: 'evidence/observed',
    subject: 'report/counts.json',
    task: null,
    anchor: null,
    content: { type: 'body', body: { receipt_count: 12 } },
  })
  await openWindow(page, ben)
  const waits = page.getByRole('region', { name: 'Is anything waiting for me?' })
  await expect(waits.getByRole('heading')).toHaveText('Have your six words compared')
  await expect(waits).toContainText(words.join(' · '))
  // It signed a profile, which is merged nowhere: nothing says that it is, and what waits is not the folder.
  await expect(page.getByText(/^\d arrived, all in the ledger$/)).toBeVisible()
  await expect(page.getByText('all merged')).toHaveCount(0)
  const wait = page.getByRole('link', { name: /No steward of the network has admitted this node yet/ })
  await expect(wait).toContainText('Admission')
  await expect(wait).toHaveAttribute('href', '#/network')
  await waits.getByRole('link', { name: 'See who can admit it' }).click()
  await expect(page).toHaveURL(/#\/network/)
  const own = page.getByRole('listbox', { name: 'Nodes' }).getByText('1 receipt signed here, merged nowhere yet')
  await own.click()
  const facts = page.getByRole('region', { name: 'Facts' })
  await expect(facts).toContainText('up to #1; nothing of it is merged')
  await expect(facts).toContainText('nobody yet')

  await openWindow(page, ada)
  await goTo(page, `#/receipts/${id}`)
  const held = page.getByRole('region', { name: 'Held by' })
  await expect(held.getByText('this node, which signed it')).toBeVisible()
  await expect(held.getByText('has not said yet')).toHaveCount(0)
})

async function sampleNetwork(page: Page, world: World): Promise<void> {
  const serving = await world.home('me').serve()
  await page.goto(await serving.pageAddress())
  await page.getByRole('button', { name: 'Try a sample network' }).click()
  await expect(page.getByText('Sample network.')).toBeVisible({ timeout: 60_000 })
}

/** Where the foot of the review lies, with everything that is pressed there. */
async function placeOf(page: Page) {
  const box = await page.getByLabel('Your decision').boundingBox()
  if (box === null) throw new Error('No conflict is open.')
  return { top: box.y, left: box.x, right: box.x + box.width }
}

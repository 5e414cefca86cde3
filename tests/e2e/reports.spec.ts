import { readFileSync } from 'node:fs'
import { expect, test, type Page } from 'playwright/test'
import { unzipSync } from 'fflate'
import { goTo } from './screens.ts'
import { World } from './steward.ts'
import { observe, threeNodes } from './three-nodes.ts'
import { openWindow, rail } from './window.ts'

async function makeReport(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Make a report' }).click()
  await expect(page.getByText(/^The report .* is made\.$/).last()).toBeVisible()
}

test('a steward makes a report, reads it, takes it away, decides, and sees in the next one what changed', async ({
  page,
}) => {
  await using world = new World()
  const { ada, ben, cleo } = await threeNodes(world)
  await observe(ada, 'report.json', 1)
  await observe(ben, 'report.json', 2)
  for (const serving of [ada, ben, cleo, ada, ben, cleo]) await serving.client.exchange.sync({})
  await openWindow(page, ada)
  await rail(page).getByRole('link', { name: 'Reports' }).click()
  await expect(page.getByText('Nothing was reported yet')).toBeVisible()

  await makeReport(page)
  const pane = page.getByRole('region', { name: 'Report' })
  await expect(pane.getByText('No-go', { exact: true })).toBeVisible()
  await expect(pane.getByRole('table', { name: 'Criteria' }).getByText('Nothing waits for a person')).toBeVisible()
  await expect(pane.getByRole('link', { name: 'report.json: two claims differ' })).toBeVisible()

  await pane.getByRole('link', { name: 'Text' }).click()
  await expect(pane.getByRole('heading', { name: 'Network report: end to end' })).toBeVisible()
  await expect(pane.getByRole('heading', { name: 'What stands in the way' })).toBeVisible()

  await pane.getByRole('button', { name: 'Export' }).click()
  const download = page.waitForEvent('download')
  await page.getByRole('button', { name: 'Save as a zip' }).click()
  const files = Object.keys(unzipSync(readFileSync(await (await download).path())))
  expect(files.filter((name) => name.endsWith('/summary.json'))).toHaveLength(1)
  expect(files).toContain('_bus/events/events.jsonl')

  const [conflict] = (await ada.client.conflicts.list({ filter: { status: 'open' }, sort: 'severity', limit: 1 })).items
  const members = conflict!.members.map((member) => member.receipt)
  const verdict = { type: 'pick' as const, receipt: members[0]! }
  await ada.client.conflicts.decide({ conflict: conflict!.id, members, verdict, reason: '', planStep: null })
  await makeReport(page)
  await expect(pane.getByText('Go', { exact: true })).toBeVisible()
  await pane.getByRole('button', { name: 'Compare with' }).click()
  await page.getByRole('menuitem').first().click()
  await expect(pane.getByRole('heading', { name: 'What changed' })).toBeVisible()
  await expect(pane.getByText('Settled by ada.')).toBeVisible()
})

test('another recommendation is signed with its reason, and a brief is signed and published', async ({ page }) => {
  await using world = new World()
  const ada = await world.node('ada')
  await openWindow(page, ada)
  await goTo(page, '#/reports')
  await makeReport(page)
  const pane = page.getByRole('region', { name: 'Report' })
  // One node is not enough for a go.
  await pane.getByRole('button', { name: 'More to do with this report' }).click()
  await page.getByRole('menuitem', { name: /Recommend go all the same/ }).click()
  await expect(page.getByRole('button', { name: 'Sign go' })).toBeDisabled()
  await page.getByLabel('Reason').fill('A network of one, for now.')
  await page.getByRole('button', { name: 'Sign go' }).click()
  await expect(page.getByText(/^Signed\. It stands in every report/)).toBeVisible()
  await makeReport(page)
  await expect(pane.getByText('A network of one, for now.')).toBeVisible()
  await expect(pane.getByText('in force', { exact: true })).toBeVisible()

  await page.getByRole('button', { name: 'Sign a brief' }).click()
  await expect(page.getByText('all hold', { exact: true })).toBeVisible()
  await page.getByRole('button', { name: 'Sign and publish' }).click()
  await expect(page.getByText('The brief is signed and lies in the exchange folder.')).toBeVisible()
})

import { mkdirSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'playwright/test'
import type { Serving } from './steward.ts'
import { World } from './steward.ts'
import { drop, dropBytes, dropFolder, EVIL_ZIP } from './drop.ts'
import { expectSameFingerprint, observe, openConflicts, threeNodes } from './three-nodes.ts'
import { expectOpenCount, openWindow, rail } from './window.ts'

test('a zip dropped on the window is shown by node, cancelled without a trace, then imported into a conflict', async ({
  page,
}) => {
  await using world = new World()
  const { ada, ben, cleo } = await threeNodes(world)
  // From now on nothing travels but the bundle.
  renameSync(world.exchange, `${world.exchange}-unplugged`)
  await observe(ada, 'report/counts.json', 12)
  await observe(ben, 'report/counts.json', 14)
  const zip = join(world.folder, 'from-ben.zip')
  await exportTo(ben, zip)
  const before = await ada.client.app.overview({})

  await openWindow(page, ada)
  await drop(page, [zip])
  const sheet = page.getByRole('dialog')
  await expect(sheet.getByText('Importing it adds 1 receipt')).toBeVisible()
  await expect(sheet.getByRole('row', { name: /^ben/ })).toContainText('1')
  await expect(sheet.getByText('Nothing is written yet.')).toBeVisible()
  await sheet.getByRole('button', { name: 'Cancel' }).click()
  await expect(sheet).toBeHidden()
  expect((await ada.client.app.overview({})).counters).toEqual(before.counters)
  await expect.poll(async () => (await ada.client.bundles.current({})).import).toBeNull()

  await drop(page, [zip])
  // What was read waits while the steward looks at something else.
  await expect(sheet.getByRole('button', { name: 'Import 1 receipt' })).toBeVisible()
  await sheet.getByRole('button', { name: 'Import 1 receipt' }).click()
  await expect(sheet.getByText('1 receipt merged.')).toBeVisible()
  await expectOpenCount(page, 1)
  await sheet.getByRole('button', { name: 'Review 1 conflict' }).click()
  await expect(page.getByRole('grid', { name: 'Conflicts' }).getByText('counts.json')).toBeVisible()

  renameSync(`${world.exchange}-unplugged`, world.exchange)
  for (const serving of [ben, ada, cleo, ben]) await serving.client.exchange.sync({})
  await expectSameFingerprint(ada, ben, cleo)
  expect(await openConflicts(ada)).toHaveLength(1)
})

test('files dropped together go up packed, goes on while another page is open, and a hostile zip is refused by entry', async ({
  page,
}) => {
  await using world = new World()
  const { ada, ben } = await threeNodes(world)
  renameSync(world.exchange, `${world.exchange}-unplugged`)
  await observe(ben, 'report/counts.json', 14)
  const folder = join(world.folder, 'from-ben')
  await exportTo(ben, folder)
  const node = (await ben.client.app.state({})).node?.id.replace('did:key:', '') ?? ''
  const { items } = await ben.client.receipts.list({ filter: {}, sort: 'newest', limit: 1 })
  const newest = items[0]!
  const line = (await ben.client.receipts.get({ id: newest.id })).canonical

  await openWindow(page, ada)
  await dropBytes(page, [
    { name: 'one.jsonl', bytes: Buffer.from(`${line}\n`) },
    { name: `${node.slice(0, 8)}.txt`, bytes: Buffer.from('a note') },
  ])
  const sheet = page.getByRole('dialog')
  await expect(sheet.getByText('single receipts')).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(sheet).toBeHidden()

  await dropBytes(page, [{ name: 'evil.zip', bytes: EVIL_ZIP }])
  await expect(sheet.getByText('This bundle is not to be trusted.')).toBeVisible()
  await expect(sheet.getByText('../outside.txt')).toBeVisible()
  await sheet.getByRole('button', { name: 'Close', exact: true }).last().click()
  await rail(page)
    .getByRole('link', { name: /^Network/ })
    .click()
  await expect(page.getByRole('heading', { name: 'Network' })).toBeVisible()
})

test('node directories dropped as a folder are cancelled while they are imported, leave no trace, and come in whole the next time', async ({
  page,
}) => {
  await using world = new World()
  const ada = await world.node('ada')
  const folder = join(world.folder, 'node-x')
  mkdirSync(join(folder, '_report', 'many'), { recursive: true })
  for (let n = 0; n < 1500; n++) writeFileSync(join(folder, '_report', 'many', `${n}.json`), JSON.stringify({ n }))
  await openWindow(page, ada)
  const before = await ada.client.app.overview({})
  const sheet = page.getByRole('dialog')
  const begin = sheet.getByRole('button', { name: 'Import 1,501 receipts' })

  await dropFolder(page, folder)
  await begin.click({ timeout: 60_000 })
  await expect(sheet.getByText('Cancelling leaves no trace.')).toBeVisible()
  await sheet.getByRole('button', { name: 'Cancel' }).click()
  await expect.poll(async () => (await ada.client.bundles.current({})).import, { timeout: 60_000 }).toBeNull()
  expect((await ada.client.app.overview({})).counters).toEqual(before.counters)

  await dropFolder(page, folder)
  await begin.click({ timeout: 60_000 })
  await sheet.getByRole('button', { name: 'Go on in the background' }).click()
  // Navigation goes on meanwhile, and what is under way is told on every page.
  await rail(page).getByRole('link', { name: 'Tasks' }).click()
  await expect(page.getByRole('heading', { name: 'Tasks' })).toBeVisible()
  await page.getByRole('button', { name: 'Show' }).click()
  await expect(sheet.getByText('1,501 receipts merged.')).toBeVisible({ timeout: 60_000 })
})

async function exportTo(serving: Serving, to: string): Promise<void> {
  const { id } = await serving.client.bundles.export({ to, contents: true })
  await expect
    .poll(async () => (await serving.client.bundles.current({})).export?.step.state, { timeout: 20_000 })
    .toBe('done')
  await serving.client.bundles.cancel({ id })
}

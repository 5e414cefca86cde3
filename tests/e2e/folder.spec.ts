import { renameSync } from 'node:fs'
import { expect, test } from 'playwright/test'
import { goTo } from './screens.ts'
import { World } from './steward.ts'
import { expectSameFingerprint, nodeOf, observe, openConflicts, threeNodes } from './three-nodes.ts'
import { expectOpenCount, openWindow } from './window.ts'

test('a folder that is unplugged is said and waited for; plugged back, everything goes on by itself', async ({
  page,
}) => {
  await using world = new World()
  const { ada, ben, cleo } = await threeNodes(world)
  await openWindow(page, ada)
  await expect(page.getByText('In step with 2 others')).toBeVisible()

  renameSync(world.exchange, `${world.exchange}-unplugged`)
  await ada.client.exchange.sync({})
  await expect(page.getByText('Waiting for the folder')).toBeVisible()
  await goTo(page, '#/settings/exchange')
  await expect(page.getByText('It cannot be read now. What was read before stands.')).toBeVisible()
  await expect(page.getByText('Everything in it was read.')).toHaveCount(0)
  await observe(ada, 'report/counts.json', 12)
  await observe(ben, 'report/counts.json', 14)
  await expectOpenCount(page, 0)

  renameSync(`${world.exchange}-unplugged`, world.exchange)
  for (const serving of [ben, ada]) await serving.client.exchange.sync({})
  await expectOpenCount(page, 1, 60_000)
  await expect(page.getByText('Waiting for the folder')).toBeHidden()
  await cleo.client.exchange.sync({})
  await expectSameFingerprint(ada, ben, cleo)
})

test('a node that asks to join appears with its six words and merges nothing before it is admitted', async ({
  page,
}) => {
  await using world = new World()
  const { ada, ben, cleo } = await threeNodes(world)
  await openWindow(page, ada)
  const dora = await world.node('dora')
  const node = await nodeOf(dora)
  await observe(dora, 'report/counts.json', 9)
  await observe(ada, 'report/counts.json', 12)
  await dora.client.exchange.sync({})

  await page.getByRole('link', { name: /^Network/ }).click()
  await expect(page.getByText('dora').first()).toBeVisible()
  expect(await openConflicts(ada)).toEqual([])
  const { words } = await ada.client.network.peer({ node })
  // As text, with what stands between them: whoever copies them or has them read out gets six words, not one.
  const inList = page.getByRole('option').filter({ hasText: 'dora' })
  await expect(inList).toContainText(words.join(' · '))

  // Found by name, and not among the admitted, of whom this node is one.
  const nodes = page.getByRole('listbox', { name: 'Nodes' }).getByRole('option')
  await page.getByRole('searchbox', { name: 'Search in nodes' }).fill('DOR')
  await expect(nodes).toHaveText([/^dora/])
  await page.getByRole('searchbox', { name: 'Search in nodes' }).fill('')
  await page.getByRole('button', { name: 'Admitted', exact: true }).click()
  await expect(nodes).toHaveText([/^ada/, /^ben/, /^cleo/])
  await page.getByRole('button', { name: 'Admitted', exact: true }).click()

  await page.getByText('dora').first().click()
  await page.getByRole('button', { name: 'Compare the words…' }).click()
  const dialog = page.getByRole('dialog')
  await expect(dialog.getByRole('button', { name: 'Sign admission' })).toBeDisabled()
  await dialog.getByRole('checkbox').check()
  await dialog.getByRole('button', { name: 'Sign admission' }).click()
  await expectOpenCount(page, 1, 60_000)
  await dora.client.exchange.sync({})
  await expectSameFingerprint(ada, ben, cleo, dora)
})

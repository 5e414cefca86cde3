import { expect, test } from 'playwright/test'
import { goTo } from './screens.ts'
import { World } from './steward.ts'
import { observe, openConflicts, threeNodes } from './three-nodes.ts'
import { openConflict, expectOpenCount, openWindow, signNow, tray, verdict, willSign } from './window.ts'

test('a conflict appears without reload, is decided with the mouse, and the other nodes follow', async ({ page }) => {
  await using world = new World()
  const { ada, ben, cleo } = await threeNodes(world)
  await openWindow(page, ada)
  await observe(ada, 'report/counts.json', 12)
  await expectOpenCount(page, 0)

  await observe(ben, 'report/counts.json', 14)
  await expectOpenCount(page, 1)

  await openConflict(page, 'counts.json')
  await verdict(page, /ben/).click()
  await expect(willSign(page)).toContainText('ben')
  await signNow(page)
  await expectOpenCount(page, 0)

  for (const other of [ben, cleo]) await expect.poll(() => openConflicts(other), { timeout: 30_000 }).toEqual([])
})

test('the claim that is picked is the claim that is signed, whichever it is', async ({ page }) => {
  await using world = new World()
  const { ada, ben, cleo } = await threeNodes(world)
  const claims = {
    'first.json': [await observe(ada, 'report/first.json', 1), await observe(ben, 'report/first.json', 2)],
    'second.json': [await observe(ada, 'report/second.json', 3), await observe(ben, 'report/second.json', 4)],
  }
  await openWindow(page, ada)
  await expectOpenCount(page, 2)

  for (const [fileName, [ofAda, ofBen]] of Object.entries(claims)) {
    const [conflict] = (await openConflicts(ada)).filter(({ subject }) => subject.endsWith(fileName))
    if (conflict === undefined) throw new Error(`No conflict on ${fileName}`)
    const [name, picked] = fileName === 'first.json' ? ['ada', ofAda] : ['ben', ofBen]
    await openConflict(page, fileName)
    await verdict(page, new RegExp(name)).click()
    await expect(verdict(page, new RegExp(name))).toHaveAttribute('aria-pressed', 'true')
    await expect(willSign(page)).toContainText(name)
    await signNow(page)
    // Read back by another node, from the receipt that travelled.
    await expect
      .poll(async () => (await cleo.client.conflicts.get({ id: conflict.id })).decisions, { timeout: 30_000 })
      .toMatchObject([{ nodeName: 'ada', verdict: { type: 'pick', receipt: picked } }])
  }
})

test('fifty conflicts are decided from the keyboard alone, one key each and Enter', async ({ page }) => {
  await using world = new World()
  const { ada, ben } = await threeNodes(world)
  test.setTimeout(300_000)
  const count = 50
  for (let one = 0; one < count; one++) {
    await observe(ada, `report/${one}.json`, one)
    await observe(ben, `report/${one}.json`, one + 100)
  }
  await openWindow(page, ada)
  await expectOpenCount(page, count, 30_000)

  await page.goto(`${new URL(page.url()).origin}/#/conflicts`)
  await expect(page.getByRole('grid', { name: 'Conflicts' })).toBeVisible()
  await page.keyboard.press('j')
  for (let one = 0; one < count; one++) {
    await expect(page.getByLabel('Your decision')).toBeVisible()
    const before = await page.getByRole('heading', { level: 2 }).first().textContent()
    await page.keyboard.press(one % 2 === 0 ? '1' : '2')
    await expect(willSign(page)).toBeVisible()
    await page.keyboard.press('Enter')
    if (one < count - 1) await expect(page.getByRole('heading', { level: 2 }).first()).not.toHaveText(before ?? '')
    expect(await page.evaluate(() => document.activeElement !== document.body)).toBe(true)
  }
  await expect(tray(page)).toBeHidden({ timeout: 30_000 })
  await expectOpenCount(page, 0)
  await expect.poll(() => openConflicts(ben), { timeout: 30_000 }).toEqual([])
})

test('a decision can be undone before it is signed, and withdrawn afterwards: the conflict opens again everywhere', async ({
  page,
}) => {
  await using world = new World()
  const { ada, ben } = await threeNodes(world)
  await observe(ada, 'report/counts.json', 12)
  await observe(ben, 'report/counts.json', 14)
  await openWindow(page, ada)
  await expectOpenCount(page, 1)
  const [conflict] = await openConflicts(ada)
  await openConflict(page, 'counts.json')

  await verdict(page, /ada/).click()
  await page.getByRole('button', { name: /^Sign decision/ }).click()
  await tray(page).getByRole('button', { name: /^Undo/ }).click()
  await expect(verdict(page, /ada/)).toHaveAttribute('aria-pressed', 'true')
  await expectOpenCount(page, 1)

  await signNow(page)
  await expect.poll(() => openConflicts(ben), { timeout: 30_000 }).toEqual([])
  await goTo(page, `#/conflicts/${conflict?.id ?? ''}`)
  const foot = page.getByLabel('Your decision')
  await expect(foot.getByText(/signed by ada/)).toBeVisible()
  await expect(page.getByText('Compare the claims and sign')).toHaveCount(0)
  await expect(page.getByRole('button', { name: /^Withdraw/ })).toHaveCount(1)
  await foot.getByRole('button', { name: /^Withdraw/ }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('textbox').fill('I read the wrong report.')
  await dialog.getByRole('button', { name: /^Sign/ }).click()
  await expectOpenCount(page, 1)
  await expect.poll(async () => (await openConflicts(ben)).length, { timeout: 30_000 }).toBe(1)
})

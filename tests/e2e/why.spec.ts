import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test, type Page } from 'playwright/test'
import { goTo } from './screens.ts'
import { World } from './steward.ts'
import { observe, threeNodes } from './three-nodes.ts'
import { openWindow, rail } from './window.ts'

const PILOT = '2025-09-22-decentralized-propagation-pilot'

async function openSample(page: Page, world: World): Promise<void> {
  const serving = await world.home('me').serve()
  await page.goto(await serving.pageAddress())
  await page.getByRole('button', { name: 'Try a sample network' }).click()
  await rail(page).waitFor({ timeout: 60_000 })
}

const dialog = (page: Page) => page.getByRole('dialog', { name: 'Why do I believe this?' })

/** The question is answered with a rule and leads, by one more click, to a receipt or to the list that was counted. */
async function expectAnswer(page: Page, name: string | RegExp): Promise<void> {
  await page.getByRole('button', { name }).first().click()
  await expect(dialog(page).getByRole('region', { name: 'The rule' })).not.toBeEmpty()
  const receipt = dialog(page).getByRole('region', { name: 'The receipts' }).getByRole('link').first()
  const list = dialog(page).getByRole('navigation', { name: 'Where it was counted' }).getByRole('link').first()
  const way = (await receipt.count()) > 0 ? receipt : list
  const href = await way.getAttribute('href')
  await way.click()
  await expect(dialog(page)).toBeHidden()
  // A list opens what stands first in it, which then is part of the address.
  expect(new URL(page.url()).hash.startsWith(href?.split('?')[0] ?? 'nowhere')).toBe(true)
  const opened = href?.startsWith('#/receipts/sha256')
    ? page.getByRole('region', { name: 'Receipt in full' })
    : page.locator('h1').first()
  await expect(opened).toBeVisible()
}

test('from every count, state and verdict it is two clicks to a receipt or to what was counted', async ({ page }) => {
  await using world = new World()
  await openSample(page, world)
  const walks: readonly (readonly [string, readonly (string | RegExp)[]])[] = [
    ['#/overview', ['Why: what waits for you', 'Why: whether everything is safe', 'Why: what counts as a receipt']],
    ['#/overview', ['Why: the network fingerprint']],
    ['#/conflicts?status=open', ['Why: how conflicts are counted', 'Why: this conflict', /^Why: the claim of/]],
    ['#/conflicts?status=settled', ['Why: how conflicts are counted', 'Why: this conflict']],
    ['#/receipts', ['Why: what is counted here']],
    ['#/receipts/not-merged', ['Why: what is counted here']],
    ['#/tasks', ['Why: how tasks are counted']],
    ['#/network/anchors', ['Why: which anchor is the newest']],
    ['#/network', ['Why: how many nodes', 'Why: the rules in force', 'Why: the network fingerprint']],
  ]
  for (const [address, questions] of walks) {
    for (const question of questions) {
      await goTo(page, address)
      await expectAnswer(page, question)
    }
  }
  await goTo(page, '#/network')
  await page.getByRole('listbox', { name: 'Nodes' }).getByText('mill-creek').click()
  await expectAnswer(page, 'Why: the state of mill-creek')
  await goTo(page, '#/receipts')
  await page.getByText('external-summary.json').first().click()
  await expectAnswer(page, 'Why: what this receipt is worth here')
})

test('a bar of the last day leads to the receipts that it counts, and a cell of the map to who says so', async ({
  page,
}) => {
  await using world = new World()
  await openSample(page, world)
  await goTo(page, '#/overview')
  const bar = page
    .getByRole('group', { name: /^Receipts in the last 24 hours/ })
    .getByRole('link')
    .last()
  const counted = Number(
    /([\d,]+) in the ledger/.exec((await bar.getAttribute('aria-label')) ?? '')?.[1]?.replaceAll(',', ''),
  )
  expect(counted).toBeGreaterThan(0)
  await bar.click()
  await expect(page.getByRole('button', { name: /^Arrived \d\d:\d\d to/ })).toBeVisible()
  await expect(page.locator('.vlist-row').first()).toBeVisible()

  await goTo(page, '#/network')
  const cells = page.getByRole('region', { name: 'Map of feeds' }).getByRole('button')
  await cells.first().focus()
  await page.keyboard.press('ArrowRight')
  await page.keyboard.press('Enter')
  await expect(dialog(page).getByRole('heading', { name: /and the feed of/ })).toBeVisible()
  await expect(dialog(page).getByRole('region', { name: 'The rule' })).toContainText('Each node signs a note')
  await dialog(page).getByRole('region', { name: 'The receipts' }).getByRole('link').first().click()
  await expect(page.getByRole('region', { name: 'Receipt in full' })).toBeVisible()
})

test('a number leads to exactly what it counts', async ({ page }) => {
  await using world = new World()
  await openSample(page, world)
  await goTo(page, '#/conflicts')
  await page.getByRole('link', { name: /settled$/ }).click()
  await expect(page.getByRole('grid', { name: 'Conflicts' }).getByRole('row')).toHaveCount(1)

  await goTo(page, '#/overview')
  await page.getByRole('link', { name: /overdue$/ }).click()
  const rows = page.getByRole('grid', { name: 'Conflicts' }).getByRole('row')
  await expect(rows.first()).toContainText('Overdue')
  await page.getByRole('complementary', { name: 'Conflicts' }).getByRole('link', { name: /open$/ }).click()
  await expect(rows.first()).not.toContainText('Settled')

  await goTo(page, '#/network/anchors')
  await page.getByRole('link', { name: 'receipts under it' }).first().click()
  await expect(page.getByRole('button', { name: /^Under anchor/ })).toBeVisible()
  await expect(page.locator('.vlist-row').first()).toBeVisible()
})

test('each criterion, risk and mark of a report leads to the list that it was counted from', async ({ page }) => {
  await using world = new World()
  await openSample(page, world)
  await goTo(page, '#/reports')
  await page.getByRole('button', { name: 'Make a report' }).click()
  const pane = page.getByRole('region', { name: 'Report', exact: true })
  await expect(pane.getByRole('table', { name: 'Criteria' })).toBeVisible()
  for (const table of ['Criteria', 'Convergence']) {
    for (const row of await pane.getByRole('table', { name: table }).locator('tbody').getByRole('row').all()) {
      await expect(
        row
          .getByRole('navigation', { name: /^Counted from/ })
          .getByRole('link')
          .first(),
      ).toBeVisible()
    }
  }
  for (const what of [
    'Observation',
    'Coherence',
    'Self-repair',
    'Byzantine node',
    'Replay',
    'Withholding',
    'Stale anchors',
  ]) {
    await expect(
      pane
        .getByRole('navigation', { name: `Counted from: ${what}` })
        .getByRole('link')
        .first(),
    ).toBeVisible()
  }

  const observed = Number((await pane.locator('.rp-number').first().textContent())?.replaceAll(',', ''))
  expect(observed).toBeGreaterThan(0)
  await pane.getByRole('link', { name: 'See these receipts' }).click()
  await expect(page.getByRole('button', { name: /^Signed \d+ \w+ to \d+ \w+/ })).toBeVisible()
  await expect(page.locator('.vlist-row')).toHaveCount(observed)

  await page.goBack()
  await pane.getByRole('link', { name: 'Conflicts about anchors' }).first().click()
  await expect(page.getByRole('button', { name: '3 kinds' })).toBeVisible()
})

test('what was refused is saved as it came', async ({ page }) => {
  await using world = new World()
  const { ada, ben } = await threeNodes(world)
  const feeds = () => readdirSync(world.exchange, { recursive: true, encoding: 'utf8' })
  const before = new Set(feeds())
  await observe(ben, 'a.json', 1)
  await ben.client.exchange.sync({})
  const [segment] = feeds().filter((name) => name.endsWith('.jsonl') && !before.has(name))
  const path = join(world.exchange, segment ?? '')
  const line = `${readFileSync(path, 'utf8').trimEnd()} `
  writeFileSync(path, `${line}\n`)
  await ada.client.exchange.sync({})
  await openWindow(page, ada)
  await goTo(page, '#/receipts/not-merged')
  const download = page.waitForEvent('download')
  await page
    .getByRole('button', { name: /^Save the bytes/ })
    .first()
    .click()
  const file = await download
  expect(file.suggestedFilename()).toMatch(/^refused-[0-9a-f]{12}\.bin$/)
  expect(readFileSync(await file.path(), 'utf8')).toBe(line)
})

test('who lacks what is expected stands on the network page, with what it lacks', async ({ page }) => {
  await using world = new World()
  const ada = await world.node('ada')
  await openWindow(page, ada)
  await goTo(page, '#/network')
  await expect(page.getByRole('region', { name: 'Rules in force' })).toBeVisible()
  const table = page.getByRole('region', { name: 'Who has what is expected' })
  await expect(table).toBeHidden()

  const { policy } = await ada.client.network.get({})
  await ada.client.network.signPolicy({ policy: { ...policy, expected: ['_report/usage/**', 'lost/*.json'] } })
  await ada.client.receipts.sign({
    kind: 'evidence/observed',
    subject: '_report/usage/counts.json',
    task: null,
    anchor: null,
    content: { type: 'body', body: { count: 1 } },
  })
  await expect(table.getByRole('row', { name: /^ada/ })).toContainText('1 of 2')
  await table.getByRole('button', { name: '1 missing at ada' }).click()
  await expect(table.getByRole('region', { name: 'Missing at ada' })).toContainText('lost/*.json')
  await expect(table.getByRole('link', { name: 'ada' })).toHaveAttribute('href', /^#\/network\/did/)
})

test('the task page shows what is missing and leads to the receipts behind a step', async ({ page }) => {
  await using world = new World()
  await openSample(page, world)
  await rail(page).getByRole('link', { name: 'Tasks' }).click()
  await page.getByRole('listbox', { name: 'Tasks' }).getByText('Design pilot').click()
  await expect(page).toHaveURL(new RegExp(PILOT))
  const pane = page.getByRole('region', { name: 'Task', exact: true })
  await expect(pane.getByText('names no receipt for it')).toBeVisible()
  await expect(pane.getByText('Put aside by rule').first()).toBeVisible()
  await pane.getByRole('list', { name: 'Who says what' }).first().getByRole('link').first().click()
  await expect(page.getByRole('region', { name: 'Receipt in full' })).toBeVisible()

  await goTo(page, `#/tasks/${PILOT}`)
  await pane.getByRole('link', { name: 'Sign a receipt for this step' }).first().click()
  const form = page.getByRole('dialog', { name: 'Sign a new receipt' })
  await expect(form.getByLabel('Task')).toHaveValue(PILOT)
  await expect(form.getByRole('textbox', { name: 'Step' })).not.toHaveValue('')
  await page.keyboard.press('Escape')

  await goTo(page, '#/tasks')
  await page.getByRole('button', { name: 'Lacks receipts' }).click()
  await expect(page.getByRole('listbox', { name: 'Tasks' }).getByRole('option')).toHaveCount(2)
})

test('a rule is made from a conflict, previewed, decides by name, and is taken back', async ({ page }) => {
  await using world = new World()
  await openSample(page, world)
  await goTo(page, '#/conflicts?status=open')
  await page.getByRole('grid', { name: 'Conflicts' }).getByText('feed-counts.json').click()
  await page.getByRole('button', { name: 'Make a rule for conflicts like this…' }).click()
  const making = page.getByRole('dialog', { name: 'Make a rule for conflicts like this' })
  await expect(making.getByText('It decides 1 conflict at once.')).toBeVisible()
  await making.getByRole('button', { name: 'Sign this rule' }).click()
  await expect(making).toBeHidden()

  await goTo(page, '#/conflicts?status=settled')
  await page.getByRole('grid', { name: 'Conflicts' }).getByText('feed-counts.json').click()
  await expect(page.getByRole('link', { name: 'by a standing rule' })).toBeVisible()

  await goTo(page, '#/conflicts/rules')
  await page.getByRole('button', { name: 'It made 1 decision' }).click()
  await expect(page.getByRole('link', { name: '_report/usage/feed-counts.json' })).toBeVisible()
  await page.getByRole('button', { name: 'Take back…' }).click()
  await page.getByRole('button', { name: 'Sign that it is taken back' }).click()
  await expect(page.getByText('Taken back').first()).toBeVisible()
  await expect(page.getByRole('button', { name: 'Take back…' })).toBeHidden()
})

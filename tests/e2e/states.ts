// States that the sample network does not come into: an empty node, a large network, what an import goes through, what went wrong.
import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright'
import { profileDraft } from '#core/network/index.ts'
import { signNetwork, writeExchange } from '#tests/bench/network.ts'
import { TestNode } from '#tests/kit/nodes.ts'
import { whoTheyAre, writeBundle } from '#tests/unit/bundles/made-bundle.ts'
import { dropBytes, drop, EVIL_ZIP } from './drop.ts'
import { goTo, settled } from './screens.ts'
import { World, type Serving } from './steward.ts'
import { observe, threeNodes } from './three-nodes.ts'
import { openConflict, rail, verdict } from './window.ts'

/** Takes a picture of what is on the screen, in every look. */
export type Shoot = (page: Page, name: string) => Promise<void>

const LONG_NAME =
  '_report/agents/codex-1/2026-11-21-a-subject-whose-name-nobody-cut-short-because-a-tool-made-it/of-many-parts/summary-of-everything-that-was-observed-on-that-day-and-the-one-before.json'

const PARTS = { firstRun, emptyNode, decisionsUnderWay, importStates, largeNetwork }

/** @param only names of parts; all of them where there is none */
export async function shootStates(browser: Browser, shoot: Shoot, only: readonly string[]): Promise<void> {
  for (const [name, part] of Object.entries(PARTS)) {
    if (only.length > 0 && !only.includes(name)) continue
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 }, reducedMotion: 'reduce' })
    await part(page, shoot)
    await page.close()
  }
}

async function firstRun(page: Page, shoot: Shoot): Promise<void> {
  await using world = new World()
  const serving = await world.home('me').serve()
  await page.goto(await serving.pageAddress())
  await page.getByRole('button', { name: /^Start a network/ }).click()
  await page.getByLabel('Name of the node').waitFor()
  await shoot(page, 'first-run-name')
  await page.getByLabel('Name of the node').fill('harbor-lab')
  await page.getByRole('button', { name: 'Continue' }).click()
  await page.getByLabel('Passphrase', { exact: true }).fill('seven herons')
  await page.getByLabel('The same again').fill('seven heron')
  await shoot(page, 'first-run-key')
  await page.getByLabel('The same again').fill('seven herons')
  await page.getByRole('button', { name: 'Continue' }).click()
  await page.getByLabel('Exchange folder').fill(world.exchange)
  await page.getByLabel('Name of the new network').fill('propagation-pilot')
  await shoot(page, 'first-run-folder')
  await page.getByRole('button', { name: 'Make the node and start the network' }).click()
  await page.getByText('Write these 24 words down').waitFor()
  await shoot(page, 'first-run-phrase')
  await page.getByRole('button', { name: 'I have written them down' }).click()
  await shoot(page, 'first-run-three-words')
  // Another page of the same address would be the same page at another place.
  await page.goto('about:blank')
  await page.goto(await serving.pageAddress())
  await rail(page).waitFor()
  await goTo(page, '#/settings/key')
  await page.getByRole('button', { name: 'Lock now' }).click()
  await page.getByText('Locked').first().waitFor()
  await settled(page)
  await shoot(page, 'locked')
}

async function emptyNode(page: Page, shoot: Shoot): Promise<void> {
  await using world = new World()
  await open(page, await world.node('ada'))
  const at = async (hash: string, name: string) => {
    await goTo(page, hash)
    await settled(page)
    await shoot(page, `empty-${name}`)
  }
  await at('#/overview', 'overview')
  await at('#/conflicts', 'conflicts')
  await at('#/conflicts/rules', 'rules')
  await at('#/tasks', 'tasks')
  await at('#/receipts/not-merged', 'not-merged')
  await at('#/receipts', 'receipts')
  await at('#/network', 'network')
  await at('#/network/anchors', 'anchors')
  await at('#/reports', 'reports')

  await page.getByRole('button', { name: /Sign a brief/ }).click()
  await page.getByRole('dialog').waitFor()
  await shoot(page, 'brief-dialog')
  await page.keyboard.press('Escape')
  await goTo(page, '#/receipts')
  await page.getByRole('button', { name: 'Sign a new receipt' }).click()
  await page.getByRole('dialog').waitFor()
  await shoot(page, 'sign-sheet')
  await page.keyboard.press('Escape')
  await page.getByRole('button', { name: 'Export', exact: true }).click()
  await page.getByRole('button', { name: 'Write bundle' }).waitFor()
  await shoot(page, 'export-sheet')
  await page.getByLabel('Write it to').fill('/nowhere/there/bundle.zip')
  await page.getByRole('button', { name: 'Write bundle' }).click()
  await page.getByRole('alert').or(page.getByText('Not exported')).first().waitFor()
  await shoot(page, 'export-problem')
  await page.keyboard.press('Escape')
  await page.keyboard.press('Control+k')
  await page.getByRole('combobox').or(page.getByRole('searchbox')).first().waitFor()
  await shoot(page, 'palette')
  await page.keyboard.press('Escape')
  await goTo(page, '#/settings/diagnostics')
  await page.getByRole('button', { name: 'Run the check' }).click()
  await page.getByText('In order', { exact: true }).waitFor()
  await page.getByRole('button', { name: 'See what it holds' }).scrollIntoViewIfNeeded()
  await shoot(page, 'settings-checked')
  await page.getByRole('button', { name: 'See what it holds' }).click()
  await page.getByLabel('Diagnostics', { exact: true }).waitFor()
  await shoot(page, 'diagnostics')
  await page.keyboard.press('Escape')
  rmSync(world.exchange, { recursive: true })
  await goTo(page, '#/overview')
  await page.getByText('Waiting for the folder').first().waitFor()
  await shoot(page, 'folder-missing')
  await goTo(page, '#/settings/exchange')
  await settled(page)
  await shoot(page, 'settings-folder-missing')
}

async function decisionsUnderWay(page: Page, shoot: Shoot): Promise<void> {
  await using world = new World()
  const { ada, ben, cleo } = await threeNodes(world)
  await observe(ada, LONG_NAME, 12)
  await observe(ben, LONG_NAME, 14)
  await observe(cleo, 'report/counts.json', 3)
  await observe(ada, 'report/counts.json', 4)
  for (const serving of [ben, cleo, ada]) await serving.client.exchange.sync({})
  await open(page, ada)
  await rail(page)
    .getByRole('link', { name: /^Conflicts 2/ })
    .waitFor()
  await goTo(page, '#/overview')
  await settled(page)
  await shoot(page, 'long-name-overview')
  await openConflict(page, LONG_NAME.split('/').at(-1) ?? '')
  await verdict(page, /^2/).or(verdict(page, /ben/)).first().click()
  await settled(page)
  await shoot(page, 'long-name-review')
  await page.getByRole('button', { name: /^Sign decision/ }).click()
  await page.getByRole('button', { name: 'Sign now' }).waitFor()
  await shoot(page, 'decision-undo')
  await page.getByRole('button', { name: 'Sign now' }).click()
  await goTo(page, '#/receipts')
  await page.getByText('summary-of-everything').first().click()
  await settled(page)
  await shoot(page, 'long-name-receipt')
  await goTo(page, '#/conflicts')
  await page.getByRole('button', { name: 'Make a rule for conflicts like this…' }).click()
  await page.getByRole('dialog').waitFor()
  await shoot(page, 'rule-dialog')
  await page.keyboard.press('Escape')
  await goTo(page, '#/settings/policy')
  await page.getByRole('button', { name: 'Propose a change' }).click()
  await page.getByRole('dialog').waitFor()
  await shoot(page, 'policy-dialog')
}

async function importStates(page: Page, shoot: Shoot): Promise<void> {
  await using world = new World()
  const { ada } = await threeNodes(world)
  const folder = join(world.folder, 'other')
  writeExchange(signNetwork({ nodes: 2, receipts: 20 }), folder)
  await open(page, ada)
  await goTo(page, '#/receipts')
  await page.getByRole('button', { name: 'Import', exact: true }).click()
  const sheet = page.getByRole('dialog')
  await sheet.getByText('Drop a zip').waitFor()
  await shoot(page, 'import-choose')
  await page.keyboard.press('Escape')

  await page.evaluate(() => {
    const transfer = new DataTransfer()
    transfer.items.add(new File(['x'], 'x.zip'))
    document.body.dispatchEvent(new DragEvent('dragenter', { dataTransfer: transfer, bubbles: true, cancelable: true }))
  })
  await page.getByText('Drop to see what is in it').waitFor()
  await shoot(page, 'import-dragged')
  await page.evaluate(() => {
    const transfer = new DataTransfer()
    transfer.items.add(new File(['x'], 'x.zip'))
    document.body.dispatchEvent(new DragEvent('dragleave', { dataTransfer: transfer, bubbles: true, cancelable: true }))
  })

  await dropBytes(page, [{ name: 'evil.zip', bytes: EVIL_ZIP }])
  await sheet.getByText('This bundle is not to be trusted.').waitFor()
  await shoot(page, 'import-refused')
  await page.keyboard.press('Escape')
  await dropBytes(page, [{ name: 'notes.txt', bytes: Buffer.from('hello') }])
  await sheet.getByRole('button', { name: 'Close' }).last().waitFor()
  await shoot(page, 'import-nothing-in-it')
  await page.keyboard.press('Escape')
  const eve = new TestNode('eve')
  eve.sign(profileDraft({ name: 'Eve of the tide archive' }))
  await drop(page, [writeBundle(join(world.folder, 'eve.zip'), whoTheyAre(eve))])
  await sheet.getByRole('button', { name: 'Let it ask to join' }).waitFor()
  await shoot(page, 'import-asks')
  await sheet.getByRole('button', { name: 'Let it ask to join' }).click()
  await sheet.getByText('asks to join: compare').waitFor()
  await shoot(page, 'import-asked')
  await page.keyboard.press('Escape')
  await importOfManyReceipts(page, shoot)
}

/** Long enough that reading and importing can be seen. */
async function importOfManyReceipts(page: Page, shoot: Shoot): Promise<void> {
  await using world = new World()
  rmSync(world.exchange, { recursive: true })
  const network = signNetwork({ nodes: 4, receipts: 20_000, value: (node, index) => `${index % 40 === 0 ? node : 0}` })
  writeExchange(network, world.exchange)
  const giver = await world.node('giver')
  await giver.client.exchange.sync({})
  const zip = join(world.folder, 'from-the-others.zip')
  const { id } = await giver.client.bundles.export({ to: zip, contents: true })
  for (;;) {
    const state = (await giver.client.bundles.current({})).export?.step.state
    if (state === 'done') break
    if (state !== 'writing') throw new Error(`The export is ${String(state)}.`)
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  await giver.client.bundles.cancel({ id })
  await giver.stop()

  // A second node of that network, which has seen the founders and nothing of what they signed.
  const few = join(world.folder, 'few')
  mkdirSync(few)
  writeExchange({ ...network, feeds: network.feeds.map((feed) => feed.slice(0, 5)) }, few)
  const taker = await world.home('taker').serve()
  const passphrase = 'a long walk by the sea'
  await taker.client.node.create({ name: 'taker', passphrase, exchange: few, networkName: null })
  await taker.client.exchange.sync({})
  await open(page, taker)
  const sheet = page.getByRole('dialog')
  const dropIt = () => drop(page, [zip])
  await dropIt()
  await sheet.getByRole('button', { name: 'Go on in the background' }).waitFor()
  await shoot(page, 'import-reading')
  await sheet
    .getByRole('button', { name: 'Go on in the background' })
    .click({ timeout: 5_000 })
    .catch(() => undefined)
  await shoot(page, 'import-in-the-background')
  await page
    .getByRole('button', { name: 'Show', exact: true })
    .click({ timeout: 5_000 })
    .catch(() => undefined)
  await sheet.getByRole('button', { name: /^Import / }).waitFor({ timeout: 60_000 })
  await shoot(page, 'import-ready')
  await sheet.getByRole('button', { name: /^Import / }).click()
  await sheet.getByText('Importing', { exact: true }).waitFor()
  await page.screenshot() // so that the first picture is of a bar that moves
  await shoot(page, 'import-importing')
  await sheet.getByText('Imported', { exact: true }).waitFor({ timeout: 120_000 })
  await shoot(page, 'import-done')
  await page.keyboard.press('Escape')
  await dropIt()
  await sheet.getByRole('button', { name: 'Close' }).last().waitFor({ timeout: 60_000 })
  await sheet.getByText('Nothing was written.').waitFor({ timeout: 60_000 })
  await shoot(page, 'import-nothing-new')
}

async function largeNetwork(page: Page, shoot: Shoot): Promise<void> {
  await using world = new World()
  rmSync(world.exchange, { recursive: true })
  const value = (node: number, index: number) => `${index % 10 === 0 ? node % 7 : 0}`
  writeExchange(signNetwork({ nodes: 50, receipts: 2_000, value }), world.exchange)
  const me = await world.node('me')
  await me.client.exchange.sync({})
  await open(page, me)
  const at = async (hash: string, name: string) => {
    await goTo(page, hash)
    await settled(page)
    await shoot(page, `fifty-${name}`)
  }
  await at('#/overview', 'overview')
  await at('#/network', 'network')
  await at('#/conflicts', 'conflicts')
  await goTo(page, '#/reports')
  await page.getByRole('button', { name: 'Make a report' }).click()
  await page.getByRole('link', { name: 'Figures' }).waitFor({ timeout: 60_000 })
  await settled(page)
  await shoot(page, 'fifty-report')
  await page.getByRole('link', { name: 'Files' }).click()
  await settled(page)
  await shoot(page, 'fifty-report-files')
}

async function open(page: Page, serving: Serving): Promise<void> {
  await page.goto(await serving.pageAddress())
  await rail(page).waitFor({ timeout: 30_000 })
}

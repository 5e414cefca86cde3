// Exported proofs as their receivers meet them: a file, opened from the disk in a browser that knows nothing of Steward.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test, type Locator, type Page } from 'playwright/test'
import { Place } from '#tests/kit/place.ts'
import { proofOfConflict, twoStories } from '#tests/kit/proofs.ts'
import { drop } from './drop.ts'
import { World } from './steward.ts'
import { observe, threeNodes } from './three-nodes.ts'
import { openConflict, openWindow } from './window.ts'

const badge = (page: Page): Locator => page.getByText(/^All \d+ checks hold$/)
const failure = (page: Page): Locator =>
  page.getByRole('heading', { level: 1, name: /^This proof (does not hold|was not checked)$/ })

/** Saves what the window hands out, and opens it in a browser of its own with the network cut. */
async function exported(page: Page, folder: string, form: 'A page that checks itself' | 'Data and commands') {
  await page.getByRole('button', { name: 'Export proof' }).click()
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('menuitem', { name: new RegExp(form) }).click(),
  ])
  const path = join(folder, download.suggestedFilename())
  await download.saveAs(path)
  return path
}

test('a proof that somebody sent is dropped on the window, and it says what it proves and whether that holds', async ({
  page,
}) => {
  await using world = new World()
  const { ada, ben, cleo } = await threeNodes(world)
  await observe(ada, 'report/counts.json', 12)
  await observe(ben, 'report/counts.json', 14)
  await openWindow(page, ada)
  await openConflict(page, 'counts.json')
  const data = await exported(page, world.folder, 'Data and commands')
  const changed = join(world.folder, 'changed.proof.json')
  writeFileSync(changed, readFileSync(data, 'utf8').replace('\\"receipt_count\\":12', '\\"receipt_count\\":13'))

  await openWindow(page, cleo)
  const proofs = page.getByRole('dialog').getByRole('list', { name: 'Proofs' })
  await drop(page, [data])
  await expect(proofs.getByText('ada and ben signed different things about counts.json.')).toBeVisible()
  await expect(proofs.getByText(/all \d+ checks hold\./)).toBeVisible()
  await expect(page.getByRole('dialog').getByText('Nothing of it is imported.')).toBeVisible()
  await page.getByRole('dialog').getByRole('button', { name: 'Close', exact: true }).last().click()
  await drop(page, [changed])
  await expect(proofs.getByText('This proof does not hold.')).toBeVisible()
  await expect(proofs.getByText(/receipt #\d+\. Signature: /)).toBeVisible()
})

test('a receipt and a conflict are exported from the window, hold in a plain browser, and fail after one changed byte', async ({
  page,
  browser,
}) => {
  await using world = new World()
  const { ada, ben } = await threeNodes(world)
  await observe(ada, 'report/counts.json', 12)
  const receipt = await observe(ben, 'report/counts.json', 14)
  await openWindow(page, ada)
  await openConflict(page, 'counts.json')
  const conflictPage = await exported(page, world.folder, 'A page that checks itself')
  const conflictData = await exported(page, world.folder, 'Data and commands')
  await page.goto(`${new URL(page.url()).origin}/#/receipts/${receipt}`)
  await expect(page.getByRole('region', { name: 'Receipt', exact: true })).toBeVisible()
  const receiptPage = await exported(page, world.folder, 'A page that checks itself')
  expect(JSON.parse(readFileSync(conflictData, 'utf8'))).toMatchObject({ format: 'steward-proof/2' })

  const plain = await (await browser.newContext({ offline: true })).newPage()
  await plain.goto(`file://${conflictPage}`)
  await expect(badge(plain)).toBeVisible()
  await expect(plain.getByRole('heading', { level: 1 })).toHaveText(
    'ada and ben signed different things about counts.json.',
  )
  await plain.goto(`file://${receiptPage}`)
  await expect(badge(plain)).toBeVisible()
  await expect(plain.getByRole('heading', { level: 1 })).toContainText('ben signed on')

  const [save] = await Promise.all([
    plain.waitForEvent('download'),
    plain.getByRole('button', { name: 'Save the data as JSON' }).click(),
  ])
  expect(save.suggestedFilename()).toBe('proof.json')

  for (const path of [conflictPage, receiptPage]) {
    const text = readFileSync(path, 'utf8')
    expect(text).toContain('\\"receipt_count\\":14')
    writeFileSync(path, text.replace('\\"receipt_count\\":14', '\\"receipt_count\\":15'))
    await plain.goto(`file://${path}`)
    await expect(failure(plain)).toBeVisible()
    await expect(plain.getByRole('alert')).toContainText('The signature does not hold')
    await expect(badge(plain)).toHaveCount(0)
  }
})

test('wherever a byte of the page is changed, it no longer says that it holds', async ({ page }) => {
  await using place = new Place()
  const { ben } = await twoStories(place)
  const { text, fileName } = await proofOfConflict(ben, 'fork', 'html')
  const bytes = Buffer.from(text)
  const path = join(place.folder, fileName)
  const holdsWith = async (at: number | null) => {
    const changed = Buffer.from(bytes)
    if (at !== null) changed[at] = (changed[at] ?? 0) ^ 1
    writeFileSync(path, changed)
    await page.goto(`file://${path}`)
    return (await badge(page).count()) > 0
  }
  expect(await holdsWith(null)).toBe(true)
  // The frame byte by byte; style, data and verifier here and there.
  const style = bytes.indexOf('<style>')
  const spread = Array.from({ length: 20 }, (_, one) => style + Math.floor((one * (bytes.length - style)) / 20))
  const frame = Array.from({ length: style }, (_, at) => at).filter((at) => at % 17 === 0)
  const seams = ['</style>', '<main>', '</main>', '<script type', '</script><script>'].map(
    (seam) => bytes.indexOf(seam) + 2,
  )
  const unnoticed: string[] = []
  for (const at of [...frame, ...spread, ...seams]) {
    if (await holdsWith(at)) unnoticed.push(bytes.subarray(at - 8, at + 8).toString())
  }
  expect(unnoticed).toEqual([])
})

test('what was signed stays text, whatever it says, in light and dark and on paper', async ({ page }) => {
  await using place = new Place()
  const hostile = '</script><img src=x onerror="document.title=`owned`"><svg onload=alert(1)>&amp;\u202e'
  const ada = await place.node('ada</script><svg onload=alert(1)>')
  const id = await ada.observe(
    hostile,
    { [hostile.slice(0, 60)]: hostile, html: '<!--<script>', line: '\u2028]]>' },
    hostile,
  )
  await ada.sync()
  const { text, fileName } = await ada.steward.receipts.proof({ id, form: 'html' })
  const path = join(place.folder, fileName)
  writeFileSync(path, text)
  const asked: string[] = []
  page.on('request', (request) => asked.push(request.url()))
  page.on('dialog', (dialog) => asked.push(dialog.message()))
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme })
    await page.goto(`file://${path}`)
    await expect(badge(page)).toBeVisible()
    await expect(page.getByRole('heading', { level: 1 })).toContainText('</script><img src=x onerror=')
    await expect(page.locator('img, iframe, object, link, [onload], [onerror]')).toHaveCount(0)
  }
  expect(asked.every((url) => url === `file://${path}`)).toBe(true)
  await page.emulateMedia({ media: 'print' })
  await page.evaluate(() => dispatchEvent(new Event('beforeprint')))
  await expect(page.locator('details:not([open])')).toHaveCount(0)
})

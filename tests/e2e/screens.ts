// Every screen of the window, for the screenshots and for axe: how to get to it once the sample network is open.
import type { Page } from 'playwright/test'

export interface Screen {
  readonly name: string
  open(page: Page): Promise<void>
}

/** Goes to an address within the page; the window keeps its connection. */
export async function goTo(page: Page, hash: string): Promise<void> {
  await page.evaluate(async (target) => {
    window.location.hash = target
    // Two frames: the page has taken the address over, and shows the screen or that it is loading it.
    for (let frame = 0; frame < 2; frame++) await new Promise((resolve) => requestAnimationFrame(resolve))
  }, hash)
}

const conflictOn = (subject: string) => async (page: Page) => {
  await goTo(page, '#/conflicts')
  await page.getByText(subject).first().click()
  // The review that was open before has a heading too; the last thing that is drawn of this one is what differs.
  await page.getByRole('heading', { level: 2, name: subject }).waitFor()
  await page.getByRole('region', { name: 'What differs' }).waitFor()
}

export const SCREENS: readonly Screen[] = [
  { name: 'overview', open: (page) => goTo(page, '#/overview') },
  { name: 'conflicts', open: (page) => goTo(page, '#/conflicts') },
  { name: 'review', open: conflictOn('feed-counts.json') },
  {
    name: 'several-chosen',
    async open(page) {
      await page.keyboard.press('Shift+J')
      await page.getByRole('button', { name: 'Decide together' }).waitFor()
    },
  },
  {
    name: 'review-three-claims',
    async open(page) {
      await page.getByRole('button', { name: 'Clear', exact: true }).click()
      await conflictOn('external-summary.json')(page)
    },
  },
  {
    name: 'why',
    async open(page) {
      await page.getByRole('button', { name: 'Why: this conflict' }).click()
      await page.getByRole('region', { name: 'The rule' }).waitFor()
    },
  },
  {
    name: 'standing-rules',
    async open(page) {
      await page.keyboard.press('Escape')
      await goTo(page, '#/conflicts/rules')
    },
  },
  {
    name: 'task',
    async open(page) {
      await goTo(page, '#/tasks')
      await page.getByRole('listbox', { name: 'Tasks' }).getByText('Design pilot').click()
      await page.getByRole('region', { name: 'Steps' }).waitFor()
    },
  },
  { name: 'receipts', open: (page) => goTo(page, '#/receipts') },
  {
    name: 'receipt',
    async open(page) {
      await goTo(page, '#/receipts')
      await page.getByText('external-summary.json').first().click()
    },
  },
  { name: 'network', open: (page) => goTo(page, '#/network') },
  {
    name: 'anchors',
    async open(page) {
      await goTo(page, '#/network/anchors')
      await page.getByRole('region', { name: 'The chain', exact: true }).waitFor()
    },
  },
  {
    name: 'reports',
    async open(page) {
      await goTo(page, '#/reports')
      await page.getByRole('button', { name: 'Make a report' }).click()
      await page.getByRole('link', { name: 'Figures' }).waitFor()
    },
  },
  {
    name: 'report-text',
    async open(page) {
      await page.getByRole('link', { name: 'Text' }).click()
      await page.getByRole('heading', { name: /^Network report/ }).waitFor()
    },
  },
  {
    name: 'report-files',
    async open(page) {
      await page.getByRole('link', { name: 'Files', exact: true }).click()
      await page.getByRole('button', { name: 'Look at it: ledger.json' }).waitFor()
    },
  },
  { name: 'settings', open: (page) => goTo(page, '#/settings') },
]

/** Nothing is under way any more: the screen is there, nothing stands in for what is to come, fonts loaded. */
export async function settled(page: Page): Promise<void> {
  await page.mouse.move(0, 0) // nothing is pointed at, so no hint hangs over the screen
  await page.waitForLoadState('networkidle')
  // A screen's code is loaded when it is first opened; every screen has a heading.
  await page.getByRole('heading', { level: 1 }).first().waitFor()
  await page.locator('h1').first().waitFor()
  await page.evaluate(() => document.fonts.ready)
  await page.waitForFunction(() => document.querySelector('.skeleton') === null)
}

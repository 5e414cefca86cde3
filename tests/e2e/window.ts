// What a person does in the window, by the names that the window gives things.
import { expect, type Locator, type Page } from 'playwright/test'
import type { Serving } from './steward.ts'

/** Opens the page of a running node and waits until its frame stands. */
export async function openWindow(page: Page, serving: Serving): Promise<void> {
  await page.goto(await serving.pageAddress())
  await expect(rail(page)).toBeVisible()
}

export const rail = (page: Page): Locator => page.getByRole('navigation', { name: 'Sections' })

/** Waits until the rail shows this number of open conflicts: the window is told a moment after the core has it. */
export async function expectOpenCount(page: Page, count: number, timeout = 20_000): Promise<void> {
  const link = rail(page).getByRole('link', { name: /^Conflicts/ })
  const shown = async (): Promise<number> => {
    const [digits = '0'] = /\d[\d,]*/.exec((await link.textContent()) ?? '') ?? []
    return Number(digits.replaceAll(',', ''))
  }
  await expect.poll(shown, { timeout }).toBe(count)
}

export const verdict = (page: Page, name: string | RegExp): Locator =>
  page.getByRole('group', { name: 'Verdict' }).getByRole('button', { name })

/** The sentence that signing would make true. */
export const willSign = (page: Page): Locator => page.getByText('You will sign:')

export const tray = (page: Page): Locator => page.getByRole('region', { name: 'Decisions not signed yet' })

/** Opens the conflict on a subject from the list. */
export async function openConflict(page: Page, fileName: string): Promise<void> {
  await rail(page)
    .getByRole('link', { name: /^Conflicts/ })
    .click()
  await page.getByRole('grid', { name: 'Conflicts' }).getByText(fileName, { exact: true }).click()
  await expect(page.getByLabel('Your decision')).toBeVisible()
}

/** Signs what is chosen without waiting for the undo window. */
export async function signNow(page: Page): Promise<void> {
  await page.getByRole('button', { name: /^Sign decision/ }).click()
  await tray(page).getByRole('button', { name: 'Sign now' }).click()
  await expect(tray(page)).toBeHidden()
}

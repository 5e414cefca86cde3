// Files that a person lets go of over the window.
import { readFileSync } from 'node:fs'
import { basename } from 'node:path'
import type { Page } from 'playwright/test'

export function drop(page: Page, paths: readonly string[]): Promise<void> {
  return dropBytes(
    page,
    paths.map((path) => ({ name: basename(path), bytes: readFileSync(path) })),
  )
}

/** A folder, as the system tells the browser of it: the page has to walk it. */
export async function dropFolder(page: Page, folder: string): Promise<void> {
  const session = await page.context().newCDPSession(page)
  const data = { items: [], files: [folder], dragOperationsMask: 1 }
  for (const type of ['dragEnter', 'dragOver', 'drop'] as const)
    await session.send('Input.dispatchDragEvent', { type, x: 400, y: 400, data })
  await session.detach()
}

/** As the browser tells the page of it. */
export async function dropBytes(
  page: Page,
  files: readonly { readonly name: string; readonly bytes: Buffer }[],
): Promise<void> {
  const given = files.map(({ name, bytes }) => ({ name, base64: bytes.toString('base64') }))
  const transfer = await page.evaluateHandle((dropped) => {
    const made = new DataTransfer()
    for (const { name, base64 } of dropped) {
      made.items.add(new File([Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0))], name))
    }
    return made
  }, given)
  await page.dispatchEvent('body', 'dragenter', { dataTransfer: transfer })
  await page.dispatchEvent('body', 'drop', { dataTransfer: transfer })
}

/** A zip with one entry, `../outside.txt`, as `zipfile` of Python writes it when told to. */
export const EVIL_ZIP = Buffer.from(
  'UEsDBBQAAAAAAAAAIQCDFtyMAQAAAAEAAAAOAAAALi4vb3V0c2lkZS50eHR4UEsBAhQDFAAAAAAAAAAhAIMW3IwBAAAAAQAAAA4AAAAAAAAAAAAAAIABAAAAAC4uL291dHNpZGUudHh0UEsFBgAAAAABAAEAPAAAAC0AAAAAAA==',
  'base64',
)

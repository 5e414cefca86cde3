// Chromium and a served node, for the rows about what a person sees.
import { writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { chromium, type Page } from 'playwright'
import { CHROMIUM_ARGS, findChromium } from '#tests/e2e/chromium.ts'
import { Steward, type Serving } from '#tests/e2e/steward.ts'
import { PASSPHRASE } from './home.ts'
import { endWithRow } from './started.ts'

export const noChromium = (): string | null => (findChromium() === null ? 'There is no Chromium here.' : null)

/** A page in a browser of its own; the browser is closed afterwards. */
export async function inBrowser<T>(work: (page: Page) => Promise<T>): Promise<T> {
  const executablePath = findChromium() ?? undefined
  const browser = await chromium.launch({
    args: CHROMIUM_ARGS,
    ...(executablePath === undefined ? {} : { executablePath }),
  })
  try {
    return await work(await browser.newPage({ viewport: { width: 1280, height: 800 } }))
  } finally {
    await browser.close()
  }
}

/** `steward serve` on a data folder that has a node. */
export async function serveHome(home: string): Promise<Serving> {
  const passphraseFile = `${home}-passphrase`
  writeFileSync(passphraseFile, `${PASSPHRASE}\n`, { mode: 0o600 })
  return new Steward('bench', home, passphraseFile, (serving) => endWithRow(() => serving.kill())).serve()
}

/** The least that a browser can be asked to show, over the same loopback. */
export async function serveBlankPage(): Promise<{ readonly url: string; close(): void }> {
  const server = createServer((_request, response) => {
    response.setHeader('content-type', 'text/html').end('<!doctype html><title>blank</title><h1>blank</h1>')
  })
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('The blank page has a port.')
  return { url: `http://127.0.0.1:${address.port}/`, close: () => server.close() }
}

// L8: the steward's page and an attacker's page in one browser. The attacker's reads nothing and changes nothing.
import { createServer } from 'node:http'
import { expect, test, type Page } from 'playwright/test'
import { WebSocket } from 'ws'
import { World } from './steward.ts'
import { openWindow } from './window.ts'

/** Everything that a page can try against another, by name; each answers in one word. */
function attack(page: Page, origin: string): Promise<Record<string, string>> {
  return page.evaluate(async (host) => {
    const fetched = (path: string, init: RequestInit = {}) =>
      fetch(`${host}${path}`, { credentials: 'include', ...init }).then(
        (answer) => `answered ${answer.status}`,
        () => 'refused',
      )
    const loaded = (element: HTMLScriptElement | HTMLImageElement | HTMLLinkElement) =>
      new Promise<string>((resolve) => {
        element.addEventListener('load', () => resolve('loaded'))
        element.addEventListener('error', () => resolve('refused'))
        document.head.append(element)
      })
    const socket = () =>
      new Promise<string>((resolve) => {
        const opening = new WebSocket(`${host.replace('http', 'ws')}/rpc`)
        opening.addEventListener('open', () => resolve('opened'))
        opening.addEventListener('error', () => resolve('refused'))
      })
    return {
      read: await fetched('/'),
      'read blindly': await fetched('/', { mode: 'no-cors' }),
      'ask for the session': await fetched('/session'),
      'post a token': await fetched('/session', { method: 'POST', mode: 'no-cors', body: '{"token":"a"}' }),
      'post JSON': await fetched('/session', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: '{"token":"a"}',
      }),
      'load its script': await loaded(Object.assign(document.createElement('script'), { src: `${host}/` })),
      'load its picture': await loaded(Object.assign(document.createElement('img'), { src: `${host}/` })),
      'load its style': await loaded(
        Object.assign(document.createElement('link'), { rel: 'stylesheet', href: `${host}/` }),
      ),
      'open its socket': await socket(),
    }
  }, origin)
}

test('a page of another origin, or of another port of this machine, reaches nothing', async ({ page, context }) => {
  await using world = new World()
  const serving = await world.node('ada')
  await openWindow(page, serving)
  const before = await serving.steward.run('status')

  const attacker = createServer((_request, answer) => answer.setHeader('content-type', 'text/html').end('<p>hello</p>'))
  await new Promise<void>((resolve) => attacker.listen(0, '127.0.0.1', resolve))
  const address = attacker.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  try {
    // The first is the same site for the browser, so that cookies go along; the second is not.
    for (const origin of [`http://127.0.0.1:${port}`, `http://localhost:${port}`]) {
      const beside = await context.newPage()
      await beside.goto(origin)
      const tried = await attack(beside, new URL(page.url()).origin)
      expect(new Set(Object.values(tried)), JSON.stringify(tried)).toEqual(new Set(['refused']))
      await beside.close()
    }
  } finally {
    attacker.close()
    attacker.closeAllConnections()
  }
  expect(await serving.steward.run('status')).toEqual(before)
  // The steward's own page never noticed.
  await page.reload()
  await openWindow(page, serving)
})

test('a program on another port is sent the cookie by the browser, and can do nothing with it', async ({
  page,
  context,
}) => {
  await using world = new World()
  const serving = await world.node('ada')
  await openWindow(page, serving)
  const { origin, host } = new URL(page.url())

  const sent: string[] = []
  const thief = createServer((request, answer) => {
    sent.push(request.headers.cookie ?? '')
    answer.setHeader('content-type', 'text/html').end('<p>hello</p>')
  })
  await new Promise<void>((resolve) => thief.listen(0, '127.0.0.1', resolve))
  const address = thief.address()
  try {
    const beside = await context.newPage()
    await beside.goto(`http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`)
    await beside.close()
  } finally {
    thief.close()
    thief.closeAllConnections()
  }
  const cookie = sent.find((one) => one.includes('steward-session')) ?? ''
  expect(cookie).not.toBe('')
  expect((await fetch(`${origin}/session`, { headers: { cookie } })).status).toBe(401)
  const socket = new WebSocket(`ws://${host}/rpc`, { headers: { cookie, origin } })
  const refused = await new Promise((resolve) => {
    socket.once('open', () => resolve('opened'))
    socket.once('error', () => resolve('refused'))
  })
  expect(refused).toBe('refused')

  // The steward's own page has what the cookie lacks, also after it was loaded again and in a second window.
  await page.reload()
  await expect(page.locator('main h1')).toBeVisible()
  const second = await context.newPage()
  await second.goto(`${origin}/#/receipts`)
  await expect(second.locator('main h1')).toBeVisible()
})

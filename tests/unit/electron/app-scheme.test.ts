import type { CallbackResponse, OnBeforeRequestListenerDetails, Session } from 'electron'
import { expect, test } from 'vitest'
import { answerPage, appSchemes, blockOtherRequests, servePage } from '../../../electron/app-scheme.ts'
import { readPageFiles } from '#core/hosts/page/index.ts'
import { scratchPage } from '../hosts/loopback.ts'

const files = readPageFiles(scratchPage())
const ask = (url: string, method = 'GET') => answerPage({ url, method }, files, 'N0nce')

test('the scheme is standard and secure, and passes no policy by', () => {
  expect(appSchemes).toEqual([
    { scheme: 'app', privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true } },
  ])
})

test('the page comes with its policy, its nonce and the protecting headers', async () => {
  const answer = ask('app://steward/')
  expect(answer.headers.get('content-security-policy')).toBe(
    "default-src 'none'; script-src 'self'; style-src 'self' 'nonce-N0nce'; img-src 'self' data:; font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'",
  )
  expect(answer.headers.get('x-content-type-options')).toBe('nosniff')
  expect(await answer.text()).toContain('<meta name="steward-nonce" content="N0nce" />')
})

test('each load gets a nonce of its own', async () => {
  let loads = 0
  let handler: (request: Request) => Response | Promise<Response> = () => new Response()
  const protocol = { handle: (_scheme: string, given: typeof handler) => (handler = given) }
  servePage(protocol, files, () => `n${++loads}`)
  const load = async () => (await handler(new Request('app://steward/'))).text()
  expect(await load()).toContain('content="n1"')
  expect(await load()).toContain('content="n2"')
})

test('packaged files are served with their types', () => {
  expect(ask('app://steward/assets/app.js').headers.get('content-type')).toBe('text/javascript; charset=utf-8')
  expect(ask('app://steward/assets/app.css').status).toBe(200)
})

test.each([
  'app://steward/../package.json',
  'app://steward/%2e%2e/package.json',
  'app://steward/..%2fpackage.json',
  'app://steward/assets/../../package.json',
  'app://steward/assets/%61pp.js',
  'app://steward/assets/',
  'app://steward/assets/notes.md',
  'app://steward//etc/passwd',
  'app://steward/assets/app.js%00',
  'app://other/assets/app.js',
  'app://steward:8080/',
  'app://user@steward/',
  'app://steward.evil.example/',
  'file:///etc/passwd',
  'https://steward/',
  'not an address',
])('%s is not there', (url) => {
  expect(ask(url).status).toBe(404)
})

test('only GET is answered', () => {
  for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS']) expect(ask('app://steward/', method).status).toBe(404)
})

test('nothing but the page, its pictures and its own files is ever requested', () => {
  let listen: (details: OnBeforeRequestListenerDetails, answer: (response: CallbackResponse) => void) => void
  listen = () => undefined
  const webRequest = { onBeforeRequest: (given: typeof listen) => (listen = given) }
  // One overload of one method is all that the shell uses.
  blockOtherRequests({ webRequest } as unknown as Pick<Session, 'webRequest'>)
  const cancelled = (url: string) => {
    let verdict: boolean | undefined
    // The shell reads the address only.
    listen({ url } as OnBeforeRequestListenerDetails, ({ cancel }) => (verdict = cancel))
    return verdict
  }
  expect(
    ['app://steward/', 'app://steward/assets/app.js', 'data:image/png;base64,AA', 'blob:app://steward/1'].map(
      cancelled,
    ),
  ).toEqual([false, false, false, false])
  for (const url of [
    'https://evil.example/',
    'http://127.0.0.1:80/',
    'file:///etc/passwd',
    'ws://127.0.0.1/',
    'data:text/html,<script>',
    'blob:https://evil.example/1',
    'app://other/',
    'chrome-extension://abc/x.js',
  ]) {
    expect(cancelled(url)).toBe(true)
  }
})

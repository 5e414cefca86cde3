import { readFileSync } from 'node:fs'
import { networkInterfaces } from 'node:os'
import { connect } from 'node:net'
import { once } from 'node:events'
import { expect, test } from 'vitest'
import { WebSocket } from 'ws'
import type { ConnectionEvents } from '#core/hosts/thread/index.ts'
import { openSocket, postSession, sendRaw, startLoopback, startSession } from './loopback.ts'
import { PATIENCE } from './patience.ts'

test('it listens on this machine only', async () => {
  await using loopback = await startLoopback()
  expect(loopback.host.addresses.every((address) => address === '127.0.0.1' || address === '::1')).toBe(true)
  const outside = Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .filter((address) => !address.internal && address.family === 'IPv4')
  for (const { address } of outside) {
    const socket = connect(loopback.port, address)
    const [error] = (await once(socket, 'error')) as [NodeJS.ErrnoException] // an `error` event carries one
    expect(error.code).toBe('ECONNREFUSED')
  }
})

test('two hosts have ports of their own', async () => {
  await using one = await startLoopback()
  await using two = await startLoopback()
  expect(one.port).not.toBe(two.port)
})

test('every name of the loopback reaches the page, each with an origin of its own', async () => {
  await using loopback = await startLoopback()
  for (const address of loopback.host.addresses) {
    const name = address.includes(':') ? `[${address}]` : address
    const host = `${name}:${loopback.port}`
    const request = `GET / HTTP/1.1\r\nHost: ${host}\r\nOrigin: http://${host}\r\nConnection: close\r\n\r\n`
    expect((await sendRaw(loopback.port, request, address)).status).toBe(200)
  }
})

test('the page carries a fresh nonce in its policy and in its head with each load', async () => {
  await using loopback = await startLoopback()
  const load = async () => {
    const answer = await fetch(`${loopback.host.origin}/`)
    const policy = answer.headers.get('content-security-policy') ?? ''
    const nonce = /'nonce-([\w-]+)'/.exec(policy)?.[1] ?? ''
    expect(await answer.text()).toContain(`<meta name="steward-nonce" content="${nonce}" />`)
    return { policy, nonce }
  }
  const [first, second] = [await load(), await load()]
  expect(first.nonce).not.toBe(second.nonce)
  expect(Buffer.from(first.nonce, 'base64url').length).toBeGreaterThanOrEqual(16)
  expect(first.policy).toBe(
    [
      "default-src 'none'",
      "script-src 'self'",
      `style-src 'self' 'nonce-${first.nonce}'`,
      "img-src 'self' data:",
      "font-src 'self'",
      `connect-src 'self' ws://127.0.0.1:${loopback.port}`,
      "base-uri 'none'",
      "form-action 'none'",
      "frame-ancestors 'none'",
      "require-trusted-types-for 'script'",
    ].join('; '),
  )
})

test('every answer, good or bad, carries the protecting headers and no banner', async () => {
  await using loopback = await startLoopback()
  const { origin } = loopback.host
  const session = await startSession(loopback)
  const answers = await Promise.all([
    fetch(`${origin}/`),
    fetch(`${origin}/assets/app.js`),
    fetch(`${origin}/session`, { headers: session }),
    fetch(`${origin}/session`),
    fetch(`${origin}/nothing`),
    fetch(`${origin}/session`, { method: 'PUT' }),
    postSession(origin, 'wrong'),
  ])
  for (const { headers } of answers) {
    expect(Object.fromEntries(headers)).toMatchObject({
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
      'cache-control': 'no-store',
    })
    for (const banner of ['server', 'x-powered-by', 'access-control-allow-origin'])
      expect(headers.has(banner)).toBe(false)
  }
})

test('only the files of the page are served, with their types', async () => {
  await using loopback = await startLoopback()
  const { origin } = loopback.host
  const script = await fetch(`${origin}/assets/app.js`)
  expect([script.status, script.headers.get('content-type')]).toEqual([200, 'text/javascript; charset=utf-8'])
  expect(await script.text()).toBe('export const page = 1')
  expect((await fetch(`${origin}/assets/notes.md`)).status).toBe(404)
  expect((await fetch(`${origin}/assets/`)).status).toBe(404)
})

test('a start token opens one session, once', async () => {
  await using loopback = await startLoopback()
  const { host, name } = loopback
  const address = new URL(host.pageAddress())
  expect(address.search).toBe('')
  const token = address.hash.replace('#token=', '')
  expect(Buffer.from(token, 'base64url').length).toBeGreaterThanOrEqual(16)

  const answer = await postSession(host.origin, token)
  expect(answer.status).toBe(200)
  expect(answer.headers.get('set-cookie')).toMatch(
    new RegExp(`^steward-session-${loopback.port}=[\\w-]{43}; Path=/; HttpOnly; SameSite=Strict$`),
  )
  expect((await postSession(host.origin, token)).status).toBe(401)
  expect(name).toContain('127.0.0.1')
})

test('a start token is too old after a minute', async () => {
  await using loopback = await startLoopback()
  const tokens = [1, 2].map(() => new URL(loopback.host.pageAddress()).hash.replace('#token=', ''))
  loopback.clock.nowMs += 60_000
  expect((await postSession(loopback.host.origin, tokens[0] ?? '')).status).toBe(200)
  loopback.clock.nowMs += 1
  expect((await postSession(loopback.host.origin, tokens[1] ?? '')).status).toBe(401)
})

test('the command line gets another address of the page, and a session does not', async () => {
  await using loopback = await startLoopback()
  const { origin, controlToken } = loopback.host
  const mint = (headers: Readonly<Record<string, string>>) =>
    fetch(`${origin}/start-token`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: '{}',
    })
  const minted = await mint({ authorization: `Bearer ${controlToken}` })
  const { token } = (await minted.json()) as { token: string } // checked by using it
  expect((await postSession(origin, token)).status).toBe(200)
  expect((await mint(await startSession(loopback))).status).toBe(401)
})

test('frames pass unread in both directions, as text and as bytes', async () => {
  await using loopback = await startLoopback()
  const socket = await openSocket(loopback.port, await startSession(loopback))
  if (!(socket instanceof WebSocket)) throw new Error('not opened')
  socket.send('{"i":"1"}')
  const [text, textIsBinary] = (await once(socket, 'message')) as [Buffer, boolean] // as `ws` documents
  expect([text.toString(), textIsBinary]).toEqual(['{"i":"1"}', false])
  socket.send(Buffer.from([1, 255, 2]))
  const [bytes, bytesAreBinary] = (await once(socket, 'message')) as [Buffer, boolean] // as `ws` documents
  expect([[...bytes], bytesAreBinary]).toEqual([[1, 255, 2], true])
  socket.terminate()
})

test('the command line connects with the control token and nothing else', async () => {
  await using loopback = await startLoopback()
  const socket = await openSocket(loopback.port, { authorization: `Bearer ${loopback.host.controlToken}` })
  expect(socket).toBeInstanceOf(WebSocket)
  if (socket instanceof WebSocket) socket.terminate()
  expect(await openSocket(loopback.port, { authorization: `Basic ${loopback.host.controlToken}` })).toBe(401)
  expect(await openSocket(loopback.port, { authorization: `Bearer ${loopback.host.controlToken}x` })).toBe(401)
})

test('a cookie of another host on this machine opens nothing', async () => {
  await using one = await startLoopback()
  await using two = await startLoopback()
  const session = await startSession(one)
  expect(await openSocket(two.port, session)).toBe(401)
  const renamed = session.cookie.replace(String(one.port), String(two.port))
  expect(await openSocket(two.port, { ...session, cookie: renamed })).toBe(401)
})

test('a cookie that another program on this machine was sent opens nothing without the key that stays in the page', async () => {
  await using loopback = await startLoopback()
  const [{ cookie, ...pageKey }, other] = [await startSession(loopback), await startSession(loopback)]
  const asked = async (headers: Readonly<Record<string, string>>) =>
    (await fetch(`${loopback.host.origin}/session`, { headers })).status
  expect(await asked({ cookie, ...pageKey })).toBe(204)
  for (const stolen of [{ cookie }, pageKey, { ...other, cookie }, { cookie, 'x-steward-page': '' }]) {
    expect(await asked(stolen)).toBe(401)
    expect(await openSocket(loopback.port, stolen)).toBe(401)
  }
})

test('a page names its key beside what its socket speaks, and is told only the latter', async () => {
  await using loopback = await startLoopback()
  const { cookie, 'x-steward-page': pageKey } = await startSession(loopback)
  const open = (protocols: readonly string[]) => openSocket(loopback.port, { cookie }, protocols)
  const socket = await open(['steward', `steward-page.${pageKey}`])
  if (!(socket instanceof WebSocket)) throw new Error('not opened')
  expect(socket.protocol).toBe('steward')
  socket.terminate()
  expect(await open(['steward', `steward-page.${pageKey}x`])).toBe(401)
  expect(await open(['steward'])).toBe(401)
})

test('a frame over 1 MiB ends the connection with 1009, one of just 1 MiB passes', async () => {
  await using loopback = await startLoopback()
  const socket = await openSocket(loopback.port, await startSession(loopback))
  if (!(socket instanceof WebSocket)) throw new Error('not opened')
  socket.send(Buffer.alloc(1024 * 1024))
  const [echoed] = (await once(socket, 'message')) as [Buffer] // as `ws` documents
  expect(echoed.length).toBe(1024 * 1024)
  socket.send(Buffer.alloc(1024 * 1024 + 1))
  const [code] = (await once(socket, 'close')) as [number] // as `ws` documents
  expect(code).toBe(1009)
})

test('while there is no core, a page is told to try again', async () => {
  await using loopback = await startLoopback({ connect: () => null })
  const socket = await openSocket(loopback.port, await startSession(loopback))
  if (!(socket instanceof WebSocket)) throw new Error('not opened')
  const [code] = (await once(socket, 'close')) as [number] // as `ws` documents
  expect(code).toBe(1013)
})

test('a sender that the core cannot follow is not read any more until it can', async () => {
  const taken: number[] = []
  let events: ConnectionEvents | null = null
  await using loopback = await startLoopback({
    connect: (given) => {
      events = given
      return {
        send(frame) {
          taken.push(frame.length)
          return taken.length >= 2 ? 'full' : 'sent'
        },
        close: () => undefined,
      }
    },
  })
  const socket = await openSocket(loopback.port, await startSession(loopback))
  if (!(socket instanceof WebSocket)) throw new Error('not opened')
  const pieces = 64
  for (let sent = 0; sent < pieces; sent++) socket.send(Buffer.alloc(512 * 1024))
  await expect.poll(() => taken.length, PATIENCE).toBe(2)
  // Far more is on its way than the system's buffers hold, so the sender still waits.
  expect(socket.bufferedAmount).toBeGreaterThan(0)
  const drain = setInterval(() => events?.drained(), 1)
  await expect.poll(() => taken.length, PATIENCE).toBe(pieces)
  clearInterval(drain)
  socket.terminate()
})

test('GET changes nothing: no route leaves a trace, a cookie or a token behind', async () => {
  await using loopback = await startLoopback()
  const { origin } = loopback.host
  const routes = ['/', '/assets/app.js', '/assets/app.css', '/session', '/start-token', '/rpc', '/nothing']
  const token = new URL(loopback.host.pageAddress()).hash.replace('#token=', '')
  for (const route of routes) {
    for (const query of ['', `?token=${token}`]) {
      const answer = await fetch(`${origin}${route}${query}`)
      expect(answer.headers.has('set-cookie')).toBe(false)
      expect(await answer.text()).not.toContain(token)
    }
  }
  // What a GET might have used up is still good.
  expect((await postSession(origin, token)).status).toBe(200)
})

test('every route that changes something is a POST with a JSON body', () => {
  const source = readFileSync(new URL('../../../core/hosts/browser/routes.ts', import.meta.url), 'utf8')
  const routes = [...source.matchAll(/app\.(\w+)\(\s*'(\/[^']*)'/g)].map(([, verb, path]) => `${verb} ${path}`)
  expect(routes.toSorted()).toEqual(['get /', 'get /*', 'get /session', 'post /session', 'post /start-token'])
})

test('who asks too often is told when to come back', async () => {
  await using loopback = await startLoopback()
  const tries = await Promise.all(Array.from({ length: 61 }, () => postSession(loopback.host.origin, 'guess')))
  const refused = tries.filter((answer) => answer.status === 429)
  expect(refused).toHaveLength(1)
  expect(Number(refused[0]?.headers.get('retry-after'))).toBeGreaterThan(0)
})

test('headers over 16 KiB, an address over 2 KiB and a body over 8 MiB are refused', async () => {
  await using loopback = await startLoopback()
  const { port, name } = loopback
  const head = `Host: ${name}\r\n`
  expect((await sendRaw(port, `GET / HTTP/1.1\r\n${head}X-A: ${'a'.repeat(16 * 1024)}\r\n\r\n`)).status).toBe(431)
  expect((await sendRaw(port, `GET /${'a'.repeat(2 * 1024)} HTTP/1.1\r\n${head}\r\n`)).status).toBe(414)
  const body = JSON.stringify({ token: 'a'.repeat(8 * 1024 * 1024) })
  const answer = await fetch(`${loopback.host.origin}/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body,
  })
  expect(answer.status).toBe(413)
})

test('closing lets go of the port and of every connection', async () => {
  const loopback = await startLoopback()
  const socket = await openSocket(loopback.port, await startSession(loopback))
  if (!(socket instanceof WebSocket)) throw new Error('not opened')
  const closed = once(socket, 'close')
  await loopback[Symbol.asyncDispose]()
  await closed
  await expect(fetch(`${loopback.host.origin}/`)).rejects.toThrow('fetch failed')
})

// Where the browser host says that it is enough, and what it tells when something of its own breaks.
import { connect, type Socket } from 'node:net'
import { once } from 'node:events'
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { readRunningFile, removeRunningFile, requestStartToken, writeRunningFile } from '#core/hosts/running/index.ts'
import { contentSecurityPolicy } from '#core/hosts/page/index.ts'
import { startBrowserHost } from '#core/hosts/browser/index.ts'
import { answerClientError, refuseSocket } from '../../../core/hosts/browser/http-server.ts'
import { createSessions } from '../../../core/hosts/browser/sessions.ts'
import { openSocket, sendRaw, startLoopback, startSession } from './loopback.ts'

test('a 33rd socket is refused, and taken once another one has gone', async () => {
  await using loopback = await startLoopback()
  const session = await startSession(loopback)
  const sockets: WebSocket[] = []
  for (let n = 0; n < 32; n++) {
    const socket = await openSocket(loopback.port, session)
    if (!(socket instanceof WebSocket)) throw new Error(`socket ${n} was refused with ${socket}`)
    sockets.push(socket)
  }
  expect(await openSocket(loopback.port, session)).toBe(503)
  const [first] = sockets
  first?.close()
  await once(first!, 'close')
  expect(await openSocket(loopback.port, session)).toBeInstanceOf(WebSocket)
})

test('more than 64 connections at once are told to come back, as requests and as sockets', async () => {
  await using loopback = await startLoopback()
  const open: Socket[] = []
  for (let n = 0; n < 64; n++) {
    const socket = connect(loopback.port, '127.0.0.1')
    await once(socket, 'connect')
    open.push(socket)
  }
  const ask = (more: string) => sendRaw(loopback.port, `GET /rpc HTTP/1.1\r\nHost: ${loopback.name}\r\n${more}\r\n`)
  const answer = await ask('')
  expect([answer.status, JSON.parse(answer.body)]).toMatchObject([503, { error: { code: 'TOO_MANY_CONNECTIONS' } }])
  expect((await ask('Connection: Upgrade\r\nUpgrade: websocket\r\n')).status).toBe(503)
  for (const socket of open) socket.destroy()
})

test('a socket whose page does not take what it is sent is ended', async () => {
  let push: () => void = () => undefined
  await using loopback = await startLoopback({
    connect(events) {
      push = () => events.frame(Buffer.alloc(1024 * 1024))
      return { send: () => 'sent', close: () => undefined }
    },
  })
  const socket = await openSocket(loopback.port, await startSession(loopback))
  if (!(socket instanceof WebSocket)) throw new Error('not opened')
  socket.pause()
  const closed = once(socket, 'close')
  for (let mebibytes = 0; mebibytes < 64; mebibytes++) push()
  socket.resume()
  expect((await closed)[0]).toBe(1006)
})

test('what goes wrong inside is written to the log, and told outside by an id only', async () => {
  const log: string[] = []
  const host = await startBrowserHost({
    files: {
      byPath: new Map(),
      page() {
        throw new Error('secret of the inside')
      },
    },
    connect: () => null,
    nowMs: () => 0,
    log: (line) => log.push(line),
  })
  const answer = await fetch(`${host.origin}/`)
  const body = await answer.text()
  await host.close()
  expect(answer.status).toBe(500)
  expect(body).not.toContain('secret')
  const { error } = JSON.parse(body) as { error: { code: string; id: string } } // checked here
  expect(error.code).toBe('INTERNAL')
  expect(log).toEqual([expect.stringContaining(`Request ${error.id} failed: Error: secret of the inside`)])
})

test('what was no request is answered once, and not at all where nobody is there any more', () => {
  const id = () => 'abc'
  const said = (error: Partial<NodeJS.ErrnoException>, socket = new PassThrough()) => {
    answerClientError(Object.assign(new Error('x'), error), socket, id)
    return String(socket.read() ?? '')
  }
  expect(said({})).toMatch(/^HTTP\/1\.1 400 BAD_REQUEST\r\n/)
  expect(said({ code: 'ERR_HTTP_REQUEST_TIMEOUT' })).toMatch(/^HTTP\/1\.1 408 TOO_SLOW\r\n/)
  expect(said({ code: 'ECONNRESET' })).toBe('')
  const gone = new PassThrough()
  gone.destroy()
  expect(said({}, gone)).toBe('')
  const ended = new PassThrough()
  ended.end()
  refuseSocket(ended, { status: 400, code: 'BAD_REQUEST' }, 'abc')
  expect(ended.destroyed).toBe(true)
})

test('of more than sixteen addresses of the page the oldest is not good any more, of more than 64 sessions neither', () => {
  let made = 0
  const sessions = createSessions({ randomBytes: (count) => Buffer.alloc(count, ++made), nowMs: () => 0 })
  const tokens = Array.from({ length: 17 }, () => sessions.mintStartToken())
  expect(sessions.swap(tokens[0] ?? '')).toBeNull()
  const first = sessions.swap(tokens[1] ?? '')
  if (first === null) throw new Error('the second one is good')
  expect(sessions.holds(first)).toBe(true)
  for (let n = 0; n < 63; n++) sessions.swap(sessions.mintStartToken())
  expect(sessions.holds(first)).toBe(true)
  sessions.swap(sessions.mintStartToken())
  expect(sessions.holds(first)).toBe(false)
})

test('running.json is its owner’s, and what does not fit in it is as if it were not there', async () => {
  const home = mkdtempSync(join(tmpdir(), 'steward-running-'))
  const running = { url: 'http://127.0.0.1:1', pid: 7, controlToken: 'mine' }
  writeRunningFile(home, running)
  expect(statSync(join(home, 'running.json')).mode & 0o777).toBe(0o600)
  expect(readRunningFile(home)).toEqual(running)
  removeRunningFile(home, { ...running, controlToken: 'another host’s' })
  expect(readRunningFile(home)).toEqual(running)
  expect(await requestStartToken(running)).toBeNull()
  removeRunningFile(home, running)
  for (const text of [
    '{broken',
    JSON.stringify({ ...running, url: 'http://evil.example' }),
    JSON.stringify({ ...running, more: 'x'.repeat(20_000) }),
  ]) {
    writeFileSync(join(home, 'running.json'), text)
    expect(readRunningFile(home)).toBeNull()
  }
  rmSync(home, { recursive: true })
})

test('whoever answers at that address without knowing the token gives none', async () => {
  await using loopback = await startLoopback()
  const { origin } = loopback.host
  expect(await requestStartToken({ url: origin, pid: 7, controlToken: 'guess' })).toBeNull()
})

test('the desktop’s page may connect nowhere but to itself', () => {
  expect(contentSecurityPolicy('n')).toContain("connect-src 'self';")
})

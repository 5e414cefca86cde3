// The loopback server's ground: its sockets, its limits, and the checks that every request passes before fastify sees it.
import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http'
import { isIP, type Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { invariant } from '#core/problem/index.ts'
import { SECURITY_HEADERS } from '../page/index.ts'
import { judgeRequest } from './guards.ts'
import { CONNECTION_LIMIT, HEADERS_WITHIN_MS, HEADER_LIMIT_BYTES, REQUEST_WITHIN_MS } from './http-limits.ts'

export interface GuardedServerDeps {
  /** Our own names with port; filled once the port is known. */
  readonly hosts: ReadonlySet<string>
  readonly randomId: () => string
  /** An upgrade that passed the checks. */
  readonly upgrade: (request: IncomingMessage, socket: Duplex, head: Buffer) => void
}

/** One loopback socket. What does not come from a page of ours, or from the command line, never reaches `handler`. */
export function createGuardedServer(handler: RequestListener, deps: GuardedServerDeps): Server {
  const open = new Set<Socket>()
  const server = createServer(
    {
      maxHeaderSize: HEADER_LIMIT_BYTES,
      headersTimeout: HEADERS_WITHIN_MS,
      requestTimeout: REQUEST_WITHIN_MS,
      connectionsCheckingInterval: 1_000,
    },
    (request, response) => {
      const denial = judge(request, deps.hosts, open.size)
      if (denial !== null) return answerDenied(response, denial, deps.randomId())
      for (const [name, value] of Object.entries(SECURITY_HEADERS)) response.setHeader(name, value)
      handler(request, response)
    },
  )
  // Answering 503 costs a connection too, so that there is an end to it.
  server.maxConnections = 2 * CONNECTION_LIMIT
  server.on('connection', (socket) => {
    open.add(socket)
    socket.once('close', () => open.delete(socket))
  })
  server.on('upgrade', (request, socket, head) => {
    socket.on('error', () => socket.destroy())
    const denial = judge(request, deps.hosts, open.size)
    if (denial !== null) refuseSocket(socket, denial, deps.randomId())
    else deps.upgrade(request, socket, head)
  })
  return server
}

interface Denied {
  readonly status: number
  readonly code: string
}

function judge(request: IncomingMessage, hosts: ReadonlySet<string>, connections: number): Denied | null {
  if (connections > CONNECTION_LIMIT) return { status: 503, code: 'TOO_MANY_CONNECTIONS' }
  const { method, url, headers, rawHeaders } = request
  invariant(method !== undefined && url !== undefined, 'what a server parsed has a method and a target')
  return judgeRequest({ method, url, headers, rawHeaders }, hosts)
}

/** All that an error tells: a code that says what, and an id that finds it in the host's own log. */
export function errorBody(code: string, id: string): string {
  return JSON.stringify({ error: { code, id } })
}

function answerDenied(response: ServerResponse, { status, code }: Denied, id: string): void {
  const body = errorBody(code, id)
  response.writeHead(status, {
    ...SECURITY_HEADERS,
    'content-type': 'application/json; charset=utf-8',
    'content-length': Buffer.byteLength(body),
    connection: 'close',
  })
  response.end(body)
}

/** Answers on a socket that has no response object: an upgrade, or bytes that were no request. */
export function refuseSocket(socket: Duplex, { status, code }: Denied, id: string): void {
  if (!socket.writable) return void socket.destroy()
  const body = errorBody(code, id)
  const headers = {
    ...SECURITY_HEADERS,
    'content-type': 'application/json',
    'content-length': body.length,
    connection: 'close',
  }
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`)
  socket.end(`HTTP/1.1 ${status} ${code}\r\n${lines.join('')}\r\n${body}`, () => socket.destroy())
}

const CLIENT_ERRORS: ReadonlyMap<string | undefined, Denied> = new Map([
  ['ERR_HTTP_REQUEST_TIMEOUT', { status: 408, code: 'TOO_SLOW' }],
  ['HPE_HEADER_OVERFLOW', { status: 431, code: 'HEADERS_TOO_LARGE' }],
])

/** For bytes that Node's parser refused: two lengths, headers too large or too slow, and what is no HTTP at all. */
export function answerClientError(error: NodeJS.ErrnoException, socket: Duplex, randomId: () => string): void {
  if (error.code === 'ECONNRESET' || socket.destroyed) return
  refuseSocket(socket, CLIENT_ERRORS.get(error.code) ?? { status: 400, code: 'BAD_REQUEST' }, randomId())
}

/** `[::1]:4711`, `127.0.0.1:4711`: as a Host header and an origin write it. */
export function hostName(address: string, port: number): string {
  return isIP(address) === 6 ? `[${address}]:${port}` : `${address}:${port}`
}

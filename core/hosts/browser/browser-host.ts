// The browser host: the page over HTTP and the contract over a WebSocket, both on this machine's loopback addresses only.
import { randomBytes } from 'node:crypto'
import type { IncomingMessage, Server } from 'node:http'
import type { Duplex } from 'node:stream'
import { WebSocketServer } from 'ws'
import { invariant } from '#core/problem/index.ts'
import type { PageFiles } from '../page/index.ts'
import { FRAME_LIMIT_BYTES, type ConnectionEvents, type CoreConnection } from '../thread/index.ts'
import { cookieOf, pageKeyOf, SUBPROTOCOL } from './guards.ts'
import { SOCKET_LIMIT } from './http-limits.ts'
import { answerClientError, createGuardedServer, hostName, refuseSocket } from './http-server.ts'
import { createRoutes } from './routes.ts'
import { relaySocket } from './rpc-relay.ts'
import { createSessions } from './sessions.ts'

export interface BrowserHostOptions {
  readonly files: PageFiles
  /** Null while there is no core to connect to. */
  readonly connect: (events: ConnectionEvents) => CoreConnection | null
  /** Milliseconds that only go forward; start tokens age by it. */
  readonly nowMs: () => number
  readonly log: (line: string) => void
}

export interface BrowserHost {
  /** Such as `http://127.0.0.1:4711`. */
  readonly origin: string
  /** Where this host listens; loopback addresses only. */
  readonly addresses: readonly string[]
  /** For the command line, which shows it as `Authorization: Bearer`. */
  readonly controlToken: string
  /** An address of the page that opens it once, within a minute. */
  pageAddress(): string
  close(): Promise<void>
}

const IPV4 = '127.0.0.1'
const IPV6 = '::1'

export async function startBrowserHost({ files, connect, nowMs, log }: BrowserHostOptions): Promise<BrowserHost> {
  const hosts = new Set<string>()
  const randomId = () => randomBytes(6).toString('hex')
  const sessions = createSessions({ randomBytes, nowMs })
  let port = 0
  const cookie = () => `steward-session-${port}`

  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: FRAME_LIMIT_BYTES,
    perMessageDeflate: false,
    // Never the page's key, which would come back in an answer.
    handleProtocols: (offered) => (offered.has(SUBPROTOCOL) ? SUBPROTOCOL : false),
  })
  const upgrade = (request: IncomingMessage, socket: Duplex, head: Buffer): void => {
    const deny = (status: number, code: string) => refuseSocket(socket, { status, code }, randomId())
    if (request.url !== '/rpc') return deny(404, 'NOT_FOUND')
    const { headers } = request
    const secrets = { cookie: cookieOf(headers, cookie()), pageKey: pageKeyOf(headers) }
    if (!sessions.holds(secrets) && !sessions.isControl(headers.authorization)) {
      return deny(401, 'NO_SESSION')
    }
    if (sockets.clients.size >= SOCKET_LIMIT) return deny(503, 'TOO_MANY_CONNECTIONS')
    sockets.handleUpgrade(request, socket, head, (webSocket) => relaySocket(webSocket, connect))
  }

  const servers: Server[] = []
  const guarded = (handler: Parameters<typeof createGuardedServer>[0]) => {
    const server = createGuardedServer(handler, { hosts, randomId, upgrade })
    server.on('clientError', (error, socket) => answerClientError(error, socket, randomId))
    servers.push(server)
    return server
  }
  const nonce = () => randomBytes(18).toString('base64url')
  const app = await createRoutes({
    serverFactory: guarded,
    files,
    sessions,
    cookie,
    randomId,
    nonce,
    log,
  })

  await app.listen({ host: IPV4, port: 0 })
  port = portOf(app.server)
  const addresses = [IPV4]
  if (
    await listensToo(
      guarded((request, response) => app.routing(request, response)),
      IPV6,
      port,
    )
  )
    addresses.push(IPV6)
  for (const address of [...addresses, 'localhost']) hosts.add(hostName(address, port))

  const origin = `http://${hostName(IPV4, port)}`
  return {
    origin,
    addresses,
    controlToken: sessions.controlToken,
    pageAddress: () => `${origin}/#token=${sessions.mintStartToken()}`,
    async close() {
      for (const client of sockets.clients) client.terminate()
      for (const server of servers) server.close()
      await app.close()
    },
  }
}

function portOf(server: Server): number {
  const address = server.address()
  invariant(address !== null && typeof address === 'object', 'a listening server has an address with a port')
  return address.port
}

/** False where this machine has no such address; the other one is enough. */
function listensToo(server: Server, host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    server.once('error', () => resolve(false))
    server.listen({ host, port, ipv6Only: true }, () => resolve(true))
  })
}

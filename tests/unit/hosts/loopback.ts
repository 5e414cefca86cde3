// A browser host on a real port with a small page of its own. What stands in for the core only sends frames back: the host
// does not read them, so that is all it could notice.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { connect as connectTcp } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { WebSocket } from 'ws'
import { startBrowserHost, type BrowserHost } from '#core/hosts/browser/index.ts'
import { readPageFiles } from '#core/hosts/page/index.ts'
import type { ConnectionEvents, CoreConnection } from '#core/hosts/thread/index.ts'

export interface Loopback {
  readonly host: BrowserHost
  readonly port: number
  /** `127.0.0.1:<port>`. */
  readonly name: string
  /** What the start tokens' clock says. */
  readonly clock: { nowMs: number }
  readonly log: string[]
  [Symbol.asyncDispose](): Promise<void>
}

export interface LoopbackWish {
  readonly connect?: (events: ConnectionEvents) => CoreConnection | null
}

export async function startLoopback({ connect = echo }: LoopbackWish = {}): Promise<Loopback> {
  const folder = scratchPage()
  const clock = { nowMs: 1_000 }
  const log: string[] = []
  const host = await startBrowserHost({
    files: readPageFiles(folder),
    connect,
    nowMs: () => clock.nowMs,
    log: (line) => log.push(line),
  })
  const port = Number(new URL(host.origin).port)
  return {
    host,
    port,
    name: `127.0.0.1:${port}`,
    clock,
    log,
    async [Symbol.asyncDispose]() {
      await host.close()
      rmSync(folder, { recursive: true })
    },
  }
}

export function scratchPage(): string {
  const folder = mkdtempSync(join(tmpdir(), 'steward-page-'))
  mkdirSync(join(folder, 'assets'))
  writeFileSync(
    join(folder, 'index.html'),
    '<!doctype html><html><head><meta name="steward-nonce" content="" /></head><body>steward</body></html>',
  )
  writeFileSync(join(folder, 'assets', 'app.js'), 'export const page = 1')
  writeFileSync(join(folder, 'assets', 'app.css'), 'body { margin: 0 }')
  writeFileSync(join(folder, 'assets', 'notes.md'), 'not a file of the page')
  return folder
}

function echo(events: ConnectionEvents): CoreConnection {
  return {
    send(frame) {
      events.frame(frame)
      return 'sent'
    },
    close: () => events.closed(),
  }
}

export interface RawAnswer {
  readonly status: number
  readonly head: string
  readonly body: string
}

/** Sends bytes as they are and reads until the server has said all it says. */
export function sendRaw(port: number, request: string, address = '127.0.0.1'): Promise<RawAnswer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    const socket = connectTcp(port, address, () => socket.write(Buffer.from(request, 'latin1')))
    const answered = () => {
      const text = Buffer.concat(chunks).toString('latin1')
      const cut = text.indexOf('\r\n\r\n')
      resolve({ status: Number(text.slice(9, 12)), head: text.slice(0, cut), body: text.slice(cut + 4) })
    }
    socket.on('data', (chunk) => {
      chunks.push(chunk)
      if (isWhole(Buffer.concat(chunks).toString('latin1'))) socket.destroy()
    })
    socket.on('error', (error) => (chunks.length === 0 ? reject(error) : undefined))
    socket.on('close', answered)
  })
}

function isWhole(text: string): boolean {
  const cut = text.indexOf('\r\n\r\n')
  if (cut === -1) return false
  const length = /^content-length: (\d+)$/im.exec(text.slice(0, cut))?.[1]
  return / (101|204|304) /.test(text.slice(0, 14)) || (length !== undefined && text.length >= cut + 4 + Number(length))
}

/** Swaps a start token for a session and gives both its secrets as the page would send them with a question. */
export async function startSession({ host }: Loopback): Promise<{ cookie: string; 'x-steward-page': string }> {
  const token = new URL(host.pageAddress()).hash.replace('#token=', '')
  const answer = await postSession(host.origin, token)
  const [cookie = ''] = (answer.headers.get('set-cookie') ?? '').split(';')
  return { cookie, 'x-steward-page': await answer.text() }
}

export function postSession(origin: string, token: string): Promise<Response> {
  return fetch(`${origin}/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ token }),
  })
}

/** Resolves with the open socket, or with the status that refused it. */
export function openSocket(
  port: number,
  headers: Readonly<Record<string, string>>,
  protocols: readonly string[] = [],
): Promise<WebSocket | number> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(`ws://127.0.0.1:${port}/rpc`, [...protocols], { headers })
    socket.once('open', () => resolve(socket))
    socket.once('unexpected-response', (request, response) => {
      resolve(response.statusCode ?? 0)
      request.destroy()
    })
    socket.once('error', reject)
  })
}

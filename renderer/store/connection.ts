// The two carriers of the contract: a WebSocket to the loopback host, and a MessagePort in the desktop shell.
import { createORPCClient, type ClientLink, type ClientOptions } from '@orpc/client'
import { RPCLink as PortLink } from '@orpc/client/message-port'
import { RPCLink as SocketLink } from '@orpc/client/websocket'
import { createStore, type StoreApi } from 'zustand/vanilla'
import type { Api, Connection, ConnectionState } from './api.ts'
import { OfflineError } from './problem.ts'

type Context = Record<never, never>

/** What the desktop shell's preload script offers; it also hands the port on. */
interface DesktopShell {
  readonly version: string
  /** The system's folder dialog; null where the person cancelled. */
  readonly chooseFolder: () => Promise<string | null>
  /** Shows a report's folder in the system's file manager; false where it is not there any more. */
  readonly showReport: (folder: string) => Promise<boolean>
  /** Where a dropped file lies; empty for one that has no place on this machine. */
  readonly pathOf: (file: File) => string
}

declare global {
  interface Window {
    readonly steward?: DesktopShell
  }
}

/** What the browser's side of the connection asks of the page, so that a test can stand in for it. */
export interface BrowserDoors {
  readonly openSocket: () => WebSocket
  /** Swaps the one-time token for a session; false when it was refused. Throws when nobody answers. */
  readonly startSession: (token: string) => Promise<boolean>
  /** Whether the node still knows this page's session. Throws when nobody answers. */
  readonly hasSession: () => Promise<boolean>
  readonly wait: (ms: number) => Promise<void>
  readonly nowMs: () => number
}

export function connect(window: Window): Connection {
  return window.steward === undefined ? connectBrowser(browserDoors(window), takeToken(window)) : connectDesktop(window)
}

/** How long to wait before the next try: quick at first, never more than five seconds. */
export function backoffMs(attempt: number): number {
  return Math.min(5_000, 150 * 2 ** Math.min(attempt, 10))
}

export function connectBrowser(doors: BrowserDoors, token: string | null): Connection {
  const status = createStore<ConnectionState>(() => ({ state: 'connecting' }))
  const link = new ReconnectingLink(status)
  void keepConnected(link, doors, token)
  return { api: createORPCClient<Api>(link), status }
}

function connectDesktop(window: Window): Connection {
  const { port1, port2 } = new MessageChannel()
  window.postMessage('steward-connect', window.location.origin, [port2])
  port1.start()
  const status = createStore<ConnectionState>(() => ({ state: 'open' }))
  port1.addEventListener('close', () => status.setState({ state: 'refused' }, true))
  return { api: createORPCClient<Api>(new PortLink<Context>({ port: port1 })), status }
}

async function keepConnected(link: ReconnectingLink, doors: BrowserDoors, token: string | null): Promise<void> {
  let unused = token
  for (let attempt = 0; ; attempt += 1) {
    try {
      // A used link is no harm where its session is still good: a page that was reloaded, or restored by the browser.
      if (unused !== null && !(await doors.startSession(unused)) && !(await doors.hasSession())) return link.refuse()
      unused = null
      if (await link.carry(doors.openSocket(), doors.nowMs)) attempt = 0
      else if (!(await doors.hasSession())) return link.refuse()
    } catch {
      link.lose(doors.nowMs()) // nobody answers: the node is stopped or starting
    }
    await doors.wait(backoffMs(attempt))
  }
}

/** One link for the life of the page; the socket under it comes and goes. */
class ReconnectingLink implements ClientLink<Context> {
  readonly #status: StoreApi<ConnectionState>
  #link: SocketLink<Context> | null = null

  constructor(status: StoreApi<ConnectionState>) {
    this.#status = status
  }

  async call(path: readonly string[], input: unknown, options: ClientOptions<Context>): Promise<unknown> {
    if (this.#link === null) await this.#firstOpen(options.signal)
    if (this.#link === null) throw new OfflineError('no connection to the node')
    return this.#link.call(path, input, options)
  }

  /** Resolves when the socket has closed: true if it was open before. */
  carry(socket: WebSocket, nowMs: () => number): Promise<boolean> {
    return new Promise((resolve) => {
      let opened = false
      socket.addEventListener('open', () => {
        opened = true
        this.#link = new SocketLink({ websocket: socket })
        this.#status.setState({ state: 'open' }, true)
      })
      socket.addEventListener('close', () => {
        this.#link = null
        if (opened) this.lose(nowMs())
        resolve(opened)
      })
    })
  }

  /** Keeps `connecting` as it is: a page that never was connected has lost nothing. */
  lose(sinceMs: number): void {
    if (this.#status.getState().state === 'open') this.#status.setState({ state: 'lost', sinceMs }, true)
  }

  refuse(): void {
    this.#status.setState({ state: 'refused' }, true)
  }

  /** Calls made while the page starts wait for the first connection; later ones fail at once and say so. */
  #firstOpen(signal: AbortSignal | undefined): Promise<void> {
    if (this.#status.getState().state !== 'connecting') return Promise.resolve()
    return new Promise((resolve) => {
      const done = () => {
        leave()
        signal?.removeEventListener('abort', done)
        resolve()
      }
      const leave = this.#status.subscribe(done)
      signal?.addEventListener('abort', done)
    })
  }
}

/** The token leaves the address bar at once, so that it is in no history entry, bookmark or copy. */
function takeToken(window: Window): string | null {
  const token = /^#token=([\w-]+)$/.exec(window.location.hash)?.[1] ?? null
  if (token !== null) window.history.replaceState(null, '', '#/overview')
  return token
}

function browserDoors(window: Window): BrowserDoors {
  const { protocol, host } = window.location
  const pageKey = keptPageKey(window)
  return {
    openSocket: () =>
      new WebSocket(`${protocol === 'https:' ? 'wss' : 'ws'}://${host}/rpc`, [
        'steward',
        `steward-page.${pageKey.read()}`,
      ]),
    startSession: async (token) => {
      const answer = await fetch('/session', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ token }),
      })
      if (!answer.ok) return false
      pageKey.keep(await answer.text())
      return true
    },
    hasSession: async () => {
      const answer = await fetch('/session', { headers: { 'x-steward-page': pageKey.read() } })
      return answer.status !== 401 && answer.status !== 403
    },
    wait: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
    nowMs: () => Date.now(),
  }
}

const PAGE_KEY = 'steward-page-key'

/**
 * The page's half of the session. Unlike the cookie, storage tells ports apart: no other page on this machine sees it. All
 * windows of this address share it, as they share the cookie; it is worth nothing once the node has ended.
 */
function keptPageKey(window: Window): { read(): string; keep(key: string): void } {
  let here = 'none'
  return {
    read() {
      try {
        return window.localStorage.getItem(PAGE_KEY) ?? here
      } catch {
        return here // a browser that stores nothing: good until the page is loaded again
      }
    },
    keep(key) {
      here = key
      try {
        window.localStorage.setItem(PAGE_KEY, key)
      } catch {
        // As above.
      }
    },
  }
}

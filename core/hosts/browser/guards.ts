// What is checked of every request before any handler sees it, upgrades to WebSocket included. Pure: headers in, verdict out.
import type { IncomingHttpHeaders } from 'node:http'
import { URL_LIMIT_BYTES } from './http-limits.ts'

export interface RequestHead {
  readonly method: string
  readonly url: string
  readonly headers: IncomingHttpHeaders
  /** As sent, name and value in turn; two of one name are only visible here. */
  readonly rawHeaders: readonly string[]
}

export interface Denial {
  readonly status: number
  readonly code: string
}

const METHODS = new Set(['GET', 'HEAD', 'POST'])

/** Null where the request may go on. `hosts` are our own names with port, such as `127.0.0.1:4711`. */
export function judgeRequest(head: RequestHead, hosts: ReadonlySet<string>): Denial | null {
  // A name that resolves to this machine but is not ours is how rebinding starts.
  const host = head.headers.host
  if (host === undefined || !hosts.has(host) || countOf(head.rawHeaders, 'host') !== 1) {
    return { status: 421, code: 'WRONG_HOST' }
  }
  // A whole address as target names a host of its own, beside the header.
  if (!head.url.startsWith('/')) return { status: 421, code: 'WRONG_HOST' }
  if (Buffer.byteLength(head.url) > URL_LIMIT_BYTES) return { status: 414, code: 'URL_TOO_LONG' }

  const { origin } = head.headers
  if (origin !== undefined && origin !== `http://${host}`) return { status: 403, code: 'FOREIGN_ORIGIN' }
  // Same-site is not enough: another port of this machine is the same site.
  const site = head.headers['sec-fetch-site']
  if (site !== undefined && site !== 'same-origin' && site !== 'none') return { status: 403, code: 'FOREIGN_ORIGIN' }

  if (head.method === 'OPTIONS') return { status: 403, code: 'NO_CROSS_ORIGIN' }
  if (!METHODS.has(head.method)) return { status: 405, code: 'WRONG_METHOD' }
  const encoding = head.headers['content-encoding']
  if (encoding !== undefined && encoding !== 'identity') return { status: 415, code: 'COMPRESSED_BODY' }
  return null
}

function countOf(rawHeaders: readonly string[], name: string): number {
  return rawHeaders.filter((header, at) => at % 2 === 0 && header.toLowerCase() === name).length
}

/** The value of one cookie; undefined where it was not sent. */
export function cookieOf(headers: IncomingHttpHeaders, name: string): string | undefined {
  for (const pair of (headers.cookie ?? '').split(';')) {
    const cut = pair.indexOf('=')
    if (pair.slice(0, cut).trim() === name) return pair.slice(cut + 1).trim()
  }
  return undefined
}

/** What a page asks its questions with; see sessions.ts. */
const PAGE_KEY_HEADER = 'x-steward-page'
/** What the socket speaks. The page key is sent beside it, since a page can add no header of its own to an upgrade. */
export const SUBPROTOCOL = 'steward'
const PAGE_KEY_PROTOCOL = 'steward-page.'

/** The page's half of a session; undefined where it was not sent. */
export function pageKeyOf(headers: IncomingHttpHeaders): string | undefined {
  const header = headers[PAGE_KEY_HEADER]
  if (typeof header === 'string') return header
  const protocols = (headers['sec-websocket-protocol'] ?? '').split(',').map((protocol) => protocol.trim())
  return protocols.find((protocol) => protocol.startsWith(PAGE_KEY_PROTOCOL))?.slice(PAGE_KEY_PROTOCOL.length)
}

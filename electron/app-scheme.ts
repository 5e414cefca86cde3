// The page's own scheme: `app://steward/` serves the files that were packaged and nothing else. `file:` is never used.
import type { Protocol, CustomScheme, Session } from 'electron'
import { PAGE_TYPE, SECURITY_HEADERS, contentSecurityPolicy, type PageFiles } from '#core/hosts/desktop/index.ts'

const APP_SCHEME = 'app'
export const APP_ORIGIN = 'app://steward'

/** To be registered before the app is ready. */
export const appSchemes: CustomScheme[] = [
  { scheme: APP_SCHEME, privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true } },
]

/** What the scheme answers. Paths are looked up whole: there is no folder behind them. */
export function answerPage(request: Pick<Request, 'url' | 'method'>, files: PageFiles, nonce: string): Response {
  const url = parseOurs(request.url)
  if (url === null || request.method !== 'GET') return new Response(null, { status: 404, headers: SECURITY_HEADERS })
  if (url.pathname === '/') {
    const policy = contentSecurityPolicy(nonce)
    const headers = { ...SECURITY_HEADERS, 'content-security-policy': policy, 'content-type': PAGE_TYPE }
    return new Response(bodyOf(files.page(nonce)), { headers })
  }
  const file = files.byPath.get(url.pathname)
  if (file === undefined) return new Response(null, { status: 404, headers: SECURITY_HEADERS })
  return new Response(bodyOf(file.bytes), { headers: { ...SECURITY_HEADERS, 'content-type': file.type } })
}

export function servePage(protocol: Pick<Protocol, 'handle'>, files: PageFiles, nonce: () => string): void {
  protocol.handle(APP_SCHEME, (request) => answerPage(request, files, nonce()))
}

/** The page talks to its port and loads its own files: whatever else is asked for, is asked for by somebody else. */
export function blockOtherRequests(session: Pick<Session, 'webRequest'>): void {
  session.webRequest.onBeforeRequest((details, answer) => answer({ cancel: !mayLoad(details.url) }))
}

function mayLoad(url: string): boolean {
  // `data:` is for pictures (the policy says so), `blob:` for files that the page saves.
  return parseOurs(url) !== null || url.startsWith('data:image/') || url.startsWith(`blob:${APP_ORIGIN}/`)
}

/** A whole URL of ours, or null: other hosts, ports and users of the scheme are not ours. */
export function parseOurs(url: string): URL | null {
  if (!URL.canParse(url)) return null
  const parsed = new URL(url)
  const ours =
    parsed.protocol === 'app:' && parsed.host === 'steward' && parsed.username === '' && parsed.password === ''
  return ours ? parsed : null
}

// A view of the same bytes with the type that Response asks for; files are read into plain buffers.
function bodyOf(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return new Uint8Array(bytes)
}

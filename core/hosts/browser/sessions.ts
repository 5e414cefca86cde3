// Who may drive this node from a browser: a start token opens one session, once and within a minute; a session ends with
// the host. The control token belongs to the command line, which reads it from running.json (0600).
//
// A session has two secrets. Cookies do not tell ports apart: whatever else this browser visits on this machine is sent the first
// one. The second stays in the page's storage, which does tell them apart, and only both together open anything.
import { createHash, timingSafeEqual } from 'node:crypto'

const TOKEN_BYTES = 32
const START_TOKEN_MS = 60_000
/** More are not needed at once; the oldest goes. */
const START_TOKEN_LIMIT = 16
const SESSION_LIMIT = 64

export interface Sessions {
  /** For `Authorization: Bearer`, see running.json. */
  readonly controlToken: string
  /** A secret for the address of the page; good once, for 60 seconds. */
  mintStartToken(): string
  /** Null where the token is unknown, used or too old. */
  swap(startToken: string): SessionSecrets | null
  /** True where both are of one session. */
  holds(secrets: { readonly [Name in keyof SessionSecrets]: string | undefined }): boolean
  isControl(authorization: string | undefined): boolean
}

export interface SessionSecrets {
  readonly cookie: string
  /** Kept by the page, and sent by it with whatever it asks. */
  readonly pageKey: string
}

export interface SessionDeps {
  readonly randomBytes: (count: number) => Uint8Array
  /** Milliseconds that only go forward. */
  readonly nowMs: () => number
}

export function createSessions({ randomBytes, nowMs }: SessionDeps): Sessions {
  const secret = () => Buffer.from(randomBytes(TOKEN_BYTES)).toString('base64url')
  const controlToken = secret()
  // Secrets are held as hashes: equal length, so that the comparison takes the same time whatever was sent.
  const controlHash = hash(controlToken)
  const startTokens: { readonly hash: Buffer; readonly untilMs: number }[] = []
  const sessions: { readonly cookie: Buffer; readonly pageKey: Buffer }[] = []

  return {
    controlToken,
    mintStartToken() {
      const token = secret()
      startTokens.push({ hash: hash(token), untilMs: nowMs() + START_TOKEN_MS })
      if (startTokens.length > START_TOKEN_LIMIT) startTokens.shift()
      return token
    },
    swap(startToken) {
      const sent = hash(startToken)
      const found = startTokens.findIndex((token) => timingSafeEqual(token.hash, sent))
      if (found === -1) return null
      const [token] = startTokens.splice(found, 1)
      if (token === undefined || nowMs() > token.untilMs) return null
      const session = { cookie: secret(), pageKey: secret() }
      sessions.push({ cookie: hash(session.cookie), pageKey: hash(session.pageKey) })
      if (sessions.length > SESSION_LIMIT) sessions.shift()
      return session
    },
    holds({ cookie, pageKey }) {
      if (cookie === undefined || pageKey === undefined) return false
      const sent = { cookie: hash(cookie), pageKey: hash(pageKey) }
      const held = sessions.find((session) => timingSafeEqual(session.cookie, sent.cookie))
      return held !== undefined && timingSafeEqual(held.pageKey, sent.pageKey)
    },
    isControl(authorization) {
      const sent = /^Bearer (\S+)$/.exec(authorization ?? '')?.[1]
      return sent !== undefined && timingSafeEqual(hash(sent), controlHash)
    },
  }
}

function hash(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}

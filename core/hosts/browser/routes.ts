// What the loopback server answers: the page and its files, and the swap of a start token for a session. GET changes nothing.
import { inspect } from 'node:util'
import rateLimit from '@fastify/rate-limit'
import fastify, { type FastifyInstance, type FastifyReply, type FastifyServerFactory } from 'fastify'
import * as z from 'zod'
import { PAGE_TYPE, contentSecurityPolicy, type PageFiles } from '../page/index.ts'
import { cookieOf, pageKeyOf } from './guards.ts'
import { BODY_LIMIT_BYTES, REQUESTS_A_MINUTE, SESSIONS_A_MINUTE } from './http-limits.ts'
import { errorBody } from './http-server.ts'
import type { Sessions } from './sessions.ts'

export interface RouteDeps {
  readonly serverFactory: FastifyServerFactory
  readonly files: PageFiles
  readonly sessions: Sessions
  /** Name of the session's cookie; it carries the port, since cookies do not tell ports apart. */
  readonly cookie: () => string
  readonly randomId: () => string
  readonly nonce: () => string
  /** For the host's own log; nothing of it goes to whoever asked. */
  readonly log: (line: string) => void
}

const StartToken = z.strictObject({ token: z.string().max(256) })
const Nothing = z.strictObject({})

export async function createRoutes(deps: RouteDeps): Promise<FastifyInstance> {
  const { files, sessions, randomId } = deps
  const app = fastify({
    serverFactory: deps.serverFactory,
    bodyLimit: BODY_LIMIT_BYTES,
    forceCloseConnections: true,
    clientErrorHandler: () => undefined, // http-server.ts answers, for both sockets alike
    frameworkErrors: (_error, _request, reply) => void refuse(reply, 400, 'BAD_REQUEST', randomId()),
  })
  await app.register(rateLimit, {
    max: REQUESTS_A_MINUTE,
    timeWindow: 60_000,
    errorResponseBuilder: () => new HttpProblem(429, 'TOO_MANY_REQUESTS'),
  })
  // JSON only: a form on some page can send text and form types without asking, but never this one.
  app.removeContentTypeParser('text/plain')
  app.setNotFoundHandler({ preHandler: app.rateLimit() }, (_request, reply) =>
    refuse(reply, 404, 'NOT_FOUND', randomId()),
  )
  app.setErrorHandler((error: unknown, _request, reply) => {
    const id = randomId()
    const { status, code } = publicFace(error)
    if (status >= 500) deps.log(`Request ${id} failed: ${inspect(error)}`)
    refuse(reply, status, code, id)
  })

  app.get('/', (request, reply) => {
    const nonce = deps.nonce()
    const policy = contentSecurityPolicy(nonce, [`ws://${request.headers.host}`])
    return reply.header('content-security-policy', policy).type(PAGE_TYPE).send(files.page(nonce))
  })
  app.get('/*', (request, reply) => {
    // The path as it was sent, not as somebody decodes it: there is nothing to escape from.
    const file = files.byPath.get(request.originalUrl)
    if (file === undefined) return refuse(reply, 404, 'NOT_FOUND', randomId())
    return reply.type(file.type).send(file.bytes)
  })
  app.get('/session', (request, reply) => {
    const { headers } = request
    const secrets = { cookie: cookieOf(headers, deps.cookie()), pageKey: pageKeyOf(headers) }
    if (!sessions.holds(secrets)) throw new HttpProblem(401, 'NO_SESSION')
    return reply.code(204).send()
  })

  const seldom = { config: { rateLimit: { max: SESSIONS_A_MINUTE, timeWindow: 60_000 } } }
  app.post('/session', seldom, (request, reply) => {
    const session = sessions.swap(parseBody(StartToken, request.body).token)
    if (session === null) throw new HttpProblem(401, 'TOKEN_NOT_VALID')
    const cookie = `${deps.cookie()}=${session.cookie}; Path=/; HttpOnly; SameSite=Strict`
    return reply.header('set-cookie', cookie).type('text/plain; charset=utf-8').send(session.pageKey)
  })
  /** The command line asks for another address of the page, see `steward open`. */
  app.post('/start-token', seldom, (request, reply) => {
    if (!sessions.isControl(request.headers.authorization)) throw new HttpProblem(401, 'NO_SESSION')
    parseBody(Nothing, request.body)
    return reply.send({ token: sessions.mintStartToken() })
  })
  return app
}

/** Thrown by a handler to answer with a status and a stable code. */
class HttpProblem extends Error {
  override readonly name = 'HttpProblem'
  readonly status: number
  readonly code: string

  constructor(status: number, code: string) {
    super(code)
    this.status = status
    this.code = code
  }
}

function parseBody<T>(schema: z.ZodType<T>, body: unknown): T {
  const parsed = schema.safeParse(body)
  if (!parsed.success) throw new HttpProblem(400, 'BAD_BODY')
  return parsed.data
}

const FASTIFY_CODES: Readonly<Record<number, string>> = {
  400: 'BAD_REQUEST',
  413: 'BODY_TOO_LARGE',
  415: 'WRONG_CONTENT_TYPE',
}

// Fastify's own errors carry a status; what has none is a fault of ours.
function publicFace(error: unknown): { readonly status: number; readonly code: string } {
  if (error instanceof HttpProblem) return error
  const status = error instanceof Error && 'statusCode' in error ? Number(error.statusCode) : 500
  const code = FASTIFY_CODES[status]
  return code === undefined ? { status: 500, code: 'INTERNAL' } : { status, code }
}

function refuse(reply: FastifyReply, status: number, code: string, id: string): FastifyReply {
  return reply.code(status).type('application/json; charset=utf-8').send(errorBody(code, id))
}

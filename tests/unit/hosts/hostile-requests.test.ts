import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import * as z from 'zod'
import { sendRaw, startLoopback, startSession, type Loopback } from './loopback.ts'

const Cases = z.array(
  z.object({ name: z.string(), request: z.string(), status: z.number(), code: z.string().optional() }),
)
/** All that anybody outside is told. */
const ErrorBody = z.strictObject({
  error: z.strictObject({
    code: z.string().optional(),
    id: z
      .string()
      .regex(/^[0-9a-f]{12}$/)
      .optional(),
  }),
})
const cases = Cases.parse(
  JSON.parse(readFileSync(new URL('../../fixtures/hostile-http/requests.json', import.meta.url), 'utf8')),
)

let loopback: Loopback
beforeAll(async () => {
  loopback = await startLoopback()
})
afterAll(() => loopback[Symbol.asyncDispose]())

test.each(cases)('$name is answered with $status', async ({ request, status, code }) => {
  const { port, name } = loopback
  const answer = await sendRaw(port, request.replaceAll('{host}', name).replaceAll('{port}', String(port)))
  expect(answer.status).toBe(status)
  const told = ErrorBody.safeParse(code === undefined ? { error: {} } : JSON.parse(answer.body))
  expect(told.data?.error.code).toBe(code)
  // L3: no page of another origin is ever told that it may read; L15: no paths, versions or stacks.
  expect(answer.head.toLowerCase()).not.toMatch(/access-control|fastify|server:|x-powered-by/)
  expect(answer.body).not.toMatch(/\/(work|home|usr|tmp|node_modules)|\.[jt]s\b|at \w+|v?\d+\.\d+\.\d+/)
})

test('a session does not excuse a foreign origin, another site or another host', async () => {
  const { cookie, 'x-steward-page': pageKey } = await startSession(loopback)
  const { port, name } = loopback
  const upgrade =
    'Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n'
  const ask = (headers: string) =>
    sendRaw(port, `GET /rpc HTTP/1.1\r\nCookie: ${cookie}\r\nX-Steward-Page: ${pageKey}\r\n${upgrade}${headers}\r\n`)
  expect((await ask(`Host: ${name}\r\n`)).status).toBe(101)
  expect((await ask(`Host: ${name}\r\nOrigin: http://${name}\r\nSec-Fetch-Site: same-origin\r\n`)).status).toBe(101)
  expect((await ask(`Host: ${name}\r\nOrigin: https://evil.example\r\n`)).status).toBe(403)
  expect((await ask(`Host: ${name}\r\nSec-Fetch-Site: cross-site\r\n`)).status).toBe(403)
  expect((await ask(`Host: evil.example:${port}\r\n`)).status).toBe(421)
})

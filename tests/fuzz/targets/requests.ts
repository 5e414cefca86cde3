// What comes from outside to a running app: frames to its core, questions to a node, requests to its loopback server.
import { os } from '@orpc/server'
import { RPCHandler } from '@orpc/server/message-port'
import { readFileSync } from 'node:fs'
import { connect } from 'node:net'
import { MessageChannel } from 'node:worker_threads'
import * as z from 'zod'
import { corePort } from '../../../core/hosts/thread/core-port.ts'
import { Place, type Core } from '#tests/kit/place.ts'
import { startLoopback, type Loopback } from '#tests/unit/hosts/loopback.ts'
import { blownUp, mutateBytes, mutateLines } from '../mutate-bytes.ts'
import { treeOf, mutateTree, canonicalText } from '../mutate-json.ts'
import { must, type Target } from '../target.ts'
import { procedures, sample } from './contract.ts'
import { hostileJson, textOf } from './samples.ts'

const HONEST = '{"i":"honest","p":{"u":"/echo","b":{"json":{"a":1}}}}'
const FRAMES = [
  HONEST,
  '{"i":"1","p":{"u":"/echo","b":{"json":{"at":"2026-11-21T12:00:00.000Z","n":"12"},"meta":[[1,"at"],[0,"n"]]},"h":{"x":"y"}}}',
  '{"i":"1","t":4}',
  '{"i":"1","t":3,"p":{"e":"message","d":{"json":1}}}',
  '{"i":"2","p":{"u":"/echo","m":"GET","b":{"json":1},"h":{"content-type":"multipart/form-data; boundary=x"}}}',
  '{"i":"3","p":{"u":"/later","b":{"json":[]},"h":{"content-disposition":"attachment; filename=x"}}}',
]

/** Connections to a handler as the core's thread makes them. The first byte of a case says whether the frame is text or bytes. */
const frames: Target = {
  name: 'frame',
  make: (random) => {
    const frame = random.oneIn(400)
      ? blownUp(random, Buffer.from(HONEST), 1024 * 1024)
      : hostileJson(random, FRAMES, 1024 * 1024)
    return Buffer.concat([Buffer.of(random.below(2)), frame])
  },
  async check(bytes) {
    // A frame that says nothing ends its own connection, and only that.
    await answered(bytes[0] === 0 ? bytes.subarray(1) : textOf(bytes.subarray(1)), HONEST)
    must((await answered(HONEST)) === 'answered', 'who asks next is answered')
  },
}

const echo = os.handler(({ input }) => input)
const handler = new RPCHandler({ echo, later: { on: echo } })

/** How a connection of its own ends: with the answer to the honest question, or closed. */
function answered(...asked: readonly (string | Uint8Array)[]): Promise<'answered' | 'closed'> {
  const { port1, port2 } = new MessageChannel()
  handler.upgrade(corePort(port2))
  return new Promise((resolve) => {
    port1.on('message', (said: unknown) => {
      if (typeof said !== 'string' || !said.includes('"i":"honest"')) return
      resolve('answered')
      port1.close()
    })
    port1.on('close', () => resolve('closed'))
    for (const frame of asked) port1.postMessage(frame)
  })
}

let place: Place | null = null
let core: Core | null = null

/** Questions change nothing, so that one node answers them all. */
const ASKING =
  /^(receipts\/(list|facets|get|usage|check|proof)|conflicts\/(list|get|facets|counts|review|history|proof|preview)|tasks\/|anchors\/|why\/|network\/(get|peers|compare|list|word)|origins\/(list|missing|coverage)|rules\/(list|preview)|reports\/(list|get|file|compare|convergence)|exchange\/(get|troubles)|app\/state)/

const questions: Target = {
  name: 'question',
  async open() {
    place = new Place()
    const [ada, ben] = await place.network('ada', 'ben')
    await ada?.observe('report/a.json', { count: 1 }, 'pilot')
    await ben?.observe('report/a.json', { count: 2 }, 'pilot')
    await place.settle([ada, ben])
    core = ada ?? null
  },
  close: async () => place?.[Symbol.asyncDispose](),
  make(random) {
    const asking = procedures.filter(({ path }) => ASKING.test(path))
    const procedure = random.pick(asking)
    const tree = treeOf(sample(random, procedure.shape))
    return Buffer.from(`${procedure.path}\n${canonicalText(random.oneIn(2) ? mutateTree(random, tree) : tree)}`)
  },
  async check(bytes) {
    const text = textOf(bytes)
    const path = text.slice(0, text.indexOf('\n'))
    const procedure = procedures.find((each) => each.path === path && ASKING.test(path))
    let value: unknown = null
    try {
      value = JSON.parse(text.slice(path.length + 1))
    } catch {
      return // The frame is judged before its input is.
    }
    if (procedure === undefined || core === null) return
    const [section = '', name = ''] = path.split('/')
    // One section after the other, as the contract lays them out.
    const client = core.steward as unknown as Record<string, Record<string, (input: unknown) => Promise<unknown>>>
    try {
      await client[section]?.[name]?.(value)
    } catch (thrown) {
      const told = Told.safeParse(thrown)
      must(
        told.success && told.data.data?.code !== 'INTERNAL',
        `the answer is a refusal with its sentences, not ${String(thrown)}`,
      )
    }
    const [bug] = core.bugs.splice(0)
    if (bug !== undefined) throw new Error('A procedure met a bug.', { cause: bug })
  },
}

/** A problem of ours, or an input that the contract refuses. */
const Told = z.looseObject({
  code: z.enum(['PROBLEM', 'BAD_REQUEST', 'NOT_FOUND']),
  data: z.looseObject({ code: z.string().optional() }).optional(),
})

const REQUESTS: readonly string[] = z
  .array(z.looseObject({ request: z.string() }))
  .parse(JSON.parse(readFileSync(new URL('../../fixtures/hostile-http/requests.json', import.meta.url), 'utf8')))
  .map(({ request }) => request)
  .concat([
    'GET / HTTP/1.1\r\nHost: {host}\r\n\r\n',
    'POST /session HTTP/1.1\r\nHost: {host}\r\nOrigin: http://{host}\r\nContent-Type: application/json\r\nContent-Length: 15\r\n\r\n{"token":"abc"}',
    'GET /rpc HTTP/1.1\r\nHost: {host}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n',
  ])

let loopback: Loopback | null = null

const http: Target = {
  name: 'http',
  async open() {
    loopback = await startLoopback()
  },
  close: async () => loopback?.[Symbol.asyncDispose](),
  make(random) {
    const [one, other] = [random.pick(REQUESTS), random.pick(REQUESTS)].map((request) => Buffer.from(request, 'latin1'))
    if (random.oneIn(200)) return blownUp(random, one!, random.pick([2_100, 17_000, 9 * 1024 * 1024]))
    return random.oneIn(2) ? mutateLines(random, one!, other) : mutateBytes(random, one!)
  },
  async check(bytes) {
    if (loopback === null) return
    const { port: at, name, log } = loopback
    const said = await answerTo(at, filledIn(filledIn(Buffer.from(bytes), '{host}', name), '{port}', String(at)))
    must(said === '' || /^HTTP\/1\.1 (1|2|3|4)\d\d /.test(said), 'what is answered is no fault of the server’s own')
    must(!/access-control|fastify|x-powered-by/i.test(said), 'no header tells more than it must')
    must(!/\/(work|home|usr|tmp|node_modules)\/|\bat \w+ \(/.test(said), 'no path and no stack is told')
    // It is answered and closed, however long a processor that others have takes; the clock of the fuzzer counts what is too long.
    const request = Buffer.from(`GET / HTTP/1.1\r\nHost: ${name}\r\nConnection: close\r\n\r\n`)
    const honest = await answerTo(at, request, 30_000)
    must(/^HTTP\/1\.1 (200|429|503) /.test(honest), 'the next request is answered')
    must(log.length === 0, `nothing failed inside: ${log.join('; ')}`)
  },
}

/** As bytes: hundreds of thousands of places filled in a text would take more than what is measured here may. */
function filledIn(bytes: Buffer, place: string, value: string): Buffer {
  let count = 0
  for (let at = bytes.indexOf(place); at >= 0; at = bytes.indexOf(place, at + place.length)) count++
  const filled = Buffer.alloc(bytes.length + count * (value.length - place.length))
  let [from, to] = [0, 0]
  for (let at = bytes.indexOf(place); at >= 0; at = bytes.indexOf(place, from)) {
    to += bytes.copy(filled, to, from, at)
    to += filled.write(value, to, 'latin1')
    from = at + place.length
  }
  bytes.copy(filled, to, from)
  return filled
}

/** Everything that is said to these bytes; empty where the server goes on waiting for more than `patienceMs`. */
function answerTo(at: number, request: Buffer, patienceMs = 400): Promise<string> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = []
    const socket = connect(at, '127.0.0.1', () => void socket.end(request))
    const done = () => {
      clearTimeout(patience)
      socket.destroy()
      resolve(Buffer.concat(chunks).toString('latin1'))
    }
    const patience = setTimeout(done, patienceMs)
    socket.on('data', (chunk) => void chunks.push(chunk))
    socket.on('error', done)
    socket.on('close', done)
  })
}

export const requestTargets = [frames, questions, http]

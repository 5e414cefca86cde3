// What runs in a core's thread, run here: the words that it and its host say to each other, over a port as between threads.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { MessageChannel, type MessagePort } from 'node:worker_threads'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { connectClient } from '#core/hosts/thread/index.ts'
import { connectPort } from '../../../core/hosts/thread/core-connection.ts'
import { runCore } from '../../../core/hosts/thread/core-in-thread.ts'
import { corePort } from '../../../core/hosts/thread/core-port.ts'
import type { FromCore, KeychainAnswer, ToCore } from '../../../core/hosts/thread/thread-messages.ts'
import { PATIENCE } from './patience.ts'

let home = ''
let ports: MessagePort[] = []
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'steward-in-thread-'))
  ports = []
})
afterEach(() => {
  for (const port of ports) port.close()
  rmSync(home, { recursive: true })
})

/** The host's side. `seal` answers for the keychain; without it there is none. */
async function host(seal?: (asked: Extract<FromCore, { type: 'seal' }>) => KeychainAnswer) {
  const { port1, port2 } = new MessageChannel()
  ports.push(port1, port2)
  const heard: FromCore[] = []
  const say = (message: ToCore, transfer: MessagePort[] = []) => port1.postMessage(message, transfer)
  port1.on('message', (message: FromCore) => {
    heard.push(message)
    if (message.type === 'seal' && seal) say({ type: 'sealed', call: message.call, answer: seal(message) })
  })
  await runCore(port2, { home, host: 'desktop', version: '0.0.0-test', keychain: seal !== undefined })
  const said = (type: FromCore['type']) => heard.find((message) => message.type === type)
  return {
    said,
    client() {
      const channel = new MessageChannel()
      say({ type: 'connect', port: channel.port2 }, [channel.port2])
      return connectClient({ connect: (events) => connectPort(channel.port1, events) })
    },
    async stop() {
      say({ type: 'stop' })
      await expect.poll(() => said('stopped'), PATIENCE).toEqual({ type: 'stopped' })
    },
  }
}

test('a core says that it is ready, answers whoever is connected, and says when everything is written', async () => {
  const first = await host()
  await expect.poll(() => first.said('ready'), PATIENCE).toBeDefined()
  const [one, two] = [first.client(), first.client()]
  expect(await one.client.app.state({})).toMatchObject({ phase: 'no-node', host: 'desktop', keychain: false })
  one.close()
  expect(await two.client.app.state({})).toMatchObject({ version: '0.0.0-test' })
  await first.stop()
  // The folder is free again.
  const next = await host()
  await expect.poll(() => next.said('ready'), PATIENCE).toBeDefined()
  await next.stop()
})

test('a data folder in use, and a node file that cannot be read, are told to the host in their sentences', async () => {
  const first = await host()
  const second = await host()
  await expect.poll(() => second.said('failed'), PATIENCE).toMatchObject({ problem: { code: 'HOME_IN_USE' } })
  await first.stop()

  writeFileSync(join(home, 'node.json'), '{broken')
  const damaged = await host()
  await expect.poll(() => damaged.said('failed'), PATIENCE).toMatchObject({ problem: { code: 'NODE_FILE_DAMAGED' } })
  rmSync(join(home, 'node.json'))
  // What did not start holds nothing back.
  const next = await host()
  await expect.poll(() => next.said('ready'), PATIENCE).toBeDefined()
  await next.stop()
})

test('the key is sealed and opened by the host; where it refuses the node stays locked', async () => {
  const turned = (bytes: Uint8Array) => bytes.map((byte) => byte ^ 0xff)
  const seal = ({ bytes }: { bytes: Uint8Array }) => ({ ok: true, bytes: turned(bytes), reseal: false }) as const
  const first = await host(seal)
  const made = { name: 'Ada', exchange: null, networkName: null, passphrase: null }
  const { node } = await first.client().client.node.create(made)
  await first.stop()

  const second = await host(seal)
  expect(await second.client().client.app.state({})).toMatchObject({ phase: 'ready', node: { id: node } })
  await second.stop()

  const problem = { code: 'KEYCHAIN_REFUSED', happened: 'It refused.', kept: 'All.', remedy: 'Unlock it.' }
  const third = await host(() => ({ ok: false, problem }))
  expect(await third.client().client.app.state({})).toMatchObject({ phase: 'locked' })
  await third.stop()
})

test.each<[string, unknown, boolean]>([
  ['a question', '{"i":"1","p":{"u":"/app/state","b":{"json":{}}}}', true],
  ['a question as bytes in a buffer', new TextEncoder().encode('{"i":"1","p":{"u":"/app/state","b":1}}').buffer, true],
  ['that nobody waits any more', '{"i":"1","t":4}', true],
  ['no question', '{"i":"1"}', false],
  ['no JSON', 'x', false],
  ['a body that says it is a form', '{"i":"1","p":{"u":"/a","h":{"content-type":"multipart/form-data"}}}', false],
])('%s: passed on, or its connection is closed', async (_what, sent, passes) => {
  const { port1, port2 } = new MessageChannel()
  const heard: unknown[] = []
  let closed = false
  const port = corePort(port2)
  port.on('message', (event) => heard.push(event?.data))
  port.on('close', () => (closed = true))
  // A number says how much was taken; it is no frame, in this direction neither.
  port1.postMessage(7)
  port1.postMessage(sent)
  await expect.poll(() => heard.length > 0 || closed, PATIENCE).toBe(true)
  expect([heard.length, closed]).toEqual(passes ? [1, false] : [0, true])
  port1.close()
})

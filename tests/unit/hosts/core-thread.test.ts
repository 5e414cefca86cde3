// A real core in a real thread: what connects to it, what it asks of its host, and how it ends.
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { getPriority, tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { connectClient } from '#core/hosts/thread/index.ts'
import type { Keychain } from '#core/node/index.ts'
import { startCoreThread } from '../../../core/hosts/thread/core-thread.ts'
import { PATIENCE } from './patience.ts'

let home = ''
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'steward-thread-'))
})
afterEach(() => rmSync(home, { recursive: true }))

const start = (keychain: Keychain | null = null) =>
  startCoreThread({ home, version: '0.0.0-test', host: 'desktop', keychain })

/** Turns the bits around: enough to see that what is kept is not the key. */
function keychain(): Keychain & { readonly sealed: Uint8Array[] } {
  const sealed: Uint8Array[] = []
  return {
    sealed,
    seal(secret) {
      const bytes = secret.map((byte) => byte ^ 0xff)
      sealed.push(bytes)
      return Promise.resolve(bytes)
    },
    open: (bytes) => Promise.resolve({ secret: bytes.map((byte) => byte ^ 0xff), reseal: false }),
  }
}

const CREATE = { name: 'Ada', exchange: null, networkName: null }

test('the contract is answered through the thread, for several faces at once', async () => {
  const core = await start()
  const faces = [connectClient(core), connectClient(core)]
  const states = await Promise.all(faces.map(({ client }) => client.app.state({})))
  for (const state of states) expect(state).toMatchObject({ phase: 'no-node', host: 'desktop', version: '0.0.0-test' })
  await core.stop()
  expect(await core.ended).toEqual({ how: 'stopped' })
})

test.runIf(process.platform === 'linux')(
  'the core goes behind the window where both want a processor (Linux knows it for one thread)',
  async () => {
    const core = await start()
    const before = getPriority(0)
    await connectClient(core).client.app.state({})
    const behind = readdirSync('/proc/self/task').map((thread) => {
      // The niceness is the 17th value behind the name, which stands in brackets.
      const values = readFileSync(`/proc/self/task/${thread}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? []
      return Number(values[16]) - before
    })
    expect(behind).toContain(5)
    expect(getPriority(0)).toBe(before)
    await core.stop()
  },
)

test('a problem crosses the thread with its sentences, a bug without its stack', async () => {
  const core = await start()
  const { client } = connectClient(core)
  await expect(client.receipts.facets({})).rejects.toMatchObject({ data: { code: 'NO_NODE' } })
  await core.stop()
})

test('a change made by one face is told to the others', async () => {
  const core = await start()
  const [writer, reader] = [connectClient(core), connectClient(core)]
  const changes = await reader.client.app.changes({})
  expect((await changes.next()).value).toMatchObject({ counters: { receipts: 0 } })
  await writer.client.node.create({ ...CREATE, passphrase: 'correct horse battery staple' })
  for await (const event of changes) {
    if (event.counters.receipts > 0) break
  }
  await core.stop()
})

test('the keychain stays with the host: the core asks it to seal the key, and to open it after a restart', async () => {
  const system = keychain()
  const first = await start(system)
  const { node } = await connectClient(first).client.node.create({ ...CREATE, passphrase: null })
  expect(system.sealed).toHaveLength(1)
  await first.stop()

  const second = await start(system)
  expect(await connectClient(second).client.app.state({})).toMatchObject({ phase: 'ready', node: { id: node } })
  await second.stop()
})

test('a keychain that refuses leaves the node locked, not broken', async () => {
  const system = keychain()
  const first = await start(system)
  await connectClient(first).client.node.create({ ...CREATE, passphrase: null })
  await first.stop()
  const second = await start({ ...system, open: () => Promise.reject(new Error('locked out')) })
  expect(await connectClient(second).client.app.state({})).toMatchObject({ phase: 'locked' })
  await second.stop()
})

test('a second core on the same data folder does not start', async () => {
  const core = await start()
  await expect(start()).rejects.toMatchObject({ code: 'HOME_IN_USE' })
  await core.stop()
  const next = await start()
  await next.stop()
})

test('stopping ends what faces are waiting for, and the data folder is free', async () => {
  const core = await start()
  let closed = 0
  core.connect({ frame: () => undefined, drained: () => undefined, closed: () => (closed += 1) })
  await connectClient(core).client.app.state({})
  await core.stop()
  await expect.poll(() => closed, PATIENCE).toBe(1)
})

// The browser's connection against a real WebSocket server on the loopback interface.
import type { AddressInfo } from 'node:net'
import { RPCHandler } from '@orpc/server/ws'
import { expect, test } from 'vitest'
import { WebSocketServer } from 'ws'
import type { Counters, Topic } from '#core/contract/index.ts'
import { backoffMs, connectBrowser, type BrowserDoors } from '#ui/store/connection.ts'
import { followChanges } from '#ui/store/live.ts'
import { problemFrom } from '#ui/store/problem.ts'
import { createStores } from '#ui/store/stores.tsx'
import { quietExchange } from '#tests/kit/exchange-view.ts'
import { at, os, until } from './scratch-api.ts'

const COUNTERS: Counters = { openConflicts: 3, overdueConflicts: 0, receipts: 10, pendingNodes: 1, troubles: 0 }
const EXCHANGE = quietExchange({ since: at('2026-11-21T09:00:00.000Z') })

test('waits grow from quick to five seconds and no further', () => {
  expect([0, 1, 2, 3].map(backoffMs)).toEqual([150, 300, 600, 1_200])
  expect(backoffMs(50)).toBe(5_000)
})

test('calls made while the page starts wait for the connection', async () => {
  await using node = await scratchNode()
  const { api, status } = connectBrowser(node.doors(), 'start')
  const answer = api.app.search({ text: 'mill', limit: 5 })
  expect(status.getState()).toEqual({ state: 'connecting' })
  expect(await answer).toEqual({ items: [] })
  expect(status.getState()).toEqual({ state: 'open' })
  expect(node.tokens).toEqual(['start'])
})

test('a link that was used already is refused, and not tried again and again', async () => {
  await using node = await scratchNode()
  const { status } = connectBrowser(
    node.doors({ startSession: async () => false, hasSession: async () => false }),
    'used',
  )
  await until(status, ({ state }) => state === 'refused')
  expect(node.opened()).toBe(0)
})

test('a used link does no harm where the session is still good', async () => {
  await using node = await scratchNode()
  const { api } = connectBrowser(node.doors({ startSession: async () => false }), 'used')
  expect(await api.app.search({ text: 'x', limit: 1 })).toEqual({ items: [] })
})

test('a lost connection is said, calls fail at once with a remedy, and it comes back by itself', async () => {
  await using node = await scratchNode()
  const { api, status } = connectBrowser(node.doors(), null)
  await until(status, ({ state }) => state === 'open')
  const hold = node.holdBack()
  node.cut()
  await until(status, ({ state }) => state === 'lost')
  expect(problemFrom(await api.app.search({ text: 'x', limit: 1 }).catch((error: unknown) => error)).code).toBe(
    'OFFLINE',
  )
  hold.resolve()
  await until(status, ({ state }) => state === 'open')
  expect(await api.app.search({ text: 'x', limit: 1 })).toEqual({ items: [] })
})

test('a call that was on its way when the connection broke does not claim that nothing happened', async () => {
  await using node = await scratchNode()
  const { api, status } = connectBrowser(node.doors(), null)
  await until(status, ({ state }) => state === 'open')
  const answer = api.app.doctor({}).catch((error: unknown) => error)
  await node.asked
  node.cut()
  expect(problemFrom(await answer).code).toBe('CUT_OFF')
})

test('counters follow the node, and after a lost connection everything is asked again, once', async () => {
  await using node = await scratchNode()
  const connection = connectBrowser(node.doors(), null)
  const live = followChanges(connection)
  let conflicts = 0
  let settings = 0
  live.on(['conflicts', 'receipts'], () => {
    conflicts += 1
  })
  live.on(['settings'], () => {
    settings += 1
  })
  await until(live.state, ({ counters }) => counters !== null)
  expect(live.state.getState()).toEqual({ counters: COUNTERS, exchange: EXCHANGE })
  // Whatever the page shows was asked for behind the stream: nothing has changed since.
  expect([conflicts, settings]).toEqual([0, 0])
  node.change(['conflicts', 'receipts'], { ...COUNTERS, openConflicts: 4 })
  await until(live.state, ({ counters }) => counters?.openConflicts === 4)
  expect([conflicts, settings]).toEqual([1, 0])
  node.cut()
  await until(connection.status, ({ state }) => state === 'lost')
  await until(connection.status, ({ state }) => state === 'open')
  await until(live.state, ({ counters }) => counters?.openConflicts === 3)
  expect([conflicts, settings]).toEqual([2, 1])
  live.stop()
})

test('the page follows what changes before it asks anything, so that no change falls between', async () => {
  await using node = await scratchNode()
  const { connection, live } = createStores(connectBrowser(node.doors(), null))
  await connection.api.app.search({ text: 'x', limit: 1 })
  expect(node.calls).toEqual(['changes', 'search'])
  live.stop()
})

async function scratchNode() {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' })
  await new Promise((resolve) => server.once('listening', resolve))
  // The server listens on a port, so its address is never a pipe's name.
  const { port } = server.address() as AddressInfo
  const arrived = Promise.withResolvers<void>()
  const tokens: string[] = []
  const calls: string[] = []
  let change: (topics: Topic[], counters: Counters) => void = () => undefined
  let opened = 0
  let hold: Promise<void> = Promise.resolve()

  const handler = new RPCHandler({
    app: {
      search: os.app.search.handler(() => {
        calls.push('search')
        return { items: [] }
      }),
      doctor: os.app.doctor.handler(() => {
        arrived.resolve()
        return new Promise<never>(() => undefined)
      }),
      changes: os.app.changes.handler(({ signal }) => {
        calls.push('changes')
        return (async function* () {
          yield { topics: ['conflicts', 'receipts', 'settings'], counters: COUNTERS, exchange: EXCHANGE }
          const changed = await new Promise<{ topics: Topic[]; counters: Counters } | null>((resolve) => {
            change = (topics, counters) => resolve({ topics, counters })
            signal?.addEventListener('abort', () => resolve(null))
          })
          if (changed !== null) yield { ...changed, exchange: EXCHANGE }
          await new Promise((resolve) => signal?.addEventListener('abort', resolve))
        })()
      }),
    },
  })
  server.on('connection', (socket) => void handler.upgrade(socket))

  return {
    tokens,
    calls,
    change: (topics: Topic[], counters: Counters) => change(topics, counters),
    asked: arrived.promise,
    opened: () => opened,
    cut: () => {
      for (const client of server.clients) client.terminate()
    },
    /** The next try waits until this is resolved. */
    holdBack: () => {
      const held = Promise.withResolvers<void>()
      hold = held.promise
      return held
    },
    doors: (part: Partial<BrowserDoors> = {}): BrowserDoors => ({
      openSocket: () => {
        opened += 1
        return new WebSocket(`ws://127.0.0.1:${port}/rpc`)
      },
      startSession: async (token) => {
        tokens.push(token)
        return true
      },
      hasSession: async () => true,
      wait: () => hold,
      nowMs: () => 0,
      ...part,
    }),
    [Symbol.asyncDispose]: async () => {
      for (const client of server.clients) client.terminate()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

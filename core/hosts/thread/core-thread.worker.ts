// The thread that a core lives in: SQLite, projections and the oRPC handler. It owns the data folder's lock.
import { parentPort, workerData, type MessagePort } from 'node:worker_threads'
import { RPCHandler } from '@orpc/server/message-port'
import { createNode } from '#core/node/index.ts'
import { StewardError, invariant, problemFrom } from '#core/problem/index.ts'
import { lockHome, systemDeps } from '../machine/index.ts'
import { corePort } from './core-port.ts'
import { keychainOverPort } from './keychain-relay.ts'
import { forgetFormData } from './no-form-data.ts'
import type { CoreThreadSettings, FromCore, ToCore } from './thread-messages.ts'

invariant(parentPort !== null, 'this file runs as a worker thread')
const host = parentPort
// What a worker is started with is typed by whoever starts it: core-thread.ts, and nobody else.
const settings = workerData as CoreThreadSettings

// A problem is told to the host; a bug ends the thread, which the host sees as a crash.
await run().catch((thrown: unknown) => {
  if (!(thrown instanceof StewardError)) throw thrown
  say({ type: 'failed', problem: problemFrom(thrown) })
})

async function run(): Promise<void> {
  forgetFormData()
  const lock = await lockHome(settings.home)
  const keychain = settings.keychain ? keychainOverPort(host) : null
  const node = createNode(systemDeps({ ...settings, keychain, background: true }))
  await node.start()

  const handler = new RPCHandler(node.router)
  const connections = new Set<MessagePort>()
  host.on('message', (message: ToCore) => {
    if (message.type === 'connect') {
      connections.add(message.port)
      message.port.on('close', () => connections.delete(message.port))
      handler.upgrade(corePort(message.port))
    }
    if (message.type === 'stop') {
      for (const port of connections) port.close()
      void node.stop().then(() => {
        lock.release()
        say({ type: 'stopped' })
      })
    }
  })
  say({ type: 'ready' })
}

function say(message: FromCore): void {
  host.postMessage(message)
}

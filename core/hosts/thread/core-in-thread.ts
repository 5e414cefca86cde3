// What runs in a core's own thread: SQLite, projections and the oRPC handler. It owns the data folder's lock.
import type { MessagePort } from 'node:worker_threads'
import { RPCHandler } from '@orpc/server/message-port'
import { createNode } from '#core/node/index.ts'
import { StewardError, problemFrom } from '#core/problem/index.ts'
import { lockHome, systemDeps } from '../machine/index.ts'
import { corePort } from './core-port.ts'
import { keychainOverPort } from './keychain-relay.ts'
import type { CoreThreadSettings, FromCore, ToCore } from './thread-messages.ts'

/** Runs a core for the host behind the port. A problem is told to the host; a bug is thrown, which the host sees as a crash. */
export async function runCore(host: MessagePort, settings: CoreThreadSettings): Promise<void> {
  const say = (message: FromCore) => host.postMessage(message)
  try {
    await start(host, settings, say)
    say({ type: 'ready' })
  } catch (thrown) {
    if (!(thrown instanceof StewardError)) throw thrown
    say({ type: 'failed', problem: problemFrom(thrown) })
  }
}

async function start(host: MessagePort, settings: CoreThreadSettings, say: (message: FromCore) => void): Promise<void> {
  const lock = await lockHome(settings.home)
  const keychain = settings.keychain ? keychainOverPort(host) : null
  const node = createNode(systemDeps({ ...settings, keychain, background: true }))
  await node.start().catch((thrown: unknown) => {
    lock.release()
    throw thrown
  })

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
}

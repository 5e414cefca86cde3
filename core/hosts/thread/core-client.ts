// A typed client over one connection to the core, for hosts that ask on their own behalf (notifications, tray, serve).
import { createORPCClient } from '@orpc/client'
import { RPCLink, type MessagePortMainLike } from '@orpc/client/message-port'
import type { ContractRouterClient } from '@orpc/contract'
import type { Contract } from '#core/contract/index.ts'
import type { ConnectionEvents, CoreConnection } from './core-connection.ts'

/** Every procedure of the contract as an async function, whichever way the core is reached. */
export type CoreClient = ContractRouterClient<Contract>

export interface ConnectedClient {
  readonly client: CoreClient
  close(): void
}

export function connectClient(core: { connect(events: ConnectionEvents): CoreConnection }): ConnectedClient {
  const listeners = { message: new Set<(event: { data: unknown }) => void>(), close: new Set<() => void>() }
  const connection = core.connect({
    frame(data) {
      for (const listener of listeners.message) listener({ data })
    },
    // A host's own questions are few and small: they never fill the connection.
    drained: () => undefined,
    closed() {
      for (const listener of listeners.close) listener()
    },
  })
  const port: MessagePortMainLike = {
    on(event, callback) {
      if (event === 'message') listeners.message.add(callback)
      if (event === 'close') listeners.close.add(callback)
    },
    postMessage: (frame: string | Uint8Array) => void connection.send(frame),
  }
  return { client: createORPCClient(new RPCLink({ port })), close: () => connection.close() }
}

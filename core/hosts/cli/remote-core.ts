// The core of a host that runs already on this data folder, reached over its WebSocket with the token from running.json.
import { createORPCClient } from '@orpc/client'
import { RPCLink } from '@orpc/client/websocket'
import { WebSocket } from 'ws'
import type { RunningFile } from '../running/index.ts'
import type { CoreClient } from '../thread/index.ts'

export interface RemoteCore {
  readonly client: CoreClient
  stop(): Promise<void>
}

const ANSWER_WITHIN_MS = 5_000

/** Null where nobody answers there, or somebody who does not know the token. */
export async function connectRemoteCore(running: RunningFile): Promise<RemoteCore | null> {
  const socket = new WebSocket(`${running.url.replace(/^http/, 'ws')}/rpc`, {
    headers: { authorization: `Bearer ${running.controlToken}` },
    handshakeTimeout: ANSWER_WITHIN_MS,
    followRedirects: false,
  })
  const opened = await new Promise<boolean>((resolve) => {
    socket.once('open', () => resolve(true))
    socket.on('error', () => resolve(false))
  })
  if (!opened) return null
  // The library's `WebSocket` is the DOM's in what oRPC uses of it: addEventListener, send, readyState.
  const websocket = socket as unknown as globalThis.WebSocket
  return {
    client: createORPCClient(new RPCLink({ websocket })),
    stop: () =>
      new Promise((resolve) => {
        socket.once('close', () => resolve())
        socket.close()
      }),
  }
}

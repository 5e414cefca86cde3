// A WebSocket on one side, the core's thread on the other; frames pass unread. Whoever is too slow waits or is let go.
import type { WebSocket } from 'ws'
import { BACKLOG_LIMIT_BYTES, type ConnectionEvents, type CoreConnection, type Frame } from '../thread/index.ts'

/** Close codes of RFC 6455. 1009 (too large) is sent by the socket itself, by its limit. */
const GOING_AWAY = 1001
const TRY_AGAIN_LATER = 1013

export function relaySocket(socket: WebSocket, connect: (events: ConnectionEvents) => CoreConnection | null): void {
  socket.on('error', () => socket.terminate())
  const core = connect({
    frame(frame) {
      socket.send(frame)
      if (socket.bufferedAmount > BACKLOG_LIMIT_BYTES) socket.terminate()
    },
    drained: () => socket.resume(),
    closed: () => socket.close(GOING_AWAY),
  })
  if (core === null) return socket.close(TRY_AGAIN_LATER)

  socket.on('message', (data: Buffer, isBinary: boolean) => {
    const frame: Frame = isBinary ? new Uint8Array(data) : data.toString('utf8')
    if (core.send(frame) === 'full') socket.pause()
  })
  socket.on('close', () => core.close())
}

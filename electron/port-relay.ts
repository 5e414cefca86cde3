// A page's port on one side, the core's thread on the other; frames pass unread.
import type { MessagePortMain } from 'electron'
import {
  BACKLOG_LIMIT_BYTES,
  frameBytes,
  frameFrom,
  type ConnectionEvents,
  type CoreConnection,
  type Frame,
} from '#core/hosts/desktop/index.ts'

export type RelayedPort = Pick<MessagePortMain, 'on' | 'postMessage' | 'start' | 'close'>

/** Ends the connection where a message is no frame or over 1 MiB, or where the core is too far behind. */
export function relayPort(port: RelayedPort, connect: (events: ConnectionEvents) => CoreConnection | null): void {
  // An IPC port cannot be told to wait: what the core has no room for waits here, to a bound.
  const waiting: Frame[] = []
  let waitingBytes = 0
  let full = false

  const core = connect({
    frame: (frame) => port.postMessage(frame),
    drained() {
      full = false
      while (!full) {
        const frame = waiting.shift()
        if (frame === undefined) return
        waitingBytes -= frameBytes(frame)
        full = core?.send(frame) === 'full'
      }
    },
    closed: () => port.close(),
  })
  if (core === null) return port.close()

  port.on('message', ({ data }: { readonly data: unknown }) => {
    const frame = frameFrom(data)
    if (frame === null) return core.close()
    if (!full) {
      full = core.send(frame) === 'full'
      return
    }
    waiting.push(frame)
    waitingBytes += frameBytes(frame)
    if (waitingBytes > BACKLOG_LIMIT_BYTES) core.close()
  })
  port.on('close', () => core.close())
  port.start()
}

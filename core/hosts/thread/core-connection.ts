// The host's end of one connection to the core: frames both ways, limited in size and in how many are under way.
//
// A worker's MessagePort has no back-pressure, so the core's end acknowledges: a number on the port says how many bytes
// of frames it has taken. Everything else on the port is a frame.
import type { MessagePort } from 'node:worker_threads'
import { FRAME_LIMIT_BYTES, IN_FLIGHT_LIMIT_BYTES, frameBytes, frameFrom, type Frame } from './frames.ts'

export interface CoreConnection {
  /**
   * `full`: passed on, but the sender must wait for `drained` now. `too-large`: not passed on, and the connection is closed.
   * `closed`: there is no core behind it any more.
   */
  send(frame: Frame): 'sent' | 'full' | 'too-large' | 'closed'
  close(): void
}

/** What a face does with what comes from the core. */
export interface ConnectionEvents {
  frame(frame: Frame): void
  drained(): void
  /** Called once, whichever side closed. */
  closed(): void
}

export function connectPort(port: MessagePort, events: ConnectionEvents): CoreConnection {
  let inFlightBytes = 0
  let full = false
  let closed = false

  port.on('message', (data: unknown) => {
    if (typeof data === 'number') {
      inFlightBytes -= data
      if (full && inFlightBytes <= IN_FLIGHT_LIMIT_BYTES / 2) {
        full = false
        events.drained()
      }
      return
    }
    const frame = frameFrom(data)
    if (frame !== null && !closed) events.frame(frame)
  })
  port.on('close', () => {
    closed = true
    events.closed()
  })

  return {
    send(frame) {
      if (closed) return 'closed'
      const sizeBytes = frameBytes(frame)
      if (sizeBytes > FRAME_LIMIT_BYTES) {
        port.close()
        return 'too-large'
      }
      inFlightBytes += sizeBytes
      full = inFlightBytes > IN_FLIGHT_LIMIT_BYTES
      port.postMessage(frame)
      return full ? 'full' : 'sent'
    },
    close: () => port.close(),
  }
}

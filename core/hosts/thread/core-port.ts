// The core's end of one connection, in the shape that oRPC's message-port handler takes.
import type { MessagePort } from 'node:worker_threads'
import type { MessagePortMainLike } from '@orpc/client/message-port'
import { frameBytes, frameFrom } from './frames.ts'
import { isMessage } from './frame-messages.ts'

/**
 * Acknowledges each frame once the core has taken it, so that the host knows how much is under way. A frame that is no message
 * ends its connection: oRPC would answer it with a promise that nobody holds, and that ends the core for everybody.
 */
export function corePort(port: MessagePort): MessagePortMainLike {
  return {
    on(event, callback) {
      if (event === 'close') port.on('close', () => callback())
      if (event !== 'message') return
      port.on('message', (data: unknown) => {
        const frame = frameFrom(data)
        if (frame === null) return
        if (!isMessage(frame)) return port.close()
        callback({ data: frame })
        port.postMessage(frameBytes(frame))
      })
    },
    postMessage: (data: unknown) => port.postMessage(data),
  }
}

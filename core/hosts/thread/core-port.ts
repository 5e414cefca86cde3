// The core's end of one connection, in the shape that oRPC's message-port handler takes.
import type { MessagePort } from 'node:worker_threads'
import type { MessagePortMainLike } from '@orpc/client/message-port'
import { frameBytes, frameFrom } from './frames.ts'

/** Acknowledges each frame once the core has taken it, so that the host knows how much is under way. */
export function corePort(port: MessagePort): MessagePortMainLike {
  return {
    on(event, callback) {
      if (event === 'close') port.on('close', () => callback())
      if (event !== 'message') return
      port.on('message', (data: unknown) => {
        const frame = frameFrom(data)
        if (frame === null) return
        callback({ data: frame })
        port.postMessage(frameBytes(frame))
      })
    },
    postMessage: (data: unknown) => port.postMessage(data),
  }
}

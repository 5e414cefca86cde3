// The core's side of the keychain: it asks the host, which alone may talk to the system.
import type { MessagePort } from 'node:worker_threads'
import type { Keychain } from '#core/node/index.ts'
import { StewardError } from '#core/problem/index.ts'
import type { FromCore, KeychainAnswer, ToCore } from './thread-messages.ts'

type Opened = Extract<KeychainAnswer, { ok: true }>

export function keychainOverPort(host: MessagePort): Keychain {
  const waiting = new Map<number, (answer: KeychainAnswer) => void>()
  let calls = 0

  host.on('message', (message: ToCore) => {
    if (message.type !== 'sealed') return
    waiting.get(message.call)?.(message.answer)
    waiting.delete(message.call)
  })

  const ask = async (way: 'seal' | 'open', bytes: Uint8Array): Promise<Opened> => {
    const call = ++calls
    const answer = await new Promise<KeychainAnswer>((resolve) => {
      waiting.set(call, resolve)
      host.postMessage({ type: 'seal', call, way, bytes } satisfies FromCore)
    })
    if (!answer.ok) throw new StewardError(answer.problem)
    return answer
  }

  return {
    seal: async (secret) => (await ask('seal', secret)).bytes,
    async open(sealed) {
      const { bytes, reseal } = await ask('open', sealed)
      return { secret: bytes, reseal }
    },
  }
}

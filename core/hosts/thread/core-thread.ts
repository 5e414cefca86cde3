// Runs a core in a worker thread and connects faces to it. Whether a core that crashed is started again is the host's decision.
import { MessageChannel, Worker } from 'node:worker_threads'
import type { Keychain } from '#core/node/index.ts'
import { StewardError, problemFrom, type Problem } from '#core/problem/index.ts'
import { builtFile } from '../compiled/index.ts'
import { connectPort, type ConnectionEvents, type CoreConnection } from './core-connection.ts'
import type { CoreThreadSettings, FromCore, KeychainAnswer, ToCore } from './thread-messages.ts'

export interface CoreThreadOptions extends Omit<CoreThreadSettings, 'keychain'> {
  /** Seals the key; null where the system has no keychain. It stays on the host's thread. */
  readonly keychain: Keychain | null
}

export interface CoreThread {
  connect(events: ConnectionEvents): CoreConnection
  /** Resolves once the core has stopped, for whatever reason; never rejects. */
  readonly ended: Promise<CoreEnd>
  /** Closes every connection, finishes what is being written, releases the data folder. */
  stop(): Promise<void>
}

/** `crashed` carries the thrown value for the host's log; it is not for a steward's eyes. */
export type CoreEnd = { readonly how: 'stopped' } | { readonly how: 'crashed'; readonly error: unknown }

/**
 * Resolves when the core answers.
 * @throws StewardError HOME_IN_USE where another core runs on the data folder, and whatever else kept the core from starting.
 */
export async function startCoreThread({ keychain, ...settings }: CoreThreadOptions): Promise<CoreThread> {
  const workerData: CoreThreadSettings = { ...settings, keychain: keychain !== null }
  // Receipts come by the hundred thousand and go again. With a nursery that holds some writes most of them die young; with a bound on
  // the rest, far above what a core needs, garbage is collected at half the heap that it would be otherwise.
  const resourceLimits = { maxYoungGenerationSizeMb: 48, maxOldGenerationSizeMb: 1024 }
  const worker = new Worker(workerFile(), { workerData, name: 'steward-core', resourceLimits })
  warmUp()
  const say = (message: ToCore, transfer: MessageChannel['port1'][] = []) => worker.postMessage(message, transfer)

  let crash: { readonly error: unknown } | null = null
  let stopping = false
  worker.on('error', (error: unknown) => (crash ??= { error }))
  const exited = new Promise<void>((resolve) => worker.once('exit', () => resolve()))
  const ended = exited.then((): CoreEnd => {
    if (crash !== null) return { how: 'crashed', error: crash.error }
    return stopping ? { how: 'stopped' } : { how: 'crashed', error: new Error('The core thread ended by itself.') }
  })

  if (keychain !== null) answerKeychain(worker, keychain, say)
  // The core says when everything is written; whatever still holds its thread open then does not matter any more.
  worker.on('message', (message: FromCore) => {
    if (message.type === 'stopped') void worker.terminate()
  })
  try {
    await whenReady(worker, ended)
  } catch (thrown) {
    void worker.terminate()
    throw thrown
  }

  return {
    connect(events) {
      const { port1, port2 } = new MessageChannel()
      const connection = connectPort(port1, events)
      say({ type: 'connect', port: port2 }, [port2])
      return connection
    },
    ended,
    async stop() {
      stopping = true
      say({ type: 'stop' })
      await exited
    },
  }
}

/** Beside this file in a bundle; run from its sources, the bundle of exactly these where there is one. */
function workerFile(): URL {
  if (!import.meta.url.endsWith('.ts')) return new URL('./core-thread.worker.js', import.meta.url)
  return builtFile('core-thread.worker.js') ?? new URL('./core-thread.worker.ts', import.meta.url)
}

// oRPC asks of every message whether it is a FormData; the first mention of that name loads all of fetch, which here costs
// nobody anything: the core's thread is busy starting.
function warmUp(): void {
  void globalThis.FormData
}

function whenReady(worker: Worker, ended: Promise<CoreEnd>): Promise<void> {
  return new Promise((resolve, reject) => {
    const listen = (message: FromCore) => {
      if (message.type === 'ready') resolve()
      else if (message.type === 'failed') reject(new StewardError(message.problem))
      else return
      worker.off('message', listen)
    }
    worker.on('message', listen)
    void ended.then((end) => reject(new StewardError({ ...coreDidNotStart, cause: end })))
  })
}

const coreDidNotStart: Problem = {
  code: 'CORE_DID_NOT_START',
  happened: 'The core of Steward ended while it was starting.',
  kept: 'Receipts that were acknowledged before are safe in the ledger.',
  remedy: 'Start it again; if it comes back, run `steward doctor`.',
}

// The keychain belongs to the host's thread (Electron's main process), the key to the core's.
function answerKeychain(worker: Worker, keychain: Keychain, say: (message: ToCore) => void): void {
  worker.on('message', (message: FromCore) => {
    if (message.type !== 'seal') return
    void answerSeal(keychain, message).then((answer) => say({ type: 'sealed', call: message.call, answer }))
  })
}

async function answerSeal(keychain: Keychain, asked: Extract<FromCore, { type: 'seal' }>): Promise<KeychainAnswer> {
  try {
    if (asked.way === 'seal') return { ok: true, bytes: await keychain.seal(asked.bytes), reseal: false }
    const opened = await keychain.open(asked.bytes)
    return { ok: true, bytes: opened.secret, reseal: opened.reseal }
  } catch (thrown) {
    return { ok: false, problem: thrown instanceof StewardError ? problemFrom(thrown) : keychainRefused }
  }
}

const keychainRefused: Problem = {
  code: 'KEYCHAIN_REFUSED',
  happened: 'The keychain of this system did not open or seal the key.',
  kept: 'The sealed key lies where it was; reading and merging go on.',
  remedy:
    'Unlock the keychain and start Steward again, or restore the node from its recovery phrase in another folder.',
}

// A core in this thread, for one command: no watcher, no schedule. It holds the data folder while it lives.
import { createRouterClient } from '@orpc/server'
import { createNode } from '#core/node/index.ts'
import { lockHome, systemDeps } from '../machine/index.ts'
import type { CoreClient } from '../thread/index.ts'

export interface InlineCore {
  readonly client: CoreClient
  /** Finishes what is being written and gives the data folder back. */
  stop(): Promise<void>
}

export interface InlineCoreOptions {
  readonly home: string
  readonly version: string
  /** Asked while another core holds the folder; true ends the waiting. */
  readonly untilFree?: () => boolean
}

/** @throws StewardError HOME_IN_USE where another core runs on the data folder. */
export async function startInlineCore({ home, version, untilFree }: InlineCoreOptions): Promise<InlineCore> {
  const lock = await lockHome(home, untilFree)
  try {
    const node = createNode(systemDeps({ home, version, host: 'cli', keychain: null, background: false }))
    await node.start()
    return {
      client: createRouterClient(node.router),
      async stop() {
        await node.stop()
        lock.release()
      },
    }
  } catch (thrown) {
    lock.release()
    throw thrown
  }
}

// The node behind the desktop shell: a core in a thread, kept running, and a client for what the shell asks itself.
import { performance } from 'node:perf_hooks'
import type { ChangeEvent, Settings } from '#core/contract/index.ts'
import type { Keychain } from '#core/node/index.ts'
import {
  connectClient,
  keepCore,
  startCoreThread,
  type ConnectedClient,
  type ConnectionEvents,
  type CoreConnection,
  type CoreKeeper,
} from '../thread/index.ts'

export interface DesktopNodeOptions {
  readonly home: string
  readonly version: string
  /** Null where the system has no keychain: the steward chooses a passphrase. */
  readonly keychain: Keychain | null
  readonly log: (line: string) => void
  /** Every change event of the core, with the settings in force; across restarts of the core. */
  readonly onChange: (event: ChangeEvent, settings: Settings) => void
}

export interface DesktopNode {
  /** Null while no core runs. */
  connect(events: ConnectionEvents): CoreConnection | null
  readonly over: CoreKeeper['over']
  stop(): Promise<void>
}

/** @throws StewardError HOME_IN_USE, and whatever else kept the core from starting. */
export async function startDesktopNode(options: DesktopNodeOptions): Promise<DesktopNode> {
  const { home, version, keychain, log, onChange } = options
  return keepCore({
    start: () => startCoreThread({ home, version, host: 'desktop', keychain }),
    started: (core) => {
      // Listens for as long as this core lives; the next one gets a listener of its own.
      void listen(connectClient(core), onChange).catch(() => undefined)
      return Promise.resolve()
    },
    nowMs: () => performance.now(),
    log,
  })
}

async function listen({ client }: ConnectedClient, onChange: DesktopNodeOptions['onChange']): Promise<void> {
  let settings = await client.settings.get({})
  for await (const event of await client.app.changes({})) {
    if (event.topics.includes('settings')) settings = await client.settings.get({})
    onChange(event, settings)
  }
}

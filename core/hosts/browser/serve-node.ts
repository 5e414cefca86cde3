// A node with its browser host: core thread, loopback server, and running.json for the command line.
import { performance } from 'node:perf_hooks'
import { readPageFiles } from '../page/index.ts'
import { connectClient, keepCore, startCoreThread, type CoreThread } from '../thread/index.ts'
import { removeRunningFile, writeRunningFile, type RunningFile } from '../running/index.ts'
import { startBrowserHost } from './browser-host.ts'

export interface ServeOptions {
  readonly home: string
  readonly version: string
  /** Folder of the built page. */
  readonly pageFolder: string
  /** Opens the key, also after the core had to be started again; null leaves it locked. */
  readonly passphrase: string | null
  readonly log: (line: string) => void
}

export interface ServedNode {
  readonly origin: string
  /** An address that opens the page once, within a minute. */
  pageAddress(): string
  /** Resolves when the core has ended for good, stopped or given up on. */
  readonly over: Promise<'stopped' | 'gave-up'>
  stop(): Promise<void>
}

/** @throws StewardError HOME_IN_USE, PAGE_NOT_BUILT, or what the core says of a wrong passphrase. */
export async function serveNode(options: ServeOptions): Promise<ServedNode> {
  const { home, version, passphrase, log } = options
  const nowMs = () => performance.now()
  const files = readPageFiles(options.pageFolder)
  let here: RunningFile | null = null
  const keeper = await keepCore({
    start: () => startCoreThread({ home, version, host: 'browser', keychain: null }),
    async started(core) {
      if (passphrase !== null) await unlock(core, passphrase)
      // A core that takes the folder's lock anew has put aside what it found there, as that of a host which is gone.
      if (here !== null) writeRunningFile(home, here)
    },
    nowMs,
    log,
  })
  const host = await startBrowserHost({ files, connect: (events) => keeper.connect(events), nowMs, log })
  const running = { url: host.origin, pid: process.pid, controlToken: host.controlToken }
  here = running
  writeRunningFile(home, running)

  // Whatever the reason, an address that nobody answers is not left behind.
  const over = keeper.over.then(async (how) => {
    removeRunningFile(home, running)
    await host.close()
    return how
  })
  return {
    origin: host.origin,
    pageAddress: () => host.pageAddress(),
    over,
    async stop() {
      await keeper.stop()
      await over
    },
  }
}

async function unlock(core: CoreThread, passphrase: string): Promise<void> {
  const connected = connectClient(core)
  const { client } = connected
  try {
    const { phase } = await client.app.state({})
    if (phase === 'locked') await client.node.unlock({ passphrase })
  } catch (thrown) {
    await core.stop()
    throw thrown
  } finally {
    connected.close()
  }
}

// A core of the test kit behind a real browser host: commands reach it as they reach a running one, over a WebSocket, with the token
// from running.json. Its key is in memory, so that no passphrase has to be stretched.
import { rmSync } from 'node:fs'
import { MessageChannel } from 'node:worker_threads'
import { RPCHandler } from '@orpc/server/message-port'
import { startBrowserHost } from '#core/hosts/browser/index.ts'
import { readPageFiles } from '#core/hosts/page/index.ts'
import { removeRunningFile, writeRunningFile } from '#core/hosts/running/index.ts'
import type { ConnectionEvents } from '#core/hosts/thread/index.ts'
import type { Core } from '#tests/kit/place.ts'
import { connectPort } from '../../../core/hosts/thread/core-connection.ts'
import { corePort } from '../../../core/hosts/thread/core-port.ts'
import { scratchPage } from '../hosts/loopback.ts'
import { say, type Said } from './command-line.ts'

export interface Served {
  /** Runs a command with `--json`. */
  run(...words: readonly string[]): Promise<Said>
  /** Runs a command as a person does. */
  read(...words: readonly string[]): Promise<Said>
  [Symbol.asyncDispose](): Promise<void>
}

export async function serve(core: Core): Promise<Served> {
  const page = scratchPage()
  const host = await startBrowserHost({
    files: readPageFiles(page),
    connect: (events) => connect(core, events),
    nowMs: () => performance.now(),
    log: (line) => core.bugs.push(line),
  })
  const running = { url: host.origin, pid: process.pid, controlToken: host.controlToken }
  writeRunningFile(core.home, running)
  const command = (words: readonly string[]) => say(['--home', core.home, ...words], core.place.folder)
  return {
    run: (...words) => command(['--json', ...words]),
    read: (...words) => command(words),
    async [Symbol.asyncDispose]() {
      removeRunningFile(core.home, running)
      await host.close()
      rmSync(page, { recursive: true })
    },
  }
}

function connect(core: Core, events: ConnectionEvents) {
  const { port1, port2 } = new MessageChannel()
  new RPCHandler(core.router).upgrade(corePort(port2))
  return connectPort(port1, events)
}

// How a command reaches the core of a data folder: the host that runs on it, or one in process for as long as the command takes.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { StewardError } from '#core/problem/index.ts'
import { readRunningFile } from '../running/index.ts'
import type { CoreClient } from '../thread/index.ts'
import { connectRemoteCore } from './remote-core.ts'

export interface CoreSession {
  readonly client: CoreClient
  stop(): Promise<void>
}

/** @throws StewardError HOME_IN_USE where a core runs that takes no commands, such as the desktop app. */
export async function openCore(home: string, version: string): Promise<CoreSession> {
  const running = await runningCore(home)
  if (running !== null) return running
  // Only here, since a core is a lot to load for a command that only asks a running one.
  const { startInlineCore } = await import('./inline-core.ts')
  try {
    return await startInlineCore({ home, version, untilFree: () => readRunningFile(home) !== null })
  } catch (thrown) {
    if (!(thrown instanceof StewardError) || thrown.code !== 'HOME_IN_USE') throw thrown
    // A host may have started in the meantime, or is just about to say where it is.
    const started = await runningCore(home)
    if (started === null) throw thrown
    return started
  }
}

/** Refuses early, and without making the folder, where there is no node to work with. */
export function requireNode(home: string): void {
  if (existsSync(join(home, 'node.json'))) return
  throw new StewardError({
    code: 'NO_NODE',
    happened: `There is no node in ${home} yet.`,
    kept: 'Nothing was changed.',
    remedy: 'Create one with `steward init`, restore one with `steward restore`, or name its folder with --home.',
  })
}

async function runningCore(home: string): Promise<CoreSession | null> {
  const running = readRunningFile(home)
  return running === null ? null : connectRemoteCore(running)
}

// running.json in the data folder: where the browser host of this folder is, and the token that lets the command line in.
// Readable by its owner only. Whoever takes the folder's lock removes what a crashed host left behind.
import { readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import * as z from 'zod'

const RunningFile = z.object({
  url: z.url({ protocol: /^http$/, hostname: /^127\.0\.0\.1$/ }),
  pid: z.number().int().positive(),
  controlToken: z.string().min(1).max(256),
})
/** Many times what it holds. */
const LIMIT_BYTES = 16 * 1024
export type RunningFile = z.infer<typeof RunningFile>

export function writeRunningFile(home: string, running: RunningFile): void {
  const path = pathIn(home)
  writeFileSync(`${path}.tmp`, `${JSON.stringify(RunningFile.parse(running))}\n`, { mode: 0o600 })
  renameSync(`${path}.tmp`, path)
}

/** Null where no browser host runs on this data folder, or where what it says cannot be read. */
export function readRunningFile(home: string): RunningFile | null {
  try {
    if (statSync(pathIn(home)).size > LIMIT_BYTES) return null
    return RunningFile.parse(JSON.parse(readFileSync(pathIn(home), 'utf8')))
  } catch {
    return null // missing, half-written by a crash, or from another version: the lock says whether a core runs
  }
}

/** Only while it says this: another host may have taken the folder the moment that this one let go of it. */
export function removeRunningFile(home: string, { controlToken }: RunningFile): void {
  if (readRunningFile(home)?.controlToken === controlToken) rmSync(pathIn(home), { force: true })
}

function pathIn(home: string): string {
  return join(home, 'running.json')
}

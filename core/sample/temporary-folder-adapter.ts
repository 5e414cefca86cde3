// Where the sample network lives: a folder of its own among the system's temporary files, readable by this user only.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export interface TemporaryFolders {
  make(): Promise<string>
  /** With everything in it; nothing happens where it is gone already. */
  remove(path: string): Promise<void>
}

export function systemTemporaryFolders(): TemporaryFolders {
  return {
    make: () => mkdtemp(join(tmpdir(), 'steward-sample-')),
    remove: (path) => rm(path, { recursive: true, force: true }),
  }
}

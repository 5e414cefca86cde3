// The data folder: node.json, the key file, upload pieces. Folder 0700, files 0600, replaced atomically.
import { randomUUID } from 'node:crypto'
import {
  chmodSync,
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { syncFolderNow, syncPathTo } from '#core/durable/index.ts'
import { codeOf, StewardError } from '#core/problem/index.ts'

export interface HomeAdapter {
  readonly folder: string
  path(name: string): string
  /** Null where the file does not exist. */
  read(name: string): Uint8Array | null
  /** Durable and atomic: whoever reads sees the old content or the new. @throws StewardError HOME_UNWRITABLE. */
  write(name: string, bytes: Uint8Array): void
  remove(name: string): void
  /** Writes one piece of a file that nobody reads before it is whole. @throws StewardError HOME_UNWRITABLE. */
  writeAt(name: string, offset: number, bytes: Uint8Array): void
  /** A node is about to live here: nobody else may look in, and what a crash left half-written goes. */
  moveIn(): void
}

/** @throws the system's error where the folder cannot be made. */
export function openHome(folder: string): HomeAdapter {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const path = (name: string) => join(folder, name)
  return {
    folder,
    path,
    read: (name) => (existsSync(path(name)) ? readFileSync(path(name)) : null),
    write(name, bytes) {
      const temporary = path(`.${name}.${randomUUID()}.tmp`)
      orUnwritable(() => {
        try {
          writeFile(temporary, 'wx', 0, bytes, fsyncSync)
          renameSync(temporary, path(name))
        } catch (thrown) {
          rmSync(temporary, { force: true })
          throw thrown
        }
        syncFolderNow(folder)
      })
    },
    remove: (name) => rmSync(path(name), { force: true, recursive: true }),
    writeAt(name, offset, bytes) {
      orUnwritable(() => {
        mkdirSync(dirname(path(name)), { recursive: true, mode: 0o700 })
        writeFile(path(name), offset === 0 && bytes.length === 0 ? 'w' : 'r+', offset, bytes, () => undefined)
      })
    },
    moveIn() {
      keepPrivate(folder)
      orUnwritable(() => {
        for (const name of readdirSync(folder)) if (LEFTOVER.test(name)) rmSync(path(name), { force: true })
        // Whoever made the folder made it for this moment: from here on it holds what nobody has a copy of.
        syncPathTo(folder)
      })
    },
  }
}

// A folder that was there before may be open to everybody. Where its owner is another, or the drive knows no modes, it stays as
// it is; the files in it are 0600 all the same.
function keepPrivate(folder: string): void {
  try {
    chmodSync(folder, 0o700)
  } catch (thrown) {
    if (!UNCHANGEABLE.has(codeOf(thrown))) throw thrown
  }
}

const UNCHANGEABLE = new Set<string | null>(['EPERM', 'ENOTSUP', 'EROFS', 'ENOENT'])

/** What `write` calls a file before it has its name. */
const LEFTOVER = /^\..+\.[0-9a-f-]{36}\.tmp$/

function writeFile(path: string, flags: string, at: number, bytes: Uint8Array, sync: (file: number) => void): void {
  const file = openSync(path, flags, 0o600)
  try {
    let done = 0
    while (done < bytes.length) done += writeSync(file, bytes, done, bytes.length - done, at + done)
    sync(file)
  } finally {
    closeSync(file)
  }
}

function orUnwritable(work: () => void): void {
  try {
    work()
  } catch (cause) {
    const code = codeOf(cause) ?? 'unknown'
    const isFull = code === 'ENOSPC' || code === 'EDQUOT'
    throw new StewardError({
      code: 'HOME_UNWRITABLE',
      happened: isFull ? 'There is no space left for the data folder.' : `The data folder cannot be written (${code}).`,
      kept: 'What was there before is unchanged.',
      remedy: isFull
        ? 'Free some space on that disk, then try again.'
        : 'Check who owns the data folder, then try again.',
      cause,
    })
  }
}

// A name is durable only once the folder that it is in was synced. Windows has no handle for folders; its rename is durable with the file.
// Some network drives refuse as well.
import { closeSync, constants, fsyncSync, openSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { dirname } from 'node:path'
import { codeOf } from '#core/problem/index.ts'

const HAS_NO_HANDLES = process.platform === 'win32'

/** Makes durable what was made, renamed or removed in a folder. Throws the system's error. */
export async function syncFolder(folder: string): Promise<void> {
  const held = await holdFolder(folder)
  try {
    await held.sync()
  } finally {
    await held.close()
  }
}

/** A folder that is held open, so that to sync it is one call to the system and not three. */
export interface HeldFolder {
  /** As `syncFolder`. */
  sync(): Promise<void>
  close(): Promise<void>
}

export async function holdFolder(folder: string): Promise<HeldFolder> {
  const handle = HAS_NO_HANDLES ? null : await open(folder, constants.O_RDONLY)
  return {
    async sync() {
      try {
        await handle?.sync()
      } catch (error) {
        if (!REFUSED.has(codeOf(error))) throw error
      }
    },
    async close() {
      await handle?.close()
    },
  }
}

/** As `syncFolder`, at once. */
export function syncFolderNow(folder: string): void {
  if (HAS_NO_HANDLES) return
  const handle = openSync(folder, constants.O_RDONLY)
  try {
    fsyncSync(handle)
  } catch (error) {
    if (!REFUSED.has(codeOf(error))) throw error
  } finally {
    closeSync(handle)
  }
}

/**
 * Makes sure that a folder is found again by its path, whoever made it and the folders on the way to it. Those that this account may
 * not open, or that nobody may write, were not made by it. Throws any other error of the system.
 */
export function syncPathTo(folder: string): void {
  for (let path = folder; dirname(path) !== path; path = dirname(path)) {
    try {
      syncFolderNow(dirname(path))
    } catch (error) {
      if (!NOT_OURS.has(codeOf(error))) throw error
    }
  }
}

const REFUSED = new Set<string | null>(['EINVAL', 'ENOTSUP'])
const NOT_OURS = new Set<string | null>(['EACCES', 'EPERM', 'EROFS', 'ENOSYS'])

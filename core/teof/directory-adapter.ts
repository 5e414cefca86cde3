// A folder of this machine as a DirectoryReader. No link is followed below the folder that a person named, and nothing that is not
// a plain file is opened: a FIFO would block, a link would lead elsewhere.
import { constants } from 'node:fs'
import type { Dirent } from 'node:fs'
import { lstat, open, opendir, readlink, type FileHandle } from 'node:fs/promises'
import { join, posix } from 'node:path'
import { codeOf } from '#core/problem/index.ts'
import type { DirectoryEntry, DirectoryListing, DirectoryReader, EntryKind, FileRead } from './directory.ts'

/** Reads below `folder`, a path of this machine. The folder itself may be a link; nothing below it is followed. */
export function openNodeFolder(folder: string): DirectoryReader {
  const plain = new PlainFolders(folder)
  return {
    list: async (path, limit) => ((await plain.holds(path)) ? list(join(folder, path), limit) : { outcome: 'missing' }),
    read: async (path, limitBytes) =>
      (await plain.holds(posix.dirname(path))) ? read(join(folder, path), limitBytes) : { outcome: 'missing' },
  }
}

/** Which folders are reached without a link on the way; asked once for each. */
class PlainFolders {
  readonly #root: string
  readonly #known = new Set(['', '.'])

  constructor(root: string) {
    this.#root = root
  }

  async holds(path: string): Promise<boolean> {
    if (this.#known.has(path)) return true
    if (!(await this.holds(posix.dirname(path)))) return false
    const isPlain = await lstat(join(this.#root, path)).then(
      (found) => found.isDirectory(),
      () => false,
    )
    if (isPlain) this.#known.add(path)
    return isPlain
  }
}

async function list(folder: string, limit: number): Promise<DirectoryListing> {
  try {
    const entries: DirectoryEntry[] = []
    let notRead = 0
    for await (const entry of await opendir(folder, { bufferSize: 1024 })) {
      if (entries.length >= limit) notRead++
      else entries.push(await entryOf(folder, entry))
    }
    return { outcome: 'listed', entries, notRead }
  } catch (error) {
    return failure(error)
  }
}

async function entryOf(folder: string, entry: Dirent): Promise<DirectoryEntry> {
  const { name } = entry
  if (!entry.isSymbolicLink()) return { name, kind: kindOf(entry), linkTarget: null }
  return { name, kind: 'link', linkTarget: await readlink(join(folder, name)).catch(() => null) }
}

function kindOf(entry: Dirent): EntryKind {
  if (entry.isFile()) return 'file'
  return entry.isDirectory() ? 'folder' : 'other'
}

async function read(path: string, limitBytes: number): Promise<FileRead> {
  try {
    // O_NONBLOCK: a FIFO put there since the listing must not stop us. Windows knows neither flag, and no FIFO in folders.
    const file = await open(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0))
    try {
      return await readPlain(file, limitBytes)
    } finally {
      await file.close()
    }
  } catch (error) {
    return failure(error)
  }
}

async function readPlain(file: FileHandle, limitBytes: number): Promise<FileRead> {
  const stat = await file.stat()
  if (!stat.isFile()) return { outcome: 'failed', why: 'it is no plain file' }
  if (stat.size > limitBytes) return { outcome: 'too-large', sizeBytes: stat.size }
  // One byte more than it should have, so that a file which is still growing is not cut at a place that looks whole.
  const bytes = new Uint8Array(Math.min(stat.size, limitBytes) + 1)
  let done = 0
  while (done < bytes.length) {
    const { bytesRead } = await file.read(bytes, done, bytes.length - done, done)
    if (bytesRead === 0) break
    done += bytesRead
  }
  if (done === bytes.length) return { outcome: 'failed', why: 'it is still being written' }
  return { outcome: 'read', bytes: bytes.subarray(0, done), modifiedMs: Math.floor(stat.mtimeMs) }
}

function failure(
  error: unknown,
): { readonly outcome: 'missing' } | { readonly outcome: 'failed'; readonly why: string } {
  const code = codeOf(error)
  if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'EISDIR') return { outcome: 'missing' }
  if (code === 'ELOOP') return { outcome: 'failed', why: 'it is a link' }
  return { outcome: 'failed', why: code === null ? 'the system refused' : `the system said ${code}` }
}

// Files of node directories, read in a worker thread without waiting: one small file after the other is fastest so.
import { createHash } from 'node:crypto'
import { closeSync, constants, fstatSync, lstatSync, openSync, readSync, type Stats } from 'node:fs'
import { join, sep } from 'node:path'
import { codeOf } from '#core/problem/index.ts'

export type ReadOutcome =
  /** The bytes are the reader's own and change with its next answer. */
  | { readonly outcome: 'read'; readonly bytes: Buffer; readonly modifiedMs: number }
  | { readonly outcome: 'missing' }
  | { readonly outcome: 'too-large'; readonly sizeBytes: number }
  /** `why` continues "could not be read: …". */
  | { readonly outcome: 'failed'; readonly why: string }

export type HashOutcome =
  | { readonly outcome: 'hashed'; readonly sha256: string }
  | Exclude<ReadOutcome, { readonly outcome: 'read' }>

/** Paths are relative to the folder, which is absolute. */
export interface FileReader {
  /** Whether the path is reached through plain folders only: a link on the way could lead anywhere. */
  isBelow(folder: string, path: string): boolean
  read(folder: string, path: string, limitBytes: number): ReadOutcome
  /** SHA-256 in hex, read in pieces. */
  hash(folder: string, path: string, limitBytes: number): HashOutcome
}

/** A reader with a buffer of its own; make one for each thread. */
export function createFileReader(): FileReader {
  const buffer = Buffer.allocUnsafeSlow(BUFFER_BYTES)
  return {
    isBelow,
    read: (folder, path, limitBytes) =>
      opened(placeOf(folder, path), limitBytes, (file, { size, mtimeMs }) => {
        // Asked for one byte more than it should have: where exactly as many come, it ends there, and a file that still grows is not
        // cut at a place that looks whole.
        const bytes = size < buffer.length ? buffer : Buffer.allocUnsafeSlow(size + 1)
        let done = readSync(file, bytes)
        for (let count = done; done !== size && count !== 0 && done <= size; done += count)
          count = readSync(file, bytes, done, bytes.length - done, null)
        if (done > size) return { outcome: 'failed', why: 'it is still being written' }
        return { outcome: 'read', bytes: bytes.subarray(0, done), modifiedMs: mtimeMs }
      }),
    hash: (folder, path, limitBytes) =>
      opened(placeOf(folder, path), limitBytes, (file) => {
        const hash = createHash('sha256')
        for (let count = readSync(file, buffer); count > 0; count = readSync(file, buffer))
          hash.update(buffer.subarray(0, count))
        return { outcome: 'hashed', sha256: hash.digest('hex') }
      }),
  }
}

/** The path comes from a listing or was resolved already, so nothing has to be normalised for every file. */
function placeOf(folder: string, path: string): string {
  return `${folder}${sep}${path}`
}

type Failure = Exclude<ReadOutcome, { readonly outcome: 'read' }>

function opened<T>(path: string, limitBytes: number, work: (file: number, stat: Stats) => T): T | Failure {
  let file
  try {
    file = openSync(path, FLAGS)
    const stat = fstatSync(file)
    if (!stat.isFile()) return { outcome: 'failed', why: 'it is no plain file' }
    return stat.size > limitBytes ? { outcome: 'too-large', sizeBytes: stat.size } : work(file, stat)
  } catch (error) {
    return failure(error)
  } finally {
    if (file !== undefined) closeSync(file)
  }
}

function isBelow(folder: string, path: string): boolean {
  const parts = path.split('/')
  for (let count = 1; count < parts.length; count++)
    if (kindAt(join(folder, ...parts.slice(0, count)))?.isDirectory() !== true) return false
  return true
}

/** Whether anything but a link lies at the path, in plain folders. */
export function isThere(folder: string, path: string): boolean {
  return isBelow(folder, path) && kindAt(join(folder, path))?.isSymbolicLink() === false
}

/** Paths come out of other people's files: one that is too long for the system, or that it will not show, is not there. */
function kindAt(path: string): Stats | undefined {
  try {
    return lstatSync(path, { throwIfNoEntry: false })
  } catch {
    return undefined
  }
}

const BUFFER_BYTES = 64 * 1024
// O_NONBLOCK: a FIFO put there since the listing must not stop us. Windows knows neither flag, and no FIFO in folders.
const FLAGS = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0)

function failure(error: unknown): Failure {
  const code = codeOf(error)
  if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'EISDIR') return { outcome: 'missing' }
  if (code === 'ELOOP') return { outcome: 'failed', why: 'it is a link' }
  return { outcome: 'failed', why: code === null ? 'the system refused' : `the system said ${code}` }
}

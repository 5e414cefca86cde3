// The machine's folders, behind an interface that the simulator and the fault tests can replace.
// No symlink is ever followed, and nothing that is not a plain file or folder is ever opened: a FIFO would block, a
// link would lead out of the exchange.
import { createHash } from 'node:crypto'
import { constants, realpathSync, unwatchFile, watchFile, type Dirent, type Stats } from 'node:fs'
import { access, lstat, mkdir, open, opendir, rename, unlink, type FileHandle } from 'node:fs/promises'
import { basename, dirname, join, relative } from 'node:path'
import { FSWatcher } from 'chokidar'
import { holdFolder, syncFolder, type HeldFolder } from '#core/durable/index.ts'
import { codeOf } from '#core/problem/index.ts'

export type EntryKind = 'file' | 'folder' | 'other'

export interface FolderEntry {
  readonly name: string
  readonly kind: EntryKind
}

export interface FolderListing {
  readonly entries: readonly FolderEntry[]
  /** Entries beyond the limit, counted up to ten times the limit. */
  readonly notRead: number
}

export interface FileStat {
  readonly kind: EntryKind
  readonly sizeBytes: number
  /** Nanoseconds since 1970 as decimal text: beyond what a number holds exactly. */
  readonly mtimeNs: string
  /** Blocks of 512 bytes on the disk; 0 with a size says that a sync tool has not downloaded the content. */
  readonly blocks: number
}

export type CopyOutcome =
  | { readonly outcome: 'copied'; readonly sizeBytes: number; readonly sha256: string }
  | { readonly outcome: 'missing' }
  | { readonly outcome: 'too-large'; readonly sizeBytes: number }
  | { readonly outcome: 'mismatch'; readonly sha256: string }

export interface FileToWrite {
  readonly path: string
  readonly bytes: Uint8Array
}

export interface FolderWatch {
  close(): Promise<void>
}

/** Every call may throw the system's error with its `code`; a missing file is null, not an error. */
export interface FolderAdapter {
  list(folder: string, limit: number): Promise<FolderListing | null>
  /** Of the entry itself: a link is `other`. */
  stat(path: string): Promise<FileStat | null>
  /** At most `limitBytes` + 1 bytes, so that the caller sees that a file is too large. Null where it is no plain file. */
  read(path: string, limitBytes: number): Promise<Uint8Array | null>
  /** Durable and atomic: temporary file, fsync, rename, fsync of the folder. */
  write(path: string, bytes: Uint8Array): Promise<void>
  /** As `write` for each; a file has its name only once all before it are durable under theirs. */
  writeInOrder(files: readonly FileToWrite[]): Promise<void>
  /** Streams a plain file to `to`, atomically, only if its SHA-256 (hex) is `sha256` where that is given. */
  copy(
    from: string,
    to: string,
    check: { readonly sha256: string | null; readonly limitBytes: number },
  ): Promise<CopyOutcome>
  /** One level, durable; nothing happens where it is there. Throws where something else has the name. */
  makeFolder(path: string): Promise<void>
  remove(path: string): Promise<void>
  /** What the system says beforehand; only writing shows. */
  mayWrite(folder: string): Promise<boolean>
  /** Calls `onEvent` with the path that changed; with the folder itself once changes are seen at all. `wants` says which paths are looked at, folders too. */
  watch(folder: string, wants: (path: string) => boolean, onEvent: (path: string) => void): FolderWatch
}

export function nodeFolderAdapter(): FolderAdapter {
  const durable = new Set<string>()
  return {
    list,
    stat,
    read,
    write,
    writeInOrder,
    copy,
    makeFolder: (path) => makeFolder(path, durable),
    remove,
    mayWrite,
    watch,
  }
}

async function list(folder: string, limit: number): Promise<FolderListing | null> {
  const handle = await orNull(opendir(folder, { bufferSize: 512 }))
  if (handle === null) return null
  const entries: FolderEntry[] = []
  let notRead = 0
  for await (const entry of handle) {
    if (entries.length < limit) entries.push({ name: entry.name, kind: kindOf(entry) })
    else if (++notRead >= limit * 10) break
  }
  return { entries, notRead }
}

async function stat(path: string): Promise<FileStat | null> {
  const found = await orNull(lstat(path, { bigint: true }))
  if (found === null) return null
  return {
    kind: kindOf(found),
    sizeBytes: Number(found.size),
    mtimeNs: found.mtimeNs.toString(),
    blocks: Number(found.blocks),
  }
}

async function read(path: string, limitBytes: number): Promise<Uint8Array | null> {
  const opened = await openPlain(path)
  if (opened === null) return null
  const { file, size } = opened
  try {
    const bytes = new Uint8Array(Math.min(size, limitBytes + 1))
    let done = 0
    while (done < bytes.length) {
      const { bytesRead } = await file.read(bytes, done, bytes.length - done, done)
      if (bytesRead === 0) break
      done += bytesRead
    }
    return bytes.subarray(0, done)
  } finally {
    await file.close()
  }
}

async function write(path: string, bytes: Uint8Array): Promise<void> {
  await writeTemporary(path, bytes)
  await putInPlace(path)
}

async function writeInOrder(files: readonly FileToWrite[]): Promise<void> {
  const folders = new Map<string, HeldFolder>()
  const hold = async (folder: string) => void folders.set(folder, await holdFolder(folder))
  try {
    // To bring bytes to the disk takes longest, and one flush serves all of them; only the names must come one after the other.
    const written = await Promise.allSettled([
      ...files.map(({ path, bytes }) => writeTemporary(path, bytes)),
      ...[...new Set(files.map(({ path }) => dirname(path)))].map(hold),
    ])
    const failed = written.find((each) => each.status === 'rejected')
    if (failed !== undefined) throw failed.reason
    for (const { path } of files) {
      await rename(temporaryFor(path), path)
      await folders.get(dirname(path))?.sync()
    }
  } catch (error) {
    // What could not be written does not take up the room that it may have lacked.
    for (const { path } of files) await unlink(temporaryFor(path)).catch(() => undefined)
    throw error
  } finally {
    await Promise.all([...folders.values()].map((folder) => folder.close()))
  }
}

async function writeTemporary(path: string, bytes: Uint8Array): Promise<void> {
  const temporary = temporaryFor(path)
  const file = await openTemporary(temporary)
  await orRemoved(temporary, async () => {
    try {
      await file.writeFile(bytes)
      await file.sync()
    } finally {
      await file.close()
    }
  })
}

async function putInPlace(path: string): Promise<void> {
  const temporary = temporaryFor(path)
  await orRemoved(temporary, () => rename(temporary, path))
  await syncFolder(dirname(path))
}

/** What could not be written does not take up the room that it may have lacked. */
async function orRemoved<T>(temporary: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    await unlink(temporary).catch(() => undefined)
    throw error
  }
}

async function copy(
  from: string,
  to: string,
  check: { readonly sha256: string | null; readonly limitBytes: number },
): Promise<CopyOutcome> {
  const opened = await openPlain(from)
  if (opened === null) return { outcome: 'missing' }
  const { file: source, size } = opened
  const temporary = temporaryFor(to)
  try {
    if (size > check.limitBytes) return { outcome: 'too-large', sizeBytes: size }
    const target = await openTemporary(temporary)
    const copied = await orRemoved(temporary, async (): Promise<CopyOutcome> => {
      try {
        const { sizeBytes, sha256 } = await pour(source, target, check.limitBytes)
        if (sizeBytes > check.limitBytes) return { outcome: 'too-large', sizeBytes }
        if (check.sha256 !== null && sha256 !== check.sha256) return { outcome: 'mismatch', sha256 }
        await target.sync()
        return { outcome: 'copied', sizeBytes, sha256 }
      } finally {
        await target.close()
      }
    })
    if (copied.outcome === 'copied') await putInPlace(to)
    else await orNull(unlink(temporary))
    return copied
  } finally {
    await source.close()
  }
}

const PIECE_BYTES = 1024 * 1024

async function pour(source: FileHandle, target: FileHandle, limitBytes: number) {
  const hash = createHash('sha256')
  const piece = new Uint8Array(PIECE_BYTES)
  let sizeBytes = 0
  while (sizeBytes <= limitBytes) {
    const { bytesRead } = await source.read(piece, 0, piece.length, sizeBytes)
    if (bytesRead === 0) break
    const bytes = piece.subarray(0, bytesRead)
    hash.update(bytes)
    let written = 0
    while (written < bytesRead) {
      const step = await target.write(bytes, written, bytesRead - written, sizeBytes + written)
      written += step.bytesWritten
    }
    sizeBytes += bytesRead
  }
  return { sizeBytes, sha256: hash.digest('hex') }
}

async function makeFolder(path: string, durable: Set<string>): Promise<void> {
  try {
    await mkdir(path)
    durable.delete(path)
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error
    // Whoever may write the exchange could plant a link here to have us write elsewhere.
    const found = await lstat(path)
    if (!found.isDirectory()) throw withCode('ENOTDIR', `${path} is not a folder`, error)
  }
  // One that is there may have been made a moment before a crash, or before a sync that failed.
  if (durable.has(path)) return
  await syncFolder(dirname(path))
  durable.add(path)
}

async function remove(path: string): Promise<void> {
  await orNull(unlink(path))
}

async function mayWrite(folder: string): Promise<boolean> {
  return access(folder, constants.W_OK).then(
    () => true,
    () => false,
  )
}

const ROOT_LOOKED_AT_MS = 2_000

function watch(folder: string, wants: (path: string) => boolean, onEvent: (path: string) => void): FolderWatch {
  // The chosen folder itself may well be a link; the watcher follows none.
  const root = realPath(folder)
  const asChosen = (path: string) => join(folder, relative(root, path))
  const watcher = new FSWatcher({
    ignoreInitial: true,
    followSymlinks: false,
    ignorePermissionErrors: true,
    ignored: (path: string) => path !== root && !wants(asChosen(path)),
  })
  for (const event of ['add', 'change', 'unlink', 'addDir', 'unlinkDir'] as const) {
    watcher.on(event, (path: string) => onEvent(asChosen(path)))
  }
  // A folder that cannot be watched (no more handles, a network drive) is still read by the periodic rescan.
  watcher.on('error', () => {})
  watcher.add(root)
  // No event tells of a folder that is itself moved away, unmounted or mounted over.
  const isAnother = (now: Stats, before: Stats) => now.ino !== before.ino || now.dev !== before.dev
  const onLook = (now: Stats, before: Stats) => void (isAnother(now, before) && onEvent(folder))
  watchFile(root, { interval: ROOT_LOOKED_AT_MS, persistent: false }, onLook)
  return {
    async close() {
      unwatchFile(root, onLook)
      await watcher.close()
    },
  }
}

function realPath(folder: string): string {
  try {
    return realpathSync(folder)
  } catch {
    // It went away in this moment; the next rescan says so.
    return folder
  }
}

// One writer owns the folder, so the name needs no randomness and a crash leaves at most one such file behind.
function temporaryFor(path: string): string {
  return join(dirname(path), `.${basename(path)}.tmp`)
}

async function openTemporary(temporary: string): Promise<FileHandle> {
  // Exclusive: a link planted under this name is refused, not followed.
  const create = () => open(temporary, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL, 0o644)
  try {
    return await create()
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error
    await orNull(unlink(temporary))
    return create()
  }
}

/** For reading what is no link. Non-blocking, since opening a FIFO waits for its writer. Windows knows neither flag: they are nothing there. */
export const READING_PLAIN = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK

/** Null where there is no plain file of that name. */
async function openPlain(path: string): Promise<{ readonly file: FileHandle; readonly size: number } | null> {
  try {
    const file = await open(path, READING_PLAIN)
    const found = await file.stat().catch(() => null)
    if (found?.isFile() === true) return { file, size: found.size }
    await file.close()
    return null
  } catch (error) {
    if (isNoPlainFile(error)) return null
    throw error
  }
}

/** What the system answers to opening a name that is no plain file, or none at all. */
export function isNoPlainFile(error: unknown): boolean {
  return ['ENOENT', 'ELOOP', 'ENXIO', 'ENOTDIR'].includes(String(codeOf(error)))
}

function kindOf(entry: Pick<Dirent, 'isFile' | 'isDirectory'>): EntryKind {
  if (entry.isFile()) return 'file'
  return entry.isDirectory() ? 'folder' : 'other'
}

async function orNull<T>(work: Promise<T>): Promise<T | null> {
  try {
    return await work
  } catch (error) {
    const code = codeOf(error)
    if (code === 'ENOENT' || code === 'ENOTDIR') return null
    throw error
  }
}

function withCode(code: string, message: string, cause: unknown): Error {
  return Object.assign(new Error(message, { cause }), { code })
}

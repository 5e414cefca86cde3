// Folders and single files of this machine as a bundle. No link is followed, and nothing that is not a plain file is opened: a FIFO
// would block, a link would lead elsewhere. What is wrong with one entry refuses that entry; the rest goes on.
import { lstat, open, opendir } from 'node:fs/promises'
import { basename, join, parse } from 'node:path'
import { invariant } from '#core/problem/index.ts'
import { openNodeFolder } from '#core/teof/index.ts'
import { judgeName } from './entry-names.ts'
import { fileTree } from './file-tree.ts'
import { BUNDLE_LIMITS } from './limits.ts'
import { READ, READ_NO_LINK, systemCodeOf } from './plain-file-adapter.ts'
import { RefusalList, refuseEntry, type EntryRefusal } from './refusals.ts'
import {
  isNobodys,
  type BundleFile,
  type BundleReader,
  type FileContent,
  type OpenedBundle,
  type Step,
} from './types.ts'

/**
 * Opens folders and files. One folder is the bundle itself; of several paths each lies in the bundle under its own name.
 * Throws the system's error where a path that was named is not there.
 */
export async function openPaths(paths: readonly [string, ...string[]], step: Step): Promise<OpenedBundle> {
  const [first, ...more] = paths
  const walk = new Walk(step)
  const isOneFolder = more.length === 0 && (await lstatFollowed(first)).isDirectory()
  if (isOneFolder) await walk.folder(first, '')
  else for (const path of new Set(paths)) await walk.named(path)
  const name = more.length === 0 ? basename(first) : `${paths.length} files and folders`
  const refused = walk.refusedWhole()
  if (refused !== null) return { ok: false, name, refused }
  return { ok: true, reader: pathReader(name, walk, isOneFolder ? first : null) }
}

/** The path that a person named may itself be a link. */
async function lstatFollowed(path: string) {
  const handle = await open(path, READ)
  try {
    return await handle.stat()
  } finally {
    await handle.close()
  }
}

class Walk {
  readonly refused = new RefusalList(BUNDLE_LIMITS.listedRefusals)
  readonly places = new Map<string, string>()
  /** By the paths that were named, where several were. */
  readonly names = new Map<string, string>()
  readonly files: BundleFile[] = []
  ignored = 0
  #entries = 0
  #bytes = 0
  readonly #step: Step

  constructor(step: Step) {
    this.#step = step
  }

  async named(path: string): Promise<void> {
    const name = this.#nameFor(path)
    this.names.set(path, name)
    const stat = await lstatFollowed(path)
    if (stat.isDirectory()) await this.folder(path, `${name}/`)
    else if (!stat.isFile()) this.refused.add(notPlain(name))
    else this.#take(path, name, stat.size)
  }

  async folder(path: string, prefix: string): Promise<void> {
    const pending = [{ path, prefix }]
    for (let next = pending.pop(); next !== undefined && this.#entries <= BUNDLE_LIMITS.entries; next = pending.pop()) {
      try {
        // Entries are looked at as they come, so that a folder of a million costs no more than the limit.
        for await (const entry of await opendir(next.path, { bufferSize: 512 })) {
          if (++this.#entries > BUNDLE_LIMITS.entries) break
          if (this.#entries % 1024 === 0) this.#step(this.#entries, BUNDLE_LIMITS.entries)
          const name = next.prefix + entry.name
          const below = join(next.path, entry.name)
          if (isNobodys(entry.isDirectory() ? `${name}/` : name)) this.ignored++
          else if (!this.#isFit(name)) continue
          else if (entry.isDirectory()) pending.push({ path: below, prefix: `${name}/` })
          else if (entry.isSymbolicLink()) this.#link(name)
          else if (!entry.isFile()) this.refused.add(notPlain(name))
          else this.#take(below, name, (await lstat(below)).size)
        }
      } catch (error) {
        const code = systemCodeOf(error)
        if (code === null || next.path === path) throw error
        this.refused.add(refuseEntry(next.prefix, 'unreadable', `It could not be read (${code}).`))
      }
    }
  }

  refusedWhole(): RefusalList | null {
    const whole = new RefusalList(1)
    if (this.#entries > BUNDLE_LIMITS.entries)
      whole.add(refuseEntry('', 'too-many-entries', `It has more than ${BUNDLE_LIMITS.entries} entries.`))
    if (this.#bytes > BUNDLE_LIMITS.unpackedBytes)
      whole.add(
        refuseEntry('', 'too-large', `It has ${this.#bytes} bytes; at most ${BUNDLE_LIMITS.unpackedBytes} are taken.`),
      )
    return whole.count > 0 ? whole : null
  }

  /** Of two paths whose last parts are equal the second is numbered, so that neither takes the other's place. */
  #nameFor(path: string): string {
    const taken = new Set([...this.names.values()].map((name) => name.toLowerCase()))
    const { name: stem, ext, base } = parse(path)
    let name = base
    for (let number = 2; taken.has(name.toLowerCase()); number++) name = `${stem} (${number})${ext}`
    return name
  }

  #isFit(name: string): boolean {
    const refusal = judgeName(name)
    if (refusal !== null) this.refused.add(refusal)
    return refusal === null
  }

  #link(name: string): void {
    // TEOF's own: which capsule is in force. It is read as what it says, never followed.
    if (/(^|\/)capsule\/current$/.test(name)) this.ignored++
    else this.refused.add(refuseEntry(name, 'link', 'It is a link; links are not followed.'))
  }

  #take(path: string, name: string, sizeBytes: number): void {
    this.places.set(name, path)
    this.files.push({ name, sizeBytes })
    this.#bytes += sizeBytes
  }
}

function notPlain(name: string): EntryRefusal {
  return refuseEntry(name, 'special-file', 'It is neither a plain file nor a folder.')
}

const PIECE_BYTES = 256 * 1024

function pathReader(name: string, walk: Walk, folder: string | null): BundleReader {
  const files = walk.files.toSorted((a, b) => (a.name < b.name ? -1 : 1))

  async function pour(
    file: BundleFile,
    sink: (piece: Uint8Array) => void | Promise<void>,
  ): Promise<EntryRefusal | null> {
    const place = walk.places.get(file.name)
    invariant(place !== undefined, 'a reader is asked for its own files')
    let done = 0
    try {
      const handle = await open(place, READ_NO_LINK)
      try {
        const piece = Buffer.alloc(Math.max(1, Math.min(PIECE_BYTES, file.sizeBytes)))
        while (done < file.sizeBytes) {
          const { bytesRead } = await handle.read(piece, 0, Math.min(piece.length, file.sizeBytes - done), done)
          if (bytesRead === 0) break
          done += bytesRead
          await sink(piece.subarray(0, bytesRead))
        }
      } finally {
        await handle.close()
      }
    } catch (error) {
      const code = systemCodeOf(error)
      if (code === null) throw error
      return refuseEntry(file.name, 'unreadable', `It could not be read (${code}).`)
    }
    return done === file.sizeBytes
      ? null
      : refuseEntry(file.name, 'wrong-size', `It had ${file.sizeBytes} bytes and now ends after ${done}.`)
  }

  async function read(file: BundleFile, limitBytes: number): Promise<FileContent> {
    if (file.sizeBytes > limitBytes) return tooLarge(file, limitBytes)
    const bytes = new Uint8Array(file.sizeBytes)
    let at = 0
    const refusal = await pour(file, (piece) => {
      bytes.set(piece, at)
      at += piece.length
    })
    return refusal === null ? { ok: true, bytes } : { ok: false, refusal }
  }

  return {
    name,
    files,
    refused: walk.refused,
    ignored: walk.ignored,
    read,
    pour,
    folderOf: (path) => walk.names.get(path) ?? '',
    directory: () => (folder === null ? fileTree(files, read) : openNodeFolder(folder)),
    close: () => Promise.resolve(),
  }
}

/** The answer for a file that is not read at all, since it is over the limit for what it should be. */
export function tooLarge(file: BundleFile, limitBytes: number): FileContent {
  const detail = `It has ${file.sizeBytes} bytes; at most ${limitBytes} are taken.`
  return { ok: false, refusal: refuseEntry(file.name, 'too-large', detail) }
}

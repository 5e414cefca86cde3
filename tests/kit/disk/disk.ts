// A disk as a program meets it: what is written lies in the system's memory until somebody asks for it to be kept. When the power fails,
// content that was not synced is lost or torn at sectors, and names that were given, changed or removed since the folder was last synced
// may be as they were before.
import { errno } from './errno.ts'
import { drawsFrom } from '../draws.ts'

const SECTOR_BYTES = 512

export type Inode = DiskFile | DiskFolder | DiskLink

export interface DiskFile {
  readonly kind: 'file'
  bytes: Uint8Array
  mtimeNs: bigint
  mode: number
  /** What a power failure leaves for sure; null while nothing was ever synced. */
  kept: { readonly bytes: Uint8Array; readonly mtimeNs: bigint } | null
  /** A sync failed: the system believes these bytes to be written, and they are not. */
  isGivenUp: boolean
}

export interface DiskFolder {
  readonly kind: 'folder'
  readonly entries: Map<string, Inode>
  mode: number
  /** As last synced. */
  kept: ReadonlyMap<string, Inode>
  /** What happened to its names since, in this order. */
  changes: Change[]
}

export interface DiskLink {
  readonly kind: 'link'
  readonly target: string
}

/** One change of names: all of it survives or nothing, also where it moves something between two folders. */
interface Change {
  /** Synced by way of one of its folders. */
  isKept: boolean
  readonly parts: readonly { readonly folder: DiskFolder; readonly name: string; readonly inode: Inode | null }[]
}

/** What becomes of everything that was not synced when the power fails. */
export type Loss =
  /** Gone to the last bit. */
  | { readonly lost: 'all' }
  /** All of it happened to be written just before. */
  | { readonly lost: 'nothing' }
  /** Each sector of content and each change of a name has its own fate. */
  | { readonly lost: 'some'; readonly seed: number }

/** What a build would lack that forgot to sync one of these: nothing then makes them durable but luck. */
export type Forgotten = 'files' | 'folders'

export class Disk {
  readonly root: DiskFolder = newFolder(0o755)
  readonly #forgotten: ReadonlySet<Forgotten>
  #ticks = 0n

  constructor(forgotten: readonly Forgotten[] = []) {
    this.#forgotten = new Set(forgotten)
  }

  /** Every change has a time of its own, so that it never hides behind the one before. */
  now(): bigint {
    return 1_763_726_400_000_000_000n + ++this.#ticks * 1_000_000n
  }

  find(path: string): Inode | null {
    let found: Inode = this.root
    for (const name of namesIn(path)) {
      if (found.kind !== 'folder') throw errno('ENOTDIR', path)
      const next = found.entries.get(name)
      if (next === undefined) return null
      found = next
    }
    return found
  }

  folderOf(path: string): { readonly folder: DiskFolder; readonly name: string } {
    const names = namesIn(path)
    const name = names.pop()
    const folder = this.find(names.join('/'))
    if (folder === null || name === undefined) throw errno('ENOENT', path)
    if (folder.kind !== 'folder') throw errno('ENOTDIR', path)
    return { folder, name }
  }

  /** Gives, changes or takes names; all of them at once. */
  rename(...parts: Change['parts']): void {
    const change: Change = { isKept: false, parts }
    for (const { folder, name, inode } of parts) {
      if (inode === null) folder.entries.delete(name)
      else folder.entries.set(name, inode)
      if (!folder.changes.includes(change)) folder.changes.push(change)
    }
  }

  sync(inode: Inode): void {
    if (inode.kind === 'file' && !inode.isGivenUp && !this.#forgotten.has('files')) {
      inode.kept = { bytes: Uint8Array.from(inode.bytes), mtimeNs: inode.mtimeNs }
    }
    if (inode.kind === 'folder' && !this.#forgotten.has('folders')) {
      for (const change of inode.changes) change.isKept = true
      inode.kept = new Map(inode.entries)
      inode.changes = []
    }
  }

  /** The power fails and comes back: afterwards everything that is left lies safely. */
  fail(loss: Loss): void {
    const draw = loss.lost === 'some' ? drawsFrom(loss.seed) : () => (loss.lost === 'all' ? 1 : 0)
    const survives = () => draw() < 0.5
    const fates = new Map<Change, boolean>()
    const fateOf = (change: Change) => {
      const fate = change.isKept || (fates.get(change) ?? survives())
      fates.set(change, fate)
      return fate
    }
    settle(this.root, fateOf, survives)
  }

  /** A second disk with the same content, as it is after a clean shutdown. */
  copy(): Disk {
    const copied = new Disk([...this.#forgotten])
    copied.#ticks = this.#ticks
    copyInto(this.root, copied.root)
    return copied
  }
}

export function newFile(mode: number, mtimeNs: bigint): DiskFile {
  return { kind: 'file', bytes: new Uint8Array(), mtimeNs, mode, kept: null, isGivenUp: false }
}

export function newFolder(mode: number): DiskFolder {
  return { kind: 'folder', entries: new Map(), mode, kept: new Map(), changes: [] }
}

function namesIn(path: string): string[] {
  return path.split('/').filter((name) => name !== '' && name !== '.')
}

function settle(folder: DiskFolder, fateOf: (change: Change) => boolean, survives: () => boolean): void {
  const left = new Map(folder.kept)
  for (const change of folder.changes) {
    if (!fateOf(change)) continue
    for (const part of change.parts) {
      if (part.folder !== folder) continue
      if (part.inode === null) left.delete(part.name)
      else left.set(part.name, part.inode)
    }
  }
  folder.entries.clear()
  for (const [name, inode] of left) {
    folder.entries.set(name, inode)
    if (inode.kind === 'file') settleFile(inode, survives)
    else if (inode.kind === 'folder') settle(inode, fateOf, survives)
  }
  folder.kept = left
  folder.changes = []
}

function settleFile(file: DiskFile, survives: () => boolean): void {
  const before = file.kept?.bytes ?? new Uint8Array()
  const after = file.bytes
  // Size and time are written apart from the content: a file may have its full length and nothing in it.
  const bytes = new Uint8Array(survives() ? after.length : before.length)
  for (let at = 0; at < bytes.length; at += SECTOR_BYTES) {
    const source = survives() ? after : before
    bytes.set(source.subarray(at, Math.min(at + SECTOR_BYTES, bytes.length)), at)
  }
  const mtimeNs = file.kept === null || survives() ? file.mtimeNs : file.kept.mtimeNs
  file.bytes = bytes
  file.mtimeNs = mtimeNs
  file.kept = { bytes: Uint8Array.from(bytes), mtimeNs }
  file.isGivenUp = false
}

function copyInto(from: DiskFolder, to: DiskFolder): void {
  for (const [name, inode] of from.entries) to.entries.set(name, copyOf(inode))
  to.kept = new Map(to.entries)
}

function copyOf(inode: Inode): Inode {
  if (inode.kind === 'link') return inode
  if (inode.kind === 'folder') {
    const copied = newFolder(inode.mode)
    copyInto(inode, copied)
    return copied
  }
  const copied = newFile(inode.mode, inode.mtimeNs)
  copied.bytes = Uint8Array.from(inode.bytes)
  copied.kept = { bytes: Uint8Array.from(inode.bytes), mtimeNs: inode.mtimeNs }
  return copied
}

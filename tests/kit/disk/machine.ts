// A machine with a disk: the system's calls on files, as far as Steward makes them. Each call is counted, so that a test can have the
// n-th one fail with any error, do half of what it was asked, or be the last one before the power fails.
import { drawsFrom } from '../draws.ts'
import { newFile, newFolder, type Disk, type DiskFile, type DiskFolder, type Inode, type Loss } from './disk.ts'
import { errno } from './errno.ts'

export type Fault =
  /** `spares` begins the paths of which no call ever fails so. */
  | { readonly at: number; readonly does: 'fail'; readonly code: string; readonly spares?: string }
  /** Writes or reads less than it was asked to, which every system may do; nothing where the call does neither. */
  | { readonly at: number; readonly does: 'less' }
  /**
   * The power fails in the middle of this call; no call works from then on. Only calls that change something count: between two of them
   * it would leave the same.
   */
  | { readonly at: number; readonly does: 'power-failure'; readonly loss: Loss }

export interface OpenFile {
  readonly inode: Inode
  readonly path: string
  readonly mayRead: boolean
  readonly mayWrite: boolean
  readonly appends: boolean
  position: number
}

export interface OpenFlags {
  readonly read: boolean
  readonly write: boolean
  readonly create: boolean
  readonly exclusive: boolean
  readonly truncate: boolean
  readonly append: boolean
}

export interface Stats {
  readonly kind: Inode['kind']
  readonly sizeBytes: number
  readonly mtimeNs: bigint
  readonly mode: number
}

export class Machine {
  readonly disk: Disk
  calls = 0
  changes = 0
  fault: Fault | null = null
  /** What the fault fell upon; null while it did not happen. */
  struck: string | null = null
  /** Files that are open: none may be left over. */
  readonly open = new Map<number, OpenFile>()
  #isOff = false
  #nextFile = FIRST_FILE
  #whenOff: () => void = () => undefined

  constructor(disk: Disk) {
    this.disk = disk
  }

  get isOff(): boolean {
    return this.#isOff
  }

  /** Counts from here on, and lets this happen on the way. `whenOff` is called in the moment in which the power fails. */
  strike(fault: Fault | null, whenOff: () => void = () => undefined): void {
    this.calls = 0
    this.changes = 0
    this.fault = fault
    this.struck = null
    this.#whenOff = whenOff
  }

  /** The power comes back: nothing is open, and everything that is left lies on the disk. */
  boot(): void {
    this.#isOff = false
    this.open.clear()
    this.strike(null)
  }

  openFile(path: string, flags: OpenFlags, mode: number): number {
    this.#call('open', path, flags.write)
    const found = this.disk.find(path)
    if (found !== null && flags.create && flags.exclusive) throw errno('EEXIST', path)
    if (found?.kind === 'link') throw errno('ELOOP', path)
    if (found?.kind === 'folder' && flags.write) throw errno('EISDIR', path)
    if (found === null && !flags.create) throw errno('ENOENT', path)
    if (found?.kind === 'file' && isDenied(found.mode, flags)) throw errno('EACCES', path)
    const inode = found ?? this.#create(path, newFile(mode & ~UMASK, this.disk.now()))
    if (flags.truncate && inode.kind === 'file') this.#change(inode, new Uint8Array())
    const number = this.#nextFile++
    this.open.set(number, {
      inode,
      path,
      mayRead: flags.read,
      mayWrite: flags.write,
      appends: flags.append,
      position: 0,
    })
    return number
  }

  /** A file that somebody put there, with the folders above it. */
  plant(path: string, text: string): void {
    const names = path.split('/').slice(1, -1)
    for (let depth = 1; depth <= names.length; depth++) {
      const folder = `/${names.slice(0, depth).join('/')}`
      if (this.look(folder) === null) this.makeFolder(folder, 0o755)
    }
    const file = this.openFile(path, PLANTING, 0o644)
    this.write(file, Buffer.from(text), null)
    this.close(file)
  }

  close(number: number): void {
    const { path } = this.#opened(number)
    // Closed whatever it answers.
    this.open.delete(number)
    this.#call('close', path)
  }

  /** How many bytes came, from `at` or from where the last call ended. */
  read(number: number, into: Uint8Array, at: number | null): number {
    const file = this.#opened(number)
    const less = this.#call('read', file.path)
    if (file.inode.kind !== 'file') throw errno('EISDIR', file.path)
    if (!file.mayRead) throw errno('EBADF', file.path)
    const from = at ?? file.position
    const found = file.inode.bytes.subarray(from, from + into.length)
    const given = less ? found.subarray(0, Math.ceil(found.length / 2)) : found
    into.set(given)
    if (at === null) file.position = from + given.length
    return given.length
  }

  /** How many bytes went, to `at` or to where the last call ended. */
  write(number: number, bytes: Uint8Array, at: number | null): number {
    const file = this.#opened(number)
    const { inode } = file
    if (inode.kind !== 'file' || !file.mayWrite) throw errno('EBADF', file.path)
    const to = file.appends ? inode.bytes.length : (at ?? file.position)
    // A disk that fills up, or whose power fails, takes a part of it.
    const half = bytes.subarray(0, Math.ceil(bytes.length / 2))
    const less = this.#call('write', file.path, true, () => this.#put(inode, half, to))
    const taken = less ? half : bytes
    this.#put(inode, taken, to)
    if (at === null) file.position = to + taken.length
    return taken.length
  }

  sync(number: number): void {
    const { inode, path } = this.#opened(number)
    this.#call('fsync', path, true, () => {
      if (inode.kind === 'file' && !this.#isOff) inode.isGivenUp = true
    })
    this.disk.sync(inode)
  }

  stat(number: number): Stats {
    const { inode, path } = this.#opened(number)
    this.#call('fstat', path)
    return statsOf(inode)
  }

  look(path: string): Stats | null {
    this.#call('lstat', path)
    const found = this.disk.find(path)
    return found === null ? null : statsOf(found)
  }

  /** In no order that anybody may rely on. */
  list(path: string): readonly { readonly name: string; readonly kind: Inode['kind'] }[] {
    this.#call('readdir', path)
    const { entries } = this.#folder(path)
    const listed = [...entries].map(([name, { kind }]) => ({ name, kind }))
    const draw = drawsFrom(listed.length)
    return listed
      .map((entry) => ({ entry, order: draw() }))
      .toSorted((a, b) => a.order - b.order)
      .map(({ entry }) => entry)
  }

  makeFolder(path: string, mode: number): void {
    this.#call('mkdir', path, true)
    if (this.disk.find(path) !== null) throw errno('EEXIST', path)
    this.#create(path, newFolder(mode & ~UMASK))
  }

  link(target: string, path: string): void {
    this.#call('symlink', path, true)
    if (this.disk.find(path) !== null) throw errno('EEXIST', path)
    this.#create(path, { kind: 'link', target })
  }

  rename(from: string, to: string): void {
    this.#call('rename', to, true)
    const [source, target] = [this.disk.folderOf(from), this.disk.folderOf(to)]
    const inode = source.folder.entries.get(source.name)
    if (inode === undefined) throw errno('ENOENT', from)
    const there = target.folder.entries.get(target.name)
    if (there?.kind === 'folder' && (inode.kind !== 'folder' || there.entries.size > 0)) throw errno('ENOTEMPTY', to)
    this.disk.rename({ ...source, inode: null }, { ...target, inode })
  }

  remove(path: string): void {
    this.#call('unlink', path, true)
    const { folder, name } = this.disk.folderOf(path)
    const found = folder.entries.get(name)
    if (found === undefined) throw errno('ENOENT', path)
    if (found.kind === 'folder') throw errno('EISDIR', path)
    this.disk.rename({ folder, name, inode: null })
  }

  removeFolder(path: string): void {
    this.#call('rmdir', path, true)
    if (this.#folder(path).entries.size > 0) throw errno('ENOTEMPTY', path)
    this.disk.rename({ ...this.disk.folderOf(path), inode: null })
  }

  changeMode(path: string, mode: number): void {
    this.#call('chmod', path, true)
    const found = this.disk.find(path)
    if (found === null) throw errno('ENOENT', path)
    if (found.kind !== 'link') found.mode = mode
  }

  mayWrite(path: string): void {
    this.#call('access', path)
    if (this.disk.find(path) === null) throw errno('ENOENT', path)
  }

  /** True where the call is to do less than it was asked. `half` is what it has done where it fails in the middle. */
  #call(name: string, path: string, isChange = false, half: () => void = () => undefined): boolean {
    if (this.#isOff) throw errno('EIO', path)
    this.calls++
    if (isChange) this.changes++
    const { fault } = this
    const isDue = fault?.does === 'power-failure' ? isChange && fault.at === this.changes : fault?.at === this.calls
    if (fault === null || !isDue || this.struck !== null) return false
    this.struck = `call ${this.calls}: ${name} ${path}`
    switch (fault.does) {
      case 'less':
        return true
      case 'fail':
        if (fault.spares !== undefined && path.startsWith(fault.spares)) return false
        half()
        throw errno(fault.code, path)
      case 'power-failure':
        this.#isOff = true
        half()
        this.#whenOff()
        this.disk.fail(fault.loss)
        throw errno('EIO', path)
    }
  }

  #create<T extends Inode>(path: string, inode: T): T {
    this.disk.rename({ ...this.disk.folderOf(path), inode })
    return inode
  }

  #put(file: DiskFile, bytes: Uint8Array, at: number): void {
    const whole = new Uint8Array(Math.max(file.bytes.length, at + bytes.length))
    whole.set(file.bytes)
    whole.set(bytes, at)
    this.#change(file, whole)
  }

  #change(file: DiskFile, bytes: Uint8Array): void {
    file.bytes = bytes
    file.mtimeNs = this.disk.now()
    file.isGivenUp = false
  }

  #opened(number: number): OpenFile {
    const file = this.open.get(number)
    if (file === undefined) throw errno('EBADF', String(number))
    return file
  }

  #folder(path: string): DiskFolder {
    const found = this.disk.find(path)
    if (found === null) throw errno('ENOENT', path)
    if (found.kind !== 'folder') throw errno('ENOTDIR', path)
    return found
  }
}

const UMASK = 0o022
/** Above every number that the real system gives. */
export const FIRST_FILE = 1_000_000_000

function statsOf(inode: Inode): Stats {
  if (inode.kind === 'file') {
    return { kind: 'file', sizeBytes: inode.bytes.length, mtimeNs: inode.mtimeNs, mode: inode.mode }
  }
  return { kind: inode.kind, sizeBytes: 0, mtimeNs: 0n, mode: inode.kind === 'folder' ? inode.mode : 0o777 }
}

const PLANTING: OpenFlags = { read: false, write: true, create: true, exclusive: true, truncate: false, append: false }

/** The machine's user owns every file and is not root. */
function isDenied(mode: number, { read, write }: OpenFlags): boolean {
  return (read && (mode & 0o400) === 0) || (write && (mode & 0o200) === 0)
}

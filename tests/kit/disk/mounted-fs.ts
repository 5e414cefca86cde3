// `node:fs` as Steward's adapters import it, with machines of the tests mounted in it: a path below a mount point belongs to that machine,
// every other one to the system. The adapters run as they are, so that a sync that one of them forgets is forgotten here too.
//
//   vi.mock('node:fs', async (original) => (await import('#tests/kit/disk/mounted-fs.ts')).mountedFs(await original()))
//   vi.mock('node:fs/promises', async (original) => (await import('#tests/kit/disk/mounted-fs.ts')).mountedPromises(await original()))
import type * as fs from 'node:fs'
import type * as promises from 'node:fs/promises'
import { Readable } from 'node:stream'
import { errno } from './errno.ts'
import { FIRST_FILE, type Machine, type OpenFlags, type Stats } from './machine.ts'

type Fs = typeof fs
type Promises = typeof promises

const mounts = new Map<string, Machine>()

/** Everything below this path is the machine's, until it is let go of. */
export function mount(point: string, machine: Machine): Disposable {
  mounts.set(point, machine)
  return { [Symbol.dispose]: () => void mounts.delete(point) }
}

interface Place {
  readonly machine: Machine
  readonly path: string
}

function placeOf(path: unknown): Place | null {
  if (typeof path !== 'string') return null
  for (const [point, machine] of mounts) {
    if (path === point || path.startsWith(`${point}/`)) return { machine, path: path.slice(point.length) }
  }
  return null
}

function machineOf(file: number): Machine | null {
  if (file < FIRST_FILE) return null
  for (const machine of mounts.values()) if (machine.open.has(file)) return machine
  throw errno('EBADF', String(file))
}

/** The synchronous calls. */
export function mountedFs(real: Fs): Fs & { readonly default: Fs } {
  const flagsOf = flagReader(real.constants)
  const calls = {
    openSync: onPath(real.openSync, ({ machine, path }, flags: string | number = 'r', mode = 0o666) =>
      machine.openFile(path, flagsOf(flags), Number(mode)),
    ),
    closeSync: onFile(real.closeSync, (machine, file) => machine.close(file)),
    fsyncSync: onFile(real.fsyncSync, (machine, file) => machine.sync(file)),
    fstatSync: onFile(real.fstatSync, (machine, file, options?: StatOptions) => shown(machine.stat(file), options)),
    readSync: onFile(
      real.readSync,
      (machine, file, into: Uint8Array, offset?: number, length?: number, at?: number | null) =>
        machine.read(file, partOf(into, offset, length), at ?? null),
    ),
    writeSync: onFile(
      real.writeSync,
      (machine, file, content: Uint8Array | string, offset?: number, length?: number, at?: number | null) =>
        machine.write(file, partOf(bytesOf(content), offset, length), at ?? null),
    ),
    mkdirSync: onPath(real.mkdirSync, ({ machine, path }, options?: MakeOptions) => makeFolder(machine, path, options)),
    readdirSync: onPath(real.readdirSync, ({ machine, path }, options?: ListOptions) => list(machine, path, options)),
    readFileSync: onPath(real.readFileSync, ({ machine, path }, how?: ReadOptions) => readFile(machine, path, how)),
    existsSync: onPath(real.existsSync, ({ machine, path }) => exists(machine, path)),
    statSync: onPath(real.statSync, ({ machine, path }, options?: StatOptions) => statOrThrow(machine, path, options)),
    lstatSync: onPath(real.lstatSync, ({ machine, path }, options?: StatOptions) =>
      statOrThrow(machine, path, options),
    ),
    chmodSync: onPath(real.chmodSync, ({ machine, path }, mode: number) => machine.changeMode(path, mode)),
    renameSync: onPath(real.renameSync, ({ machine, path }, to: string) => machine.rename(path, pathOn(machine, to))),
    unlinkSync: onPath(real.unlinkSync, ({ machine, path }) => machine.remove(path)),
    rmSync: onPath(real.rmSync, ({ machine, path }, options?: RemoveOptions) => remove(machine, path, options)),
    createReadStream: onPath(real.createReadStream, ({ machine, path }) => readStream(machine, path)),
  }
  // Each of them takes what the real one takes, in the forms that Steward uses.
  const mounted = { ...real, ...calls } as unknown as Fs
  return { ...mounted, default: mounted }
}

/** The calls that answer later. */
export function mountedPromises(real: Promises): Promises & { readonly default: Promises } {
  const flagsOf = flagReader(real.constants)
  const calls = {
    open: onPath(real.open, async ({ machine, path }, flags: string | number = 'r', mode = 0o666) =>
      handleOf(machine, machine.openFile(path, flagsOf(flags), Number(mode))),
    ),
    opendir: onPath(real.opendir, async ({ machine, path }) => folderHandle(machine, path)),
    readdir: onPath(real.readdir, async ({ machine, path }, options?: ListOptions) => list(machine, path, options)),
    readFile: onPath(real.readFile, async ({ machine, path }, how?: ReadOptions) => readFile(machine, path, how)),
    mkdir: onPath(real.mkdir, async ({ machine, path }, options?: MakeOptions) => makeFolder(machine, path, options)),
    stat: onPath(real.stat, async ({ machine, path }, options?: StatOptions) => statOrThrow(machine, path, options)),
    lstat: onPath(real.lstat, async ({ machine, path }, options?: StatOptions) => statOrThrow(machine, path, options)),
    access: onPath(real.access, async ({ machine, path }) => machine.mayWrite(path)),
    symlink: async (target: string, path: string) => {
      const place = placeOf(path)
      if (place === null) return real.symlink(target, path)
      return place.machine.link(target, place.path)
    },
    rename: onPath(real.rename, async ({ machine, path }, to: string) => machine.rename(path, pathOn(machine, to))),
    unlink: onPath(real.unlink, async ({ machine, path }) => machine.remove(path)),
    rm: onPath(real.rm, async ({ machine, path }, options?: RemoveOptions) => remove(machine, path, options)),
  }
  // As above.
  const mounted = { ...real, ...calls } as unknown as Promises
  return { ...mounted, default: mounted }
}

function onPath<More extends unknown[]>(
  real: (...args: never[]) => unknown,
  ours: (place: Place, ...more: More) => unknown,
): (path: unknown, ...more: More) => unknown {
  return (path, ...more) => {
    const place = placeOf(path)
    // The caller's arguments, handed on as they came.
    return place === null ? real(...([path, ...more] as never[])) : ours(place, ...more)
  }
}

function onFile<More extends unknown[]>(
  real: (...args: never[]) => unknown,
  ours: (machine: Machine, file: number, ...more: More) => unknown,
): (file: number, ...more: More) => unknown {
  return (file, ...more) => {
    const machine = machineOf(file)
    // As in onPath.
    return machine === null ? real(...([file, ...more] as never[])) : ours(machine, file, ...more)
  }
}

function pathOn(machine: Machine, path: string): string {
  const place = placeOf(path)
  if (place?.machine !== machine) throw errno('EXDEV', path)
  return place.path
}

function flagReader(constants: Fs['constants']): (flags: string | number) => OpenFlags {
  return (flags) => {
    const bits = typeof flags === 'number' ? flags : bitsOf(flags)
    const access = bits & (constants.O_RDONLY | constants.O_WRONLY | constants.O_RDWR)
    return {
      read: access !== constants.O_WRONLY,
      write: access !== constants.O_RDONLY,
      create: (bits & constants.O_CREAT) !== 0,
      exclusive: (bits & constants.O_EXCL) !== 0,
      truncate: (bits & constants.O_TRUNC) !== 0,
      append: (bits & constants.O_APPEND) !== 0,
    }
  }

  function bitsOf(flags: string): number {
    const both = flags.includes('+')
    const exclusive = flags.includes('x') ? constants.O_EXCL : 0
    const writing = (both ? constants.O_RDWR : constants.O_WRONLY) | constants.O_CREAT | exclusive
    if (flags.startsWith('w')) return writing | constants.O_TRUNC
    if (flags.startsWith('a')) return writing | constants.O_APPEND
    return both ? constants.O_RDWR : constants.O_RDONLY
  }
}

interface StatOptions {
  readonly bigint?: boolean
  readonly throwIfNoEntry?: boolean
}

function shown(stats: Stats, { bigint = false }: StatOptions = {}) {
  const blocks = Math.ceil(stats.sizeBytes / 512)
  return {
    ...kindOf(stats.kind),
    mode: stats.mode,
    mtimeNs: stats.mtimeNs,
    mtimeMs: Number(stats.mtimeNs / 1_000_000n),
    size: bigint ? BigInt(stats.sizeBytes) : stats.sizeBytes,
    blocks: bigint ? BigInt(blocks) : blocks,
  }
}

function kindOf(kind: Stats['kind']) {
  return {
    isFile: () => kind === 'file',
    isDirectory: () => kind === 'folder',
    isSymbolicLink: () => kind === 'link',
  }
}

function statOrThrow(machine: Machine, path: string, options?: StatOptions) {
  const found = machine.look(path)
  if (found !== null) return shown(found, options)
  if (options?.throwIfNoEntry === false) return undefined
  throw errno('ENOENT', path)
}

function exists(machine: Machine, path: string): boolean {
  try {
    return machine.look(path) !== null
  } catch {
    return false
  }
}

interface MakeOptions {
  readonly recursive?: boolean
  readonly mode?: number
}

/** As the system does it: the first folder that was made, where they are made one below the other. */
function makeFolder(machine: Machine, path: string, { recursive = false, mode = 0o777 }: MakeOptions = {}) {
  if (!recursive) return machine.makeFolder(path, mode)
  const names = path.split('/').filter((name) => name !== '')
  let first: string | undefined
  for (let depth = 1; depth <= names.length; depth++) {
    const part = `/${names.slice(0, depth).join('/')}`
    if (machine.disk.find(part)?.kind === 'folder') continue
    machine.makeFolder(part, mode)
    first ??= part
  }
  return first
}

interface ListOptions {
  readonly withFileTypes?: boolean
}

function list(machine: Machine, path: string, { withFileTypes = false }: ListOptions = {}) {
  const entries = machine.list(path)
  if (!withFileTypes) return entries.map(({ name }) => name)
  return entries.map(({ name, kind }) => ({ name, ...kindOf(kind) }))
}

function folderHandle(machine: Machine, path: string): AsyncIterable<{ readonly name: string }> {
  const entries = machine.list(path).map(({ name, kind }) => ({ name, ...kindOf(kind) }))
  return {
    async *[Symbol.asyncIterator]() {
      yield* entries
    },
  }
}

interface RemoveOptions {
  readonly recursive?: boolean
  readonly force?: boolean
}

function remove(machine: Machine, path: string, { recursive = false, force = false }: RemoveOptions = {}): void {
  const found = machine.look(path)
  if (found === null && force) return
  if (found?.kind !== 'folder') return machine.remove(path)
  if (!recursive) throw errno('EISDIR', path)
  for (const { name } of machine.list(path)) remove(machine, `${path}/${name}`, { recursive, force })
  machine.removeFolder(path)
}

type ReadOptions = string | { readonly encoding?: string }

function readFile(machine: Machine, path: string, how?: ReadOptions): Uint8Array | string {
  const bytes = readWhole(machine, path)
  const isText = typeof how === 'string' || how?.encoding !== undefined
  return isText ? bytes.toString('utf8') : bytes
}

function readWhole(machine: Machine, path: string): Buffer {
  const file = machine.openFile(path, READING, 0)
  try {
    const pieces: Uint8Array[] = []
    for (;;) {
      const piece = new Uint8Array(64 * 1024)
      const count = machine.read(file, piece, null)
      if (count === 0) return Buffer.concat(pieces)
      pieces.push(piece.subarray(0, count))
    }
  } finally {
    machine.close(file)
  }
}

const READING: OpenFlags = { read: true, write: false, create: false, exclusive: false, truncate: false, append: false }

function readStream(machine: Machine, path: string): Readable {
  return Readable.from(
    (async function* () {
      yield readWhole(machine, path)
    })(),
    { objectMode: false },
  )
}

function bytesOf(content: Uint8Array | string): Uint8Array {
  return typeof content === 'string' ? Buffer.from(content) : content
}

function partOf(bytes: Uint8Array, offset = 0, length = bytes.length - offset): Uint8Array {
  return bytes.subarray(offset, offset + length)
}

function writeWhole(machine: Machine, file: number, content: Uint8Array | string): void {
  const bytes = bytesOf(content)
  for (let done = 0; done < bytes.length;) done += machine.write(file, bytes.subarray(done), null)
}

/** What Steward uses of a FileHandle. */
function handleOf(machine: Machine, file: number) {
  return {
    stat: async (options?: StatOptions) => shown(machine.stat(file), options),
    read: async (into: Uint8Array, offset?: number, length?: number, at?: number | null) => ({
      bytesRead: machine.read(file, partOf(into, offset, length), at ?? null),
    }),
    write: async (content: Uint8Array | string, offset?: number, length?: number, at?: number | null) => ({
      bytesWritten: machine.write(file, partOf(bytesOf(content), offset, length), at ?? null),
    }),
    writeFile: async (content: Uint8Array | string) => writeWhole(machine, file, content),
    appendFile: async (content: Uint8Array | string) => writeWhole(machine, file, content),
    sync: async () => machine.sync(file),
    close: async () => machine.close(file),
  }
}

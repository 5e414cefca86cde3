// The shared folder of a simulated machine: what is asked of it is answered later, may fail, and may be the moment at which the power goes.
import { createHash } from 'node:crypto'
import type { FolderAdapter } from '#core/exchange/index.ts'
import { digestOf } from './digest.ts'
import { errno, type Disk, type DiskEntry, type DiskFile } from './disk.ts'
import type { Life, LifeTimes } from './life.ts'
import type { Random } from './random.ts'
import { EXCHANGE, type Ailments, type Surroundings } from './surroundings.ts'

/** The machine whose folder it is. */
export interface FolderOwner {
  readonly name: string
  readonly id: string | null
  readonly disk: Disk
  readonly ailments: Ailments
  /** Counts a call of the core on the machine; the power may fail with it. */
  called(life: Life): void
  mtimeNs(): bigint
}

export class MachineFolder {
  readonly #machine: FolderOwner
  readonly #world: Surroundings
  readonly #random: Random
  readonly #watchers = new Set<{ readonly wants: (path: string) => boolean; readonly tell: (path: string) => void }>()
  /** Listings as they were, for a drive that shows them late. */
  readonly #listings = new Map<string, ReturnType<typeof entriesOf>>()

  constructor(machine: FolderOwner, world: Surroundings, random: Random) {
    this.#machine = machine
    this.#world = world
    this.#random = random
  }

  /** Nobody hears of changes any more. */
  unwatch(): void {
    this.#watchers.clear()
  }

  tellWatchers(path: string): void {
    if (this.#random.chance(this.#machine.ailments.lostEvents)) return this.#world.seen('event-lost')
    for (const watcher of this.#watchers) {
      if (watcher.wants(path)) this.#world.after(this.#random.between(1, 200), () => watcher.tell(path))
    }
  }

  /** The folder as a core sees it. */
  adapter({ now: lifeNow, isOver }: LifeTimes): FolderAdapter {
    const isAway = (path: string) => this.#machine.ailments.isUnplugged && path.startsWith(EXCHANGE)
    const call = <T>(what: string, path: string, isWriting: boolean, work: () => T): Promise<T> => {
      const life = lifeNow()
      if (isOver() || life === null) return Promise.reject(errno('EIO'))
      return new Promise<T>((resolve, reject) => {
        const fail = (error: Error) => reject(error)
        life.pending.add(fail)
        this.#world.after(this.#latency(path), () => {
          if (!life.pending.delete(fail) || life.isOver) return
          // Before what was asked is done, or after it: the power may fail at both.
          const isBefore = this.#random.chance(0.5)
          if (isBefore) this.#machine.called(life)
          // The core that dies with it lets go only of what it is answered.
          if (life.isOver) return reject(errno('EIO'))
          try {
            this.#mayFail(path, isWriting)
            const answer = work()
            this.#world.log(`${this.#machine.name} ${what} ${path} ${told(answer)}`)
            if (!isBefore) this.#machine.called(life)
            resolve(answer)
          } catch (error) {
            this.#world.log(`${this.#machine.name} ${what} ${path} ${String(error)}`)
            reject(error instanceof Error ? error : errno('EIO'))
          }
        })
      })
    }
    const { disk } = this.#machine
    const write = (path: string, bytes: Uint8Array) =>
      call('write', path, true, () => {
        disk.put(path, { bytes: Uint8Array.from(bytes), mtimeNs: this.#machine.mtimeNs() }, 'app')
      })
    return {
      list: (folder, limit) => call('list', folder, false, () => (isAway(folder) ? null : this.#list(folder, limit))),
      stat: (path) => call('stat', path, false, () => (isAway(path) ? null : statOf(disk.at(path)))),
      read: (path, limitBytes) =>
        call('read', path, false, () =>
          isAway(path) ? null : (disk.file(path)?.bytes.slice(0, limitBytes + 1) ?? null),
        ),
      write,
      async writeInOrder(files) {
        for (const { path, bytes } of files) await write(path, bytes)
      },
      copy: (from, to, check) =>
        call('copy', to, true, () => {
          const file = disk.file(from)
          if (file === null) return { outcome: 'missing' } as const
          const sha256 = createHash('sha256').update(file.bytes).digest('hex')
          if (file.bytes.length > check.limitBytes)
            return { outcome: 'too-large', sizeBytes: file.bytes.length } as const
          if (check.sha256 !== null && check.sha256 !== sha256) return { outcome: 'mismatch', sha256 } as const
          disk.put(to, { bytes: file.bytes, mtimeNs: this.#machine.mtimeNs() }, 'app')
          return { outcome: 'copied', sizeBytes: file.bytes.length, sha256 } as const
        }),
      makeFolder: (path) =>
        call('makeFolder', path, true, () => {
          const found = disk.at(path)
          if (found !== null && found.kind !== 'folder') throw errno('ENOTDIR')
          if (found === null && disk.at(path.slice(0, path.lastIndexOf('/'))) === null) throw errno('ENOENT')
          if (found === null) disk.makeFolders(path)
        }),
      remove: (path) => call('remove', path, true, () => disk.remove(path, 'app')),
      mayWrite: (folder) => call('mayWrite', folder, false, () => !this.#machine.ailments.isReadOnly),
      watch: (folder, wants, onEvent) => {
        const watcher = { wants, tell: (path: string) => void (isOver() || onEvent(path)) }
        this.#watchers.add(watcher)
        this.#world.after(this.#random.between(1, 500), () => {
          if (this.#watchers.has(watcher)) watcher.tell(folder)
        })
        return {
          close: () => {
            this.#watchers.delete(watcher)
            return Promise.resolve()
          },
        }
      },
    }
  }

  #latency(path: string): number {
    const { slowMs } = this.#machine.ailments
    if (slowMs === 0 || !path.startsWith(EXCHANGE)) return this.#random.between(0, 5)
    this.#world.seen('slow-folder')
    return this.#random.between(0, slowMs)
  }

  #mayFail(path: string, isWriting: boolean): void {
    const { ailments } = this.#machine
    const isShared = path.startsWith(EXCHANGE)
    if (isWriting && isShared && !this.#isOurs(path)) {
      this.#world.violated('I18', `${this.#machine.name} wrote ${path}, which is not its own.`)
    }
    if (isShared && isWriting && ailments.isUnplugged) throw errno('ENOENT')
    if (isWriting && ailments.isFull) throw errno('ENOSPC')
    if (isWriting && isShared && ailments.isReadOnly) throw errno('EROFS')
    const chance = isWriting ? ailments.writeErrors : ailments.readErrors
    if (chance > 0 && this.#random.chance(chance)) {
      this.#world.seen(isWriting ? 'write-error' : 'read-error')
      throw errno(this.#random.pick(['EIO', 'EACCES', 'EBUSY', 'EMFILE']))
    }
  }

  #isOurs(path: string): boolean {
    if (path === `${EXCHANGE}/steward-exchange.json` || path === `${EXCHANGE}/nodes`) return true
    const { id } = this.#machine
    const own = id === null ? null : `${EXCHANGE}/nodes/${id.slice('did:key:'.length)}`
    return own === null || path === own || path.startsWith(`${own}/`)
  }

  #list(folder: string, limit: number) {
    const entry = this.#machine.disk.at(folder)
    if (entry?.kind !== 'folder') return null
    const before = this.#listings.get(folder)
    const isStale = before !== undefined && this.#random.chance(this.#machine.ailments.staleListings)
    if (isStale) this.#world.seen('stale-listing')
    const entries = isStale ? before : entriesOf(entry.children)
    if (!isStale && folder.startsWith(EXCHANGE)) this.#listings.set(folder, entries)
    // No system promises an order.
    const shown = this.#random.shuffled(entries)
    return { entries: shown.slice(0, limit), notRead: Math.max(0, shown.length - limit) }
  }
}

function entriesOf(children: ReadonlyMap<string, DiskEntry>) {
  return [...children].map(([name, { kind }]) => ({ name, kind }))
}

function statOf(entry: DiskEntry | null) {
  if (entry === null) return null
  if (entry.kind === 'folder') return { kind: 'folder', sizeBytes: 0, mtimeNs: '0', blocks: 0 } as const
  return {
    kind: 'file',
    sizeBytes: entry.bytes.length,
    mtimeNs: entry.mtimeNs.toString(),
    blocks: blocksOf(entry),
  } as const
}

function blocksOf({ isHere, bytes }: DiskFile): number {
  return isHere ? Math.ceil(bytes.length / 512) : 0
}

function told(answer: unknown): string {
  if (answer === undefined) return 'ok'
  if (answer instanceof Uint8Array) return digestOf(answer)
  return JSON.stringify(answer) ?? 'undefined'
}

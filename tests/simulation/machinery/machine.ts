// One simulated machine: its disk, its clock, and the core that runs on it. Everything that the core asks of the machine is answered
// here, through the event queue, and may be the moment at which the power goes.
import { createHash } from 'node:crypto'
import { copyFileSync, existsSync, mkdirSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { createRouterClient } from '@orpc/server'
import type { NodeId } from '#core/contract/index.ts'
import { inlineVerification, type FolderAdapter, type TimerHandle, type Timers } from '#core/exchange/index.ts'
import { knownIds, openLedgerForReading, type ReadDb } from '#core/ledger/index.ts'
import { fingerprint } from '#core/network/index.ts'
import { createNode, type NodeDeps, type StewardNode } from '#core/node/index.ts'
import { openReportStore } from '#core/report/index.ts'
import { StewardError } from '#core/problem/index.ts'
import { instantAt } from '#tests/kit/nodes.ts'
import { Disk, errno, type DiskEntry, type DiskFile } from './disk.ts'
import type { QueuedEvent } from './event-queue.ts'
import type { Random } from './random.ts'

/** Where every machine has its copy of the exchange. */
export const EXCHANGE = '/exchange'

/** What a machine asks of the world that it is in. */
export interface Surroundings {
  readonly nowMs: number
  after(delayMs: number, run: () => void): QueuedEvent
  cancel(event: QueuedEvent): void
  log(line: string): void
  seen(path: string): void
  /** What must never be has happened. */
  violated(invariant: string, what: string): void
}

/** What is wrong with a machine now. Each fault family adds its own and takes it away again. */
export interface Ailments {
  /** Chance that a call to the folder fails. */
  readErrors: number
  writeErrors: number
  isFull: boolean
  isReadOnly: boolean
  isUnplugged: boolean
  /** The folder is listed as it was some time ago. */
  staleListings: number
  /** Changes are not told. */
  lostEvents: number
}

export const HEALTHY: Ailments = {
  readErrors: 0,
  writeErrors: 0,
  isFull: false,
  isReadOnly: false,
  isUnplugged: false,
  staleListings: 0,
  lostEvents: 0,
}

export type StewardClient = ReturnType<typeof clientOf>

function clientOf(node: StewardNode) {
  return createRouterClient(node.router)
}

/** One run of a core, from its start to its stop or its crash. */
export interface Life {
  readonly number: number
  readonly node: StewardNode
  readonly steward: StewardClient
  isOver: boolean
  /** Calls that are under way; at a crash they fail into a core that nobody hears any more. */
  readonly pending: Set<(error: Error) => void>
  readonly timers: Set<QueuedEvent>
  /** What goes on as soon as others had their turn. */
  readonly rests: Map<QueuedEvent, () => void>
}

/** The power fails at a call of this number. */
interface PowerCut {
  callsLeft: number
  readonly happens: () => void
}

export class Machine {
  readonly index: number
  readonly name: string
  readonly disk = new Disk()
  /** Small files of the data folder. */
  readonly home = new Map<string, Uint8Array>()
  readonly folder: string
  ailments: Ailments = { ...HEALTHY }
  /** How far its clock is off the world's. */
  clockOffMs = 0
  /** Milliseconds that it gains in a second. */
  driftMs = 0
  id: NodeId | null = null
  life: Life | null = null
  /** What the core called its own fault. */
  readonly bugs: unknown[] = []
  /** It did something since somebody looked at its ledger. */
  wasTouched = false
  /** An honest node's key is used here and nowhere else. */
  isHonest = true
  /** Another machine works with the same key. */
  isTwin = false
  #lives = 0
  #calls = 0
  #cut: PowerCut | null = null
  #reader: { readonly read: ReadDb; close(): void } | null = null
  readonly #world: Surroundings
  readonly #random: Random
  readonly #watchers = new Set<{ readonly wants: (path: string) => boolean; readonly tell: (path: string) => void }>()
  /** Listings as they were, for a drive that shows them late. */
  readonly #listings = new Map<string, ReturnType<typeof entriesOf>>()

  constructor(index: number, root: string, world: Surroundings, random: Random) {
    this.index = index
    this.name = `m${index}`
    this.folder = join(root, this.name)
    this.#world = world
    this.#random = random
    mkdirSync(this.folder, { recursive: true })
    this.disk.makeFolders(EXCHANGE)
    this.disk.makeFolders(this.folder)
    this.disk.onChange((path, _file, hand) => {
      if (hand !== 'app' && path.startsWith(EXCHANGE)) this.#tellWatchers(path)
    })
  }

  get nowMs(): number {
    const { nowMs } = this.#world
    return Math.floor(nowMs + this.clockOffMs + (nowMs * this.driftMs) / 1000)
  }

  get isRunning(): boolean {
    return this.life !== null
  }

  get ledgerFile(): string {
    return join(this.folder, 'ledger.sqlite')
  }

  /** The ledger as somebody else reads it; null before there is one. */
  get ledger(): ReadDb | null {
    if (this.#reader === null && existsSync(this.ledgerFile)) this.#reader = openLedgerForReading(this.ledgerFile)
    return this.#reader?.read ?? null
  }

  /** Starts a core on what the disk holds. */
  async start(): Promise<void> {
    if (this.life !== null) return
    const number = ++this.#lives
    const shell: { life: Life | null } = { life: null }
    const isOver = () => shell.life?.isOver === true
    const node = createNode(this.#deps(() => shell.life, isOver))
    const life: Life = {
      number,
      node,
      steward: clientOf(node),
      isOver: false,
      pending: new Set(),
      timers: new Set(),
      rests: new Map(),
    }
    shell.life = life
    this.life = life
    this.#world.log(`${this.name} starts (${number})`)
    try {
      await node.start()
    } catch (thrown) {
      if (life.isOver) return
      this.life = null
      throw thrown
    }
  }

  /** As a person closes the app: whatever is under way is finished. */
  async stop(): Promise<void> {
    const { life } = this
    if (life === null) return
    this.#world.log(`${this.name} stops`)
    await life.node.stop()
    if (life.isOver) return
    life.isOver = true
    this.life = null
    this.#watchers.clear()
    this.closeReader()
  }

  /**
   * The power goes: what the disk holds in this moment is all that is left. The core itself goes on for a moment on a copy that nobody
   * looks at, so that it lets go of its file.
   */
  crash(keep: (file: string) => boolean = () => true): void {
    const { life } = this
    if (life === null) return
    this.#world.log(`${this.name} crashes`)
    this.#world.seen('crash')
    this.closeReader()
    const left = this.#copyLedger('left', keep)
    life.isOver = true
    this.life = null
    this.#cut = null
    this.#watchers.clear()
    for (const timer of life.timers) this.#world.cancel(timer)
    for (const run of life.rests.values()) queueMicrotask(run)
    for (const fail of life.pending) fail(errno('EIO'))
    void life.node.stop().then(
      () => this.#putLedgerBack(left),
      () => this.#putLedgerBack(left),
    )
  }

  /** The power goes at the `calls`-th time that the core asks the machine for something. */
  crashAtCall(calls: number, happens: () => void): void {
    this.#cut = { callsLeft: calls, happens }
  }

  /** No power cut comes any more. */
  stayOn(): void {
    this.#cut = null
  }

  /** A copy of the ledger as it lies on the disk, under another name. */
  backUpLedger(name: string): void {
    this.#copyLedger(name, () => true)
  }

  /** Puts a copy in the place of the ledger; nothing must be running. */
  restoreLedger(name: string): boolean {
    if (this.life !== null || !existsSync(join(this.folder, `${name}.ledger.sqlite`))) return false
    this.closeReader()
    for (const file of LEDGER_FILES) rmSync(join(this.folder, file), { force: true })
    for (const file of LEDGER_FILES) {
      const copy = join(this.folder, `${name}.${file}`)
      if (existsSync(copy)) copyFileSync(copy, join(this.folder, file))
    }
    return true
  }

  /** What this node would say of the network; null before it has a ledger. */
  fingerprint(): string | null {
    return this.ledger === null ? null : fingerprint(this.ledger).fingerprint
  }

  closeReader(): void {
    this.#reader?.close()
    this.#reader = null
  }

  #copyLedger(name: string, keep: (file: string) => boolean): string {
    for (const file of LEDGER_FILES) {
      const copy = join(this.folder, `${name}.${file}`)
      rmSync(copy, { force: true })
      if (keep(file) && existsSync(join(this.folder, file))) copyFileSync(join(this.folder, file), copy)
    }
    return name
  }

  #putLedgerBack(name: string): void {
    for (const file of [...LEDGER_FILES, 'ledger.sqlite-shm']) {
      rmSync(join(this.folder, file), { force: true })
      const copy = join(this.folder, `${name}.${file}`)
      if (existsSync(copy)) renameSync(copy, join(this.folder, file))
    }
  }

  #tellWatchers(path: string): void {
    if (this.#random.chance(this.ailments.lostEvents)) return this.#world.seen('event-lost')
    for (const watcher of this.#watchers) {
      if (watcher.wants(path)) this.#world.after(this.#random.between(1, 200), () => watcher.tell(path))
    }
  }

  /** Counts a call of the core on the machine; the power may fail with it. */
  #called(life: Life | null): void {
    this.#calls++
    this.wasTouched = true
    const cut = this.#cut
    if (cut === null || life === null || life.isOver || --cut.callsLeft > 0) return
    this.#cut = null
    cut.happens()
  }

  #deps(lifeNow: () => Life | null, isOver: () => boolean): NodeDeps {
    const clock = () => {
      this.#called(lifeNow())
      return instantAt(this.nowMs)
    }
    const folders = this.#folders(lifeNow, isOver)
    return {
      home: this.#homeAdapter(isOver),
      openHome: () => {
        throw new Error('No sample network is simulated.')
      },
      host: 'desktop',
      version: '0.0.0-simulated',
      clock,
      timers: this.#timers(lifeNow, isOver),
      randomBytes: (count) => this.#random.bytes(count),
      keychain: {
        seal: (secret) => Promise.resolve(Uint8Array.from(secret)),
        open: (sealed) => Promise.resolve({ secret: Uint8Array.from(sealed), reseal: false }),
      },
      folders,
      openReports: (folder) => openReportStore(folder),
      userFolder: '/',
      verification: () =>
        inlineVerification({
          folders,
          known: (ids) => (isOver() || this.ledger === null ? new Set() : knownIds(this.ledger, ids)),
          clock: () => instantAt(this.nowMs),
        }),
      sample: null,
      onBug: (thrown) => {
        if (isOver()) return
        this.bugs.push(thrown)
        this.#world.log(`${this.name} bug ${String(thrown)}`)
        if (!(thrown instanceof StewardError)) {
          const trace = thrown instanceof Error ? thrown.stack : undefined
          this.#world.violated('own-fault', `${this.name} met a fault of its own: ${trace ?? String(thrown)}`)
        }
      },
      background: true,
    }
  }

  #homeAdapter(isOver: () => boolean): NodeDeps['home'] {
    const path = (name: string) => join(this.folder, name)
    const mayWrite = () => {
      if (isOver() || this.ailments.isFull) {
        throw new StewardError({
          code: 'HOME_UNWRITABLE',
          happened: 'There is no space left for the data folder.',
          kept: 'What was there before is unchanged.',
          remedy: 'Free some space on that disk, then try again.',
        })
      }
    }
    return {
      folder: this.folder,
      path,
      read: (name) => this.home.get(name) ?? null,
      write: (name, bytes) => {
        mayWrite()
        this.home.set(name, Uint8Array.from(bytes))
        this.#world.log(`${this.name} home ${name} ${digestOf(bytes)}`)
      },
      remove: (name) => void this.home.delete(name),
      writeAt: () => {
        throw new Error('No upload is simulated.')
      },
      moveIn: () => undefined,
    }
  }

  #timers(lifeNow: () => Life | null, isOver: () => boolean): Timers {
    // A life that is over only ends what it has begun: what rests between two steps goes on at once, whatever is later never comes.
    const once = (run: () => void, delayMs: number): TimerHandle => {
      const life = lifeNow()
      if (isOver() || life === null) {
        if (delayMs === 0) queueMicrotask(run)
        return 0
      }
      const event = this.#world.after(delayMs, () => {
        life.timers.delete(event)
        life.rests.delete(event)
        if (!life.isOver) run()
      })
      life.timers.add(event)
      if (delayMs === 0) life.rests.set(event, run)
      return handleOf(event)
    }
    const clear = (handle: TimerHandle) => {
      const event = eventOf(handle)
      if (event === null) return
      this.#world.cancel(event)
      lifeNow()?.timers.delete(event)
      lifeNow()?.rests.delete(event)
    }
    return {
      setTimeout: once,
      clearTimeout: clear,
      setInterval: (run, everyMs) => {
        const again = { handle: handleOf(this.#world.after(everyMs, () => tick())) }
        const tick = () => {
          if (isOver() || lifeNow() === null || intervals.get(again) === 'cleared') return
          again.handle = handleOf(this.#world.after(everyMs, () => tick()))
          run()
        }
        return handleOf(again)
      },
      clearInterval: (handle) => {
        const again = eventOf(handle)
        if (again !== null) intervals.set(again, 'cleared')
      },
    }
  }

  #folders(lifeNow: () => Life | null, isOver: () => boolean): FolderAdapter {
    const isAway = (path: string) => this.ailments.isUnplugged && path.startsWith(EXCHANGE)
    const call = <T>(what: string, path: string, isWriting: boolean, work: () => T): Promise<T> => {
      const life = lifeNow()
      if (isOver() || life === null) return Promise.reject(errno('EIO'))
      return new Promise<T>((resolve, reject) => {
        const fail = (error: Error) => reject(error)
        life.pending.add(fail)
        this.#world.after(this.#latency(), () => {
          if (!life.pending.delete(fail) || life.isOver) return
          // Before what was asked is done, or after it: the power may fail at both.
          const isBefore = this.#random.chance(0.5)
          if (isBefore) this.#called(life)
          if (life.isOver) return
          try {
            this.#mayFail(path, isWriting)
            const answer = work()
            this.#world.log(`${this.name} ${what} ${path} ${told(answer)}`)
            if (!isBefore) this.#called(life)
            resolve(answer)
          } catch (error) {
            this.#world.log(`${this.name} ${what} ${path} ${String(error)}`)
            reject(error instanceof Error ? error : errno('EIO'))
          }
        })
      })
    }
    const { disk } = this
    const write = (path: string, bytes: Uint8Array) =>
      call('write', path, true, () => {
        disk.put(path, { bytes: Uint8Array.from(bytes), mtimeNs: this.mtimeNs() }, 'app')
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
          disk.put(to, { bytes: file.bytes, mtimeNs: this.mtimeNs() }, 'app')
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
      mayWrite: (folder) => call('mayWrite', folder, false, () => !this.ailments.isReadOnly),
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

  /** File times of this machine: no two writes have the same. */
  mtimeNs(): bigint {
    return BigInt(this.nowMs) * 1_000_000n + BigInt(this.#calls++ % 1_000_000)
  }

  #latency(): number {
    return this.#random.between(0, 5)
  }

  #mayFail(path: string, isWriting: boolean): void {
    const { ailments } = this
    const isShared = path.startsWith(EXCHANGE)
    if (isWriting && isShared && !this.#isOurs(path)) {
      this.#world.violated('I18', `${this.name} wrote ${path}, which is not its own.`)
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
    const own = this.id === null ? null : `${EXCHANGE}/nodes/${this.id.slice('did:key:'.length)}`
    return own === null || path === own || path.startsWith(`${own}/`)
  }

  #list(folder: string, limit: number) {
    const entry = this.disk.at(folder)
    if (entry?.kind !== 'folder') return null
    const before = this.#listings.get(folder)
    const isStale = before !== undefined && this.#random.chance(this.ailments.staleListings)
    if (isStale) this.#world.seen('stale-listing')
    const entries = isStale ? before : entriesOf(entry.children)
    if (!isStale && folder.startsWith(EXCHANGE)) this.#listings.set(folder, entries)
    // No system promises an order.
    const shown = this.#random.shuffled(entries)
    return { entries: shown.slice(0, limit), notRead: Math.max(0, shown.length - limit) }
  }
}

const LEDGER_FILES = ['ledger.sqlite', 'ledger.sqlite-wal']

// Timers hands out handles that are opaque to core, so that the simulator's own may hide behind them.
function handleOf(event: object): TimerHandle {
  return event as unknown as TimerHandle
}

function eventOf(handle: TimerHandle): QueuedEvent | null {
  return typeof handle === 'object' ? (handle as unknown as QueuedEvent) : null
}

const intervals = new WeakMap<object, 'cleared'>()

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

function digestOf(bytes: Uint8Array): string {
  return `${bytes.length}:${createHash('sha1').update(bytes).digest('hex').slice(0, 8)}`
}

// One simulated machine: its disk, its clock, and the core that runs on it. Everything that the core asks of the machine is answered
// here, through the event queue, and may be the moment at which the power goes; so may each statement of its ledger.
import { copyFileSync, existsSync, mkdirSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { NodeId } from '#core/contract/index.ts'
import { inlineVerification } from '#core/exchange/index.ts'
import { knownAmong, openLedgerForReading, type ReadDb } from '#core/ledger/index.ts'
import { fingerprint } from '#core/network/index.ts'
import { createNode, type NodeDeps } from '#core/node/index.ts'
import { StewardError } from '#core/problem/index.ts'
import { openReportStore } from '#core/report/index.ts'
import { openNodeFolder } from '#core/teof/index.ts'
import { instantAt } from '#tests/kit/nodes.ts'
import { BUNDLES, simulatedBundles } from './bundle-files.ts'
import { digestOf } from './digest.ts'
import { Disk, errno } from './disk.ts'
import { LedgerAilments } from './ledger-ailments.ts'
import { lieNoLongerUnder, lieUnder } from './ledger-disk.ts'
import { clientOf, type Life, type LifeTimes } from './life.ts'
import { MachineFolder } from './machine-folder.ts'
import type { Random } from './random.ts'
import { EXCHANGE, HEALTHY, type Ailments, type Surroundings } from './surroundings.ts'
import { simulatedTimers } from './timers.ts'

/** Where the power may fail; `call` is one to the clock or the folder. */
export const POWER_POINTS = [
  'call',
  'statement',
  'before-commit',
  'after-commit',
  'home',
  'keychain',
  'randomness',
  'timer',
] as const
export type PowerPoint = (typeof POWER_POINTS)[number]

/** The power fails when this point is reached so often. */
interface PowerCut {
  readonly point: PowerPoint
  left: number
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
  /** Its ledger was put back from a copy that was older than it. */
  wasPutBack = false
  #lives = 0
  #calls = 0
  #cut: PowerCut | null = null
  #reader: { readonly read: ReadDb; close(): void } | null = null
  /** The power is gone and the core still holds the file that it had. */
  #isDying = false
  readonly #world: Surroundings
  readonly #random: Random
  readonly #grainNs: bigint
  readonly #shared: MachineFolder
  readonly #disk: LedgerAilments

  constructor(index: number, root: string, world: Surroundings, random: Random) {
    this.index = index
    this.name = `m${index}`
    this.folder = join(root, this.name)
    this.#world = world
    this.#random = random
    this.#grainNs = random.fork('file times').pick(GRAINS_NS)
    this.#shared = new MachineFolder(this, world, random)
    mkdirSync(this.folder, { recursive: true })
    this.#disk = new LedgerAilments(random.fork('ledger'), world)
    lieUnder(this.ledgerFile, {
      before: (asked, connection) => {
        const { life } = this
        if (life === null) return
        if (asked === 'commit') this.reached('before-commit', life)
        if (asked !== 'read') this.reached('statement', life)
        if (!life.isOver) this.#disk.mayFail(asked, connection, this.ailments)
      },
      after: (asked) => {
        if (asked === 'commit') this.wasTouched = true
        if (asked === 'commit') this.reached('after-commit', this.life)
        if (asked !== 'read') this.reached('statement', this.life)
      },
    })
    this.disk.makeFolders(EXCHANGE)
    this.disk.makeFolders(this.folder)
    this.disk.makeFolders(BUNDLES)
    this.disk.onChange((path, _file, hand) => {
      if (hand !== 'app' && path.startsWith(EXCHANGE)) this.#shared.tellWatchers(path)
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
    if (this.#isDying) return null
    if (this.#reader === null && existsSync(this.ledgerFile)) this.#reader = openLedgerForReading(this.ledgerFile)
    return this.#reader?.read ?? null
  }

  /** Starts a core on what the disk holds. */
  async start(): Promise<void> {
    if (this.life !== null) return
    const number = ++this.#lives
    const shell: { life: Life | null } = { life: null }
    const isOver = () => shell.life?.isOver === true
    const node = createNode(this.#deps({ now: () => shell.life, isOver }))
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
    this.#shared.unwatch()
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
    this.closeReader()
    const left = this.#copyLedger('left', keep)
    this.#isDying = true
    life.isOver = true
    this.life = null
    this.#cut = null
    this.#shared.unwatch()
    for (const timer of life.timers) this.#world.cancel(timer)
    for (const run of life.rests.values()) queueMicrotask(run)
    for (const fail of life.pending) fail(errno('EIO'))
    void life.node.stop().then(
      () => this.#putLedgerBack(left),
      () => this.#putLedgerBack(left),
    )
  }

  /** The power goes when the core reaches such a point for the `count`-th time. */
  crashAt(point: PowerPoint, count: number, happens: () => void): void {
    this.#cut = { point, left: count, happens }
  }

  /** It is never started again. */
  forget(): void {
    this.closeReader()
    lieNoLongerUnder(this.ledgerFile)
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
    this.closeReader()
    this.#isDying = false
    for (const file of [...LEDGER_FILES, 'ledger.sqlite-shm']) {
      rmSync(join(this.folder, file), { force: true })
      const copy = join(this.folder, `${name}.${file}`)
      if (existsSync(copy)) renameSync(copy, join(this.folder, file))
    }
  }

  /** Counts a call of the core on the machine; the power may fail with it. */
  called(life: Life | null): void {
    this.#calls++
    this.wasTouched = true
    this.reached('call', life)
  }

  /** The power may fail here. */
  reached(point: PowerPoint, life: Life | null): void {
    const cut = this.#cut
    if (cut === null || cut.point !== point || life === null || life.isOver || --cut.left > 0) return
    this.#cut = null
    this.#world.seen(`power-cut at ${point}`)
    cut.happens()
  }

  #deps(life: LifeTimes): NodeDeps {
    const { isOver } = life
    const clock = () => {
      this.called(life.now())
      return instantAt(this.nowMs)
    }
    const folders = this.#shared.adapter(life)
    const point = (name: PowerPoint) => this.reached(name, life.now())
    const around = <T>(name: PowerPoint, work: () => T): T => {
      point(name)
      const answer = work()
      point(name)
      return answer
    }
    return {
      home: this.#homeAdapter(isOver, (work) => around('home', work)),
      openHome: () => {
        throw new Error('No sample network is simulated.')
      },
      host: 'desktop',
      version: '0.0.0-simulated',
      runtime: { node: 'simulated', napi: 'simulated', platform: 'simulated', arch: 'simulated' },
      clock,
      timers: simulatedTimers(this.#world, life, () => point('timer')),
      randomBytes: (count) => around('randomness', () => this.#random.bytes(count)),
      keychain: {
        seal: (secret) => around('keychain', () => Promise.resolve(Uint8Array.from(secret))),
        open: (sealed) => around('keychain', () => Promise.resolve({ secret: Uint8Array.from(sealed), reseal: false })),
      },
      // Stretching a passphrase takes a second, and draws randomness that no seed gives.
      sealUnderPassphrase: () => Promise.reject(new Error('No passphrase is simulated.')),
      folders,
      openReports: (folder) => openReportStore(folder),
      bundleFiles: simulatedBundles(folders),
      openDirectory: openNodeFolder,
      userFolder: '/',
      verification: () =>
        inlineVerification({
          folders,
          known: (candidates) => (isOver() || this.ledger === null ? new Set() : knownAmong(this.ledger, candidates)),
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

  #homeAdapter(isOver: () => boolean, around: <T>(work: () => T) => T): NodeDeps['home'] {
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
      read: (name) => around(() => this.home.get(name) ?? null),
      write: (name, bytes) => {
        around(() => {
          mayWrite()
          this.home.set(name, Uint8Array.from(bytes))
          this.#world.log(`${this.name} home ${name} ${digestOf(bytes)}`)
        })
      },
      remove: (name) => {
        around(() => {
          if (!isOver()) this.home.delete(name)
        })
      },
      writeAt: () => {
        throw new Error('No upload is simulated.')
      },
      moveIn: () => undefined,
    }
  }

  /** File times of this machine, as fine as its drive keeps them: two writes may well have the same. */
  mtimeNs(): bigint {
    const timeNs = BigInt(this.nowMs) * 1_000_000n + BigInt(this.#calls++ % 1_000_000)
    return timeNs - (timeNs % this.#grainNs)
  }
}

/** In which steps drives keep times: those of today, some network shares, FAT. */
const GRAINS_NS = [1n, 1_000_000_000n, 2_000_000_000n]
const LEDGER_FILES = ['ledger.sqlite', 'ledger.sqlite-wal']

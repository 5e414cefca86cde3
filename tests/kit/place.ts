// Whole nodes in a temporary place: real cores on real folders, asked through the contract as a host asks them. Clock, randomness and
// keychain are the test's; signatures, SQLite and files are the app's own.
import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createRouterClient } from '@orpc/server'
import { bundleFiles } from '#core/bundles/index.ts'
import type { ConflictSummary, Instant, Json, NodeId, ReceiptId } from '#core/contract/index.ts'
import { inlineVerification, nodeFolderAdapter, systemTimers, type FolderAdapter } from '#core/exchange/index.ts'
import { createNode, openHome, sealWithAge, type Keychain, type NodeDeps, type StewardNode } from '#core/node/index.ts'
import { openReportStore } from '#core/report/index.ts'
import { openNodeFolder } from '#core/teof/index.ts'
import { instantAt, START } from './nodes.ts'

export type StewardClient = ReturnType<typeof clientOf>

export interface CoreWish extends Partial<
  Pick<NodeDeps, 'background' | 'keychain' | 'sample' | 'host' | 'folders' | 'timers'>
> {
  /** How far its clock is off the place's. */
  readonly clockOffMs?: number
}

/** One temporary folder for a test: data folders, an exchange, and a clock that only the test moves. */
export class Place implements AsyncDisposable {
  readonly folder = mkdtempSync(join(tmpdir(), 'steward-place-'))
  readonly exchange = join(this.folder, 'exchange')
  nowMs = START
  readonly #cores = new Set<Core>()

  constructor() {
    mkdirSync(this.exchange)
  }

  get now(): Instant {
    return instantAt(this.nowMs)
  }

  pass(ms: number): void {
    this.nowMs += ms
  }

  home(name: string): string {
    return join(this.folder, name)
  }

  /** A core on a data folder of this name; there may be no node in it yet. */
  async core(name: string, wish: CoreWish = {}): Promise<Core> {
    const core = await Core.start(this, name, wish)
    this.#cores.add(core)
    return core
  }

  /** A new node with a key in memory, in the shared exchange; the first one founds the network. */
  async node(name: string, wish: CoreWish & { readonly exchange?: string | null } = {}): Promise<Core> {
    const core = await this.core(name, wish)
    const { exchange = this.exchange } = wish
    await core.steward.node.create({ name, passphrase: null, exchange, networkName: `network of ${name}` })
    return core
  }

  /** Nodes that belong to one network and know of each other, one for each name. */
  async network<const Names extends readonly string[]>(
    ...names: Names
  ): Promise<{ -readonly [Name in keyof Names]: Core }> {
    const cores: Core[] = []
    for (const name of names) {
      const core = await this.node(name)
      await core.sync()
      cores.push(core)
    }
    const [first, ...others] = cores
    if (first === undefined) throw new Error('A network has a founder.')
    await first.sync()
    for (const other of others) await first.admit(other.id)
    await this.settle(cores)
    // One was pushed for each name.
    return cores as { -readonly [Name in keyof Names]: Core }
  }

  /** As many passes as it takes for everybody to have heard what everybody has heard. */
  async settle(cores: readonly Core[]): Promise<void> {
    for (let round = 0; round < 3; round++) for (const core of cores) await core.sync()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const core of this.#cores) await core.stop()
    rmSync(this.folder, { recursive: true, force: true })
  }
}

/** One core and the client that drives it; survives its own restarts. */
export class Core {
  readonly place: Place
  readonly name: string
  readonly bugs: unknown[] = []
  readonly keychain: Keychain | null
  clockOffMs: number
  #wish: CoreWish
  #node: StewardNode
  #steward: StewardClient
  #id: NodeId | null = null
  #random = 0

  static async start(place: Place, name: string, wish: CoreWish): Promise<Core> {
    const core = new Core(place, name, wish)
    await core.#start()
    return core
  }

  private constructor(place: Place, name: string, wish: CoreWish) {
    this.place = place
    this.name = name
    this.keychain = wish.keychain === undefined ? memoryKeychain() : wish.keychain
    this.clockOffMs = wish.clockOffMs ?? 0
    this.#wish = wish
    this.#node = createNode(this.#deps())
    this.#steward = clientOf(this.#node)
  }

  get steward(): StewardClient {
    return this.#steward
  }

  /** What a host hands to whoever connects; of the core that runs now. */
  get router(): StewardNode['router'] {
    return this.#node.router
  }

  get id(): NodeId {
    if (this.#id === null) throw new Error(`${this.name} is no node yet`)
    return this.#id
  }

  get home(): string {
    return this.place.home(this.name)
  }

  async sync() {
    const report = await this.steward.exchange.sync({})
    this.#id ??= (await this.steward.app.state({})).node?.id ?? null
    return report
  }

  async admit(node: NodeId): Promise<ReceiptId> {
    return (await this.steward.network.admit({ node })).id
  }

  async observe(subject: string, body: Json, task: string | null = null): Promise<ReceiptId> {
    this.place.pass(1000)
    const content = { type: 'body' as const, body }
    const { id } = await this.steward.receipts.sign({ kind: 'evidence/observed', subject, task, anchor: null, content })
    return id
  }

  async conflicts(status: 'open' | 'settled' | 'all' = 'open'): Promise<ConflictSummary[]> {
    const { items } = await this.steward.conflicts.list({ filter: { status }, sort: 'severity', limit: 200 })
    return items
  }

  async fingerprint(): Promise<string> {
    return (await this.steward.network.get({})).fingerprint
  }

  /** As the system does it: the core goes and another one comes on the same data folder. */
  async restart(wish: CoreWish = this.#wish): Promise<void> {
    await this.stop()
    this.#wish = wish
    this.#node = createNode(this.#deps())
    this.#steward = clientOf(this.#node)
    await this.#start()
  }

  stop(): Promise<void> {
    return this.#node.stop()
  }

  async #start(): Promise<void> {
    await this.#node.start()
    this.#id = (await this.steward.app.state({})).node?.id ?? null
  }

  #deps(): NodeDeps {
    const { background = false, sample = null, host = 'cli', timers = systemTimers() } = this.#wish
    const folders: FolderAdapter = this.#wish.folders ?? nodeFolderAdapter()
    const clock = () => instantAt(this.place.nowMs + this.clockOffMs)
    return {
      home: openHome(this.home),
      openHome,
      host,
      version: '0.0.0-test',
      runtime: { node: '24.0.0', napi: '10', platform: 'linux', arch: 'x64' },
      clock,
      timers,
      randomBytes: (count) => this.#bytes(count),
      keychain: this.keychain,
      sealUnderPassphrase: sealWithAge,
      folders,
      openReports: (folder) => openReportStore(folder),
      bundleFiles: bundleFiles(),
      openDirectory: openNodeFolder,
      userFolder: this.place.folder,
      verification: () => inlineVerification({ folders, known: () => new Set(), clock }),
      sample,
      onBug: (thrown) => void this.bugs.push(thrown),
      background,
    }
  }

  // From its name, so that a failing test fails alike again.
  #bytes(count: number): Uint8Array {
    const bytes = createHash('sha512')
      .update(`${this.name} ${this.#random++}`)
      .digest()
    return Uint8Array.from(bytes.subarray(0, count))
  }
}

function clientOf(node: StewardNode) {
  return createRouterClient(node.router)
}

/** Keeps the key in memory for as long as the test runs: no passphrase has to be stretched. */
export function memoryKeychain(): Keychain {
  let kept = new Uint8Array()
  return {
    seal(secret) {
      kept = Uint8Array.from(secret)
      return Promise.resolve(new Uint8Array([1]))
    },
    open: () => Promise.resolve({ secret: kept, reseal: false }),
  }
}

/** The four sentences that a call was refused with; throws where it was not refused. */
export async function refusal(call: Promise<unknown>): Promise<{ readonly code: string; readonly happened: string }> {
  try {
    await call
  } catch (thrown) {
    // Every procedure's error carries a Problem; the tests of that are in problems.test.ts.
    const { data } = thrown as { data?: { code?: string; happened?: string; kept?: string; remedy?: string } }
    const { code, happened, kept, remedy } = data ?? {}
    if (code === undefined || happened === undefined || !kept || !remedy) throw thrown
    return { code, happened }
  }
  throw new Error('The call was not refused.')
}

// A shared folder in a temporary place, and nodes with real ledgers that meet in it.
import { cpSync, lstatSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'vitest'
import type { Instant, Json, NodeId, ReceiptId } from '#core/contract/index.ts'
import { features } from '#core/features.ts'
import {
  createBlobStore,
  createExchange,
  inlineVerification,
  nodeFolderAdapter,
  type BlobStore,
  type Exchange,
  type FolderAdapter,
  type Timers,
  type VerificationPool,
} from '#core/exchange/index.ts'
import { append, counters, feedTailOf, knownAmong, openLedger, type Ledger } from '#core/ledger/index.ts'
import {
  admitDraft,
  defaultPolicy,
  fingerprint,
  genesisDraft,
  networkName,
  policyHashInForce,
  profileDraft,
  setNetwork,
} from '#core/network/index.ts'
import { signReceipt, type Draft, type Signer, type VerifiedReceipt } from '#core/receipts/index.ts'
import { instantAt, signerFromSeed, START } from '#tests/kit/nodes.ts'

/** Timers that fire as soon as the program rests: time in these tests is a value, not a wait. */
const impatientTimers: Timers = {
  setTimeout: (run) => {
    const handle = setTimeout(run, 0)
    return handle
  },
  clearTimeout: (handle) => clearTimeout(handle),
  setInterval: (run, everyMs) => setInterval(run, everyMs),
  clearInterval: (handle) => clearInterval(handle),
}

export interface StewardWish {
  readonly name: string
  /** The folder that this node sees; nodes may see copies of one exchange. */
  readonly folder: string | null
  readonly files?: FolderAdapter
  /** The drive of the data folder. */
  readonly home?: FolderAdapter
  readonly verification?: (ledgerFile: string) => VerificationPool
  readonly timers?: Timers
  readonly ledgerFile?: string
  /** One that outlived the node that wrote it. */
  readonly ledger?: Ledger
  readonly seed?: string
}

/** One node: ledger, blobs and exchange, with a clock that a test turns. */
export class Steward {
  readonly name: string
  readonly id: NodeId
  readonly ledger: Ledger
  readonly exchange: Exchange
  readonly blobs: BlobStore
  readonly pool: VerificationPool
  readonly changes: string[] = []
  readonly bugs: unknown[] = []
  nowMs = START
  locked = false
  headKnown = true
  network: ReceiptId | null = null
  readonly #signer: Signer

  constructor(home: string, wish: StewardWish) {
    this.name = wish.name
    this.#signer = signerFromSeed(wish.seed ?? wish.name)
    this.id = this.#signer.node
    mkdirSync(home, { recursive: true })
    // A file only where other threads must see it; a ledger in memory is as real and spares the disk.
    const ledgerFile = wish.ledgerFile ?? (wish.verification === undefined ? ':memory:' : join(home, 'ledger.sqlite'))
    this.ledger =
      wish.ledger ?? openLedger({ file: ledgerFile, features, now: this.now(), backupDir: join(home, 'backups') })
    const files = wish.files ?? nodeFolderAdapter()
    this.blobs = createBlobStore(join(home, 'blobs'), wish.home ?? nodeFolderAdapter())
    this.pool =
      wish.verification?.(ledgerFile) ??
      inlineVerification({
        folders: files,
        known: (candidates) => knownAmong(this.ledger.read, candidates),
        clock: () => this.now(),
      })
    this.exchange = createExchange({
      node: this.id,
      ledger: this.ledger,
      blobs: this.blobs,
      folders: files,
      verification: this.pool,
      clock: () => this.now(),
      timers: wish.timers ?? impatientTimers,
      folder: wish.folder,
      signer: () => (this.locked ? null : this.#signer),
      mayPublish: () => this.headKnown,
      network: () =>
        this.network === null ? null : { id: this.network, name: networkName(this.ledger.read, this.network) },
      rescanSeconds: () => 60,
      onChange: (topics) => void this.changes.push(...topics),
      onBug: (thrown) => void this.bugs.push(thrown),
    })
  }

  now(): Instant {
    return instantAt(this.nowMs)
  }

  get seq(): number {
    return feedTailOf(this.ledger.read, this.id).seq
  }

  seqOf(other: { readonly id: NodeId }): number {
    return feedTailOf(this.ledger.read, other.id).seq
  }

  receipts(): number {
    return counters(this.ledger.read).receipts
  }

  fingerprint(): string {
    return fingerprint(this.ledger.read).fingerprint
  }

  joinNetwork(network: ReceiptId): this {
    this.network = network
    this.ledger.write(this.now(), (tx) => setNetwork(tx, network))
    return this
  }

  /** Founds a network of its own, with all of these as founders. */
  found(founders: readonly Steward[] = [this]): this {
    const draft = genesisDraft(
      'test network',
      founders.map(({ id }) => id),
      defaultPolicy,
    )
    this.joinNetwork(this.sign(draft).id)
    for (const founder of founders) if (founder !== this && this.network !== null) founder.joinNetwork(this.network)
    this.introduce()
    return this
  }

  introduce(): this {
    this.sign(profileDraft({ name: this.name }))
    return this
  }

  admit(other: { readonly id: NodeId }): VerifiedReceipt {
    return this.sign(admitDraft(other.id, policyHashInForce(this.ledger.read)))
  }

  observe(subject: string, body: { readonly [key: string]: Json } = { value: subject }): VerifiedReceipt {
    return this.sign({ kind: 'evidence/observed', subject, task: null, anchor: null, body })
  }

  observeMany(count: number, prefix = 'report'): this {
    this.ledger.write(this.now(), (tx) => {
      for (let index = 0; index < count; index++) {
        const tail = feedTailOf(tx, this.id)
        const [prev = null] = tail.idsAt(tail.seq)
        this.nowMs += 1
        const made = signReceipt(
          {
            kind: 'evidence/observed',
            subject: `${prefix}/${index}.json`,
            task: null,
            anchor: null,
            body: { value: index },
          },
          { seq: tail.seq + 1, prev, time: this.now() },
          this.#signer,
        )
        append(tx, made, { way: 'own', source: 'this node' })
      }
    })
    return this
  }

  sign(draft: Draft): VerifiedReceipt {
    this.nowMs += 1000
    return this.ledger.write(this.now(), (tx) => {
      const tail = feedTailOf(tx, this.id)
      const [prev = null] = tail.idsAt(tail.seq)
      const made = signReceipt(draft, { seq: tail.seq + 1, prev, time: this.now() }, this.#signer)
      append(tx, made, { way: 'own', source: 'this node' })
      return made
    })
  }

  sync() {
    return this.exchange.syncOnce()
  }

  async close(): Promise<void> {
    await this.exchange.stop()
    await this.pool.close()
    this.ledger.close()
  }
}

/** A temporary place with one exchange folder; everything in it is gone with it. */
export class SharedFolder implements AsyncDisposable {
  readonly root = mkdtempSync(join(tmpdir(), 'steward-exchange-'))
  readonly folder = join(this.root, 'exchange')
  readonly #stewards: Steward[] = []

  constructor() {
    mkdirSync(this.folder)
  }

  /** Another place for a copy of the exchange, or for a stick to be plugged into. */
  place(name: string): string {
    return join(this.root, name)
  }

  steward(name: string, wish: Partial<StewardWish> = {}): Steward {
    const home = this.place(`home-${name}-${this.#stewards.length}`)
    const steward = new Steward(home, { name, folder: this.folder, ...wish })
    this.#stewards.push(steward)
    return steward
  }

  /** Three nodes of one network, each admitted, everything exchanged. */
  async three(): Promise<[ada: Steward, ben: Steward, cleo: Steward]> {
    const [ada, ben, cleo] = [this.steward('ada'), this.steward('ben'), this.steward('cleo')]
    ada.found([ada, ben, cleo])
    ben.introduce()
    cleo.introduce()
    await settle([ada, ben, cleo])
    return [ada, ben, cleo]
  }

  /** Path inside the exchange of a file of a node. */
  pathOf(steward: { readonly id: NodeId }, ...names: string[]): string {
    return join(this.folder, 'nodes', steward.id.slice('did:key:'.length), ...names)
  }

  segmentsOf(steward: { readonly id: NodeId }): string[] {
    return readdirSync(this.pathOf(steward, 'feed')).toSorted()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const steward of this.#stewards) await steward.close()
    rmSync(this.root, { recursive: true, force: true })
  }
}

/** Syncs all until nobody has anything new: as many rounds as there are nodes, and one more. */
export async function settle(stewards: readonly Steward[]): Promise<void> {
  for (let round = 0; round <= stewards.length; round++) for (const steward of stewards) await steward.sync()
}

export function copyFolder(from: string, to: string): void {
  rmSync(to, { recursive: true, force: true })
  cpSync(from, to, { recursive: true, preserveTimestamps: true })
}

/** Every file below a folder with size and time: what a reader must leave as it is. */
export function snapshot(folder: string): string {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .map((entry) => {
      const path = join(entry.parentPath, entry.name)
      const { size, mtimeMs, mode } = lstatSync(path)
      return entry.isFile() ? `${path} ${size} ${mtimeMs} ${mode}` : path
    })
    .toSorted()
    .join('\n')
}

/** Vitest's own matchers are of type any; these are not. */
export function containing(part: string): unknown {
  return expect.stringContaining(part)
}

export function matching(pattern: RegExp): unknown {
  return expect.stringMatching(pattern)
}

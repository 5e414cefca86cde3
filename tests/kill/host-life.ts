// One node that lives through many kills of its host, so that what one left is what the next one meets. Beside it ben, who signs, and
// whose receipts reach it by bundles.
import { once } from 'node:events'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { Encrypter } from 'age-encryption'
import Database from 'better-sqlite3'
import { expect } from 'vitest'
import type { NodeId, ReceiptId } from '#core/contract/index.ts'
import { openKey, secretOf } from '#core/identity/index.ts'
import { knownIds, openLedgerForReading } from '#core/ledger/index.ts'
import { parseStoredLine } from '#core/receipts/index.ts'
import { PASSPHRASE, World, type Serving, type Steward } from '#tests/e2e/steward.ts'
import { nodeOf } from '#tests/e2e/three-nodes.ts'
import { Steward as InProcess } from '#tests/unit/exchange/shared-folder.ts'
import { backupsIn } from './backups.ts'
import type { BundledHost } from './bundled-host.ts'
import { examine, expectAll, expectSame, publishedBy } from './host-examination.ts'
import { HOST_POINTS, PLAN, type HostPlan, type HostPoint } from './host-points.ts'

const KILL_WITHIN_MS = 250
/** Beyond these a point is not reached in this life, such as a compaction where little has been published. */
const MOST_RECEIPTS = 40
const SIGNED_AT_ONCE = 3
/** Of one bundle: enough for each kill to be in the middle. */
const IMPORTED_AT_ONCE = 10

/** How often a point is drawn, where not once; to restore takes as long as five other cycles. */
const WEIGHT: Partial<Record<HostPoint, number>> = { 'in-restore': 0.4 }
/** How often a point is passed before the kill, at most, where not eight times: it is reached only so often in one start. */
const PATIENCE: Partial<Record<HostPoint, number>> = {
  'in-compaction': 1,
  'in-backup': 2,
  'in-migration': 2,
  'in-import': IMPORTED_AT_ONCE,
  'in-restore': 24,
}

export class HostLife implements AsyncDisposable {
  readonly #host: BundledHost
  readonly #random: () => number
  readonly #world: World
  readonly #node: NodeId
  readonly #keyFile: Uint8Array
  readonly #phraseFile: string
  readonly #ben: InProcess
  readonly #acknowledged = new Set<ReceiptId>()
  #ada: Steward
  #imports = 0
  #restores = 0

  static async begin(host: BundledHost, random: () => number): Promise<HostLife> {
    const world = new World(host)
    const serving = await world.node('ada')
    const node = await nodeOf(serving)
    const { phrase } = await serving.client.node.phrase({ passphrase: PASSPHRASE })
    const ben = beside(world, 'ben')
    await ben.introduce().sync()
    await serving.client.exchange.sync({})
    await serving.client.network.admit({ node: ben.id })
    await serving.client.exchange.sync({})
    await serving.stop()
    await ben.sync()
    const phraseFile = join(world.folder, 'phrase')
    writeFileSync(phraseFile, phrase.join(' '), { mode: 0o600 })
    const keyFile = await quickKeyFile(serving.steward)
    return new HostLife({ host, random, world, node, keyFile, phraseFile, ben, ada: serving.steward })
  }

  private constructor(begun: {
    readonly host: BundledHost
    readonly random: () => number
    readonly world: World
    readonly node: NodeId
    readonly keyFile: Uint8Array
    readonly phraseFile: string
    readonly ben: InProcess
    readonly ada: Steward
  }) {
    this.#host = begun.host
    this.#random = begun.random
    this.#world = begun.world
    this.#node = begun.node
    this.#keyFile = begun.keyFile
    this.#phraseFile = begun.phraseFile
    this.#ben = begun.ben
    this.#ada = begun.ada
    this.#openQuickly()
  }

  /** How many receipts were said to be kept. */
  get acknowledged(): number {
    return this.#acknowledged.size
  }

  /** Answers at which point, or while what, the host was killed. */
  async liveOnce(): Promise<string> {
    const dice = this.#random()
    const where = this.#random()
    const point = pointAt(where)
    const patience = Math.floor(this.#random() * (PATIENCE[point] ?? 8))
    const afterMs = this.#random() * KILL_WITHIN_MS
    const killed =
      dice < 0.12
        ? await this.#killStarting(afterMs * 3)
        : dice < 0.32
          ? await this.#killSigning(afterMs)
          : await this.#killAt({ point, patience, does: 'kill' })
    await examine(this.#ada.home, this.#world.exchange, this.#node, this.#acknowledged)
    return killed
  }

  /** Another node that never saw the folder before reads the same out of it. */
  async end(): Promise<void> {
    await this.#publishAll()
    const reader = beside(this.#world, 'reader')
    try {
      await expectSame(reader, this.#ada.home, this.#node)
    } finally {
      await reader.close()
    }
  }

  async #killStarting(afterMs: number): Promise<string> {
    const starting = this.#ada.begin()
    const kill = setTimeout(() => void starting.kill(), afterMs)
    const isReady = await isReadyOnce(starting)
    clearTimeout(kill)
    await starting.kill()
    return isReady ? 'once started' : 'while starting'
  }

  async #killSigning(afterMs: number): Promise<string> {
    const serving = await this.#ada.serve()
    setTimeout(() => void serving.kill(), afterMs)
    await this.#signUntilItEnds(serving, Infinity)
    return 'while signing'
  }

  async #killAt(plan: HostPlan): Promise<string> {
    if (plan.point === 'in-restore') return this.#killRestoring(plan)
    if (plan.point === 'in-backup' || plan.point === 'in-migration') makeEarlier(join(this.#ada.home, 'ledger.sqlite'))
    const serving = this.#ada.begin(this.#planned(plan))
    if (await isReadyOnce(serving)) {
      if (plan.point === 'in-import') await this.#importUntilItEnds(serving)
      else await this.#signUntilItEnds(serving, MOST_RECEIPTS)
    }
    const byItself = serving.hasEnded
    await serving.kill()
    if (byItself && plan.point === 'in-migration') this.#expectBackup()
    return byItself ? plan.point : 'while idle'
  }

  /** The machine is lost, and the node comes back on another one, which is killed over it; from then on it lives there. */
  async #killRestoring(plan: HostPlan): Promise<string> {
    await this.#publishAll()
    this.#ada = this.#world.home(`ada-${++this.#restores}`)
    const wish = ['restore', '--name', 'ada', '--phrase-file', this.#phraseFile, '--exchange', this.#world.exchange]
    const restoring = this.#ada.command(wish, this.#planned(plan))
    await once(restoring, 'close')
    // Whoever sees a node there starts it; whoever does not, asks for it again.
    if (!existsSync(join(this.#ada.home, 'node.json'))) await this.#ada.run(...wish)
    this.#openQuickly()
    const serving = await this.#ada.serve()
    await serving.client.exchange.sync({})
    await expectReady(serving, this.#node)
    this.#acknowledged.add(await sign(serving, this.#restores))
    await serving.kill()
    return restoring.signalCode === 'SIGKILL' ? plan.point : 'once restored'
  }

  /** Everything that was acknowledged lies in the folder, and what lies there is here. */
  async #publishAll(): Promise<void> {
    this.#ben.nowMs = Date.now()
    await this.#ben.sync()
    await this.#ada.run('sync')
    const { exchange } = this.#world
    const published = new Set([this.#node, this.#ben.id].flatMap((node) => publishedBy(exchange, node).ids))
    expectAll(this.#acknowledged, published)
  }

  #planned(plan: HostPlan) {
    return { nodeOptions: ['--import', this.#host.points], env: { [PLAN]: JSON.stringify(plan) } }
  }

  #signUntilItEnds(serving: Serving, most: number): Promise<void> {
    return untilItEnds(serving, async () => {
      for (let count = 0; count < most; count++) {
        this.#acknowledged.add(await sign(serving, count))
        // What is signed without a pause is published in one piece; points of publishing are to be passed more often.
        if ((count + 1) % SIGNED_AT_ONCE === 0) await serving.client.exchange.sync({})
      }
    })
  }

  async #importUntilItEnds(serving: Serving): Promise<void> {
    const { read } = this.#ben.ledger
    this.#ben.nowMs = Date.now()
    this.#ben.observeMany(IMPORTED_AT_ONCE, `import ${++this.#imports}`)
    const lines = read.prepare<[], string>('SELECT line FROM receipt ORDER BY arrival').pluck().all()
    const own = lines.map((line) => parseStoredLine(line)).filter(({ receipt }) => receipt.node === this.#ben.id)
    const bundle = join(this.#world.folder, `bundle-${this.#imports}`)
    mkdirSync(bundle)
    writeFileSync(join(bundle, 'receipts.jsonl'), own.map(({ line }) => `${line}\n`).join(''))
    await untilItEnds(serving, async () => {
      const { bundles } = serving.client
      const { id } = await bundles.inspect({ from: { type: 'paths', paths: [bundle] } })
      await stepAfter(serving, 'reading')
      await bundles.import({ id })
      expectDone(await stepAfter(serving, 'importing'))
      for (const receipt of own) this.#acknowledged.add(receipt.id)
    })
    // Cut off in the middle, it leaves no trace; afterwards it is whole.
    const ledger = openLedgerForReading(join(this.#ada.home, 'ledger.sqlite'))
    const isNew = own.slice(-IMPORTED_AT_ONCE).map(({ id }) => id)
    const known = knownIds(ledger.read, isNew).size
    ledger.close()
    expectOneOf([0, isNew.length], known)
  }

  /** What a migration was cut off in has a copy from before it, with everything in it. */
  #expectBackup(): void {
    const newest = backupsIn(this.#ada.home).at(-1)
    if (newest === undefined) throw new Error('There is no copy from before the migration.')
    const ledger = openLedgerForReading(newest)
    const kept = knownIds(ledger.read, [...this.#acknowledged])
    ledger.close()
    expectAll(this.#acknowledged, kept)
  }

  /** To stretch the passphrase takes as long as a whole life, and is not what is tried here. */
  #openQuickly(): void {
    writeFileSync(join(this.#ada.home, 'key.age'), this.#keyFile)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#ben.close()
    await this.#world[Symbol.asyncDispose]()
  }
}

async function expectReady({ client }: Serving, node: NodeId): Promise<void> {
  expect(await client.app.state({})).toMatchObject({ phase: 'ready', node: { id: node } })
}

/** An import that was cut off leaves all of the bundle or nothing. */
function expectOneOf(counts: readonly number[], count: number): void {
  expect(counts).toContain(count)
}

function expectDone(step: string | null): void {
  expect(step).toBe('done')
}

function pointAt(share: number): HostPoint {
  const weightOf = (point: HostPoint) => WEIGHT[point] ?? 1
  let left = share * HOST_POINTS.map(weightOf).reduce((sum, weight) => sum + weight, 0)
  for (const point of HOST_POINTS) {
    left -= weightOf(point)
    if (left < 0) return point
  }
  return HOST_POINTS[0]
}

/** Takes the last step of migration back, as if this version had not been here yet; what its tables held is read again from the folder. */
function makeEarlier(file: string): void {
  const raw = new Database(file, { fileMustExist: true })
  try {
    raw.pragma('synchronous = FULL')
    raw.exec(`
      BEGIN;
      DROP TABLE exchange_state;
      DROP TABLE exchange_state_feed;
      DELETE FROM migration WHERE id = 'exchange/0002-state';
      COMMIT;
    `)
  } finally {
    raw.close()
  }
}

/** Ends where the process does: the connection goes with it, and whatever else went wrong is thrown. */
export async function untilItEnds(serving: Serving, work: () => Promise<void>): Promise<void> {
  try {
    await work()
  } catch (thrown) {
    await Promise.race([serving.ended(), pause(GIVE_UP_MS, undefined, { ref: false })])
    if (!serving.hasEnded) throw thrown
  }
}

/** A host that is killed takes no longer to be gone. */
const GIVE_UP_MS = 20_000

function isReadyOnce(serving: Serving): Promise<boolean> {
  return serving.ready().then(
    () => true,
    () => false,
  )
}

export async function sign(serving: Serving, count: number): Promise<ReceiptId> {
  const content = { type: 'body' as const, body: { count } }
  const subject = `report/${count % 7}.json`
  const claim = { kind: 'evidence/observed', subject, task: null, anchor: null, content }
  return (await serving.client.receipts.sign(claim)).id
}

/** What comes after that step of the import that is shown. */
async function stepAfter(serving: Serving, step: string): Promise<string | null> {
  for (;;) {
    const { import: shown } = await serving.client.bundles.current({})
    if (shown?.step.state !== step) return shown?.step.state ?? null
    await pause(5)
  }
}

/** A node in this process that reads the folder of the hosts. */
function beside(world: World, name: string): InProcess {
  const home = join(world.folder, `${name}-beside`)
  mkdirSync(home)
  const node = new InProcess(home, { name, folder: world.exchange })
  node.nowMs = Date.now()
  return node.joinNetwork(genesisIn(world.exchange))
}

function genesisIn(exchange: string): ReceiptId {
  const marker: unknown = JSON.parse(readFileSync(join(exchange, 'steward-exchange.json'), 'utf8'))
  if (typeof marker !== 'object' || marker === null || !('network' in marker)) throw new Error('There is no marker.')
  return marker.network as ReceiptId // written by the host that was killed, and checked by every reader
}

/** The key file as if its passphrase were cheap to stretch. */
export async function quickKeyFile(ada: Steward): Promise<Uint8Array> {
  const key = await openKey(readFileSync(join(ada.home, 'key.age')), PASSPHRASE)
  const encrypter = new Encrypter()
  encrypter.setScryptWorkFactor(2)
  encrypter.setPassphrase(PASSPHRASE)
  return encrypter.encrypt(secretOf(key))
}

// Two nodes on one disk: ada publishes, ben reads. Either machine's calls on files can be struck by a fault.
import { createHash } from 'node:crypto'
import { ContentHash } from '#core/contract/index.ts'
import { features } from '#core/features.ts'
import { doctor, forkSeqOf, knownIds, nodeKeyOf } from '#core/ledger/index.ts'
import { parseStoredLine } from '#core/receipts/index.ts'
import { Disk, type DiskFile, type Forgotten, type Loss } from '#tests/kit/disk/disk.ts'
import { Machine, type Fault } from '#tests/kit/disk/machine.ts'
import { mount } from '#tests/kit/disk/mounted-fs.ts'
import { Steward, type StewardWish } from '#tests/unit/exchange/shared-folder.ts'

export type Who = 'ada' | 'ben'

const CONTENT = Buffer.from('A report of more than one sector. '.repeat(60))
const CONTENT_HASH = ContentHash.parse(`sha256:${createHash('sha256').update(CONTENT).digest('hex')}`)

export interface Start {
  /** Small segments in the folder already: with 16, the next publishing makes one of them. */
  readonly segments: number
  readonly forgotten?: readonly Forgotten[]
}

export class ExchangeScene implements AsyncDisposable {
  readonly disk: Disk
  readonly machines: Readonly<Record<Who, Machine>>
  readonly #mounted: readonly Disposable[]
  readonly #nodes: Record<Who, Steward>
  readonly #wrong: string[] = []
  #struck: string | null = null

  static async begin({ segments, forgotten = [] }: Start): Promise<ExchangeScene> {
    const scene = new ExchangeScene(new Disk(forgotten))
    const { ada, ben } = scene.#nodes
    ada.found([ada, ben])
    for (let index = 0; index < segments; index++) {
      ada.observe(`${index}.json`)
      await ada.exchange.publish()
    }
    scene.disk.fail({ lost: 'nothing' })
    return scene
  }

  private constructor(disk: Disk) {
    this.disk = disk
    this.machines = { ada: new Machine(disk), ben: new Machine(disk) }
    this.#mounted = [mount(pointOf('ada'), this.machines.ada), mount(pointOf('ben'), this.machines.ben)]
    this.machines.ada.makeFolder('/exchange', 0o755)
    this.#nodes = { ada: newNode('ada'), ben: newNode('ben') }
  }

  /** Everything that was found to be otherwise than promised. */
  get wrong(): readonly string[] {
    return this.#wrong
  }

  /** The call that the fault fell upon. */
  get struck(): string | null {
    return this.#struck
  }

  /** Ada takes content in, signs what names it and something else, and publishes; ben reads it, and the content too. */
  async act(who: Who): Promise<void> {
    const { ada, ben } = this.#nodes
    if (who === 'ben') {
      await quietly(() => ben.sync())
      return
    }
    const isKept = await quietly(() => ada.blobs.put(CONTENT))
    if (this.machines.ada.isOff) return
    if (isKept) ada.observe('report.json', { content: { hash: CONTENT_HASH, size: CONTENT.length } })
    ada.observe('last.json')
    await quietly(() => ada.sync())
  }

  /** The act of `who` with this fault in it; false where it was over before the fault came. */
  async actStruck(who: Who, fault: Fault): Promise<boolean> {
    const machine = this.machines[who]
    const { ledger } = this.#nodes[who]
    // What a program without power still believes to commit never was committed.
    machine.strike(fault, () => ledger.raw.exec('BEGIN'))
    await this.act(who)
    this.#struck = machine.struck
    if (machine.isOff) await this.#restart(who)
    machine.strike(null)
    return this.#struck !== null
  }

  /** Pulls the plug of a machine that is at rest, and starts its node again. */
  async pullPlug(who: Who, loss: Loss): Promise<void> {
    const { ledger } = this.#nodes[who]
    ledger.raw.exec('BEGIN')
    this.disk.fail(loss)
    await this.#restart(who)
  }

  /** Whatever was noted as published lies in the folder: receipts in one segment or another, content as it was written. */
  lookForPublished(): void {
    const { ada } = this.#nodes
    const lying = new Set(this.#publishedBy(ada).map(({ seq }) => seq))
    for (const { path, sha256, firstSeq, lastSeq } of ownFiles(ada)) {
      if (firstSeq !== null && lastSeq !== null) {
        for (let seq = firstSeq; seq <= lastSeq; seq++)
          if (!lying.has(seq)) this.#wrong.push(`receipt ${seq} is not there`)
      }
      const file = path.startsWith('blobs/') ? this.disk.find(`${ownFolderOf(ada)}/${path}`) : null
      if (file !== null && (file.kind !== 'file' || sha256Of(file) !== sha256)) this.#wrong.push(`${path} is damaged`)
      if (path.startsWith('blobs/') && file === null) this.#wrong.push(`${path} is not there`)
    }
  }

  /** What must hold at any moment of what lies in the folder. */
  async lookAtFolder(): Promise<void> {
    const { ada } = this.#nodes
    const published = this.#publishedBy(ada).map(({ id }) => id)
    const known = knownIds(ada.ledger.read, published)
    if (known.size < new Set(published).size) this.#wrong.push('the folder holds an own receipt that was not committed')
    // Somebody who never saw the folder before.
    const stranger = newNode('ben', { folder: `${pointOf('ben')}/exchange` }, 'stranger').joinNetwork(networkOf(ada))
    const report = await stranger.sync()
    if (report.refused.length > 0) this.#wrong.push(`a reader refused ${JSON.stringify(report.refused)}`)
    if (stranger.seqOf(ada) > ada.seq) this.#wrong.push('a reader got more than was committed')
    await stranger.close()
    this.#removeHome('ben', 'stranger')
  }

  /** Both nodes go on by themselves, and nothing is missing then. */
  async goOn(): Promise<void> {
    const { ada, ben } = this.#nodes
    await ada.sync()
    await ben.sync()
    // What ben told of himself, ada reads in her next pass.
    if (ada.fingerprint() !== ben.fingerprint()) await ada.sync()
    for (const node of [ada, ben]) await this.#judge(node)
    if (ada.fingerprint() !== ben.fingerprint()) this.#wrong.push('the two fingerprints differ')
    if (ada.receipts() !== ben.receipts()) this.#wrong.push(`${ben.receipts()} of ${ada.receipts()} receipts arrived`)
  }

  /** Every receipt, feed and projection of both, as the doctor sees them. */
  async examine(): Promise<void> {
    for (const node of this.#all()) {
      const faults = (await doctor(node.ledger, features, node.now())).filter((check) => !check.ok)
      if (faults.length > 0) this.#wrong.push(`${node.name}: ${JSON.stringify(faults)}`)
    }
  }

  async #judge(node: Steward): Promise<void> {
    const { state, unpublished, waiting, refused } = node.exchange.view()
    if (state !== 'idle' || unpublished + waiting + refused > 0) {
      this.#wrong.push(`${node.name}: ${JSON.stringify(node.exchange.view())}`)
    }
    if (node.bugs.length > 0) this.#wrong.push(`${node.name}: ${node.bugs.map(String).join(', ')}`)
    const key = nodeKeyOf(node.ledger.read, node.id)
    if (key !== null && forkSeqOf(node.ledger.read, key) !== null) this.#wrong.push(`${node.name} forked its own feed`)
    const isNamed = node.ledger.read
      .prepare<[string], { line: string }>('SELECT line FROM receipt WHERE instr(line, ?) > 0 LIMIT 1')
      .get(CONTENT_HASH)
    if (isNamed === undefined) return
    const content = await node.blobs.read(CONTENT_HASH)
    if (content === null) this.#wrong.push(`${node.name} has lost content that a receipt names`)
  }

  #publishedBy(node: Steward) {
    const feed = this.disk.find(`${ownFolderOf(node)}/feed`)
    if (feed?.kind !== 'folder') return []
    return [...feed.entries]
      .filter(([name]) => name.endsWith('.jsonl'))
      .flatMap(([, file]) => (file.kind === 'file' ? Buffer.from(file.bytes).toString().split('\n') : []))
      .filter((line) => line !== '')
      .map((line) => parseStoredLine(line))
      .map(({ id, receipt }) => ({ id, seq: receipt.seq }))
  }

  async #restart(who: Who): Promise<void> {
    const before = this.#nodes[who]
    await before.exchange.stop()
    before.ledger.raw.exec('ROLLBACK')
    this.machines[who].boot()
    const again = newNode(who, { ledger: before.ledger })
    again.nowMs = before.nowMs
    again.network = before.network
    this.#nodes[who] = again
  }

  #removeHome(who: Who, name: string): void {
    const { root } = this.machines[who].disk
    root.entries.delete(`home-${name}`)
  }

  #all(): readonly Steward[] {
    return [this.#nodes.ada, this.#nodes.ben]
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const node of this.#all()) await node.close()
    for (const mounted of this.#mounted) mounted[Symbol.dispose]()
  }
}

function pointOf(who: Who): string {
  return `/machine-of-${who}`
}

function newNode(who: Who, wish: Partial<StewardWish> = {}, name: string = who): Steward {
  const folder = `${pointOf(who)}/exchange`
  return new Steward(`${pointOf(who)}/home-${name}`, { name, folder, ...wish })
}

function networkOf({ network }: Steward) {
  if (network === null) throw new Error('Ada has founded a network.')
  return network
}

function ownFolderOf(node: Steward): string {
  return `/exchange/nodes/${node.id.slice('did:key:'.length)}`
}

interface OwnFile {
  readonly path: string
  readonly sha256: string
  readonly firstSeq: number | null
  readonly lastSeq: number | null
}

function ownFiles(node: Steward): readonly OwnFile[] {
  return node.ledger.read
    .prepare<[], OwnFile>(
      'SELECT path, sha256, first_seq AS firstSeq, last_seq AS lastSeq FROM exchange_own_file WHERE size >= 0',
    )
    .all()
}

function sha256Of({ bytes }: DiskFile): string {
  return createHash('sha256').update(bytes).digest('hex')
}

/** False where it failed, as it may. */
async function quietly(work: () => Promise<unknown>): Promise<boolean> {
  try {
    await work()
    return true
  } catch {
    return false
  }
}

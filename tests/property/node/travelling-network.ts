// Three whole nodes, each with an exchange folder of its own, as machines that a sync tool or a stick connects now and then. Built once
// and copied for each run.
import { copyFileSync, cpSync, existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { ReceiptId } from '#core/contract/index.ts'
import type { Keychain } from '#core/node/index.ts'
import { Place, type Core } from '#tests/kit/place.ts'

const NAMES = ['ada', 'ben', 'cleo'] as const

/** Leaves the key in the data folder, so that a copy of the folder is a copy of the node. */
const travellingKeychain: Keychain = {
  seal: (secret) => Promise.resolve(Uint8Array.from(secret)),
  open: (sealed) => Promise.resolve({ secret: Uint8Array.from(sealed), reseal: false }),
}

/** A network that has just settled; nothing runs on it. */
export async function buildTemplate(): Promise<Place> {
  const place = new Place()
  const cores: Core[] = []
  for (const name of NAMES) {
    const core = await place.core(name, { keychain: travellingKeychain })
    await core.steward.node.create({ name, passphrase: null, exchange: place.exchange, networkName: 'travelling' })
    await core.sync()
    cores.push(core)
  }
  const [ada, ben, cleo] = cores
  if (ada === undefined || ben === undefined || cleo === undefined) throw new Error('three were made')
  await ada.sync()
  await ada.admit(ben.id)
  await ada.admit(cleo.id)
  await place.settle(cores)
  for (const core of cores) await core.stop()
  return place
}

export class TravellingNetwork implements AsyncDisposable {
  readonly place: Place
  readonly cores: readonly Core[]
  /** What a command answered with: never to be lost. */
  readonly acknowledged: ReceiptId[] = []

  static async from(template: Place): Promise<TravellingNetwork> {
    const place = new Place()
    place.nowMs = template.nowMs
    const cores: Core[] = []
    for (const name of NAMES) {
      cpSync(template.home(name), place.home(name), { recursive: true })
      cpSync(template.exchange, folderOf(place, name), { recursive: true })
      const core = await place.core(name, { keychain: travellingKeychain })
      await core.steward.exchange.choose({ folder: folderOf(place, name) })
      cores.push(core)
    }
    return new TravellingNetwork(place, cores)
  }

  private constructor(place: Place, cores: readonly Core[]) {
    this.place = place
    this.cores = cores
  }

  core(index: number): Core {
    const core = this.cores[index % this.cores.length]
    if (core === undefined) throw new Error('there are three')
    return core
  }

  /** A sync tool carries files of others into the folder of `to`: those for which `takes` says so, in any state of the whole. */
  carry(from: number, to: number, takes: (nth: number) => boolean): void {
    const source = folderOf(this.place, this.core(from).name)
    const target = folderOf(this.place, this.core(to).name)
    // What lies in its own folder a node has written itself; a sync tool takes that from here, not to here.
    const own = join('nodes', this.core(to).id.slice('did:key:'.length))
    const files = readdirSync(source, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(source.length + 1))
      .filter((path) => !path.startsWith(own))
      .toSorted()
    for (const [nth, path] of files.entries()) {
      if (!takes(nth)) continue
      mkdirSync(dirname(join(target, path)), { recursive: true })
      copyFileSync(join(source, path), join(target, path))
    }
  }

  /** Power fails: what the disk holds in this moment is all that is left. The files are taken while a pass runs. */
  async kill(index: number, duringSync: boolean): Promise<void> {
    const core = this.core(index)
    const left = `${core.home}-left`
    const running = duringSync ? core.steward.exchange.sync({}) : null
    if (duringSync) await new Promise((resolve) => setImmediate(resolve))
    cpSync(core.home, left, { recursive: true })
    await running
    await core.stop()
    rmSync(core.home, { recursive: true })
    cpSync(left, core.home, { recursive: true })
    rmSync(left, { recursive: true })
    await core.restart()
  }

  /** Everything is carried everywhere and everybody syncs, until there is nothing more to say. */
  async heal(): Promise<void> {
    this.place.pass(1000)
    for (let round = 0; round < 4; round++) {
      for (const [index, core] of this.cores.entries()) {
        for (const other of this.cores.keys()) if (other !== index) this.carryNewest(other, index)
        await core.sync()
      }
    }
  }

  /** Of each node's files the state that it wrote itself. */
  private carryNewest(from: number, to: number): void {
    const own = join('nodes', this.core(from).id.slice('did:key:'.length))
    const source = join(folderOf(this.place, this.core(from).name), own)
    const target = join(folderOf(this.place, this.core(to).name), own)
    rmSync(target, { recursive: true, force: true })
    if (existsSync(source)) cpSync(source, target, { recursive: true })
  }

  /** Everything that must be the same on all of them, as bytes. */
  async states(): Promise<string[]> {
    return Promise.all(
      this.cores.map(async ({ steward }) => {
        const { openConflicts, receipts, pendingNodes } = (await steward.app.overview({})).counters
        const { proposed, ...network } = await steward.network.get({})
        return JSON.stringify({
          network,
          // Whose proposal is its own differs from node to node.
          proposed: proposed.map(({ mine: _, ...proposal }) => proposal),
          conflicts: await steward.conflicts.list({ filter: { status: 'all' }, sort: 'severity', limit: 200 }),
          counts: await steward.conflicts.counts({}),
          counters: { openConflicts, receipts, pendingNodes },
          receipts: await steward.receipts.list({ filter: {}, sort: 'oldest', limit: 200 }),
        })
      }),
    )
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.place[Symbol.asyncDispose]()
  }
}

function folderOf(place: Place, name: string): string {
  return join(place.folder, `${name}-exchange`)
}

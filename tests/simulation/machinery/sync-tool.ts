// The tool that carries files between the machines' copies of the exchange, as Syncthing and its like do: each file by itself, in no
// order that anybody promised, the newer one over the older one, and what two machines changed at once as a copy beside it.
import { EXCHANGE, type Surroundings } from './surroundings.ts'
import type { Machine } from './machine.ts'
import type { DiskFile } from './disk.ts'
import type { Random } from './random.ts'
import type { Weather } from './weather.ts'

/** One state of a file; a newer one replaces an older one. */
interface Version {
  readonly stamp: number
  readonly by: number
  /** Null once it is deleted. */
  readonly file: Pick<DiskFile, 'bytes' | 'mtimeNs'> | null
}

/** How often the tool compares whole folders, in calm weather and in bad. */
const LOOK_MS = 20 * 60_000

export class SyncTool {
  readonly #machines: readonly Machine[]
  readonly #world: Surroundings
  readonly #random: Random
  readonly #weather: Weather
  /** By machine and path: what lies there. */
  readonly #here: readonly Map<string, Version>[]
  /** Machines on which it does not run any more. */
  readonly #left = new Set<Machine>()
  #stamp = 0
  #copies = 0

  constructor(machines: readonly Machine[], world: Surroundings, random: Random, weather: Weather) {
    this.#machines = machines
    this.#world = world
    this.#random = random
    this.#weather = weather
    this.#here = machines.map(() => new Map<string, Version>())
    for (const machine of machines) {
      machine.disk.onChange((path, file, hand) => {
        if (hand !== 'tool' && path.startsWith(`${EXCHANGE}/`)) this.#changed(machine, path, file)
      })
    }
    this.#planLook()
  }

  /** Compares all folders and carries whatever is newer elsewhere. */
  look(): void {
    for (const machine of this.#machines) {
      for (const [path, version] of this.#here[machine.index] ?? []) {
        for (const other of this.#machines) {
          if (other === machine) continue
          if ((this.#here[other.index]?.get(path)?.stamp ?? 0) < version.stamp) this.#carry(machine, other, path)
        }
      }
    }
  }

  /** Nothing comes from this machine any more, and nothing to it. */
  leave(machine: Machine): void {
    this.#left.add(machine)
  }

  /** True once every machine on which it runs has the newest state of every file that one of them has. */
  isSettled(): boolean {
    const newest = new Map<string, number>()
    const all = this.#machines.filter((machine) => !this.#left.has(machine)).map(({ index }) => this.#here[index])
    for (const here of all) {
      for (const [path, { stamp }] of here ?? []) newest.set(path, Math.max(stamp, newest.get(path) ?? 0))
    }
    return all.every((here) => [...newest].every(([path, stamp]) => here?.get(path)?.stamp === stamp))
  }

  /** All that a machine has in the exchange now, for somebody who puts it back later. */
  snapshot(machine: Machine): ReadonlyMap<string, Pick<DiskFile, 'bytes' | 'mtimeNs'>> {
    return new Map(
      [...(this.#here[machine.index] ?? [])].flatMap(([path, { file }]) => (file === null ? [] : [[path, file]])),
    )
  }

  #planLook(): void {
    this.#world.after(LOOK_MS, () => {
      this.look()
      this.#planLook()
    })
  }

  #changed(machine: Machine, path: string, file: DiskFile | null): void {
    this.#here[machine.index]?.set(path, { stamp: ++this.#stamp, by: machine.index, file })
    for (const other of this.#machines) if (other !== machine) this.#send(machine, other, path)
  }

  #send(from: Machine, to: Machine, path: string): void {
    if (this.#random.chance(this.#weather.loss)) return this.#world.seen('lost-on-the-way')
    this.#carry(from, to, path)
    if (this.#random.chance(this.#weather.duplicates)) {
      this.#world.seen('carried-twice')
      this.#carry(from, to, path)
    }
  }

  #carry(from: Machine, to: Machine, path: string): void {
    const delayMs = this.#random.scale(50, Math.max(51, this.#weather.delayMs))
    const version = this.#here[from.index]?.get(path)
    if (version === undefined) return
    this.#world.after(delayMs, () => this.#arrive(from, to, path, version))
  }

  #arrive(from: Machine, to: Machine, path: string, version: Version): void {
    if (this.#left.has(from) || this.#left.has(to)) return
    if (this.#weather.cuts.has(`${from.index}>${to.index}`)) return this.#world.seen('cut-off')
    const here = this.#here[to.index]
    const before = here?.get(path)
    if (here === undefined) return
    if (before !== undefined && before.stamp > version.stamp) {
      this.#world.seen('overtaken')
      // Both wrote it, neither knew of the other: the older one is kept beside it.
      if (before.by !== version.by && version.file !== null) this.#copyBeside(to, path, version.file)
      return
    }
    if (before?.stamp === version.stamp) {
      // Once more the same: as a tool does that lost its index, it is written again under a new time.
      if (version.file !== null) this.#put(to, path, { bytes: version.file.bytes, mtimeNs: to.mtimeNs() })
      return
    }
    const isClash = before !== undefined && before.by === to.index && version.by !== to.index && before.file !== null
    if (isClash && before.file !== null) this.#copyBeside(to, path, before.file)
    here.set(path, version)
    this.#world.log(`tool ${from.name}>${to.name} ${path} ${version.stamp}`)
    if (version.file === null) to.disk.remove(path, 'tool')
    else this.#bring(to, path, version, version.file)
  }

  /** Puts a file down, in one go or so that its unfinished state shows for a while. */
  #bring(to: Machine, path: string, version: Version, file: Pick<DiskFile, 'bytes' | 'mtimeNs'>): void {
    const { halves, hollows, placeholders, copies } = this.#weather
    const old = to.disk.file(path)
    if (old !== null && this.#random.chance(copies)) this.#copyBeside(to, path, old)
    const { bytes, mtimeNs } = file
    if (this.#random.chance(halves)) {
      this.#world.seen('half-written')
      this.#put(to, path, { bytes: bytes.slice(0, this.#random.below(bytes.length + 1)), mtimeNs: to.mtimeNs() })
    } else if (this.#random.chance(hollows)) {
      this.#world.seen('hollow')
      const whole = this.#random.below(bytes.length + 1)
      this.#put(to, path, { bytes: bytes.map((byte, at) => (at < whole ? byte : 0)), mtimeNs })
    } else if (this.#random.chance(placeholders)) {
      this.#world.seen('placeholder')
      to.disk.makeFolders(path.slice(0, path.lastIndexOf('/')))
      to.disk.put(path, { bytes: new Uint8Array(), mtimeNs, isHere: false }, 'tool')
    } else {
      this.#put(to, path, file)
      return
    }
    this.#world.after(this.#random.scale(100, 30 * 60_000), () => {
      if (this.#here[to.index]?.get(path)?.stamp === version.stamp) this.#put(to, path, file)
    })
  }

  #put(to: Machine, path: string, file: Pick<DiskFile, 'bytes' | 'mtimeNs'>): void {
    to.disk.makeFolders(path.slice(0, path.lastIndexOf('/')))
    to.disk.put(path, file, 'tool')
  }

  #copyBeside(machine: Machine, path: string, file: Pick<DiskFile, 'bytes' | 'mtimeNs'>): void {
    const cut = path.lastIndexOf('.') > path.lastIndexOf('/') ? path.lastIndexOf('.') : path.length
    const time = String(++this.#copies % 1_000_000).padStart(6, '0')
    const name = `${path.slice(0, cut)}.sync-conflict-20261121-${time}-ABCDEF${machine.index % 10}${path.slice(cut)}`
    this.#world.seen('conflict-copy')
    this.#put(machine, name, file)
    this.#here[machine.index]?.set(name, { stamp: ++this.#stamp, by: machine.index, file })
    for (const other of this.#machines) if (other !== machine) this.#send(machine, other, name)
  }
}

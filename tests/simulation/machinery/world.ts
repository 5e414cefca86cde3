// One simulated world: machines, the tool that carries files between them, the people before them, and who watches from outside.
import { rmSync } from 'node:fs'
import type { NodeId, ReceiptId } from '#core/contract/index.ts'
import { START } from '#tests/kit/nodes.ts'
import type { DiskFile } from './disk.ts'
import { EventLog } from './event-log.ts'
import { drained, EventQueue, type QueuedEvent } from './event-queue.ts'
import { HOUR, MINUTE, SECOND, type Family } from './family.ts'
import { Violation, type Invariant } from './invariant.ts'
import { EXCHANGE, HEALTHY, MARKER, type Surroundings } from './surroundings.ts'
import { Machine } from './machine.ts'
import type { Plan } from './plan.ts'
import type { StewardClient } from './life.ts'
import { Oracle } from './oracle.ts'
import { Random } from './random.ts'
import { SyncTool } from './sync-tool.ts'
import { Watch } from './watch.ts'
import { calmWeather, type Weather } from './weather.ts'

export interface WorldWish {
  readonly seed: string
  readonly machines: number
  readonly rescanSeconds: number
  /** Folder for the ledgers. */
  readonly root: string
  readonly invariants: readonly Invariant[]
  readonly seen: (path: string) => void
  /** Number of the log line around which lines are kept. */
  readonly logAround?: number | null
}

/** Machines on which nothing runs at first, for a node that moves or a key that is copied. */
export const SPARES = 1
export class World implements Surroundings {
  readonly eventLog: EventLog
  readonly oracle = new Oracle()
  readonly weather: Weather = calmWeather()
  readonly machines: readonly Machine[]
  readonly tool: SyncTool
  readonly random: Random
  /** No fault begins any more. */
  isHealing = false
  /** Others than nodes write into the folder. */
  hasStrangers = false
  /** Will stay off for good when the faults stop: nobody puts right what is done to its files. */
  leaving: Machine | null = null
  /** What lay in each copy of the exchange when the network had been founded. */
  readonly foundingFiles = new Map<Machine, ReadonlyMap<string, DiskFile | null>>()
  /** Machines that stay off, now that the faults have stopped. */
  readonly gone = new Set<Machine>()
  /** Who came at the end, to see whether they stand where the others do. */
  readonly #newcomers: Machine[] = []
  readonly #queue = new EventQueue()
  readonly #watch: Watch
  readonly #seen: (path: string) => void
  readonly #wish: WorldWish
  readonly #ending = new Map<number, () => void>()

  constructor(wish: WorldWish) {
    this.#wish = wish
    this.#seen = wish.seen
    this.eventLog = new EventLog(wish.logAround ?? null)
    this.random = new Random(wish.seed)
    this.#watch = new Watch(this, wish.invariants, this.random.fork('examinations'))
    this.#queue.nowMs = START
    this.machines = Array.from(
      { length: wish.machines + SPARES },
      (_, index) => new Machine(index, wish.root, this, this.random.fork(`machine ${index}`)),
    )
    for (const machine of this.machines) {
      machine.disk.onChange((path, _file, hand) => {
        if (hand === 'app' && path.startsWith(`${EXCHANGE}/`)) this.#watch.afterWrite(machine, path)
      })
    }
    this.tool = new SyncTool(this.machines, this, this.random.fork('tool'), this.weather)
  }

  get nowMs(): number {
    return this.#queue.nowMs
  }

  get events(): number {
    return this.#queue.count
  }

  get queueLength(): number {
    return this.#queue.length
  }

  after(delayMs: number, run: () => void): QueuedEvent {
    return this.#queue.after(delayMs, run)
  }

  cancel(event: QueuedEvent): void {
    this.#queue.cancel(event)
  }

  log(line: string): void {
    this.eventLog.add(this.nowMs, line)
  }

  seen(path: string): void {
    this.#seen(path)
  }

  violated(invariant: string, what: string): void {
    this.#watch.violated(invariant, what)
  }

  /** How often every node looks at the whole folder. */
  get rescanSeconds(): number {
    return this.#wish.rescanSeconds
  }

  /** Everybody who is still there. */
  get connected(): readonly Machine[] {
    return this.machines.filter((machine) => machine.id !== null && !this.gone.has(machine))
  }

  /** Calm weather, every machine new: one founds the network, the others join and are admitted. */
  async found(): Promise<void> {
    const [first, ...others] = this.machines.slice(0, this.#wish.machines)
    if (first === undefined) return
    await this.#create(first)
    await this.until(() => others.every((other) => other.disk.file(MARKER) !== null), HOUR, 'the marker travels')
    for (const other of others) await this.#create(other)
    await this.until(async () => (await this.#pendingAt(first)).length >= others.length, HOUR, 'everybody asks to join')
    for (const node of await this.#pendingAt(first)) {
      await this.do(first, 'admits', async (steward) => (await steward.network.admit({ node })).id)
    }
    await this.until(() => this.haveConverged(), 2 * HOUR, 'the network is founded')
    for (const machine of this.machines) {
      const files = machine.disk.files(EXCHANGE).map((path) => [path, machine.disk.file(path)] as const)
      this.foundingFiles.set(machine, new Map(files))
    }
  }

  async #pendingAt(machine: Machine): Promise<readonly NodeId[]> {
    const steward = machine.life?.steward
    if (steward === undefined) return []
    const { items } = await this.finish(steward.network.peers({ state: 'pending', limit: 200 }))
    return items.map(({ node }) => node)
  }

  async #create(machine: Machine): Promise<void> {
    await this.finish(machine.start())
    const steward = machine.life?.steward
    if (steward === undefined) throw new Error('it has just started')
    const wish = { name: machine.name, passphrase: null, exchange: EXCHANGE, networkName: 'simulated' }
    const { node } = await this.finish(steward.node.create(wish))
    machine.id = node
    await this.finish(steward.settings.set({ rescanSeconds: this.#wish.rescanSeconds }))
  }

  /** Somebody new, who has the exchange's marker and nothing else of it; no tool runs there. */
  async newcomer(): Promise<Machine> {
    const index = this.machines.length + this.#newcomers.length
    const machine = new Machine(index, this.#wish.root, this, this.random.fork(`newcomer ${index}`))
    this.#newcomers.push(machine)
    const [other] = this.connected
    const marker = other?.disk.file(MARKER) ?? null
    if (other === undefined || marker === null) throw new Error('There is nobody to join.')
    machine.clockOffMs = other.clockOffMs
    machine.disk.put(MARKER, marker, 'tool')
    await this.#create(machine)
    return machine
  }

  /** Lets time pass until the promise is settled. */
  async finish<T>(work: Promise<T>): Promise<T> {
    const call = { isAnswered: false }
    const answered = () => void (call.isAnswered = true)
    void work.then(answered, answered)
    await drained()
    await this.until(() => call.isAnswered, HOUR, 'a call is answered', 0)
    return work
  }

  /** Lets time pass until it is so. */
  async until(
    isSo: () => boolean | Promise<boolean>,
    mostMs: number,
    what: string,
    everyMs = 5 * SECOND,
  ): Promise<void> {
    const endMs = this.nowMs + mostMs
    for (let next = 0; ;) {
      // Not after every event, where asking costs more than the event.
      if (this.nowMs >= next) {
        if (await isSo()) return
        next = this.nowMs + everyMs
      }
      if (this.nowMs > endMs)
        throw new Violation('I20', `After ${mostMs / MINUTE} virtual minutes: not yet that ${what}.`)
      await this.#step()
    }
  }

  async pass(ms: number): Promise<void> {
    const endMs = this.nowMs + ms
    this.#queue.after(ms, () => undefined)
    while (this.nowMs < endMs) await this.#step()
  }

  /** A person does something; what the core answers is noted when it comes, and a refusal is an answer too. */
  do(
    machine: Machine,
    what: string,
    work: (steward: StewardClient) => Promise<ReceiptId | readonly ReceiptId[] | null>,
  ): Promise<void> {
    const { life, id } = machine
    if (life === null || id === null) return Promise.resolve()
    const noted = async () => {
      try {
        const answer = await work(life.steward)
        if (life.isOver) return
        const ids = answer === null ? [] : typeof answer === 'string' ? [answer] : answer
        for (const receipt of ids)
          this.oracle.acknowledge({ id: receipt, machine: machine.index, node: id, atMs: this.nowMs })
        this.log(`${machine.name} ${what}: ${ids.join(' ')}`)
        this.seen(`${what}${ids.length > 0 ? '' : ', in vain'}`)
      } catch (thrown) {
        if (life.isOver) return
        this.log(`${machine.name} ${what}: ${codeOf(thrown)}`)
        this.seen(`refused: ${codeOf(thrown)}`)
      }
    }
    return noted()
  }

  /** Begins what happens, and ends it when its time is over. */
  plan({ happenings, gone }: Plan, families: ReadonlyMap<string, Family>): void {
    this.leaving = gone === null ? null : (this.machines[gone] ?? null)
    this.#watch.planExamination()
    this.hasStrangers = happenings.some(({ family }) => family.startsWith('stranger/'))
    for (const happening of happenings) {
      const family = families.get(happening.family)
      if (family === undefined) continue
      this.after(happening.atMs, () => {
        if (this.isHealing) return
        this.log(`${happening.family} begins on m${happening.machine} (${happening.id})`)
        this.seen(happening.family)
        const end = family.begin(this, happening, this.random.fork(`happening ${happening.id}`))
        if (end === undefined) return
        this.#ending.set(happening.id, end)
        this.after(happening.lastsMs, () => this.#end(happening.id))
      })
    }
  }

  #end(id: number): void {
    const end = this.#ending.get(id)
    this.#ending.delete(id)
    if (end === undefined) return
    this.log(`happening ${id} ends`)
    end()
  }

  /** The faults stop: everything is whole, all clocks are right, and everybody runs but for who stays off for good. */
  async heal(): Promise<void> {
    this.isHealing = true
    this.log('the faults stop')
    for (const id of this.#ending.keys()) this.#end(id)
    Object.assign(this.weather, calmWeather(), { cuts: this.weather.cuts })
    this.weather.cuts.clear()
    const ahead = Math.max(0, this.oracle.latestSignedMs - this.nowMs + SECOND)
    for (const machine of this.machines) {
      machine.ailments = { ...HEALTHY }
      machine.driftMs = 0
      machine.clockOffMs = ahead
    }
    for (const machine of this.machines) machine.stayOn()
    if (this.leaving !== null) this.#leave(this.leaving)
    this.#keepRunning()
    await this.until(() => this.connected.every(({ isRunning }) => isRunning), 5 * MINUTE, 'everybody runs', SECOND)
    this.tool.look()
    for (const machine of this.connected) await this.do(machine, 'unblocks all', unblockAll)
  }

  /** Core and tool alike: what only its disk holds nobody gets to see. */
  #leave(machine: Machine): void {
    this.log(`${machine.name} stays off for good`)
    this.seen('gone-for-good')
    this.gone.add(machine)
    machine.crash()
    this.tool.leave(machine)
  }

  /** Also whoever was just being closed when the faults stopped is started again. */
  #keepRunning(): void {
    for (const machine of this.connected) {
      if (machine.isRunning) {
        this.#chooseAgain(machine)
        continue
      }
      machine.start().catch((thrown: unknown) => {
        this.violated('I3', `${machine.name} does not start although nothing is wrong any more: ${String(thrown)}`)
      })
    }
    this.after(10 * SECOND, () => this.#keepRunning())
  }

  /** Where somebody deleted the marker, Steward asks a person for it. */
  #chooseAgain(machine: Machine): void {
    if (machine.disk.file(MARKER) !== null) return
    void this.do(machine, 'chooses the folder again', async (steward) => {
      await steward.exchange.choose({ folder: EXCHANGE })
      return null
    })
  }

  /** True once all that are connected show the same fingerprint, and nothing is under way. */
  haveConverged(): boolean {
    const prints = this.connected.map((machine) => machine.fingerprint())
    const isOne = prints.every((print) => print !== null && print === prints[0])
    return isOne && this.tool.isSettled()
  }

  atRest(): Promise<void> {
    return this.#watch.atRest()
  }

  async close(): Promise<void> {
    for (const machine of [...this.machines, ...this.#newcomers]) {
      machine.crash()
      machine.closeReader()
    }
    await drained()
    for (const machine of this.machines) machine.forget()
    for (const machine of this.machines) rmSync(machine.folder, { recursive: true, force: true })
  }

  async #step(): Promise<void> {
    await this.#queue.step()
    await this.#watch.afterEvent()
  }
}

/** Blocking is one steward's own affair and ends with the faults, so that all can be compared. */
async function unblockAll(steward: StewardClient): Promise<null> {
  const { items } = await steward.network.peers({ state: 'blocked', limit: 200 })
  for (const { node } of items) await steward.network.unblock({ node })
  return null
}

/** The code of a refusal in words; a thrown thing without one is a fault of our own and was told as such. */
function codeOf(thrown: unknown): string {
  if (typeof thrown === 'object' && thrown !== null) {
    if ('data' in thrown && typeof thrown.data === 'object' && thrown.data !== null && 'code' in thrown.data) {
      return String(thrown.data.code)
    }
    if ('code' in thrown) return String(thrown.code)
  }
  return String(thrown)
}

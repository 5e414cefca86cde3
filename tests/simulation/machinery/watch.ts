// Who watches a world: shows the invariants what happens, when they ask to see it, and remembers the first thing that must not be.
import { HOUR, MINUTE } from './family.ts'
import { Violation, type Invariant } from './invariant.ts'
import type { Machine } from './machine.ts'
import type { Random } from './random.ts'
import type { World } from './world.ts'

/** Events between two looks of those invariants that are not cheap. */
const OFTEN = 2_000
/** Between two examinations of one machine, while the faults are on. */
const EXAMINED_EVERY_MS = [10 * MINUTE, 3 * HOUR] as const
/** More events than this without a minute passing: somebody is turning in a circle. */
const MOST_EVENTS_A_MINUTE = 400_000

export class Watch {
  readonly #world: World
  readonly #invariants: readonly Invariant[]
  readonly #random: Random
  readonly #dataVersions = new Map<Machine, { readonly reader: object; readonly version: number }>()
  #violation: Violation | null = null
  #sinceOften = 0
  #examinationMs = Infinity
  #minute = 0
  #eventsThisMinute = 0

  constructor(world: World, invariants: readonly Invariant[], random: Random) {
    this.#world = world
    this.#invariants = invariants
    this.#random = random
  }

  /** For what is noticed where nothing may be thrown; the step that follows throws it. */
  violated(invariant: string, what: string): void {
    this.#violation ??= new Violation(invariant, what)
  }

  mustBeUnhurt(): void {
    if (this.#violation !== null) throw this.#violation
  }

  /** From now on single machines are examined from time to time. */
  planExamination(): void {
    this.#examinationMs = this.#world.nowMs + this.#random.scale(...EXAMINED_EVERY_MS)
  }

  afterWrite(machine: Machine, path: string): void {
    try {
      for (const invariant of this.#invariants) invariant.afterWrite?.(this.#world, machine, path)
    } catch (thrown) {
      // Not into the core, which would take it for a fault of the drive.
      if (!(thrown instanceof Violation)) throw thrown
      this.violated(thrown.invariant, thrown.message)
    }
  }

  async afterEvent(): Promise<void> {
    this.mustBeUnhurt()
    this.#mustGetOn()
    this.#afterCommits()
    if (this.#world.nowMs >= this.#examinationMs && !this.#world.isHealing) await this.#examineOne()
    if (++this.#sinceOften < OFTEN) return
    this.#sinceOften = 0
    for (const invariant of this.#invariants) await invariant.often?.(this.#world)
    this.mustBeUnhurt()
  }

  async atRest(): Promise<void> {
    for (const invariant of this.#invariants) {
      await invariant.atRest?.(this.#world)
      this.mustBeUnhurt()
    }
  }

  #mustGetOn(): void {
    const minute = Math.floor(this.#world.nowMs / MINUTE)
    if (minute !== this.#minute) {
      this.#minute = minute
      this.#eventsThisMinute = 0
    } else if (++this.#eventsThisMinute > MOST_EVENTS_A_MINUTE) {
      throw new Violation('I19', `${MOST_EVENTS_A_MINUTE} events in one virtual minute: somebody turns in a circle.`)
    }
  }

  async #examineOne(): Promise<void> {
    this.planExamination()
    const running = this.#world.machines.filter(({ isRunning, id }) => isRunning && id !== null)
    if (running.length === 0) return
    const machine = this.#random.pick(running)
    this.#world.seen('examined')
    for (const invariant of this.#invariants) await invariant.examine?.(this.#world, machine, this.#random)
    this.mustBeUnhurt()
  }

  /** Looks at the ledgers that have changed since the last event. */
  #afterCommits(): void {
    for (const machine of this.#world.machines) {
      if (!machine.wasTouched) continue
      machine.wasTouched = false
      const { ledger } = machine
      if (ledger === null) continue
      const version = ledger.prepare<[], number>('PRAGMA data_version').pluck().get() ?? 0
      const before = this.#dataVersions.get(machine)
      if (before?.reader === ledger && before.version === version) continue
      this.#dataVersions.set(machine, { reader: ledger, version })
      for (const invariant of this.#invariants) invariant.afterCommit?.(this.#world, machine)
    }
  }
}

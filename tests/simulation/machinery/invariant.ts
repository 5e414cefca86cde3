// A sentence that must never be false. Each has a file of its own in `invariants`; the list is in `invariants.ts`.
import type { Machine } from './machine.ts'
import type { Random } from './random.ts'
import type { World } from './world.ts'

export interface Invariant {
  /** As in the specification: `I3`. */
  readonly id: string
  /** What always holds, in a sentence. */
  readonly holds: string
  /** After every event that changed this machine's ledger: must be cheap. */
  afterCommit?(world: World, machine: Machine): void
  /** After a core wrote a file into the exchange. */
  afterWrite?(world: World, machine: Machine, path: string): void
  /** Every so often. */
  often?(world: World): void | Promise<void>
  /** One machine that runs, now and then between the faults. Lets no time pass and draws from what it is given. */
  examine?(world: World, machine: Machine, random: Random): void | Promise<void>
  /** When the faults have stopped and everybody had time to converge. */
  atRest?(world: World): void | Promise<void>
}

/** Thrown by an invariant that does not hold. */
export class Violation extends Error {
  override readonly name = 'Violation'
  readonly invariant: string

  constructor(invariant: string, what: string) {
    super(what)
    this.invariant = invariant
  }
}

export function mustHold(condition: boolean, invariant: string, what: () => string): asserts condition {
  if (!condition) throw new Violation(invariant, what())
}

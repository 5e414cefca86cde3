// What may happen in a simulation, and in what form each kind of happening is added: a file of its own, listed in `families.ts`.
import type { Random } from './random.ts'
import type { World } from './world.ts'

/** One thing that happens: a fault that lasts a while, or something that a person does. Plain data, so that a run can be written down, cut
 * shorter and played again. */
export interface Happening {
  readonly id: number
  readonly atMs: number
  readonly family: string
  readonly machine: number
  readonly lastsMs: number
  /** From 0 to 1: how strong, within the range of its family. */
  readonly strength: number
}

export interface Family {
  /** `transport/loss`, `person/decides`. */
  readonly name: string
  /** Chance that a run has any of it: runs differ by what they lack as much as by what they have. */
  readonly chance: number
  /** How often it happens on average, over all machines. */
  readonly perHour: readonly [least: number, most: number]
  readonly lastsMs: readonly [least: number, most: number]
  /** Begins it; what it answers ends it. */
  begin(world: World, happening: Happening, random: Random): (() => void) | void
}

export const SECOND = 1_000
export const MINUTE = 60 * SECOND
export const HOUR = 60 * MINUTE
export const DAY = 24 * HOUR

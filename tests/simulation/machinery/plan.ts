// A run before it runs: how large the world is and what happens in it, all of it drawn from the seed.
import { HOUR, type Family, type Happening } from './family.ts'
import { Random } from './random.ts'

export interface Plan {
  readonly seed: string
  readonly machines: number
  readonly hours: number
  readonly rescanSeconds: number
  readonly happenings: readonly Happening[]
  /** The machine that stays off for good when the faults stop; null where all come back. */
  readonly gone: number | null
}

/** Chance that a machine stays off for good. */
const GONE = 0.2

/** Chance that there are more machines than usual; fifty are measured by speed.ts. */
const CROWD = 0.04

export interface PlanWish {
  readonly machines?: number | undefined
  readonly hours?: number | undefined
  /** Only families whose names begin with one of these, and those for sure. */
  readonly only?: readonly string[] | undefined
}

export function drawPlan(seed: string, families: readonly Family[], wish: PlanWish = {}): Plan {
  const random = new Random(seed).fork('plan')
  const few = wish.machines ?? random.pick([3, 3, 3, 4, 5])
  const long = wish.hours ?? random.between(2, 12)
  const crowd = random.fork('crowd')
  const isCrowd = wish.machines === undefined && crowd.chance(CROWD)
  const machines = isCrowd ? crowd.between(6, 10) : few
  // An hour of ten machines takes as long as ten of three.
  const hours = isCrowd && wish.hours === undefined ? Math.min(long, 2) : long
  const rescanSeconds = random.scale(30, 1_800)
  const drawn = families
    .filter(({ name }) => wish.only === undefined || wish.only.some((begin) => name.startsWith(begin)))
    .map((family) => (wish.only === undefined ? family : { ...family, chance: 1 }))
    .flatMap((family) => drawFamily(family, random.fork(family.name), machines, hours))
  const happenings = drawn
    .toSorted((one, other) => one.atMs - other.atMs || (one.family < other.family ? -1 : 1))
    .map((happening, id) => ({ ...happening, id }))
  const leaving = random.fork('gone')
  const gone = leaving.chance(GONE) ? leaving.below(machines) : null
  return { seed, machines, hours, rescanSeconds, happenings, gone }
}

function drawFamily(
  { name, chance, perHour, lastsMs }: Family,
  random: Random,
  machines: number,
  hours: number,
): Omit<Happening, 'id'>[] {
  if (!random.chance(chance)) return []
  const [least, most] = perHour
  const count = Math.ceil((random.scale(least * 100, most * 100) / 100) * hours)
  return Array.from({ length: count }, () => ({
    family: name,
    atMs: random.below(hours * HOUR),
    machine: random.below(machines),
    lastsMs: random.scale(...lastsMs),
    strength: random.next(),
  }))
}

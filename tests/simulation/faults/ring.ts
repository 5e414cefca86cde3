// The liars of one world. There is one at first; others join them, each with a key of its own, up to as many as there are honest machines.
import { MINUTE, SECOND, type Family } from '../machinery/family.ts'
import { Liar } from '../machinery/liar.ts'
import type { Machine } from '../machinery/machine.ts'
import type { Random } from '../machinery/random.ts'
import { SPARES, type World } from '../machinery/world.ts'

export interface Scene {
  readonly world: World
  /** In whose copy of the exchange it is written. */
  readonly machine: Machine
  readonly liar: Liar
  readonly random: Random
}

/** What `tell` answers is done when the time is over, or when the faults stop. */
export function lie(
  name: string,
  tell: (scene: Scene) => void | (() => void),
  { chance = 0.35, perHour = [0.2, 2], lastsMs = [SECOND, MINUTE] }: Partial<Omit<Family, 'name' | 'begin'>> = {},
): Family {
  return {
    name: `liar/${name}`,
    chance,
    perHour,
    lastsMs,
    begin(world, { machine: index }, random) {
      const machine = world.machines[index % world.machines.length]
      if (machine === undefined) return
      return tell({ world, machine, liar: random.fork('who').pick(liarsOf(world)), random })
    },
  }
}

const rings = new WeakMap<World, Liar[]>()

export function liarsOf(world: World): readonly Liar[] {
  return ringOf(world)
}

/** Null where there are as many as there are honest machines: more than half of all keys would be a network of liars. */
export function recruit(world: World): Liar | null {
  const ring = ringOf(world)
  if (ring.length >= world.machines.length - SPARES) return null
  const liar = new Liar(`liar ${ring.length} of ${world.random.seed}`, world.oracle)
  ring.push(liar)
  if (ring.length === world.machines.length - SPARES) world.seen('ring-of-half')
  return liar
}

function ringOf(world: World): Liar[] {
  const ring = rings.get(world) ?? [new Liar(`liar of ${world.random.seed}`, world.oracle)]
  rings.set(world, ring)
  return ring
}

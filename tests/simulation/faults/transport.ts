// The way between two machines: what the tool that carries files does on bad days.
import { HOUR, MINUTE, SECOND, type Family } from '../machinery/family.ts'
import { CALM_DELAY_MS, type Weather } from '../machinery/weather.ts'

type Knob = Exclude<keyof Weather, 'cuts'>

/** For a while the chance of something is up to `most`. */
function knob(name: string, what: Knob, most: number): Family {
  return {
    name,
    chance: 0.5,
    perHour: [0.2, 1],
    lastsMs: [10 * MINUTE, 3 * HOUR],
    begin(world, { strength }) {
      const before = world.weather[what]
      world.weather[what] = Math.max(before, most * strength)
      return () => void (world.weather[what] = what === 'delayMs' ? CALM_DELAY_MS : 0)
    },
  }
}

const partition: Family = {
  name: 'transport/partition',
  chance: 0.5,
  perHour: [0.2, 1],
  lastsMs: [MINUTE, 4 * HOUR],
  begin({ machines, weather }, _happening, random) {
    const inside = new Set(random.some(machines, random.between(1, Math.max(1, machines.length - 1))))
    const isOneWay = random.chance(0.4)
    const cuts: string[] = []
    for (const from of machines) {
      for (const to of machines) {
        if (inside.has(from) && !inside.has(to)) cuts.push(`${from.index}>${to.index}`)
        if (!isOneWay && inside.has(to) && !inside.has(from)) cuts.push(`${from.index}>${to.index}`)
      }
    }
    for (const cut of cuts) weather.cuts.set(cut, (weather.cuts.get(cut) ?? 0) + 1)
    return () => {
      for (const cut of cuts) {
        const left = (weather.cuts.get(cut) ?? 1) - 1
        if (left > 0) weather.cuts.set(cut, left)
        else weather.cuts.delete(cut)
      }
    }
  },
}

/** A tool that lost its index compares everything again. */
const looksAgain: Family = {
  name: 'transport/compares-all',
  chance: 0.3,
  perHour: [0.2, 2],
  lastsMs: [SECOND, SECOND],
  begin: (world) => world.tool.look(),
}

export const transportFaults: readonly Family[] = [
  knob('transport/loss', 'loss', 0.3),
  knob('transport/duplicates', 'duplicates', 0.5),
  knob('transport/delay', 'delayMs', HOUR),
  knob('transport/half-written', 'halves', 0.5),
  knob('transport/hollow', 'hollows', 0.5),
  knob('transport/placeholders', 'placeholders', 0.3),
  knob('transport/conflict-copies', 'copies', 0.3),
  partition,
  looksAgain,
]

// The machine under the core: power, clock, disk.
import { DAY, HOUR, MINUTE, SECOND, type Family } from '../machinery/family.ts'
import type { Ailments } from '../machinery/surroundings.ts'
import { POWER_POINTS, type Machine } from '../machinery/machine.ts'
import type { World } from '../machinery/world.ts'

function machineAt({ machines }: World, index: number): Machine {
  const machine = machines[index % machines.length]
  if (machine === undefined) throw new Error('a world has machines')
  return machine
}

/** It comes back by itself, as a machine does that its steward switches on again. */
function startAgain(world: World, machine: Machine): void {
  if (machine.isRunning || world.gone.has(machine) || world.isHealing) return
  void machine.start().catch((thrown: unknown) => {
    // A disk that is full, say: the steward tries again later.
    world.log(`${machine.name} does not start: ${String(thrown)}`)
    world.seen('start-failed')
    world.after(10 * MINUTE, () => startAgain(world, machine))
  })
}

const crash: Family = {
  name: 'machine/crash',
  chance: 0.7,
  perHour: [0.2, 3],
  lastsMs: [SECOND, 2 * HOUR],
  begin(world, { machine: index, lastsMs }, random) {
    const machine = machineAt(world, index)
    machine.crashAt('call', random.scale(1, 2_000), () => {
      world.seen('power-cut')
      machine.crash()
      world.after(Math.max(SECOND, lastsMs), () => startAgain(world, machine))
    })
  },
}

const restart: Family = {
  name: 'machine/restart',
  chance: 0.5,
  perHour: [0.1, 1],
  lastsMs: [SECOND, HOUR],
  begin(world, { machine: index, lastsMs }) {
    const machine = machineAt(world, index)
    void machine.stop().then(() => void world.after(Math.max(SECOND, lastsMs), () => startAgain(world, machine)))
  },
}

/** A step of the clock, small ones as likely as a year. */
const clock: Family = {
  name: 'machine/clock-step',
  chance: 0.5,
  perHour: [0.1, 1],
  lastsMs: [10 * MINUTE, 4 * HOUR],
  begin(world, { machine: index }, random) {
    const machine = machineAt(world, index)
    const step = random.scale(SECOND, 366 * DAY) * (random.chance(0.5) ? 1 : -1)
    machine.clockOffMs += step
    world.seen(step > 0 ? 'clock-ahead' : 'clock-behind')
    return () => void (machine.clockOffMs -= step)
  },
}

const drift: Family = {
  name: 'machine/clock-drift',
  chance: 0.3,
  perHour: [0.1, 0.3],
  lastsMs: [HOUR, 4 * HOUR],
  begin(world, { machine: index, strength }) {
    const machine = machineAt(world, index)
    machine.driftMs = (strength - 0.5) * 2
    return () => void (machine.driftMs = 0)
  },
}

/** Something is wrong with the disk or the drive for a while. */
function ailing(name: string, part: (strength: number) => Partial<Ailments>, well: Partial<Ailments>): Family {
  return {
    name,
    chance: 0.35,
    perHour: [0.1, 1],
    lastsMs: [MINUTE, HOUR],
    begin(world, { machine: index, strength }) {
      const machine = machineAt(world, index)
      Object.assign(machine.ailments, part(strength))
      return () => void Object.assign(machine.ailments, well)
    },
  }
}

/** A share at the end of a long line, a disk that spins up: it answers, but when. At the end of all families, so that the plans of others stay. */
export const slowFolders: readonly Family[] = [
  {
    // Long enough for a machine to start anew while it lasts.
    ...ailing('folder/slow', (strength) => ({ slowMs: Math.round(SECOND * 120 ** strength) }), { slowMs: 0 }),
    perHour: [0.2, 1],
    lastsMs: [10 * MINUTE, 4 * HOUR],
  },
]

export const machineFaults: readonly Family[] = [
  crash,
  restart,
  clock,
  drift,
  ailing('machine/disk-full', () => ({ isFull: true }), { isFull: false }),
  ailing('machine/read-errors', (strength) => ({ readErrors: 0.1 * strength }), { readErrors: 0 }),
  ailing('machine/write-errors', (strength) => ({ writeErrors: 0.1 * strength }), { writeErrors: 0 }),
  ailing('folder/read-only', () => ({ isReadOnly: true }), { isReadOnly: false }),
  ailing('folder/unplugged', () => ({ isUnplugged: true }), { isUnplugged: false }),
  ailing('folder/stale-listings', (strength) => ({ staleListings: strength / 2 }), { staleListings: 0 }),
  ailing('folder/lost-events', (strength) => ({ lostEvents: strength }), { lostEvents: 0 }),
]

/** The power fails in the middle of what no call to the folder or the clock shows: a transaction, the start, the writing of a small file. */
const crashAnywhere: Family = {
  name: 'machine/crash-anywhere',
  chance: 0.5,
  perHour: [0.2, 3],
  lastsMs: [SECOND, HOUR],
  begin(world, { machine: index, lastsMs }, random) {
    const machine = machineAt(world, index)
    const point = random.pick(POWER_POINTS)
    const isAtStart = point === 'home' || point === 'keychain'
    machine.crashAt(point, random.scale(1, isAtStart ? 10 : 200), () => {
      world.seen('power-cut')
      machine.crash()
      world.after(Math.max(SECOND, lastsMs), () => startAgain(world, machine))
    })
    // These are asked when a core begins and seldom after.
    if (isAtStart) void machine.stop().then(() => void world.after(SECOND, () => startAgain(world, machine)))
  },
}

/** What goes wrong with the disk reaches the ledger too. */
export const ledgerFaults: readonly Family[] = [
  crashAnywhere,
  ailing('ledger/full', () => ({ isLedgerFull: true, isFull: true }), { isLedgerFull: false, isFull: false }),
  ailing('ledger/write-errors', (strength) => ({ ledgerWriteErrors: 0.1 * strength }), { ledgerWriteErrors: 0 }),
  ailing('ledger/read-errors', (strength) => ({ ledgerReadErrors: 0.1 * strength ** 4 }), { ledgerReadErrors: 0 }),
]

import { MINUTE } from '../machinery/family.ts'
import { mustHold, type Invariant } from '../machinery/invariant.ts'
import { EXCHANGE } from '../machinery/surroundings.ts'
import type { Machine } from '../machinery/machine.ts'
import type { World } from '../machinery/world.ts'
import { mustRun } from './asking.ts'
import { differences, tableRows, type Allowance, type TableRows } from './table-rows.ts'

/** What a replay may leave behind all the same. */
const allowedOn = ({ id }: Machine): readonly Allowance[] => [
  {
    table: 'exchange_inbox_file',
    columns: ['mtime_ns', 'first_seen', 'last_seen'],
    why: 'The file has another time now, and was looked at for it.',
  },
  {
    table: 'exchange_inbox_file',
    columns: [],
    rows: { column: 'node', value: id },
    why: 'Own files are read back when they look changed.',
  },
  { table: 'exchange_own_file', columns: ['mtime_ns'], why: 'So have its own files.' },
  { table: 'exchange_last_seen', columns: ['at'], why: 'Somebody carried something of that node.' },
  { table: 'exchange_note', columns: ['last_seen'], why: 'It still lies there.' },
  { table: 'exchange_pending', columns: ['last_seen'], why: 'Whoever asks to join still does.' },
  { table: 'exchange_seen', columns: ['said'], why: 'When it was last read, and it was read again.' },
  { table: 'exchange_state', columns: ['said'], why: 'When it was last read, and it was read again.' },
  { table: 'kept', columns: [], rows: { column: 'what', value: 'settled at' }, why: 'Time has passed.' },
]

export const replayIsNothing: Invariant = {
  id: 'I9',
  holds: 'Files that come once more, under new times, change no row of any table.',
  async atRest(world) {
    // Two places of one key write over each other's notes for a while, whatever is replayed: what was merged is compared all the same.
    const hasTwins = world.connected.some(({ isTwin }) => isTwin)
    for (let tries = 0; tries < TRIES; tries++) {
      // Until everybody has read everything as it lies, a bit that fell over too, and what is not whole has been so for long enough.
      for (const machine of world.connected) bringAgain(machine)
      let lay: readonly Files[] = []
      for (let look = 0; look < LOOKS; look++) {
        lay = world.connected.map(filesOf)
        await syncAll(world)
      }
      const before = world.connected.map((machine) => ({ machine, rows: stateOf(machine), files: filesOf(machine) }))
      // What came while the last one looked is new to whoever looked before.
      const isSeen = before.every(({ files }, index) => areSame(files, lay[index] ?? new Map()))
      for (const { machine } of before) bringAgain(machine)
      await syncAll(world)
      await syncAll(world)
      if (hasTwins || (isSeen && before.every(({ machine, files }) => areSame(files, filesOf(machine))))) {
        for (const { machine, rows } of before) mustBeSame(machine, rows, hasTwins)
        return
      }
      // The tool has brought the rest of something, which is no replay.
      world.seen('replay-disturbed')
      await world.pass(20 * MINUTE)
    }
    mustHold(false, 'I9', () => `Of ${TRIES} replays each changed files.`)
  },
}

const TRIES = 8

function mustBeSame(machine: Machine, before: TableRows, hasTwins: boolean): void {
  const changed = differences(before, stateOf(machine)).filter((line) => !hasTwins || !line.startsWith('exchange_'))
  mustHold(changed.length === 0, 'I9', () => [`A replay changed the tables of ${machine.name}:`, ...changed].join('\n'))
}

function bringAgain(machine: Machine): void {
  for (const [path, bytes] of filesOf(machine)) machine.disk.put(path, { bytes, mtimeNs: machine.mtimeNs() }, 'tool')
}

type Files = ReadonlyMap<string, Uint8Array>

function filesOf({ disk }: Machine): Files {
  return new Map(disk.files(EXCHANGE).map((path) => [path, disk.file(path)?.bytes ?? new Uint8Array()]))
}

function areSame(one: Files, other: Files): boolean {
  return (
    one.size === other.size &&
    [...one].every(([path, bytes]) => Buffer.compare(bytes, other.get(path) ?? NOTHING) === 0)
  )
}

const NOTHING = new Uint8Array()

const LOOKS = 4

async function syncAll(world: World): Promise<void> {
  for (const machine of world.connected) await world.finish(mustRun(machine).exchange.sync({}))
  await world.pass(MINUTE)
}

function stateOf(machine: Machine): TableRows {
  const { ledger } = machine
  return ledger === null ? new Map() : tableRows(ledger, allowedOn(machine))
}

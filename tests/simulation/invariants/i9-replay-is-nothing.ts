import { MINUTE } from '../machinery/family.ts'
import { mustHold, type Invariant } from '../machinery/invariant.ts'
import { EXCHANGE } from '../machinery/surroundings.ts'
import type { Machine } from '../machinery/machine.ts'
import { mustRun, receiptCount } from './asking.ts'

export const replayIsNothing: Invariant = {
  id: 'I9',
  holds: 'Files that come once more, under new times, change nothing.',
  async atRest(world) {
    const before = world.connected.map((machine) => stateOf(machine))
    for (const machine of world.connected) {
      for (const path of machine.disk.files(EXCHANGE)) {
        const file = machine.disk.file(path)
        if (file !== null) machine.disk.put(path, { bytes: file.bytes, mtimeNs: machine.mtimeNs() }, 'tool')
      }
    }
    for (const machine of world.connected) await world.finish(mustRun(machine).exchange.sync({}))
    await world.pass(2 * MINUTE)
    for (const [index, machine] of world.connected.entries()) {
      const after = stateOf(machine)
      mustHold(
        after === before[index],
        'I9',
        () => `${machine.name} had ${before[index]} and has ${after} after a replay.`,
      )
    }
  },
}

function stateOf(machine: Machine): string {
  const { ledger } = machine
  return ledger === null ? 'nothing' : `${receiptCount(ledger)} receipts, ${machine.fingerprint()}`
}

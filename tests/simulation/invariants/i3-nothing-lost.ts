import { knownIds, type ReadDb } from '#core/ledger/index.ts'
import { mustHold, type Invariant } from '../machinery/invariant.ts'
import type { Machine } from '../machinery/machine.ts'
import type { World } from '../machinery/world.ts'

/** Receipts by machine that were in its ledger at the last look; a disk that went back to an old state starts anew. */
export const nothingLost: Invariant = {
  id: 'I3',
  holds: 'What a command acknowledged is in the ledger after any crash.',
  often: (world) => {
    for (const machine of world.machines) lookAt(world, machine)
  },
  atRest: (world) => {
    for (const machine of world.machines) lookAt(world, machine)
  },
}

function lookAt({ oracle }: World, machine: Machine): void {
  const { ledger } = machine
  if (ledger === null) return
  const promised = oracle.acknowledgedOn(machine.index).map(({ id }) => id)
  const held = heldOf(ledger, promised)
  const lost = promised.find((id) => !held.has(id))
  mustHold(lost === undefined, 'I3', () => `${machine.name} acknowledged ${lost} and does not hold it any more.`)
}

function heldOf(ledger: ReadDb, ids: Parameters<typeof knownIds>[1]) {
  return knownIds(ledger, ids)
}

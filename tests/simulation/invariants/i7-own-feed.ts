// I7 as the node itself would be asked: not what it published, but what its own ledger holds of its own feed.
import { mustHold, type Invariant } from '../machinery/invariant.ts'
import type { Machine } from '../machinery/machine.ts'
import type { World } from '../machinery/world.ts'

export const ownFeed: Invariant = {
  id: 'I7 own feed',
  holds: 'Its own feed has one story in its own ledger, without a gap and each receipt after the one before it.',
  examine: (_world, machine) => mustBeOneStory(machine),
  atRest: (world) => forAll(world),
}

function forAll({ connected }: World): void {
  for (const machine of connected) mustBeOneStory(machine)
}

function mustBeOneStory({ name, ledger, id, isTwin }: Machine): void {
  if (ledger === null || id === null || isTwin) return
  const rows = ledger
    .prepare<[string], { id: Buffer; line: string }>(
      `SELECT receipt.id AS id, line FROM receipt JOIN node ON node.key = receipt.node_key
       WHERE node.id = ? ORDER BY seq, arrival`,
    )
    .all(id)
  for (const [at, { line }] of rows.entries()) {
    // Its form is what the ledger promises.
    const { seq, prev } = JSON.parse(line) as { readonly seq: number; readonly prev: string | null }
    const before = rows[at - 1]?.id
    mustHold(seq === at + 1, 'I7', () => `${name} has seq ${seq} as receipt ${at + 1} of its own feed.`)
    mustHold(
      prev === (before === undefined ? null : `sha256:${before.toString('hex')}`),
      'I7',
      () => `${name} signed seq ${seq} after ${prev}, which is not what stands before it in its own feed.`,
    )
  }
}

import type { NodeId } from '#core/contract/index.ts'
import type { ReadDb } from '#core/ledger/index.ts'
import { isAdmitted } from '#core/network/index.ts'
import { mustHold, type Invariant } from '../machinery/invariant.ts'
import { allConflicts, mustRun } from './asking.ts'

export const forksShow: Invariant = {
  id: 'I6',
  holds: 'Once two stories reached somebody, everybody keeps both, shows a conflict, and can prove it.',
  async atRest(world) {
    for (const machine of world.connected) {
      const { ledger } = machine
      if (ledger === null) continue
      const conflicts = await allConflicts(world, machine)
      for (const { node, seq, stories } of forksIn(ledger)) {
        const expected = world.oracle.feeds.get(`${node} ${seq}`)?.size ?? 0
        mustHold(
          stories >= Math.min(expected, STORIES_KEPT),
          'I6',
          () => `${machine.name} keeps ${stories} of ${expected} stories of ${node} at seq ${seq}.`,
        )
      }
      for (const node of new Set(forksIn(ledger).map((fork) => fork.node))) {
        if (!isAdmitted(ledger, node)) continue
        const shown = conflicts.find(({ kind, subject }) => kind === 'fork' && subject === node)
        mustHold(shown !== undefined, 'I6', () => `${machine.name} holds two stories of ${node} and shows no conflict.`)
        world.seen('fork-shown')
        const { text } = await world.finish(mustRun(machine).conflicts.proof({ id: shown.id, form: 'json' }))
        mustHold(text.includes(node), 'I6', () => `The proof of the fork of ${node} does not name it.`)
      }
    }
  },
}

const STORIES_KEPT = 64

function forksIn(ledger: ReadDb) {
  return ledger
    .prepare<[], { node: NodeId; seq: number; stories: number }>(
      `SELECT node.id AS node, seq, count(*) AS stories
       FROM receipt JOIN node ON node.key = receipt.node_key GROUP BY node.id, seq HAVING count(*) > 1`,
    )
    .all()
}

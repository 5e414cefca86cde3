import type { ConflictId, NodeId } from '#core/contract/index.ts'
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
        const fork = forkOf(ledger, node)
        // Where stewards disagree about a fork, the conflict of their decisions is shown in its place.
        const shown = conflicts.find((conflict) =>
          fork?.isDisputed === true
            ? conflict.kind === 'decisions-disagree' && conflict.subject === node
            : conflict.id === fork?.id,
        )
        mustHold(
          fork !== undefined && shown !== undefined,
          'I6',
          () => `${machine.name} holds two stories of ${node} and shows no conflict.`,
        )
        world.seen(fork.isDisputed ? 'fork-disputed' : 'fork-shown')
        const { text } = await world.finish(mustRun(machine).conflicts.proof({ id: fork.id, form: 'json' }))
        mustHold(text.includes(node), 'I6', () => `The proof of the fork of ${node} does not name it.`)
      }
    }
  },
}

const STORIES_KEPT = 64
/** As the table of conflicts writes them. */
const [FORK, DISPUTED] = [6, 2]

function forkOf(ledger: ReadDb, node: NodeId): { readonly id: ConflictId; readonly isDisputed: boolean } | undefined {
  const row = ledger
    .prepare<[number, NodeId], { id: Buffer; status: number }>(
      'SELECT id, status FROM reconcile_conflict WHERE kind = ? AND subject = ? ORDER BY from_seq LIMIT 1',
    )
    .get(FORK, node)
  // The table holds ids without their prefix.
  return row && { id: `sha256:${row.id.toString('hex')}` as ConflictId, isDisputed: row.status === DISPUTED }
}

function forksIn(ledger: ReadDb) {
  return ledger
    .prepare<[], { node: NodeId; seq: number; stories: number }>(
      `SELECT node.id AS node, seq, count(*) AS stories
       FROM receipt JOIN node ON node.key = receipt.node_key GROUP BY node.id, seq HAVING count(*) > 1`,
    )
    .all()
}

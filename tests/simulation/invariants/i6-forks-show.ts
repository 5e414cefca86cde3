import type { ConflictId, NodeId } from '#core/contract/index.ts'
import { knownIds, type ReadDb } from '#core/ledger/index.ts'
import { isAdmitted } from '#core/network/index.ts'
import { checkProof, parseProof } from '#core/proof/index.ts'
import { LIMITS, type VerifiedReceipt } from '#core/receipts/index.ts'
import { HOUR } from '../machinery/family.ts'
import { mustHold, Violation, type Invariant } from '../machinery/invariant.ts'
import type { Machine } from '../machinery/machine.ts'
import { EXCHANGE } from '../machinery/surroundings.ts'
import type { World } from '../machinery/world.ts'
import { allConflicts, mustRun } from './asking.ts'

export const forksShow: Invariant = {
  id: 'I6',
  holds:
    'Once two stories were published or reached somebody, everybody keeps both, shows a conflict, and can prove it.',
  async atRest(world) {
    await everyStoryArrives(world)
    for (const machine of world.connected) {
      const { ledger } = machine
      if (ledger === null) continue
      const conflicts = await allConflicts(world, machine)
      for (const node of new Set(forksIn(ledger))) {
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
        mustConvince(machine, node, text)
      }
    }
  },
}

/** Everybody may show one state because nobody has read what lies there. */
async function everyStoryArrives(world: World): Promise<void> {
  try {
    await world.until(
      () => lackingStory(world) === null && world.haveConverged(),
      HOUR + 4 * world.rescanSeconds * 1_000,
      'every story is kept',
    )
  } catch (thrown) {
    const lacking = thrown instanceof Violation ? lackingStory(world) : null
    throw lacking === null ? thrown : new Violation('I6', lacking)
  }
}

/** What somebody does not keep of a feed, in a sentence. Null where everybody keeps all. */
function lackingStory(world: World): string | null {
  const connected = world.connected.map(({ index }) => index)
  for (const machine of world.connected) {
    const { ledger } = machine
    if (ledger === null) continue
    for (const { node, seq, ids } of world.oracle.forksOn(connected)) {
      if (!isAdmitted(ledger, node)) continue
      const stories = knownIds(ledger, ids).size
      if (stories < Math.min(ids.length, LIMITS.storiesPerSeq)) {
        return `${machine.name} keeps ${stories} of ${ids.length} stories of ${node} at seq ${seq}, and others hold them.`
      }
    }
    const lying = publishedAt(world, machine).filter(({ receipt }) => isAdmitted(ledger, receipt.node))
    for (const [place, ids] of Map.groupBy(takenOf(machine, ledger, lying), placeOf)) {
      const stories = knownIds(
        ledger,
        ids.map(({ id }) => id),
      ).size
      if (stories < Math.min(ids.length, LIMITS.storiesPerSeq)) {
        return `${machine.name} keeps ${stories} of ${ids.length} receipts at ${place}, and all of them lie in its folder.`
      }
    }
  }
  return null
}

function placeOf({ receipt: { node, seq } }: VerifiedReceipt): string {
  return `${node} ${seq}`
}

/** What liars published and the tool has brought to this machine, each receipt once. */
function publishedAt({ oracle }: World, { disk }: Machine): readonly VerifiedReceipt[] {
  const found = disk
    .files(`${EXCHANGE}/nodes`)
    .filter((path) => path.endsWith('.jsonl'))
    .flatMap((path) => oracle.publishedIn(Buffer.from(disk.file(path)?.bytes ?? []).toString('utf8')))
  return [...new Map(found.map((receipt) => [receipt.id, receipt])).values()]
}

/** Of what lies in its folder, what a node must take now: nothing that is ahead of its clock, and nothing behind a gap. */
function takenOf(machine: Machine, ledger: ReadDb, lying: readonly VerifiedReceipt[]): readonly VerifiedReceipt[] {
  const inTime = lying.filter(({ receipt }) => Date.parse(receipt.time) <= machine.nowMs + LIMITS.aheadMs)
  const reached = new Map<NodeId, number>()
  return inTime
    .toSorted((one, other) => one.receipt.seq - other.receipt.seq)
    .filter(({ receipt: { node, seq } }) => {
      const before = reached.get(node) ?? lastSeqOf(ledger, node)
      reached.set(node, Math.max(before, seq <= before + 1 ? seq : 0))
      return seq <= before + 1
    })
}

function lastSeqOf(ledger: ReadDb, node: NodeId): number {
  return (
    ledger
      .prepare<[NodeId], number | null>(
        'SELECT max(seq) FROM receipt JOIN node ON node.key = receipt.node_key WHERE node.id = ?',
      )
      .pluck()
      .get(node) ?? 0
  )
}

/** As somebody checks it who has nothing but the proof. */
function mustConvince(machine: Machine, node: NodeId, text: string): void {
  const proof = parseProof(text)
  mustHold(proof !== null, 'I6', () => `${machine.name} exports a proof of the fork of ${node} that is none: ${text}`)
  const { holds, checks, receipts } = checkProof(proof)
  const failed = [...checks, ...receipts.flatMap((receipt) => receipt.checks)].find(({ state }) => state === 'fails')
  mustHold(holds, 'I6', () => `The proof of the fork of ${node} does not hold: ${failed?.name}: ${failed?.detail}`)
  const members = new Set(receipts.filter(({ role }) => role === 'member').map(({ id }) => id))
  mustHold(
    proof.conflict?.kind === 'fork' && proof.conflict.subject === node && members.size > 1,
    'I6',
    () => `The proof of the fork of ${node} is not of its fork.`,
  )
}

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

/** Nodes of which this ledger holds two receipts of one seq. */
function forksIn(ledger: ReadDb): readonly NodeId[] {
  return ledger
    .prepare<[], NodeId>(
      `SELECT node.id FROM receipt JOIN node ON node.key = receipt.node_key
       GROUP BY node.id, seq HAVING count(*) > 1`,
    )
    .pluck()
    .all()
}

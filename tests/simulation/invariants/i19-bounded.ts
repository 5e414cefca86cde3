import type { NodeId } from '#core/contract/index.ts'
import type { ReadDb } from '#core/ledger/index.ts'
import { admittedNodes } from '#core/network/index.ts'
import { LIMITS } from '#core/receipts/index.ts'
import { MINUTE } from '../machinery/family.ts'
import { mustHold, type Invariant } from '../machinery/invariant.ts'
import type { Machine } from '../machinery/machine.ts'
import { EXCHANGE } from '../machinery/surroundings.ts'
import { mustRun } from './asking.ts'

/** Virtual time that one look at everything may take, whatever lies there. */
const LOOK_MS = 2 * MINUTE
/** Of one row of a note: no id is shorter. */
const SEEN_ROW_BYTES = 130
const STATE_ROW_BYTES = 60

export const bounded: Invariant = {
  id: 'I19',
  holds:
    'No queue grows beyond what the machines can have under way, no table beyond its limit, and no look takes for ever.',
  often(world) {
    const most = 20_000 * world.machines.length
    mustHold(world.queueLength < most, 'I19', () => `${world.queueLength} events wait in the queue.`)
    for (const machine of world.machines) {
      const pending = machine.life?.pending.size ?? 0
      mustHold(pending < 2_000, 'I19', () => `${machine.name} has ${pending} calls under way.`)
    }
  },
  examine: (_world, machine) => tablesMustBeBounded(machine),
  async atRest(world) {
    for (const machine of world.connected) {
      const beganMs = world.nowMs
      await world.finish(mustRun(machine).exchange.sync({}))
      const tookMs = world.nowMs - beganMs
      mustHold(
        tookMs <= LOOK_MS,
        'I19',
        () => `${machine.name} looks at the folder for ${tookMs} ms although nothing is wrong.`,
      )
      tablesMustBeBounded(machine)
      mustForgetStrangers(machine)
    }
  },
}

interface Bound {
  readonly what: string
  /** Answers the largest number of them that belong together. */
  readonly sql: string
  readonly most: number
}

const BOUNDS: readonly Bound[] = [
  bound('stories at one seq', 'receipt', 'node_key, seq', LIMITS.storiesPerSeq),
  bound('receipts that are early', 'exchange_early', 'node, outcome', LIMITS.waitingReceiptsPerNode),
  { what: 'nodes that ask to join', sql: 'SELECT count(*) FROM exchange_pending', most: 10_000 },
  { what: 'refusals', sql: 'SELECT count(*) FROM exchange_refusal', most: 100_000 },
  bound('notes on files', 'exchange_note', 'node', 1_000),
  bound('feeds that a node says it holds', 'exchange_seen', 'holder', LIMITS.seenBytes / SEEN_ROW_BYTES),
  bound('feeds that a node says it merged', 'exchange_state_feed', 'holder', LIMITS.stateBytes / STATE_ROW_BYTES),
  {
    what: 'bytes of receipts that are early',
    sql: 'SELECT max(bytes) FROM (SELECT sum(bytes) AS bytes FROM exchange_early GROUP BY node, outcome)',
    most: LIMITS.waitingBytesPerNode,
  },
]

function bound(what: string, table: string, belonging: string, most: number): Bound {
  return { what, sql: `SELECT max(n) FROM (SELECT count(*) AS n FROM ${table} GROUP BY ${belonging})`, most }
}

function tablesMustBeBounded({ name, ledger }: Machine): void {
  if (ledger === null) return
  for (const { what, sql, most } of BOUNDS) {
    const found = numberIn(ledger, sql)
    mustHold(found <= most, 'I19', () => `${name} keeps ${found} ${what}; at most ${most} are allowed.`)
  }
}

/** What is remembered of a stranger is remembered while its folder is there, or whoever makes new ones each day fills the ledger. */
function mustForgetStrangers({ name, id, ledger, disk }: Machine): void {
  if (ledger === null) return
  const nodes = disk.at(`${EXCHANGE}/nodes`)
  const folders = nodes?.kind === 'folder' ? new Set(nodes.children.keys()) : new Set<string>()
  const admitted = admittedNodes(ledger)
  const ghosts = ledger
    .prepare<[], NodeId>(
      'SELECT node FROM exchange_inbox_file UNION SELECT node FROM exchange_head UNION SELECT node FROM exchange_last_seen',
    )
    .pluck()
    .all()
    .filter((node) => node !== id && !admitted.has(node) && !folders.has(node.slice('did:key:'.length)))
  mustHold(
    ghosts.length === 0,
    'I19',
    () => `${name} remembers ${ghosts.length} nodes that nobody admitted and whose folders are gone.`,
  )
}

function numberIn(ledger: ReadDb, sql: string): number {
  return ledger.prepare<[], number | null>(sql).pluck().get() ?? 0
}

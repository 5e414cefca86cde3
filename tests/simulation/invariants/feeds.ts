// I4, I7 and I8 look at the same rows: whatever came into a ledger since the last look.
import { parseLine, createVerifier, type Receipt } from '#core/receipts/index.ts'
import { mustHold, type Invariant } from '../machinery/invariant.ts'
import type { Machine } from '../machinery/machine.ts'
import type { World } from '../machinery/world.ts'
import type { ReadDb } from '#core/ledger/index.ts'

interface Row {
  readonly arrival: number
  readonly id: Buffer
  readonly line: string
  readonly seq: number
  readonly node: string
}

const lastSeen = new WeakMap<World, Map<Machine, { readonly ledger: ReadDb; arrival: number }>>()
const verifier = createVerifier({ native: 'node', slowChecksAllowed: () => true })

export const signedAndInOrder: Invariant = {
  id: 'I4 I7 I8',
  holds: 'Each row is signed by who it says; an honest feed tells one story; nothing stands behind a gap.',
  afterCommit(world, machine) {
    const { ledger } = machine
    if (ledger === null) return
    for (const row of newRows(world, machine, ledger)) {
      const receipt = verifiedReceipt(machine, row)
      world.oracle.latestSignedMs = Math.max(world.oracle.latestSignedMs, Date.parse(receipt.time))
      oneStory(world, machine, row, receipt)
      noGap(machine, ledger, row)
    }
  },
}

function newRows(world: World, machine: Machine, ledger: ReadDb): readonly Row[] {
  const seen = lastSeen.get(world) ?? new Map<Machine, { readonly ledger: ReadDb; arrival: number }>()
  lastSeen.set(world, seen)
  const last = seen.get(machine)
  const from = last?.ledger === ledger ? last.arrival : 0
  const rows = ledger
    .prepare<[number], Row>(
      `SELECT arrival, receipt.id AS id, line, seq, node.id AS node
       FROM receipt JOIN node ON node.key = receipt.node_key WHERE arrival > ? ORDER BY arrival`,
    )
    .all(from)
  seen.set(machine, { ledger, arrival: rows.at(-1)?.arrival ?? from })
  return rows
}

function verifiedReceipt(machine: Machine, row: Row): Receipt {
  const parsed = parseLine(Buffer.from(row.line, 'utf8'))
  mustHold(parsed.ok, 'I4', () => `A row of ${machine.name} cannot be read: ${row.line}`)
  const verdict = verifier.verify(parsed.value, row.node)
  mustHold(verdict.ok === true, 'I4', () => `A row of ${machine.name} is not signed by ${row.node}: ${row.line}`)
  const { id, receipt } = verdict.value
  mustHold(
    id === `sha256:${row.id.toString('hex')}`,
    'I4',
    () => `A row of ${machine.name} has the id of another: ${id}`,
  )
  return receipt
}

function oneStory(world: World, machine: Machine, row: Row, receipt: Receipt): void {
  const place = `${receipt.node} ${receipt.seq}`
  const stories = world.oracle.feeds.get(place) ?? new Set()
  world.oracle.feeds.set(place, stories)
  // The id was computed again from the line just before.
  stories.add(`sha256:${row.id.toString('hex')}` as Parameters<typeof stories.add>[0])
  const owner = world.machines.find(({ id }) => id === receipt.node)
  if (stories.size < 2) return
  world.seen('two-stories')
  mustHold(
    owner === undefined || !owner.isHonest,
    'I7',
    () =>
      `${owner?.name} is honest and tells two stories at seq ${receipt.seq}: ${[...stories].join(', ')} (seen by ${machine.name})`,
  )
}

function noGap(machine: Machine, ledger: ReadDb, row: Row): void {
  if (row.seq === 1) return
  const before = ledger
    .prepare<[string, number], { found: 1 }>(
      'SELECT 1 AS found FROM receipt JOIN node ON node.key = receipt.node_key WHERE node.id = ? AND seq = ?',
    )
    .get(row.node, row.seq - 1)
  mustHold(
    before !== undefined,
    'I8',
    () => `${machine.name} took seq ${row.seq} of ${row.node} without the one before.`,
  )
}

// I4, I7 and I8 look at the same rows: whatever came into a ledger since the last look.
import { createHash, createPublicKey, verify } from 'node:crypto'
import canonicalize from 'canonicalize'
import type { NodeId, ReceiptId } from '#core/contract/index.ts'
import { mustHold, type Invariant } from '../machinery/invariant.ts'
import type { Machine } from '../machinery/machine.ts'
import type { World } from '../machinery/world.ts'
import { publicKeyFromNodeId } from '#core/receipts/index.ts'
import type { ReadDb } from '#core/ledger/index.ts'

interface Row {
  readonly arrival: number
  readonly id: Buffer
  readonly line: string
  readonly seq: number
  readonly node: string
}

const lastSeen = new WeakMap<World, Map<Machine, { readonly ledger: ReadDb; arrival: number }>>()

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

interface Signed {
  readonly node: NodeId
  readonly seq: number
  readonly time: string
  readonly sig: string
}

// Not by what core checks with: who watches must not believe what it watches.
function verifiedReceipt(machine: Machine, row: Row): Signed {
  // Its form is what the ledger promises; the check below would fail on anything else.
  const { sig, ...signed } = JSON.parse(row.line) as Signed
  const bytes = Buffer.from(canonicalize(signed) ?? '', 'utf8')
  const id = createHash('sha256').update(bytes).digest()
  mustHold(id.equals(row.id), 'I4', () => `A row of ${machine.name} has the id of another: ${row.line}`)
  const isSigned = signed.node === row.node && verify(null, bytes, keyOf(signed.node), Buffer.from(sig, 'base64url'))
  mustHold(isSigned, 'I4', () => `A row of ${machine.name} is not signed by ${row.node}: ${row.line}`)
  return { sig, ...signed }
}

const keys = new Map<NodeId, ReturnType<typeof createPublicKey>>()

function keyOf(node: NodeId) {
  const known = keys.get(node)
  if (known !== undefined) return known
  const key = createPublicKey({
    key: Buffer.concat([SPKI_ED25519, publicKeyFromNodeId(node) ?? Buffer.alloc(32)]),
    format: 'der',
    type: 'spki',
  })
  keys.set(node, key)
  return key
}

/** DER of a public key before its 32 bytes. */
const SPKI_ED25519 = Buffer.from('302a300506032b6570032100', 'hex')

function oneStory(world: World, machine: Machine, row: Row, receipt: Signed): void {
  // The id was computed again from the line just before.
  const id = `sha256:${row.id.toString('hex')}` as ReceiptId
  const stories = world.oracle.hold(machine.index, receipt.node, receipt.seq, id)
  const owner = world.machines.find(({ id: node }) => node === receipt.node)
  if (stories.length < 2) return
  world.seen('two-stories')
  mustHold(
    owner === undefined || !owner.isHonest,
    'I7',
    () =>
      `${owner?.name} is honest and tells two stories at seq ${receipt.seq}: ${stories.join(', ')} (seen by ${machine.name})`,
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

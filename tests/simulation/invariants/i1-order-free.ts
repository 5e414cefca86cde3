// I1, I2, I15: the receipts of one machine, dealt out again in other orders.
import type { ConflictSummary } from '#core/contract/index.ts'
import { fingerprint } from '#core/network/index.ts'
import { createVerifier, parseLine, type VerifiedReceipt } from '#core/receipts/index.ts'
import { instantAt } from '#tests/kit/nodes.ts'
import { World as Reference } from '#tests/kit/world.ts'
import { mustHold, type Invariant } from '../machinery/invariant.ts'
import type { Machine } from '../machinery/machine.ts'
import type { World } from '../machinery/world.ts'
import { allConflicts, receiptCount } from './asking.ts'

const verifier = createVerifier({ native: 'node', slowChecksAllowed: () => true })

/** What only one node saw, since it follows from its folder and not from receipts. */
const LOCAL_KINDS: readonly string[] = ['withheld', 'held-future', 'missing-artefact']

export const orderFree: Invariant = {
  id: 'I1 I2 I15',
  holds: 'The same receipts in any order give the same fingerprint and the same conflicts.',
  async atRest(world) {
    const lists = new Map<Machine, string>()
    for (const machine of world.connected) lists.set(machine, conflictsAsText(await allConflicts(world, machine)))
    const [first, ...others] = world.connected
    if (first === undefined) return
    for (const other of others) {
      mustHold(lists.get(other) === lists.get(first), 'I1', () =>
        [
          `${other.name} and ${first.name} show one fingerprint and other conflicts:`,
          lists.get(other),
          lists.get(first),
        ].join('\n'),
      )
    }
    await inOtherOrders(world, first, lists.get(first) ?? '')
  },
}

async function inOtherOrders(world: World, machine: Machine, conflicts: string): Promise<void> {
  const receipts = receiptsOf(machine)
  const network = receipts.find(({ receipt }) => receipt.kind === 'network/genesis')
  if (network === undefined) return
  const now = instantAt(machine.nowMs)
  const states: string[] = []
  for (const order of ['one', 'other']) {
    using reference = new Reference().joinNetwork(network.id, now)
    const random = world.random.fork(`order ${order}`)
    const shuffled = random.shuffled(receipts)
    // More than once, and in several writes.
    const repeated = [...shuffled, ...random.some(receipts, 5)]
    const cut = random.below(repeated.length)
    const waiting = reference.deliver(repeated.slice(0, cut), now)
    const left = reference.deliver([...waiting, ...repeated.slice(cut)], now)
    mustHold(
      left.length === 0,
      'I8',
      () => `${left.length} receipts of ${machine.name} still wait in a ledger that has them all.`,
    )
    const before = receiptCount(reference.db)
    reference.deliver(receipts, now)
    mustHold(receiptCount(reference.db) === before, 'I9', () => 'Receipts that were known changed a ledger.')
    mustHold(before === receipts.length, 'I2', () => `Of ${receipts.length} receipts a new ledger keeps ${before}.`)
    // Nor does anything else than receipts go into it: what nodes said of one another is not here.
    mustHold(
      fingerprint(reference.db).fingerprint === machine.fingerprint(),
      'I1',
      () => `The receipts of ${machine.name} alone give another fingerprint than ${machine.name} shows.`,
    )
    const state = reference.conflicts({ status: 'all' })
    mustHold(conflictsAsText(state) === conflicts, 'I15', () =>
      [
        `In another order the receipts of ${machine.name} give other conflicts:`,
        conflictsAsText(state),
        conflicts,
      ].join('\n'),
    )
    states.push(reference.state())
  }
  mustHold(states[0] === states[1], 'I1', () => `Two orders of the receipts of ${machine.name} give two states.`)
}

function receiptsOf({ ledger }: Machine): VerifiedReceipt[] {
  const lines = ledger?.prepare<[], string>('SELECT line FROM receipt ORDER BY arrival').pluck().all() ?? []
  return lines.flatMap((line) => {
    const parsed = parseLine(Buffer.from(line, 'utf8'))
    const verdict = parsed.ok ? verifier.verify(parsed.value, 'rest') : null
    return verdict?.ok === true ? [verdict.value] : []
  })
}

function conflictsAsText(conflicts: readonly ConflictSummary[]): string {
  return conflicts
    .filter(({ kind }) => !LOCAL_KINDS.includes(kind))
    .map(({ id, kind, subject, severity, status }) => `${id} ${kind} ${subject} ${severity} ${status}`)
    .sort()
    .join('\n')
}

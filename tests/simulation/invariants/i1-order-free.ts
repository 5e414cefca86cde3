// I1, I2, I15: the receipts of one machine, dealt out again in other orders.
import type { ConflictSummary, NodeId } from '#core/contract/index.ts'
import { fingerprint } from '#core/network/index.ts'
import { createVerifier, parseLine, type VerifiedReceipt } from '#core/receipts/index.ts'
import { instantAt } from '#tests/kit/nodes.ts'
import { World as Reference } from '#tests/kit/world.ts'
import { BUNDLES } from '../machinery/bundle-files.ts'
import { exportBundle, importBundle } from '../machinery/bundling.ts'
import { SECOND } from '../machinery/family.ts'
import { mustHold, type Invariant } from '../machinery/invariant.ts'
import type { Machine } from '../machinery/machine.ts'
import { EXCHANGE } from '../machinery/surroundings.ts'
import type { World } from '../machinery/world.ts'
import { allConflicts, mustRun, receiptCount } from './asking.ts'

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
    await byBundlesAndFolder(world, first, lists.get(first) ?? '')
  },
}

/** Somebody new is given all of it: some feeds by the folder, some in bundles, some both ways, and one bundle twice. */
async function byBundlesAndFolder(world: World, machine: Machine, conflicts: string): Promise<void> {
  const { ledger } = machine
  if (ledger === null) return
  const random = world.random.fork('bundles at rest')
  const newcomer = await world.newcomer()
  const feeds = random.shuffled(ledger.prepare<[], NodeId>('SELECT id FROM node ORDER BY id').pluck().all())
  const cut = random.between(1, feeds.length)
  const bundles: string[] = []
  for (const [index, nodes] of [feeds.slice(0, cut), feeds.slice(cut), feeds].entries()) {
    const path = `${BUNDLES}/rest-${index}.zip`
    if (nodes.length === 0) continue
    const isThere = await world.finish(exportBundle(world, machine, path, { contents: false, nodes }))
    const file = machine.disk.file(path)
    mustHold(isThere && file !== null, 'I1', () => `${machine.name} exports no bundle though nothing is wrong.`)
    newcomer.disk.put(path, file, 'stranger')
    bundles.push(path)
  }
  const [some, others] = [bundles.slice(0, -1), bundles.slice(-1)]
  for (const path of random.shuffled(some)) {
    await world.finish(importBundle(world, newcomer, path))
    putInFolder(machine, newcomer, random.some(feeds, 1))
    await world.finish(mustRun(newcomer).exchange.sync({}))
  }
  // Whoever admitted whom may have been in the one that came last.
  for (const path of [...random.shuffled(some), ...others]) await world.finish(importBundle(world, newcomer, path))
  await world.pass(SECOND)
  const [has, should] = [linesOf(newcomer), linesOf(machine)]
  mustHold(
    should.every((line) => has.includes(line)) && has.every((line) => should.includes(line) || isOwn(newcomer, line)),
    'I1',
    () =>
      `Out of bundles and folder ${newcomer.name} has ${has.length} receipts, where ${machine.name} has ${should.length}.`,
  )
  const list = conflictsAsText(await allConflicts(world, newcomer))
  mustHold(list === conflicts, 'I1', () =>
    [`Out of bundles and folder ${newcomer.name} shows other conflicts than ${machine.name}:`, list, conflicts].join(
      '\n',
    ),
  )
  mustHold(
    newcomer.fingerprint() === machine.fingerprint(),
    'I1',
    () => `Out of bundles and folder ${newcomer.name} shows another fingerprint than ${machine.name}.`,
  )
}

/** All that lies there of these nodes. */
function putInFolder(from: Machine, to: Machine, nodes: readonly NodeId[]): void {
  for (const node of nodes) {
    for (const path of from.disk.files(`${EXCHANGE}/nodes/${node.slice('did:key:'.length)}`)) {
      const file = from.disk.file(path)
      to.disk.makeFolders(path.slice(0, path.lastIndexOf('/')))
      if (file !== null) to.disk.put(path, file, 'tool')
    }
  }
}

function linesOf({ ledger }: Machine): readonly string[] {
  return ledger?.prepare<[], string>('SELECT line FROM receipt').pluck().all() ?? []
}

function isOwn({ id }: Machine, line: string): boolean {
  return id !== null && line.includes(`"node":"${id}"`)
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

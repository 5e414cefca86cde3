// What can be asked once everybody has come together: the same again in another order, on a rebuilt ledger, with everything delivered
// once more.
import { copyFileSync, existsSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { ConflictFilter, ConflictSummary, NodeId } from '#core/contract/index.ts'
import { features } from '#core/features.ts'
import { doctor, openLedger, type ReadDb } from '#core/ledger/index.ts'
import { isAdmitted } from '#core/network/index.ts'
import { createVerifier, parseLine, type VerifiedReceipt } from '#core/receipts/index.ts'
import { instantAt } from '#tests/kit/nodes.ts'
import { World as Reference } from '#tests/kit/world.ts'
import { MINUTE } from '../machinery/family.ts'
import { mustHold, type Invariant } from '../machinery/invariant.ts'
import { EXCHANGE, type Machine, type StewardClient } from '../machinery/machine.ts'
import type { World } from '../machinery/world.ts'

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

function receiptCount(db: ReadDb): number {
  return db.prepare<[], number>('SELECT count(*) FROM receipt').pluck().get() ?? 0
}

async function allConflicts(world: World, machine: Machine): Promise<readonly ConflictSummary[]> {
  return conflictsWhere(world, machine, { status: 'all' })
}

async function conflictsWhere(
  world: World,
  machine: Machine,
  filter: ConflictFilter,
): Promise<readonly ConflictSummary[]> {
  const steward = mustRun(machine)
  const items: ConflictSummary[] = []
  for (let after: string | undefined; ;) {
    const page = await world.finish(
      steward.conflicts.list({ filter, sort: 'severity', limit: 50, ...(after === undefined ? {} : { after }) }),
    )
    items.push(...page.items)
    if (page.next === null) return items
    after = page.next
  }
}

function mustRun(machine: Machine): StewardClient {
  const { life } = machine
  mustHold(life !== null, 'I20', () => `${machine.name} is off although nothing is wrong.`)
  return life.steward
}

function conflictsAsText(conflicts: readonly ConflictSummary[]): string {
  return conflicts
    .filter(({ kind }) => !LOCAL_KINDS.includes(kind))
    .map(({ id, kind, subject, severity, status }) => `${id} ${kind} ${subject} ${severity} ${status}`)
    .sort()
    .join('\n')
}

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

export const wholeLedgers: Invariant = {
  id: 'I4 I16',
  holds: 'Each ledger is whole: signatures, feeds, counts, and projections equal to rebuilt ones.',
  async atRest(world) {
    for (const machine of world.connected) {
      const copy = join(machine.folder, 'examined.sqlite')
      for (const part of ['', '-wal']) {
        if (existsSync(`${machine.ledgerFile}${part}`)) copyFileSync(`${machine.ledgerFile}${part}`, `${copy}${part}`)
      }
      const now = instantAt(machine.nowMs)
      const ledger = openLedger({ file: copy, features, now, backupDir: join(machine.folder, 'backups') })
      try {
        const checks = await doctor(ledger, features, now)
        for (const { name, ok, detail } of checks) mustHold(ok, 'I16', () => `${machine.name}: ${name}: ${detail}`)
      } finally {
        ledger.close()
        for (const part of ['', '-wal', '-shm']) rmSync(`${copy}${part}`, { force: true })
      }
    }
  },
}

export const replayIsNothing: Invariant = {
  id: 'I9',
  holds: 'Files that come once more, under new times, change nothing.',
  async atRest(world) {
    const before = world.connected.map((machine) => stateOf(machine))
    for (const machine of world.connected) {
      for (const path of machine.disk.files(EXCHANGE)) {
        const file = machine.disk.file(path)
        if (file !== null) machine.disk.put(path, { bytes: file.bytes, mtimeNs: machine.mtimeNs() }, 'tool')
      }
    }
    for (const machine of world.connected) await world.finish(mustRun(machine).exchange.sync({}))
    await world.pass(2 * MINUTE)
    for (const [index, machine] of world.connected.entries()) {
      const after = stateOf(machine)
      mustHold(
        after === before[index],
        'I9',
        () => `${machine.name} had ${before[index]} and has ${after} after a replay.`,
      )
    }
  },
}

function stateOf(machine: Machine): string {
  const { ledger } = machine
  return ledger === null ? 'nothing' : `${receiptCount(ledger)} receipts, ${machine.fingerprint()}`
}

export const queriesTellTheTruth: Invariant = {
  id: 'I17',
  holds: 'Filters, also several at once, answer what looking at everything would.',
  async atRest(world) {
    const random = world.random.fork('queries')
    const machine = random.pick(world.connected)
    const all = await allConflicts(world, machine)
    for (let query = 0; query < 12 && all.length > 0; query++) {
      const like = random.pick(all)
      const filter: ConflictFilter = {
        status: random.pick(['open', 'settled', 'all']),
        ...(random.chance(0.5) ? { kinds: [like.kind] } : {}),
        ...(random.chance(0.5) ? { severity: like.severity } : {}),
      }
      const found = await conflictsWhere(world, machine, filter)
      const naive = all.filter(
        (conflict) =>
          (filter.status === 'all' || conflict.status === filter.status) &&
          (filter.kinds === undefined || filter.kinds.includes(conflict.kind)) &&
          (filter.severity === undefined || conflict.severity === filter.severity),
      )
      mustHold(
        idsOf(found) === idsOf(naive),
        'I17',
        () => `${JSON.stringify(filter)} finds ${found.length} of ${naive.length} on ${machine.name}.`,
      )
    }
  },
}

function idsOf(conflicts: readonly ConflictSummary[]): string {
  return conflicts
    .map(({ id }) => id)
    .sort()
    .join()
}

export const bounded: Invariant = {
  id: 'I19',
  holds: 'No queue grows beyond what the machines can have under way.',
  often(world) {
    const most = 20_000 * world.machines.length
    mustHold(world.queueLength < most, 'I19', () => `${world.queueLength} events wait in the queue.`)
    for (const machine of world.machines) {
      const pending = machine.life?.pending.size ?? 0
      mustHold(pending < 2_000, 'I19', () => `${machine.name} has ${pending} calls under way.`)
    }
  },
}

// A machine whose data comes back older than it was, and a key that is at work in two places.
import { copyFileSync, existsSync } from 'node:fs'
import { join } from 'node:path'
import * as z from 'zod'
import { DAY, HOUR, MINUTE, SECOND, type Family } from '../machinery/family.ts'
import { EXCHANGE } from '../machinery/surroundings.ts'
import type { Machine } from '../machinery/machine.ts'
import type { World } from '../machinery/world.ts'

interface FeedState {
  readonly seq: number
  readonly published: number
}

function feedStateOf(machine: Machine): FeedState | null {
  const { ledger, id } = machine
  if (ledger === null || id === null) return null
  const seq = ledger
    .prepare<[string], number | null>(
      'SELECT max(seq) FROM receipt JOIN node ON node.key = receipt.node_key WHERE node.id = ?',
    )
    .pluck()
    .get(id)
  const published = ledger.prepare<[], number>('SELECT published_seq FROM exchange_folder').pluck().get()
  return { seq: seq ?? 0, published: published ?? 0 }
}

/** All that this node ever signed lies in its copy of the exchange as it wrote it: then, and only then, it can be read back. */
function isAllPublished(machine: Machine): boolean {
  const state = feedStateOf(machine)
  if (state === null || state.seq !== state.published || machine.id === null) return false
  const head = machine.disk.file(`${EXCHANGE}/nodes/${machine.id.slice('did:key:'.length)}/head`)
  return head !== null && new TextDecoder().decode(head.bytes).split('\n')[1] === String(state.seq)
}

/** The ledger is put back from a copy that somebody made some time ago; the folder is as it is now. */
const ledgerFromCopy: Family = {
  name: 'machine/ledger-from-old-copy',
  chance: 0.4,
  perHour: [0.1, 0.5],
  lastsMs: [SECOND, MINUTE],
  begin(world, { id, machine: index }, random) {
    const machine = world.machines[index % world.machines.length]
    if (machine === undefined || !machine.isRunning) return
    const name = `copy-${id}`
    machine.backUpLedger(name)
    const copiedAt = world.nowMs
    const afterMs = random.scale(5 * MINUTE, 6 * HOUR)
    const withoutFolderMs = random.chance(0.3) ? random.scale(MINUTE, 2 * HOUR) : 0
    world.after(afterMs, () => void putBack(world, machine, name, copiedAt, withoutFolderMs))
  },
}

const NodeFile = z.looseObject({ signedSeq: z.number() })

function nodeFileOf(machine: Machine): z.infer<typeof NodeFile> | null {
  const bytes = machine.home.get('node.json')
  return bytes === undefined ? null : NodeFile.parse(JSON.parse(new TextDecoder().decode(bytes)))
}

/** Its own file knows up to where it signed: a ledger that holds less gives itself away, folder or no folder. */
function isNoted(machine: Machine): boolean {
  return nodeFileOf(machine)?.signedSeq === feedStateOf(machine)?.seq
}

/** As where the node's own file came out of the old copy too. */
function forgetNoted(machine: Machine): void {
  const file = nodeFileOf(machine)
  if (file !== null) machine.home.set('node.json', Buffer.from(JSON.stringify({ ...file, signedSeq: 0 })))
}

/** Where all that it signed since can still be read back, if only later. */
export async function putBack(
  world: World,
  machine: Machine,
  name: string,
  copiedAt: number,
  withoutFolderMs = 0,
): Promise<void> {
  if (world.isHealing || !machine.isRunning || machine.isTwin) return
  await machine.stop()
  if (machine.isRunning) return
  // Of what was never published nobody could know: signing on after it would be a fork that nothing can prevent.
  if (withoutFolderMs > 0) pullOut(world, machine, withoutFolderMs)
  const { isUnplugged } = machine.ailments
  if (isAllPublished(machine) && (!isUnplugged || isNoted(machine)) && machine.restoreLedger(name)) {
    machine.wasPutBack = true
    world.seen(isUnplugged ? 'ledger-from-old-copy-unplugged' : 'ledger-from-old-copy')
    if (!isUnplugged) forgetNoted(machine)
    world.log(`${machine.name} has its ledger of ${copiedAt} again`)
    world.oracle.forgetSince(machine.index, copiedAt)
  }
  await startOrLater(world, machine)
  // A steward in a hurry, before the node has looked around.
  void world.do(machine, 'signs at once', async (steward) => {
    const content = { type: 'body' as const, body: { value: copiedAt } }
    const draft = { kind: 'evidence/observed', subject: 'report.json', task: null, anchor: null, content }
    return (await steward.receipts.sign(draft)).id
  })
}

function pullOut(world: World, { ailments }: Machine, forMs: number): void {
  ailments.isUnplugged = true
  world.after(forMs, () => (ailments.isUnplugged = false))
}

async function startOrLater(world: World, machine: Machine): Promise<void> {
  if (machine.isRunning || world.gone.has(machine)) return
  try {
    await machine.start()
  } catch (thrown) {
    world.log(`${machine.name} does not start: ${String(thrown)}`)
    world.after(MINUTE, () => void startOrLater(world, machine))
  }
}

/** The data folder is copied to a second machine, and both work on: one key, two writers. */
const keyInTwoPlaces: Family = {
  name: 'machine/key-in-two-places',
  chance: 0.15,
  perHour: [0.1, 0.2],
  lastsMs: [HOUR, DAY],
  begin(world, { machine: index }) {
    const machine = world.machines[index % world.machines.length]
    const spare = world.machines.find(({ id, isRunning }) => id === null && !isRunning)
    if (machine === undefined || spare === undefined || machine.id === null || !existsSync(machine.ledgerFile)) return
    machine.backUpLedger('twin')
    for (const file of ['ledger.sqlite', 'ledger.sqlite-wal']) {
      const copy = join(machine.folder, `twin.${file}`)
      if (existsSync(copy)) copyFileSync(copy, join(spare.folder, file))
    }
    for (const [name, bytes] of machine.home) spare.home.set(name, bytes)
    spare.id = machine.id
    for (const twin of [machine, spare]) {
      twin.isHonest = false
      twin.isTwin = true
    }
    world.seen('key-in-two-places')
    void startOrLater(world, spare)
  },
}

export const oldCopies: readonly Family[] = [ledgerFromCopy, keyInTwoPlaces]

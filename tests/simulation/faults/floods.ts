// More than anybody has a use for: stories of one place, receipts behind a gap, keys that ask to join, folders without anything. Each
// is rare and small beside its limit, since what it costs is paid by every machine in every look; one in ten is beyond it. Half of the
// floods come while everything else goes wrong, the other half with the end of the faults, so that all must come together through them.
import type { ReceiptId } from '#core/contract/index.ts'
import { LIMITS, segmentName } from '#core/receipts/index.ts'
import { isAdmitted } from '#core/network/index.ts'
import { instantAt, START } from '#tests/kit/nodes.ts'
import { DAY, type Family } from '../machinery/family.ts'
import { Liar } from '../machinery/liar.ts'
import type { StewardClient } from '../machinery/life.ts'
import { EXCHANGE } from '../machinery/surroundings.ts'
import { inventedNodes } from './lying-notes.ts'
import { liarsOf, type Scene } from './ring.ts'

/** Looks at the whole folder through which a flood that came early lasts. */
const EARLY_LOOKS = 2

/** What `pour` answers takes it away again, where that can be done without taking anybody's evidence. */
function flood(name: string, pour: (scene: Scene) => (() => void) | void): Family {
  return {
    name: `flood/${name}`,
    chance: 0.04,
    // Once in a run.
    perHour: [0.01, 0.01],
    lastsMs: [30 * DAY, 30 * DAY],
    begin(world, { machine: index, strength }, random) {
      // What only a machine holds that never comes back floods nobody.
      const here = world.machines.filter((machine) => machine !== world.leaving && machine.id !== null)
      const machine = here[index % here.length]
      if (machine === undefined) return undefined
      const isIn = (liar: Liar) => machine.ledger !== null && isAdmitted(machine.ledger, liar.id)
      const comes = () => {
        const liar = liarsOf(world).find(isIn) ?? random.pick(liarsOf(world))
        world.seen(`flood-of-${name}`)
        // Whatever else lies there, everybody must still hear of everybody.
        if (world.isHealing) for (const each of here) void world.do(each, 'observes in a flood', observe)
        return pour({ world, machine, liar, random })
      }
      if (strength > 0.5) return () => void comes()
      const ebbs = comes()
      if (ebbs !== undefined) world.after(EARLY_LOOKS * world.rescanSeconds * 1_000, ebbs)
      return undefined
    },
  }
}

async function observe(steward: StewardClient): Promise<ReceiptId> {
  const content = { type: 'body' as const, body: { value: 7 } }
  return (
    await steward.receipts.sign({
      kind: 'evidence/observed',
      subject: 'report.json',
      task: null,
      anchor: null,
      content,
    })
  ).id
}

/** More stories of one place than are kept. */
const stories = flood('stories', ({ world, machine, liar, random }) => {
  const base = random.pick(liar.node.signed)
  const count = LIMITS.storiesPerSeq + random.between(1, 8)
  for (let story = 0; story < count; story++) {
    const other = liar.otherStoryAfter(base)
    const told = other.observe('report.json', { value: 10_000 + story }, { atMs: world.nowMs - START })
    const { seq } = told.receipt
    liar.writeReceipts(machine, segmentName(seq, seq).replace('.jsonl', ` (${100 + story}).jsonl`), [told])
  }
})

/** A long story of which the first receipt never comes. */
const waiting = flood('waiting', ({ world, machine, liar, random }) => {
  const other = liar.otherStoryAfter(liar.node.signed.at(-1) ?? null)
  const count = random.between(60, 240)
  const [, ...behind] = Array.from({ length: count }, (_, at) =>
    other.observe('levels.json', { value: at }, { atMs: world.nowMs - START }),
  )
  for (let from = 0; from < behind.length; from += RECEIPTS_A_FILE) {
    const some = behind.slice(from, from + RECEIPTS_A_FILE)
    const [first, last] = [some[0], some.at(-1)]
    if (first !== undefined && last !== undefined)
      liar.writeReceipts(machine, segmentName(first.receipt.seq, last.receipt.seq), some)
  }
})
const RECEIPTS_A_FILE = 60

/** Keys that ask to join, each with a profile and a head over a feed that nobody gets to see. */
const askers = flood('askers', ({ world, machine, random }) => {
  const askers = Array.from(
    { length: random.scale(10, 60) },
    (_, at) => new Liar(`asker ${at} of ${random.seed}`, world.oracle),
  )
  for (const asker of askers) asker.asksToJoin(machine, instantAt(world.nowMs))
  return () => {
    for (const { folder } of askers) machine.disk.remove(folder, 'stranger')
  }
})

/** Folders with names of nodes, most of them empty. It takes no key to make them; so many that not all are looked at, on one machine only. */
const folders = flood('folders', ({ world, machine, random }) => {
  const isBeyond = random.chance(0.1)
  const count = isBeyond ? STRANGERS_IN_ONE_LOOK + 400 : random.scale(100, 600)
  const names = inventedNodes(random, count).map((node) => node.slice('did:key:'.length))
  const machines = isBeyond ? [machine] : world.machines.filter(({ id }) => id !== null)
  for (const { disk } of machines) for (const name of names) disk.makeFolders(`${EXCHANGE}/nodes/${name}`)
  // Not signed by anybody: read, judged and forgotten.
  for (const name of names.slice(0, 5)) {
    const head = { bytes: random.bytes(200), mtimeNs: machine.mtimeNs() }
    machine.disk.put(`${EXCHANGE}/nodes/${name}/head`, head, 'stranger')
  }
  return () => {
    for (const { disk } of machines) for (const name of names) disk.remove(`${EXCHANGE}/nodes/${name}`, 'stranger')
  }
})
const STRANGERS_IN_ONE_LOOK = 10_000

export const floods: readonly Family[] = [stories, waiting, askers, folders]

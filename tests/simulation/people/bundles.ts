// Bundles from hand to hand: a steward exports on one machine, and another one imports it hours later, while the folder goes on carrying.
import type { NodeId } from '#core/contract/index.ts'
import { createTree, segmentName, signHead, type VerifiedReceipt } from '#core/receipts/index.ts'
import { instantAt, signerFromSeed, START } from '#tests/kit/nodes.ts'
import { putBack } from '../faults/old-copies.ts'
import { BUNDLES, packed } from '../machinery/bundle-files.ts'
import { exportBundle, importBundle, rest, type Wish } from '../machinery/bundling.ts'
import { HOUR, MINUTE, SECOND, type Family, type Happening } from '../machinery/family.ts'
import { Liar } from '../machinery/liar.ts'
import { headWords } from '../machinery/oracle.ts'
import type { Machine } from '../machinery/machine.ts'
import type { Random } from '../machinery/random.ts'
import { EXCHANGE } from '../machinery/surroundings.ts'
import type { World } from '../machinery/world.ts'

function bundle(
  name: string,
  lastsMs: Family['lastsMs'],
  begin: (world: World, machine: Machine, happening: Happening, random: Random) => (() => void) | void,
): Family {
  return {
    name: `bundle/${name}`,
    chance: 0.5,
    perHour: [0.1, 1],
    lastsMs,
    begin(world, happening, random) {
      const machine = world.machines[happening.machine % world.machines.length]
      // What only somebody knows who never comes back would be known to whom the bundle went, and to nobody else.
      if (machine === undefined || machine === world.leaving) return
      return begin(world, machine, happening, random)
    },
  }
}

/** On a stick to somebody else; some import it twice. */
const passesOn = bundle('passes-on', [SECOND, MINUTE], (world, from, { id }, random) => {
  const to = anotherThan(world, from, random)
  const path = `${BUNDLES}/${id}.zip`
  void (async () => {
    if (!(await exportBundle(world, from, path, wishFor(world, from, to, random)))) return
    await rest(world, random.scale(SECOND, 6 * HOUR))
    await handOver(world, from, to, path)
    if (!random.chance(0.5)) return
    await rest(world, random.scale(SECOND, 6 * HOUR))
    world.seen('bundle-twice')
    await importFrom(world, to, path)
  })()
})

/** Where the folder does not reach, bundles do. */
const reachesCutOff = bundle('reaches-cut-off', [10 * MINUTE, 4 * HOUR], (world, from, { id, lastsMs }, random) => {
  const to = anotherThan(world, from, random)
  const path = `${BUNDLES}/${id}.zip`
  to.ailments.isUnplugged = true
  void (async () => {
    await rest(world, random.between(0, Math.floor(lastsMs / 2)))
    if (!(await exportBundle(world, from, path, wishFor(world, from, to, random)))) return
    world.seen('bundle-to-cut-off')
    await handOver(world, from, to, path)
  })()
  return () => void (to.ailments.isUnplugged = false)
})

/** The ledger of some hours ago is put back, and with it comes a bundle that knows more than it, of its own feed too. */
const afterRollback = bundle('after-rollback', [SECOND, MINUTE], (world, machine, { id }, random) => {
  if (!machine.isRunning) return
  const copy = `bundle-copy-${id}`
  machine.backUpLedger(copy)
  const copiedAt = world.nowMs
  const path = `${BUNDLES}/${id}.zip`
  void (async () => {
    await rest(world, random.scale(MINUTE, 2 * HOUR))
    if (!(await exportBundle(world, machine, path, wholeWish(world, machine)))) return
    await rest(world, random.scale(MINUTE, 4 * HOUR))
    if (world.isHealing) return
    await putBack(world, machine, copy, copiedAt)
    world.seen('bundle-after-rollback')
    await importFrom(world, machine, path)
  })()
})

/** A bundle that a liar packed: two stories, forged lines, others' receipts under its own name. */
const liesIn = bundle('of-a-liar', [30 * MINUTE, 4 * HOUR], (world, machine, { id }, random) => {
  const liar = liarOf(world)
  const nowMs = world.nowMs - START
  const say = () => liar.observe(random.pick(['report.json', 'levels.json']), { value: random.below(3) }, nowMs)
  say()
  liar.publish(machine, instantAt(world.nowMs))
  // From here on only the bundle knows of it, for a while.
  const unpublished = Array.from({ length: random.between(1, 3) }, say)
  const { signed } = liar.node
  const other = liar.otherStoryAfter(signed[random.below(signed.length)] ?? null)
  const second = Array.from({ length: random.between(1, 3) }, () =>
    other.observe('report.json', { value: 100 + random.below(1_000) }, { atMs: nowMs }),
  )
  const path = `${BUNDLES}/${id}.zip`
  machine.disk.put(path, { bytes: lyingBundle(world, machine, liar, second, random), mtimeNs: 0n }, 'stranger')
  world.seen('bundle-of-a-liar')
  const to = anotherThan(world, machine, random)
  void (async () => {
    await rest(world, random.scale(SECOND, 2 * HOUR))
    await handOver(world, machine, to, path)
  })()
  // In the end everybody can come to know the same.
  return () => {
    liar.publish(machine, instantAt(world.nowMs))
    for (const story of [unpublished, second])
      liar.writeReceipts(machine, nameOf(story, ` (${random.between(1, 900)})`), story)
  }
})

export const bundles: readonly Family[] = [passesOn, reachesCutOff, afterRollback, liesIn]

/** Another one than the liar of the folder, so that each can be left out. */
function liarOf(world: World): Liar {
  const liar = liars.get(world) ?? new Liar(seedOf(world), world.oracle)
  liars.set(world, liar)
  return liar
}

const liars = new WeakMap<World, Liar>()

function seedOf(world: World): string {
  return `packer of ${world.random.seed}`
}

function lyingBundle(
  world: World,
  machine: Machine,
  liar: Liar,
  second: readonly VerifiedReceipt[],
  random: Random,
): Uint8Array {
  const folder = `nodes/${liar.id.slice('did:key:'.length)}`
  const entries = new Map<string, Uint8Array>()
  const put = (name: string, text: string) => void entries.set(name, Buffer.from(text))
  const { signed } = liar.node
  const last = signed.at(-1)
  if (last !== undefined) {
    put(`${folder}/feed/${nameOf(signed)}`, linesOf(signed))
    const tree = createTree()
    for (const { leaf } of signed) tree.append(leaf)
    const claim = { seq: last.receipt.seq, id: last.id, root: tree.root(), time: instantAt(world.nowMs) }
    world.oracle.say(liar.id, headWords(claim))
    put(`${folder}/head`, signHead(claim, signerFromSeed(seedOf(world))))
    put(`${folder}/profile.json`, linesOf(signed.slice(0, 1)))
  }
  put(`${folder}/feed/${nameOf(second, ' (1)')}`, linesOf(second))
  put(`${folder}/feed/${nameOf(second, ' (2)')}`, linesOf(second).replace(/"value":\d+/, '"value":7'))
  put(`${folder}/feed/${nameOf(second, ' (3)')}`, linesOf(second).replace(/"sig":"...../, '"sig":"AAAAA'))
  const others = othersFiles(world, machine, liar)
  for (const path of random.some(others, 2)) {
    const bytes = machine.disk.file(path)?.bytes ?? new Uint8Array()
    // Somebody else's, as it is, cut off, or as if it were the liar's own.
    const name = path.slice(EXCHANGE.length + 1)
    entries.set(name, random.chance(0.5) ? bytes : bytes.slice(0, random.below(bytes.length + 1)))
    entries.set(`${folder}/feed/${name.slice(name.lastIndexOf('/') + 1).replace('.jsonl', ' (4).jsonl')}`, bytes)
    entries.set(`loose/${name.slice(name.lastIndexOf('/') + 1)}`, bytes)
  }
  entries.set(`${folder}/feed/9-9.jsonl`, random.bytes(300))
  return packed(entries)
}

/** Feeds of nodes that somebody will hear of by the folder too. */
function othersFiles(world: World, machine: Machine, liar: Liar): readonly string[] {
  const left = world.leaving?.id?.slice('did:key:'.length)
  return machine.disk
    .files(`${EXCHANGE}/nodes`)
    .filter((path) => path.endsWith('.jsonl') && !path.startsWith(liar.folder))
    .filter((path) => left === undefined || !path.toLowerCase().includes(left.toLowerCase()))
}

/** `10-12 (3).jsonl` of receipts in a row. */
function nameOf(receipts: readonly VerifiedReceipt[], mark = ''): string {
  const [first, last] = [receipts[0], receipts.at(-1)]
  if (first === undefined || last === undefined) throw new Error('somebody said something')
  return segmentName(first.receipt.seq, last.receipt.seq).replace('.jsonl', `${mark}.jsonl`)
}

function linesOf(receipts: readonly VerifiedReceipt[]): string {
  return receipts.map(({ line }) => `${line}\n`).join('')
}

function anotherThan(world: World, machine: Machine, random: Random): Machine {
  return random.pick(world.machines.filter((other) => other !== machine && other.id !== null))
}

/** All of it, some feeds of it, or what the other one has not said it holds. */
function wishFor(world: World, from: Machine, to: Machine, random: Random): Wish {
  const whole = wholeWish(world, from)
  const feeds = feedsAt(world, from)
  const how = random.pick(['whole', 'some', 'lacked'])
  world.seen(`bundle-${how}`)
  if (how === 'whole' || feeds.length === 0) return whole
  if (how === 'some') return { contents: false, nodes: random.some(feeds, random.between(1, feeds.length)) }
  return to.id === null ? whole : { ...whole, lackedBy: to.id }
}

/** All feeds, but for one that the others may never hear of otherwise. */
function wholeWish(world: World, from: Machine): Wish {
  const feeds = feedsAt(world, from)
  return world.leaving === null || feeds.length === 0 ? { contents: true } : { contents: true, nodes: [...feeds] }
}

function feedsAt(world: World, { ledger }: Machine): NodeId[] {
  const all = ledger?.prepare<[], NodeId>('SELECT id FROM node ORDER BY id').pluck().all() ?? []
  return all.filter((node) => node !== world.leaving?.id)
}

/** The bundle is carried over and imported there. */
async function handOver(world: World, from: Machine, to: Machine, path: string): Promise<void> {
  const file = from.disk.file(path)
  if (file === null) return
  to.disk.put(path, { bytes: file.bytes, mtimeNs: to.mtimeNs() }, 'stranger')
  await importFrom(world, to, path)
}

/** Nothing where the faults have stopped, so that all comes to rest. */
async function importFrom(world: World, machine: Machine, path: string): Promise<void> {
  if (!world.isHealing && machine.disk.file(path) !== null) await importBundle(world, machine, path)
}

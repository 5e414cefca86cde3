// Somebody else who can write to the folder and has no key: deletes, changes, rolls back. Only folders of honest nodes are touched: who
// owns one writes again what is missing; of what a liar published, or a machine that will not come back, nobody else keeps files.
import type { DiskFile } from '../machinery/disk.ts'
import { DAY, SECOND, type Family } from '../machinery/family.ts'
import { EXCHANGE, MARKER } from '../machinery/surroundings.ts'
import type { Machine } from '../machinery/machine.ts'
import type { Random } from '../machinery/random.ts'
import type { World } from '../machinery/world.ts'

/** Folders of honest nodes, the same on every machine. */
function honestFolders(world: World): readonly string[] {
  return world.machines
    .filter((owner) => owner.isHonest && owner !== world.leaving)
    .flatMap(({ id }) => (id === null ? [] : [`${EXCHANGE}/nodes/${id.slice('did:key:'.length)}`]))
}

/** Files of honest nodes in this machine's copy of the exchange. */
function honestFiles(world: World, machine: Machine): readonly string[] {
  return honestFolders(world).flatMap((folder) => machine.disk.files(folder))
}

function meddling(
  name: string,
  perHour: readonly [number, number],
  meddle: (world: World, machine: Machine, random: Random, strength: number) => void,
): Family {
  return {
    name: `stranger/${name}`,
    chance: 0.3,
    perHour,
    lastsMs: [SECOND, DAY],
    begin(world, { machine: index, strength }, random) {
      const machine = world.machines[index % world.machines.length]
      if (machine === undefined || machine.ailments.isUnplugged) return
      meddle(world, machine, random, strength)
    },
  }
}

const deletes = meddling('deletes', [0.1, 1], (world, machine, random, strength) => {
  const files = honestFiles(world, machine)
  for (const path of random.some(files, Math.ceil(files.length * strength * 0.5))) machine.disk.remove(path, 'stranger')
})

const changesBytes = meddling('changes-bytes', [0.1, 1], (world, machine, random) => {
  const files = honestFiles(world, machine)
  for (const path of random.some(files, random.between(1, 4))) {
    const file = machine.disk.file(path)
    if (file === null || file.bytes.length === 0) continue
    const bytes = Uint8Array.from(file.bytes)
    const at = random.below(bytes.length)
    bytes[at] = (bytes[at] ?? 0) ^ (1 << random.below(8))
    // Bit rot leaves the time as it was.
    const mtimeNs = random.chance(0.5) ? file.mtimeNs : machine.mtimeNs()
    world.seen(mtimeNs === file.mtimeNs ? 'bit-rot' : 'foreign-bytes')
    machine.disk.put(path, { bytes, mtimeNs }, 'stranger')
  }
})

const cutsOff = meddling('cuts-off', [0.1, 1], (world, machine, random) => {
  for (const path of random.some(honestFiles(world, machine), random.between(1, 4))) {
    const file = machine.disk.file(path)
    if (file === null) continue
    machine.disk.put(
      path,
      { bytes: file.bytes.slice(0, random.below(file.bytes.length + 1)), mtimeNs: machine.mtimeNs() },
      'stranger',
    )
  }
})

function putBack(world: World, machine: Machine, before: ReadonlyMap<string, DiskFile | null>): void {
  for (const path of honestFiles(world, machine)) if (!before.has(path)) machine.disk.remove(path, 'stranger')
  for (const [path, file] of before) {
    if (file === null) continue
    machine.disk.makeFolders(path.slice(0, path.lastIndexOf('/')))
    machine.disk.put(path, { bytes: file.bytes, mtimeNs: file.mtimeNs }, 'stranger')
  }
}

/** The folder is put back to how it was some hours ago. */
const rollsBack = meddling('rolls-back', [0.05, 0.3], (world, machine, random) => {
  const before = new Map(honestFiles(world, machine).map((path) => [path, machine.disk.file(path)]))
  world.after(random.scale(600_000, DAY), () => {
    if (world.isHealing) return
    world.seen('rolled-back')
    putBack(world, machine, before)
  })
})

/** A copy of a node's folder whose name lost its capitals, as on FAT. */
const folds = meddling('folds-names', [0.05, 0.3], (world, machine, random) => {
  const owner = random.pick(world.machines.filter(({ id, isHonest }) => id !== null && isHonest))
  const folder = `${EXCHANGE}/nodes/${owner.id?.slice('did:key:'.length)}`
  for (const path of machine.disk.files(folder)) {
    const file = machine.disk.file(path)
    const folded = `${folder.toLowerCase()}${path.slice(folder.length)}`
    if (file === null) continue
    machine.disk.makeFolders(folded.slice(0, folded.lastIndexOf('/')))
    machine.disk.put(folded, { bytes: file.bytes, mtimeNs: file.mtimeNs }, 'stranger')
  }
})

const litters = meddling('litters', [0.1, 1], (world, machine, random) => {
  const names = [
    '.DS_Store',
    'desktop.ini',
    '1-9007199254740993.jsonl',
    '2-1.jsonl',
    'head (1)',
    'feed.txt',
    'ä.jsonl',
    'a\u0308.jsonl',
  ]
  const owner = random.pick(world.machines.filter(({ id }) => id !== null))
  const folder = `${EXCHANGE}/nodes/${owner.id?.slice('did:key:'.length)}/feed`
  if (machine.disk.at(folder) === null) return
  for (const name of random.some(names, 3)) {
    machine.disk.put(
      `${folder}/${name}`,
      { bytes: random.bytes(random.below(200)), mtimeNs: machine.mtimeNs() },
      'stranger',
    )
  }
})

export const strangers: readonly Family[] = [deletes, changesBytes, cutsOff, rollsBack, folds, litters]

/** What happens to a folder once in years. */
function disaster(name: string, meddle: Parameters<typeof meddling>[2]): Family {
  return { ...meddling(name, [0.05, 0.1], meddle), chance: 0.1 }
}

/** Also what says that it is an exchange at all. A steward who sees it chooses the folder again. */
const deletesAll = disaster('deletes-all', (world, machine) => {
  world.seen('exchange-deleted')
  for (const folder of honestFolders(world)) machine.disk.remove(folder, 'stranger')
  machine.disk.remove(MARKER, 'stranger')
})

/** From every machine at once: only its owner has what was in it. */
const deletesOneNode = disaster('deletes-one-node', (world, _machine, random) => {
  const folders = honestFolders(world)
  if (folders.length === 0) return
  world.seen('node-deleted-everywhere')
  const folder = random.pick(folders)
  for (const machine of world.machines) if (!world.gone.has(machine)) machine.disk.remove(folder, 'stranger')
})

/** To a copy from before all that was simulated, as an old backup has it: little more than that there is a network. */
const rollsBackFar = disaster('rolls-back-far', (world, machine) => {
  const founding = world.foundingFiles.get(machine)
  if (founding === undefined) return
  world.seen('rolled-back-far')
  const folders = honestFolders(world)
  putBack(
    world,
    machine,
    new Map([...founding].filter(([path]) => folders.some((folder) => path.startsWith(`${folder}/`)))),
  )
})

export const disasters: readonly Family[] = [deletesAll, deletesOneNode, rollsBackFar]

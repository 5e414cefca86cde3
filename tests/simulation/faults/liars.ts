// Admitted nodes that turned bad: they fork, keep back, replay, say wrong times, sign rubbish and bring others of their kind. What they do stays in the folder, so
// that everybody can come to see the same of it.
import { instantAt, START } from '#tests/kit/nodes.ts'
import { admitDraft, policyHashInForce } from '#core/network/index.ts'
import { DAY, MINUTE, type Family } from '../machinery/family.ts'
import { EXCHANGE } from '../machinery/surroundings.ts'
import type { World } from '../machinery/world.ts'
import { lie, liarsOf, recruit, type Scene } from './ring.ts'

/** In milliseconds after START, as test nodes tell the time. */
function nowOf(world: World): number {
  return world.nowMs - START
}

function say({ world, machine, liar, random }: Scene, times: number): void {
  for (let time = 0; time < times; time++) {
    liar.observe(random.pick(['report.json', 'levels.json']), { value: random.below(3) }, nowOf(world) + time)
  }
  liar.publish(machine, instantAt(world.nowMs))
}

const speaks = lie('speaks', (scene) => say(scene, scene.random.between(1, 3)))

/** Another story from some receipt on, told on another machine under a name of its own. */
const forks = lie('forks', (scene) => {
  const { world, machine, liar, random } = scene
  say(scene, 2)
  const { signed } = liar.node
  const from = random.between(1, signed.length - 1)
  const other = liar.otherStoryAfter(signed[from - 1] ?? null)
  const second = Array.from({ length: random.between(1, 3) }, (_, at) =>
    other.observe('report.json', { value: 100 + random.below(1_000) }, { atMs: nowOf(world) + at }),
  )
  const [first, last] = [second[0], second.at(-1)]
  if (first === undefined || last === undefined) return
  world.seen('liar-forked')
  const number = random.between(1, 900)
  liar.writeReceipts(machine, `${first.receipt.seq}-${last.receipt.seq} (${number}).jsonl`, second)
})

const withholds = lie(
  'withholds',
  ({ world, machine, liar }) => {
    const kept = liar.observe('levels.json', { value: 1 }, nowOf(world))
    liar.writeHead(machine, liar.node.signed, instantAt(world.nowMs))
    world.seen('liar-withheld')
    // It comes out in the end, behind everything else.
    return () => liar.writeReceipts(machine, `${kept.receipt.seq}-${kept.receipt.seq}.jsonl`, [kept])
  },
  { lastsMs: [30 * MINUTE, 30 * MINUTE] },
)

const wrongTimes = lie('wrong-times', (scene) => {
  const { world, machine, liar, random } = scene
  const off = random.pick([-START, -DAY, 4 * MINUTE, 10 * MINUTE, 2 * DAY])
  liar.observe('report.json', { value: random.below(3) }, nowOf(world) + off)
  liar.publish(machine, instantAt(world.nowMs))
})

const rubbish = lie('rubbish', ({ world, machine, liar, random }) => {
  // What it would say next, so that nothing is wrong with it but what is made wrong here.
  const ghost = liar
    .otherStoryAfter(liar.node.signed.at(-1) ?? null)
    .observe('report.json', { value: 1_000 + random.below(1_000) }, { atMs: nowOf(world) })
  const { line, receipt } = ghost
  const forged = [`${line.replace(/"value":\d+/, '"value":7')}\n`, `${line.replace(/"sig":"...../, '"sig":"AAAAA')}\n`]
  const lines: readonly (string | Uint8Array)[] = [
    `${line.slice(0, -10)}\n`,
    random.bytes(300),
    `${' '.repeat(200)}\n`,
    '{"receipt":"steward/1"}\n',
    `${line}\n${line}\n`,
  ]
  // Said twice it is said, and so a second story from then on.
  world.oracle.publish([ghost])
  liar.write(
    machine,
    `feed/${receipt.seq}-${receipt.seq} (9${random.below(10)}).jsonl`,
    random.pick(random.chance(0.5) ? forged : lines),
  )
  world.seen('liar-rubbish')
})

/** Somebody else's receipts in its own folder. */
const replays = lie('replays', ({ world, machine, liar, random }) => {
  const files = machine.disk.files(`${EXCHANGE}/nodes`).filter((path) => path.endsWith('.jsonl'))
  if (files.length === 0) return
  const path = random.pick(files)
  const file = machine.disk.file(path)
  if (file === null || path.startsWith(liar.folder)) return
  const name = path.slice(path.lastIndexOf('/') + 1).replace('.jsonl', ` (${random.between(901, 989)}).jsonl`)
  liar.write(machine, `feed/${name}`, file.bytes)
  world.seen('liar-replayed')
})

/** One more key for the ring. Whether it is let in is for the stewards to say, and for those of the ring that are in already. */
const recruits = lie('recruits', ({ world, machine }) => {
  const liar = recruit(world)
  if (liar === null) return
  liar.publish(machine, instantAt(world.nowMs))
  world.seen('liar-recruited')
})

/** One of the ring lets another one in. */
const vouches = lie('vouches', ({ world, machine, liar, random }) => {
  const others = liarsOf(world).filter((other) => other !== liar)
  if (others.length === 0 || machine.ledger === null) return
  liar.sign(admitDraft(random.pick(others).id, policyHashInForce(machine.ledger)), nowOf(world))
  liar.publish(machine, instantAt(world.nowMs))
  world.seen('liar-vouched')
})

export const lies: readonly Family[] = [speaks, forks, withholds, wrongTimes, rubbish, replays]
export const rings: readonly Family[] = [recruits, vouches]

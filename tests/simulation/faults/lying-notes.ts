// Small signed files that say what is not so: that a node read what it did not, that a feed is longer than it is, that it has merged
// something else. Whoever reads them may show them as that node's word, and must do nothing else with them.
import { createHash } from 'node:crypto'
import type { ContentHash, NodeId, ReceiptId } from '#core/contract/index.ts'
import { heldFeeds } from '#core/exchange/index.ts'
import { policyHashInForce } from '#core/network/index.ts'
import { nodeIdFromPublicKey, type PublishedRow, type SeenRow } from '#core/receipts/index.ts'
import type { Family } from '../machinery/family.ts'
import { EXCHANGE } from '../machinery/surroundings.ts'
import type { Random } from '../machinery/random.ts'
import { lie, type Scene } from './ring.ts'

/** Ids of nodes that nobody has a key of: well-formed all the same. */
export function inventedNodes(random: Random, count: number): readonly NodeId[] {
  return Array.from({ length: count }, () => nodeIdFromPublicKey(random.bytes(32)))
}

function inventedHash(random: Random): string {
  return createHash('sha256').update(random.bytes(16)).digest('hex')
}

function inventedId(random: Random): ReceiptId {
  // What it has to look like.
  return `sha256:${inventedHash(random)}` as ReceiptId
}

/** Whose feeds there are, and what is really in them here. */
function feedsHere({ machine, liar }: Scene): readonly SeenRow[] {
  return machine.ledger === null ? [] : heldFeeds(machine.ledger, liar.id)
}

/** A lie about feeds, one or another. */
function lyingRows(scene: Scene): readonly SeenRow[] {
  const { random } = scene
  const feeds = feedsHere(scene)
  const lies: readonly (() => readonly SeenRow[])[] = [
    // Of feeds that it never read, as they are now.
    () => feeds,
    () => feeds.map((row) => ({ ...row, id: inventedId(random) })),
    () => feeds.map((row) => ({ ...row, seq: row.seq + random.between(1, 1_000), id: inventedId(random) })),
    () => feeds.map((row) => ({ ...row, seq: Number.MAX_SAFE_INTEGER, id: inventedId(random) })),
    // Others each time, so that whoever adds them up never ends.
    () => inventedNodes(random, random.scale(1, 300)).map((node) => ({ node, seq: 1, id: inventedId(random) })),
    () => [],
  ]
  return random.pick(lies)()
}

/** A lie counts for little before its liar is admitted, and for nothing new if it is told once. */
const OFTEN = { perHour: [0.5, 5] } as const

const liesOfSeen = lie(
  'lies-of-seen',
  (scene) => {
    scene.liar.writeSeen(scene.machine, lyingRows(scene))
    scene.world.seen('liar-lied-of-seen')
  },
  OFTEN,
)

const liesOfState = lie(
  'lies-of-state',
  (scene) => {
    const { world, machine, liar, random } = scene
    const { ledger } = machine
    const isRight = ledger !== null && random.chance(0.5)
    const policy = isRight ? policyHashInForce(ledger) : (inventedId(random) as string as ContentHash)
    const rows = lyingRows(scene).map((row): PublishedRow => ({
      ...row,
      aside: random.chance(0.3) ? inventedHash(random) : null,
      // Whoever names a root has to lay the leaves beside it.
      root: random.chance(0.5) ? Buffer.from(inventedHash(random), 'hex').toString('base64') : null,
    }))
    liar.writeState(machine, policy, rows)
    const [contested] = rows.filter(({ root }) => root !== null)
    if (contested !== undefined) {
      liar.write(machine, `leaves/${contested.node.slice('did:key:'.length)}`, random.bytes(random.below(400)))
    }
    world.seen('liar-lied-of-state')
  },
  OFTEN,
)

/** What it said before, once more, although it has said other things since; or what somebody else said, as its own word. */
const saysOldAgain = lie(
  'says-old-again',
  ({ world, machine, liar, random }) => {
    if (random.chance(0.3)) {
      const notes = machine.disk.files(`${EXCHANGE}/nodes`).filter((path) => /\/(head|seen|state)$/.test(path))
      const path = notes.length === 0 ? null : random.pick(notes)
      const file = path === null ? null : machine.disk.file(path)
      if (path !== null && file !== null) liar.write(machine, path.slice(path.lastIndexOf('/') + 1), file.bytes)
    } else if (liar.notes.length > 1) {
      const { name, text } = random.pick(liar.notes)
      liar.write(machine, name, text)
    } else return
    world.seen('liar-said-old-again')
  },
  OFTEN,
)

export const lyingNotes: readonly Family[] = [liesOfSeen, liesOfState, saysOldAgain]

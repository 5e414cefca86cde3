// I7: sign, commit, publish, in this order; and the head last, so that whoever sees it may rely on all that it names.
import { parseSegmentName } from '#core/receipts/index.ts'
import { mustHold, type Invariant } from '../machinery/invariant.ts'

export const headAfterSegments: Invariant = {
  id: 'I7 head',
  holds: 'What a head names lies in the folder and in the ledger before it.',
  afterWrite(world, machine, path) {
    if (!path.endsWith('/head') || machine.ledger === null || machine.id === null || machine.isTwin) return
    const file = machine.disk.file(path)
    const seq = Number(new TextDecoder().decode(file?.bytes).split('\n')[1])
    const durable = machine.ledger
      .prepare<[string], number>(
        'SELECT max(seq) FROM receipt JOIN node ON node.key = receipt.node_key WHERE node.id = ?',
      )
      .pluck()
      .get(machine.id)
    mustHold(
      (durable ?? 0) >= seq,
      'I7',
      () => `${machine.name} published a head of ${seq} with ${durable} in its ledger.`,
    )
    const feed = machine.disk.at(path.replace(/head$/, 'feed'))
    const ranges =
      feed?.kind === 'folder' ? [...feed.children.keys()].flatMap((name) => parseSegmentName(name) ?? []) : []
    // What a stranger takes away in between is not the node's fault, and it puts it back.
    if (world.hasStrangers) return
    let reached = 0
    for (const { first, last } of ranges.toSorted((one, other) => one.first - other.first)) {
      if (first <= reached + 1) reached = Math.max(reached, last)
    }
    mustHold(reached >= seq, 'I7', () => `${machine.name} published a head of ${seq}; its segments reach ${reached}.`)
  },
}

// What to look at first when machines do not agree: how far each feed is on each machine, and which files stand still.
import { fingerprint } from '#core/network/index.ts'
import type { World } from './world.ts'

export function diagnosis(world: World): readonly string[] {
  return world.machines.flatMap((machine) => {
    const { ledger } = machine
    if (ledger === null) return [`${machine.name}: no ledger`]
    const feeds = ledger
      .prepare<[], { node: string; seq: number; count: number }>(
        `SELECT node.id AS node, max(seq) AS seq, count(*) AS count
         FROM receipt JOIN node ON node.key = receipt.node_key GROUP BY node.id ORDER BY node.id`,
      )
      .all()
      .map(({ node, seq, count }) => `${ownerOf(world, node)} ${seq}${count === seq ? '' : ` (${count})`}`)
    const stuck = ledger
      .prepare<[], { path: string; state: string; stable: number }>(
        "SELECT path, state, stable FROM exchange_inbox_file WHERE state <> 'done' ORDER BY path",
      )
      .all()
      .map(({ path, state, stable }) => `  ${state} ${stable}: ${path}`)
    const early = ledger
      .prepare<[], { outcome: string; node: string; seq: number; time: string }>(
        'SELECT outcome, node, seq, time FROM exchange_early ORDER BY node, seq',
      )
      .all()
      .map(({ outcome, node, seq, time }) => `  ${outcome}: ${ownerOf(world, node)} ${seq} of ${time}`)
    const published = ledger.prepare<[], { seq: number }>('SELECT published_seq AS seq FROM exchange_folder').get()
    const print = fingerprint(ledger).fingerprint.slice(7, 15)
    const bugs = machine.bugs.slice(-3).map((bug) => `  bug: ${String(bug)}`)
    return [
      `${machine.name} ${machine.isRunning ? 'runs' : 'is off'}, shows ${print}, published ${published?.seq ?? '-'}; feeds ${feeds.join(', ')}`,
      ...stuck,
      ...early,
      ...bugs,
    ]
  })
}

function ownerOf({ machines }: World, node: string): string {
  return machines.find(({ id }) => id === node)?.name ?? node.slice(-6)
}

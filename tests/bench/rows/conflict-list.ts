// The conflicts page with 100,000 conflicts: first page under every sort and some filters, the pages after it, and the counters,
// through the contract.
import { join } from 'node:path'
import type { ConflictSort } from '#core/contract/index.ts'
import type { CoreClient } from '#core/hosts/thread/index.ts'
import { fillHome, withCore } from '../home.ts'
import { absolute, millisecondsOf, percentile, type Figure } from '../measure.ts'
import { signNetwork } from '../network.ts'
import type { Row } from '../row.ts'
import { inTemporaryFolder } from '../temporary.ts'

const SORTS: readonly ConflictSort[] = ['severity', 'newest', 'oldest', 'subject']
const ROUNDS = 20
const PAGES_AFTER = 5

type ListInput = Parameters<CoreClient['conflicts']['list']>[0]

export const conflictList: Row = {
  name: 'conflict-list',
  run: (scale) =>
    inTemporaryFolder(async (folder) => {
      const home = join(folder, 'home')
      const network = signNetwork({
        nodes: 2,
        receipts: 2 * scale.conflicts,
        value: (node, index) => `value ${index} of node ${node}`,
      })
      await fillHome(home, network)
      return withCore(home, async (client) => {
        const { open } = await client.conflicts.counts({})
        if (open < scale.conflicts * 0.99) throw new Error(`Of ${scale.conflicts} conflicts only ${open} are there.`)
        return [await pagesFigure(client, open), await countersFigure(client)]
      })
    }),
}

async function pagesFigure(client: CoreClient, open: number): Promise<Figure> {
  const taken: number[] = []
  for (let round = 0; round < ROUNDS; round++) {
    for (const input of await questions(client, round)) {
      let after: ListInput['after']
      for (let page = 0; page <= PAGES_AFTER; page++) {
        const asked = after === undefined ? input : { ...input, after }
        let next: ListInput['after'] | null = null
        taken.push(
          await millisecondsOf(async () => {
            next = (await client.conflicts.list(asked)).next
          }),
        )
        if (next === null) break
        after = next
      }
    }
  }
  const what = `A page of 100 of ${open.toLocaleString('en')} conflicts, any sort and filter, P95`
  return absolute(what, 'ms', taken, percentile(taken, 95), { atMost: 15 })
}

/** Every sort alone and with each filter; another task, node or subject each round. */
async function questions(client: CoreClient, round: number): Promise<ListInput[]> {
  const { nodes, tasks } = await client.conflicts.facets({})
  const node = nodes[round % nodes.length]?.node
  const task = tasks[round % tasks.length]
  const filters: ListInput['filter'][] = [
    { status: 'open' },
    { status: 'all', severity: 2 },
    { status: 'open', kinds: ['hash-mismatch', 'stale'] },
    { status: 'open', subject: `/${round * 137}` },
    ...(node === undefined ? [] : [{ status: 'open' as const, node }]),
    ...(task === undefined ? [] : [{ status: 'open' as const, task }]),
    ...(node === undefined || task === undefined ? [] : [{ status: 'open' as const, node, task, subject: '9' }]),
  ]
  return SORTS.flatMap((sort) => filters.map((filter) => ({ filter, sort, limit: 100 })))
}

async function countersFigure(client: CoreClient): Promise<Figure> {
  const taken: number[] = []
  for (let round = 0; round < 100; round++) taken.push(await millisecondsOf(() => client.conflicts.counts({})))
  return absolute('Counters, P95', 'ms', taken, percentile(taken, 95), { atMost: 2 })
}

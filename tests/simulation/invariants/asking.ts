// What several invariants ask of a machine.
import type { ConflictFilter, ConflictSummary } from '#core/contract/index.ts'
import type { ReadDb } from '#core/ledger/index.ts'
import { mustHold } from '../machinery/invariant.ts'
import type { Machine } from '../machinery/machine.ts'
import type { StewardClient } from '../machinery/life.ts'
import type { World } from '../machinery/world.ts'

export function receiptCount(db: ReadDb): number {
  return db.prepare<[], number>('SELECT count(*) FROM receipt').pluck().get() ?? 0
}

export function allConflicts(world: World, machine: Machine): Promise<readonly ConflictSummary[]> {
  return conflictsWhere(world, machine, { status: 'all' })
}

export async function conflictsWhere(
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

export function mustRun(machine: Machine): StewardClient {
  const { life } = machine
  mustHold(life !== null, 'I20', () => `${machine.name} is off although nothing is wrong.`)
  return life.steward
}

import type { ConflictFilter, ConflictSummary } from '#core/contract/index.ts'
import { mustHold, type Invariant } from '../machinery/invariant.ts'
import { allConflicts, conflictsWhere } from './asking.ts'

export const queriesTellTheTruth: Invariant = {
  id: 'I17',
  holds: 'Filters, also several at once, answer what looking at everything would.',
  async atRest(world) {
    const random = world.random.fork('queries')
    const machine = random.pick(world.connected)
    const all = await allConflicts(world, machine)
    for (let query = 0; query < 12 && all.length > 0; query++) {
      const like = random.pick(all)
      const filter: ConflictFilter = {
        status: random.pick(['open', 'settled', 'all']),
        ...(random.chance(0.5) ? { kinds: [like.kind] } : {}),
        ...(random.chance(0.5) ? { severity: random.pick(all).severity } : {}),
      }
      const found = await conflictsWhere(world, machine, filter)
      const naive = all.filter(
        (conflict) =>
          (filter.status === 'all' || conflict.status === filter.status) &&
          (filter.kinds === undefined || filter.kinds.includes(conflict.kind)) &&
          (filter.severity === undefined || conflict.severity === filter.severity),
      )
      mustHold(
        idsOf(found) === idsOf(naive),
        'I17',
        () => `${JSON.stringify(filter)} finds ${found.length} of ${naive.length} on ${machine.name}.`,
      )
    }
  },
}

function idsOf(conflicts: readonly ConflictSummary[]): string {
  return conflicts
    .map(({ id }) => id)
    .sort()
    .join()
}

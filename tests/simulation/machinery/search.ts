// Plans of one seed after the other until the time is over or a promise is broken.
import { families } from '../families.ts'
import type { ProveWish } from './arguments.ts'
import { HOUR } from './family.ts'
import { drawPlan, type Plan } from './plan.ts'
import { tryPlan, type Finding } from './try-plan.ts'

export interface Searched {
  readonly finding: Finding | null
  readonly runs: number
  readonly virtualHours: number
  readonly events: number
  readonly seconds: number
  readonly seen: Readonly<Record<string, number>>
  /** Of the last run's log. */
  readonly log: string
}

export async function search(plans: Iterable<Plan>, minutes: number): Promise<Searched> {
  const started = performance.now()
  const endMs = started + minutes * 60_000
  const seen: Record<string, number> = {}
  let [runs, virtualHours, events] = [0, 0, 0]
  let finding: Finding | null = null
  let log = ''
  for (const plan of plans) {
    const tried = await tryPlan(plan)
    runs++
    virtualHours += tried.outcome.virtualMs / HOUR
    events += tried.outcome.events
    for (const [path, count] of tried.outcome.seen) seen[path] = (seen[path] ?? 0) + count
    finding = tried.finding
    log = tried.outcome.log.digest()
    if (finding !== null || performance.now() > endMs) break
  }
  return { finding, runs, virtualHours, events, seconds: (performance.now() - started) / 1000, seen, log }
}

export function* plansOf({ seed, from, machines, hours, only }: ProveWish): Generator<Plan> {
  if (seed !== null) {
    yield drawPlan(seed, families, { machines, hours, only })
    return
  }
  for (let number = 0; ; number++) yield drawPlan(`${from}-${number}`, families, { machines, hours, only })
}

// A plan is played twice, so that every run also shows that a seed tells one story; a plan that fails is cut down to what it takes.
import type { Happening } from './family.ts'
import { Violation } from './invariant.ts'
import type { Plan } from './plan.ts'
import { play, type Outcome } from './run.ts'

export interface Finding {
  readonly plan: Plan
  readonly violation: Violation
  /** How the machines stood, and the last lines of the log. */
  readonly tail: readonly string[]
}

export interface Tried {
  readonly finding: Finding | null
  readonly outcome: Outcome
}

const TAIL_LINES = 12

export async function tryPlan(plan: Plan): Promise<Tried> {
  const outcome = await play(plan)
  if (outcome.violation !== null) return { finding: findingOf(plan, outcome), outcome }
  const again = await play(plan)
  const line = outcome.log.partsFrom(again.log)
  if (line === null) return { finding: null, outcome }
  const [one, other] = [await play(plan, line), await play(plan, line)]
  const violation = new Violation('one-story', `Two runs of one seed part at line ${line} of the log.`)
  return { finding: { plan, violation, tail: ['--', ...one.log.kept, '--', ...other.log.kept] }, outcome }
}

function findingOf(plan: Plan, { violation, log, diagnosis }: Outcome): Finding | null {
  return violation === null ? null : { plan, violation, tail: [...log.tail(TAIL_LINES), ...diagnosis] }
}

/** Leaves out what is not needed to break the same promise: halves first, then ever smaller parts. Ends when `until` has passed. */
export async function shorten(finding: Finding, until: number): Promise<Finding> {
  let shortest = finding
  const breaksWith = async (happenings: readonly Happening[]) => {
    const plan = { ...finding.plan, happenings }
    const outcome = await play(plan)
    if (outcome.violation?.invariant !== finding.violation.invariant) return false
    shortest = findingOf(plan, outcome) ?? shortest
    return true
  }
  for (let parts = 2; parts <= 2 * shortest.plan.happenings.length;) {
    const { happenings } = shortest.plan
    const size = Math.max(1, Math.ceil(happenings.length / parts))
    let isShorter = false
    for (let from = 0; from < happenings.length && !isShorter; from += size) {
      if (performance.now() > until) return shortest
      isShorter = await breaksWith([...happenings.slice(0, from), ...happenings.slice(from + size)])
    }
    if (isShorter) parts = Math.max(2, parts - 1)
    else if (size === 1) break
    else parts *= 2
  }
  return shortest
}

// Plans and receipts, tied together: a plan's steps name receipts by path, and receipts name their plan and step. Either is enough.
import { finding } from './finding.ts'
import type { Finding } from './finding.ts'
import { Fields } from './fields.ts'
import { readJson } from './canonical-text.ts'
import type { JudgedFile } from './judge-file.ts'
import type { Plan, PlanStep } from './plan.ts'

export const CLAIMS_FOLDER = '_bus/claims'

/** What of a judged file ties it to plans. */
export type PlanFile = Pick<JudgedFile, 'path' | 'planId' | 'planStepId' | 'taskId'>

export interface LinkedPlan {
  readonly plan: Plan
  /** The task that the plan is worked under; the plan's own id where no claim on the bus says otherwise. */
  readonly taskId: string
  readonly steps: readonly LinkedStep[]
  /** Files that name the plan, or that it names, and no step of it. */
  readonly unassigned: readonly string[]
  /** Paths that the plan or a step names and that are not among the files. */
  readonly missing: readonly string[]
  readonly findings: readonly Finding[]
}

export interface LinkedStep {
  readonly step: PlanStep
  /** Paths of files that the step names or that name it, in order. */
  readonly present: readonly string[]
  readonly missing: readonly string[]
}

/** A task on the bus (`_bus/claims/*.json`) says under which task id a plan is worked. */
export interface TaskClaim {
  readonly taskId: string
  readonly planId: string | null
  readonly agentId: string | null
  readonly status: string | null
}

/** Null for a file that is no claim of a task. */
export function parseTaskClaim(bytes: Uint8Array): TaskClaim | null {
  const read = readJson(bytes)
  if (!read.ok || read.json.members === null) return null
  const fields = new Fields(read.json.members)
  const taskId = fields.string('task_id')
  if (taskId === null || taskId === '') return null
  return {
    taskId,
    planId: fields.string('plan_id'),
    agentId: fields.string('agent_id'),
    status: fields.string('status'),
  }
}

/** Ties the plans of one origin to its files; plans and files in any order, answers in order of plan id and path. */
export function linkPlans(
  plans: readonly Plan[],
  files: Iterable<PlanFile>,
  claims: readonly TaskClaim[],
): readonly LinkedPlan[] {
  const paths = new Set<string>()
  const naming = new Map<string, PlanFile[]>()
  for (const file of files) {
    paths.add(file.path)
    if (file.planId === null) continue
    const listed = naming.get(file.planId) ?? []
    listed.push(file)
    naming.set(file.planId, listed)
  }
  const taskOf = new Map(claims.flatMap(({ planId, taskId }) => (planId === null ? [] : [[planId, taskId] as const])))
  return plans
    .toSorted((a, b) => compare(a.planId, b.planId) || compare(a.path, b.path))
    .map((plan) => linkPlan(plan, taskOf.get(plan.planId) ?? plan.planId, paths, naming.get(plan.planId) ?? []))
}

function linkPlan(plan: Plan, taskId: string, paths: ReadonlySet<string>, naming: readonly PlanFile[]): LinkedPlan {
  const steps = plan.steps.map((step) => linkStep(step, paths, naming))
  const assigned = new Set(steps.flatMap(({ present }) => present))
  const named = [...plan.receipts, ...naming.map(({ path }) => path)]
  const unassigned = sorted(named.filter((path) => paths.has(path) && !assigned.has(path)))
  const missing = sorted([
    ...plan.receipts.filter((path) => !paths.has(path)),
    ...steps.flatMap((step) => step.missing),
  ])
  return { plan, taskId, steps, unassigned, missing, findings: missing.map((path) => receiptMissing(plan, path)) }
}

function linkStep(step: PlanStep, paths: ReadonlySet<string>, naming: readonly PlanFile[]): LinkedStep {
  const byName = naming.filter(({ planStepId }) => planStepId === step.id).map(({ path }) => path)
  return {
    step,
    present: sorted([...step.receipts.filter((path) => paths.has(path)), ...byName]),
    missing: sorted(step.receipts.filter((path) => !paths.has(path))),
  }
}

/** What is told where a plan or one of its steps names a file that the node does not have. */
export function receiptMissing(plan: Plan, path: string): Finding {
  return finding(
    'plan-receipt-missing',
    plan.path,
    `${plan.planId} names the receipt ${path.slice(0, 200)}, which is not here.`,
    'Ask the node for that file; it may lie outside of what was read.',
  )
}

function sorted(paths: readonly string[]): readonly string[] {
  return [...new Set(paths)].toSorted(compare)
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

// `_plans/*.plan.json`: a plan, its steps, the receipts that each names, and what its proposal says about it.
import { Fields } from './fields.ts'
import type { WrittenTime } from './fields.ts'
import { readJson } from './canonical-text.ts'
import { finding } from './finding.ts'
import type { Finding } from './finding.ts'
import { TEOF_LIMITS } from './limits.ts'

export const PLANS_FOLDER = '_plans'

export interface Plan {
  /** Where it lies, relative to the node directory. */
  readonly path: string
  readonly planId: string
  readonly created: WrittenTime | null
  readonly actor: string | null
  readonly summary: string | null
  readonly status: string | null
  readonly steps: readonly PlanStep[]
  /** Paths of the receipts of the plan as a whole. */
  readonly receipts: readonly string[]
  readonly checkpoint: {
    readonly description: string | null
    readonly owner: string | null
    readonly status: string | null
  } | null
  /** Whatever else stands at the top level, in order of key: proposal metadata such as batch, item, ocers_target, risk_score, note. */
  readonly metadata: readonly PlanMetadata[]
  readonly findings: readonly Finding[]
}

export interface PlanStep {
  readonly id: string
  readonly title: string | null
  readonly status: string | null
  readonly notes: string | null
  readonly receipts: readonly string[]
}

export interface PlanMetadata {
  readonly key: string
  /** A string as it is, anything else in canonical JSON with numbers as written. */
  readonly text: string
}

export type ParsedPlan = { readonly ok: true; readonly plan: Plan } | { readonly ok: false; readonly finding: Finding }

/** Reads one plan. */
export function parsePlan(path: string, bytes: Uint8Array): ParsedPlan {
  const read = readJson(bytes)
  if (!read.ok) return noPlan(path, `it cannot be read as JSON: ${read.why}`, 'unreadable-json')
  if (read.json.members === null) return noPlan(path, 'it is no JSON object')
  const fields = new Fields(read.json.members)
  const planId = fields.string('plan_id')
  if (planId === null || planId === '') return noPlan(path, 'it has no plan_id')
  const items = fields.objects('steps')
  if (items.length > TEOF_LIMITS.planSteps)
    return noPlan(path, `it has ${items.length} steps, and at most ${TEOF_LIMITS.planSteps} are read`)
  const steps = items.map(stepFrom)
  const checkpoint = fields.object('checkpoint')
  return {
    ok: true,
    plan: {
      path,
      planId,
      created: fields.time('created'),
      actor: fields.string('actor'),
      summary: fields.string('summary'),
      status: fields.string('status'),
      steps,
      receipts: fields.strings('receipts'),
      checkpoint:
        checkpoint === null
          ? null
          : {
              description: checkpoint.string('description'),
              owner: checkpoint.string('owner'),
              status: checkpoint.string('status'),
            },
      metadata: metadataOf(fields),
      findings: steps.flatMap((step) => doneWithoutReceipts(path, planId, step)),
    },
  }
}

/** True for a step or plan that its node calls finished. */
function isDone(status: string | null): boolean {
  return status !== null && ['done', 'complete', 'completed', 'closed'].includes(status.toLowerCase())
}

const KNOWN: ReadonlySet<string> = new Set([
  'plan_id',
  'created',
  'actor',
  'summary',
  'status',
  'steps',
  'receipts',
  'checkpoint',
])

function stepFrom(step: Fields, index: number): PlanStep {
  return {
    id: step.string('id') ?? step.string('step_id') ?? `S${index + 1}`,
    title: step.string('title'),
    status: step.string('status'),
    notes: step.string('notes'),
    receipts: step.strings('receipts'),
  }
}

function metadataOf(fields: Fields): readonly PlanMetadata[] {
  return fields
    .keys()
    .filter((key) => !KNOWN.has(key))
    .map((key) => ({ key, text: fields.string(key) ?? fields.canonical(key) ?? '' }))
}

function doneWithoutReceipts(path: string, planId: string, step: PlanStep): readonly Finding[] {
  if (!isDone(step.status) || step.receipts.length > 0) return []
  return [
    finding(
      'plan-step-without-receipts',
      path,
      `Step ${step.id.slice(0, 200)} of ${planId.slice(0, 200)} is called ${step.status} and names no receipt.`,
      'Ask who did it for the receipts, or open the step again.',
    ),
  ]
}

function noPlan(path: string, why: string, code: 'plan-shape' | 'unreadable-json' = 'plan-shape'): ParsedPlan {
  return {
    ok: false,
    finding: finding(
      code,
      path,
      `${path} is no plan: ${why}.`,
      'Its receipts are merged all the same, without the plan; ask the node for the file again.',
    ),
  }
}

// What receipts say about plans: the bodies as this module reads them. The kinds themselves are claims, so core/reconcile has them.
import * as z from 'zod'
import { ReceiptId, type PlanFact } from '#core/contract/index.ts'

export const PLAN_STEP = 'plan/step'
export const PLAN_PROPOSED = 'plan/proposed'

export const StepBody = z.looseObject({
  plan: z.string(),
  step: z.string(),
  status: z.string(),
  receipts: z.array(ReceiptId).optional(),
  note: z.string().optional(),
})

export const ProposedBody = z.looseObject({
  plan: z.string(),
  title: z.string().optional(),
  steps: z.array(z.looseObject({ id: z.string(), title: z.string().optional() })),
})

/** What is kept of a plan or proposal beside its steps; shown first and offered as filters, in this order. */
const FACT_KEYS: readonly string[] = ['status', 'batch', 'item', 'ocers_target', 'risk_score', 'generated', 'note']
const FACT_CHARACTERS = 2_000

/** Facts out of a body, known ones first; anything but text as JSON. */
export function factsOf(body: { readonly [key: string]: unknown }): PlanFact[] {
  return FACT_KEYS.flatMap((key) => {
    const value = body[key]
    if (value === undefined || value === null) return []
    const text = typeof value === 'string' ? value : JSON.stringify(value)
    return [{ key, text: text.slice(0, FACT_CHARACTERS) }]
  })
}

/** Whether a status means that the step is finished. */
export function isDone(status: string): boolean {
  return DONE.has(status.toLowerCase())
}

const DONE: ReadonlySet<string> = new Set(['done', 'complete', 'completed', 'closed'])

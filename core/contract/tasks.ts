// Tasks and plans: what all nodes have signed under one task, step by step, what is missing and where they disagree.
import { oc } from '@orpc/contract'
import * as z from 'zod'
import { ConflictSummary } from './conflicts.ts'
import { ConflictId, Cursor, Instant, PageLimit, ReceiptId, SearchText } from './ids.ts'
import { problems } from './problems.ts'
import { ReceiptRef } from './receipts.ts'

/** What a plan or proposal says about itself: batch, item, ocers_target, risk_score, generated, note, status, and whatever else. */
export const PlanFact = z.object({ key: z.string(), text: z.string() })
export type PlanFact = z.infer<typeof PlanFact>

export const TaskSummary = z.object({
  task: z.string(),
  /** What a plan calls it; null where no plan was read. */
  title: z.string().nullable(),
  receipts: z.number().int(),
  steps: z.object({
    total: z.number().int(),
    done: z.number().int(),
    /** Steps that are called done without a receipt, or for which nobody has one. */
    lacking: z.number().int(),
  }),
  openConflicts: z.number().int(),
  newest: Instant.nullable(),
  facts: z.array(PlanFact),
})
export type TaskSummary = z.infer<typeof TaskSummary>

/** A receipt of the task. `claimant` is the node that signed it, or the node directory whose file it is about. */
export const TaskReceipt = ReceiptRef.extend({
  subject: z.string(),
  claimant: z.string(),
  /** Why it no longer counts, one sentence; null while it does. Kept in sight all the same. */
  superseded: z.string().nullable(),
  conflict: ConflictId.nullable(),
})
export type TaskReceipt = z.infer<typeof TaskReceipt>

/** What one node or directory says about a step. */
export const StepSaid = z.object({
  receipt: ReceiptRef,
  claimant: z.string(),
  /** By a receipt of its own, or by a plan file. */
  by: z.enum(['receipt', 'plan']),
  status: z.string(),
  done: z.boolean(),
  note: z.string().nullable(),
  superseded: z.string().nullable(),
  /** Receipts that it names, by id or path; `receipt` is null for one that is not here. */
  names: z.array(z.object({ text: z.string(), receipt: ReceiptId.nullable() })),
})
export type StepSaid = z.infer<typeof StepSaid>

export const TaskStep = z.object({
  plan: z.string(),
  step: z.string(),
  title: z.string().nullable(),
  /**
   * `done`: called done by naming a receipt; `unproven`: called done without one, so it does not count as done; `disagrees`: some
   * call it done and some do not; `open`: nobody calls it done.
   */
  state: z.enum(['done', 'unproven', 'disagrees', 'open']),
  said: z.array(StepSaid),
  receipts: z.array(TaskReceipt),
  /** One sentence each. */
  missing: z.array(z.string()),
})
export type TaskStep = z.infer<typeof TaskStep>

export const TaskPlan = z.object({
  receipt: ReceiptRef,
  claimant: z.string(),
  plan: z.string(),
  summary: z.string().nullable(),
  superseded: z.string().nullable(),
  facts: z.array(PlanFact),
})
export type TaskPlan = z.infer<typeof TaskPlan>

export const TaskView = z.object({
  task: z.string(),
  title: z.string().nullable(),
  /** Every node's, also those that no longer count. */
  plans: z.array(TaskPlan),
  steps: z.array(TaskStep),
  /** Receipts of the task that belong to no step. */
  others: z.array(TaskReceipt),
  /** Receipts that were left out because there are too many; the newest are shown. */
  more: z.number().int(),
  conflicts: z.array(ConflictSummary),
  receipts: z.number().int(),
  claimants: z.array(z.object({ name: z.string(), receipts: z.number().int() })),
})
export type TaskView = z.infer<typeof TaskView>

export const TaskFilter = z.object({
  text: SearchText.optional(),
  /** Only tasks of which a plan says exactly this. */
  fact: PlanFact.optional(),
  lacking: z.boolean().optional(),
})
export type TaskFilter = z.infer<typeof TaskFilter>

/** By the task's own name; many begin with a day. */
export const TaskSort = z.enum(['name', 'name-backwards'])
export type TaskSort = z.infer<typeof TaskSort>

export const tasks = {
  list: oc
    .errors(problems)
    .input(z.object({ filter: TaskFilter, sort: TaskSort.optional(), after: Cursor.optional(), limit: PageLimit }))
    .output(z.object({ items: z.array(TaskSummary), next: Cursor.nullable(), total: z.number().int() })),
  /** What plans say about themselves, to filter by; at most 50 values a key. */
  facets: oc
    .errors(problems)
    .input(z.object({}))
    .output(z.object({ facts: z.array(z.object({ key: z.string(), values: z.array(z.string()) })) })),
  get: oc
    .errors(problems)
    .input(z.object({ task: z.string().min(1).max(1024) }))
    .output(TaskView),
}

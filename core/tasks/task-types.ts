// What a task page is made of, before it is put together.
import type { ConflictId, PlanFact, ReceiptId, ReceiptRef } from '#core/contract/index.ts'

/** A merged receipt of a task, with everything that ties it to a plan. */
export interface ReadReceipt {
  readonly ref: ReceiptRef
  readonly subject: string
  readonly claimant: string
  readonly superseded: string | null
  readonly conflict: ConflictId | null
  /** Plan steps that it names itself, or that the import found for it. An empty step: the plan as a whole. */
  readonly links: readonly { readonly plan: string; readonly step: string }[]
  /** What a plan/step receipt says. */
  readonly step: StepStated | null
  /** What a plan/proposed receipt or a plan file says. */
  readonly plan: PlanStated | null
}

export interface StepStated {
  readonly plan: string
  readonly step: string
  readonly status: string
  readonly note: string | null
  readonly names: readonly ReceiptId[]
}

export interface PlanStated {
  readonly plan: string
  readonly summary: string | null
  readonly facts: readonly PlanFact[]
  readonly steps: readonly PlannedStep[]
  /** Paths of receipts of the plan as a whole. */
  readonly paths: readonly string[]
}

export interface PlannedStep {
  readonly id: string
  readonly title: string | null
  /** Null where the plan says nothing about how it stands. */
  readonly status: string | null
  readonly note: string | null
  readonly paths: readonly string[]
}

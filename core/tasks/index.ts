// Front door of core/tasks: what all nodes signed under one task, by plan step.
import type { Feature } from '#core/ledger/index.ts'
import { tasksProjection } from './tasks-projection.ts'

export const tasks: Feature = { name: 'tasks', kinds: [], migrations: [], projections: [tasksProjection] }

export { frontMatter } from './front-matter.ts'
export { isDone, PLAN_STEP, StepBody } from './kinds.ts'
export { stepsOf } from './task-steps.ts'
export { findTask, isPlanPath, isProposalPath, planFiles, proposedFacts, taskNames } from './task-reading.ts'
export type { FoundReceipt } from './task-reading.ts'
export type { PlanStated } from './task-types.ts'

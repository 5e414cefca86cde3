// The one error that procedures answer with: what happened, what was kept, what to do.
import * as z from 'zod'

export const ProblemShape = z.object({
  /** Upper snake case, stable: LOCKED, NOT_FOUND, CONFLICT_CHANGED, EXCHANGE_UNAVAILABLE … */
  code: z.string(),
  happened: z.string(),
  kept: z.string(),
  remedy: z.string(),
})
export type ProblemShape = z.infer<typeof ProblemShape>

/** Every StewardError crosses the boundary as PROBLEM with its four sentences as data; anything else is a bug. */
export const problems = {
  PROBLEM: { status: 422, data: ProblemShape },
} as const

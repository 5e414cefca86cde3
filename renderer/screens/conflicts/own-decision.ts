import type { ConflictReview, DecisionView } from '#core/contract/index.ts'

/** What this node's steward has signed about the conflict and what still counts; null where that is nothing. */
export function ownDecision({ decisions }: Pick<ConflictReview, 'decisions'>): DecisionView | null {
  return decisions.find((decision) => decision.mine && decision.counts) ?? null
}

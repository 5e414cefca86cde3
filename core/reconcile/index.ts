// Front door of core/reconcile: what nodes say about the same thing, where they differ, and what stewards decided about it.
import type { Feature } from '#core/ledger/index.ts'
import { reconcileKinds } from './kinds.ts'
import { reconcileMigrations } from './observations.ts'
import { reconcileProjection } from './reconcile-projection.ts'

export const reconcile: Feature = {
  name: 'reconcile',
  kinds: reconcileKinds,
  migrations: reconcileMigrations,
  projections: [reconcileProjection],
}

export { anchorsView } from './anchor-page.ts'
export { anchorByHash, anchorView, newestAnchor } from './anchor-reading.ts'
export { setObservations } from './observations.ts'
export { conflictCounts, conflictFacets, conflictsOfReceipt } from './conflict-counts.ts'
export { conflictId } from './conflict-id.ts'
export { conflictsStarting } from './conflicts-starting.ts'
export { overdueCount } from './escalation.ts'
export { listConflicts } from './list-conflicts.ts'
export { diffContents } from './content-diff.ts'
export type { ContentDiff } from './content-diff.ts'
export { bulkGists, bulkMembers, previewBulk } from './bulk.ts'
export { decisionDraft, withdrawalDraft } from './drafts.ts'
export { coverageView, missingArtefacts } from './coverage-reading.ts'
export { conflictMembers, conflictReview } from './review.ts'
export { whyDecisionsDoNotCount } from './may-decide.ts'
export { importingNodes } from './importing-nodes.ts'
export { listOrigins } from './origins.ts'
export type { OriginsAnswer } from './origins.ts'
export { ORIGIN, ORIGIN_LISTS, OriginBody, originHead } from './imported.ts'
export type { ImportedBody, OriginLists } from './imported.ts'
export { lastSignedImport, nextRound, ownImportsBelow, standingImports, standingOrigin } from './standing-imports.ts'
export { importedOfPlan, importedPlans, openConflictOf, openConflictsAbout, openCountAbout } from './task-reading.ts'
export { importedBody } from './imported.ts'
export { claimStandings } from './claim-standing.ts'
export { claimsOf, openClaims, ownStandOn } from './open-claims.ts'
export type { OpenClaims } from './open-claims.ts'
export { subjectPattern } from './subject-pattern.ts'
export { decisionSentence } from './decision-views.ts'
export { subjectHistory } from './subject-history.ts'
export { conflictsForReport } from './reported-conflicts.ts'
export type { ListedConflict } from './reported-conflicts.ts'
export { anchorSignedMs, ORIGIN_CLAIMANT, surveySubjects } from './survey.ts'
export type { SurveyedSubject } from './survey.ts'

import type { AppCore } from '../app-core.ts'
import {
  conflictCounts,
  conflictFacets,
  decisionDraft,
  listConflicts,
  subjectHistory,
  withdrawalDraft,
} from '#core/reconcile/index.ts'
import { conflictProof, proofWish } from '../proofs.ts'
import { diffOf, previewOf, reviewOf } from '../review.ts'
import type { Implementer } from './base.ts'

export function conflictProcedures(os: Implementer, app: AppCore) {
  const db = () => app.session().ledger.read
  return {
    list: os.conflicts.list.handler(({ input }) => listConflicts(db(), input)),
    counts: os.conflicts.counts.handler(() => conflictCounts(db())),
    facets: os.conflicts.facets.handler(() => conflictFacets(db())),
    get: os.conflicts.get.handler(({ input }) =>
      app.during((session) => reviewOf(session, input.id, app.deps.clock())),
    ),
    diff: os.conflicts.diff.handler(({ input }) => app.during((session) => diffOf(session, input.id, input.withEqual))),
    history: os.conflicts.history.handler(({ input }) => subjectHistory(db(), input)),
    preview: os.conflicts.preview.handler(({ input }) =>
      app.during(async (session) => ({ items: await previewOf(session, input.conflicts, input.rule) })),
    ),
    proof: os.conflicts.proof.handler(({ input }) =>
      app.during((session) => conflictProof(session, input.id, proofWish(app, input.form))),
    ),
    decide: os.conflicts.decide.handler(({ input }) => {
      const session = app.session()
      // Refused with CONFLICT_CHANGED where the members are not those that the steward saw.
      return { id: session.sign(decisionDraft(db(), session.node, input)).id }
    }),
    withdraw: os.conflicts.withdraw.handler(({ input }) => {
      const session = app.session()
      return { id: session.sign(withdrawalDraft(db(), session.node, input)).id }
    }),
  }
}

import { anchorsView } from '#core/reconcile/index.ts'
import type { AppCore } from '../app-core.ts'
import { whyOf } from '../why.ts'
import type { Implementer } from './base.ts'

export function whyProcedures(os: Implementer, app: AppCore) {
  return {
    get: os.why.get.handler(({ input }) => app.during((session) => whyOf(session, input.about, app.deps.clock()))),
  }
}

export function anchorProcedures(os: Implementer, app: AppCore) {
  return {
    get: os.anchors.get.handler(() => anchorsView(app.session().ledger.read, app.deps.clock())),
  }
}

import { coverageView, listOrigins, missingArtefacts } from '#core/reconcile/index.ts'
import type { AppCore } from '../app-core.ts'
import type { Implementer } from './base.ts'

export function originProcedures(os: Implementer, app: AppCore) {
  const db = () => app.session().ledger.read
  return {
    list: os.origins.list.handler(() => listOrigins(db())),
    coverage: os.origins.coverage.handler(() => coverageView(db())),
    missing: os.origins.missing.handler(({ input }) => missingArtefacts(db(), input)),
  }
}

import { doctor, repairProjections } from '#core/ledger/index.ts'
import { features } from '#core/features.ts'
import type { AppCore } from '../app-core.ts'
import { overviewOf } from '../overview.ts'
import { searchIn } from '../search.ts'
import type { Implementer } from './base.ts'

export function appProcedures(os: Implementer, app: AppCore) {
  return {
    state: os.app.state.handler(() => app.state()),
    changes: os.app.changes.handler(({ signal }) => app.changes.subscribe(signal)),
    overview: os.app.overview.handler(() => overviewOf(app.session(), app.deps.clock())),
    search: os.app.search.handler(({ input }) => ({ items: searchIn(app.session(), input.text, input.limit) })),
    doctor: os.app.doctor.handler(({ input }) =>
      app.during(async ({ ledger }) => {
        const { clock, timers } = app.deps
        const pause = () => new Promise<void>((resolve) => void timers.setTimeout(resolve, 0))
        let checks = await doctor(ledger, features, clock(), pause)
        if (input.repair === true && repairProjections(ledger, checks, clock())) {
          checks = await doctor(ledger, features, clock(), pause)
        }
        return { ok: checks.every((check) => check.ok), checks: [...checks] }
      }),
    ),
  }
}

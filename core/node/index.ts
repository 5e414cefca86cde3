// Front door of core/node: one node at work behind the contract. Hosts start it; tests start many.
import { createAppCore } from './app-core.ts'
import type { NodeDeps } from './deps.ts'
import { appProcedures } from './procedures/app.ts'
import { implementer } from './procedures/base.ts'
import { bundleProcedures } from './procedures/bundles.ts'
import { conflictProcedures } from './procedures/conflicts.ts'
import { exchangeProcedures } from './procedures/exchange.ts'
import { networkProcedures } from './procedures/network.ts'
import { nodeProcedures } from './procedures/node.ts'
import { originProcedures } from './procedures/origins.ts'
import { receiptProcedures, uploadProcedures } from './procedures/receipts.ts'
import { reportProcedures } from './procedures/reports.ts'
import { ruleProcedures } from './procedures/rules.ts'
import { anchorProcedures, whyProcedures } from './procedures/why.ts'
import { taskProcedures } from './procedures/tasks.ts'
import { sampleProcedures, settingsProcedures } from './procedures/settings.ts'

export { sealWithAge } from '#core/identity/index.ts'
export type { Keychain, NodeDeps, SampleBuilder, SampleNetwork } from './deps.ts'
export { openHome } from './home-adapter.ts'

export type StewardNode = ReturnType<typeof createNode>

/** One app on one data folder: nothing runs before `start`, nothing is left running after `stop`. */
export function createNode(deps: NodeDeps) {
  const app = createAppCore(deps)
  const os = implementer(deps.onBug)
  const router = os.router({
    app: appProcedures(os, app),
    node: nodeProcedures(os, app),
    conflicts: conflictProcedures(os, app),
    rules: ruleProcedures(os, app),
    tasks: taskProcedures(os, app),
    anchors: anchorProcedures(os, app),
    why: whyProcedures(os, app),
    receipts: receiptProcedures(os, app),
    uploads: uploadProcedures(os, app),
    network: networkProcedures(os, app),
    origins: originProcedures(os, app),
    exchange: exchangeProcedures(os, app),
    bundles: bundleProcedures(os, app),
    reports: reportProcedures(os, app),
    settings: settingsProcedures(os, app),
    sample: sampleProcedures(os, app),
  })
  return {
    /** The contract, implemented; hosts carry it, the CLI and tests call it in process. */
    router,
    /** @throws StewardError where the data folder cannot be opened; nothing was changed then. */
    start: () => app.start(),
    /** Finishes what is being written and lets go of everything. */
    stop: () => app.stop(),
  }
}

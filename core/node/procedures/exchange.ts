import type { Cursor } from '#core/contract/index.ts'
import { wordsOfHash } from '#core/receipts/index.ts'
import type { AppCore } from '../app-core.ts'
import { browse } from '../browse.ts'
import { settleNetwork } from '../setup.ts'
import type { Implementer } from './base.ts'

export function exchangeProcedures(os: Implementer, app: AppCore) {
  return {
    get: os.exchange.get.handler(() => app.session().exchange.view()),
    sync: os.exchange.sync.handler(() =>
      app.during(async (session) => {
        const report = await session.exchange.syncOnce()
        session.tick()
        if (session.applyRules() > 0) await session.exchange.publish()
        return report
      }),
    ),
    probe: os.exchange.probe.handler(async ({ input }) => {
      const probe = await app.probe(input.folder)
      const network = probe.network === null ? null : { ...probe.network, words: [...wordsOfHash(probe.network.id, 6)] }
      return { ...probe, network }
    }),
    choose: os.exchange.choose.handler(({ input }) =>
      app.alone(async () => {
        const session = app.session()
        await settleNetwork(session, input.folder, null)
        return session.exchange.view()
      }),
    ),
    browse: os.exchange.browse.handler(({ input }) => browse(app.deps.folders, app.deps.userFolder, input.folder)),
    troubles: os.exchange.troubles.handler(({ input }) => {
      const { items, next } = app.session().exchange.troubles(input)
      // Opaque to the caller: any text is a Cursor.
      return { items: [...items], next: next as Cursor | null }
    }),
    cancel: os.exchange.cancel.handler(() => {
      app.session().exchange.cancel()
      return {}
    }),
  }
}

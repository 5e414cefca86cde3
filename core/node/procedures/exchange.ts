import type { Cursor } from '#core/contract/index.ts'
import { StewardError } from '#core/problem/index.ts'
import { wordsOfHash } from '#core/receipts/index.ts'
import type { AppCore } from '../app-core.ts'
import { browse } from '../browse.ts'
import { settleNetwork } from '../setup.ts'
import type { Implementer } from './base.ts'

export function exchangeProcedures(os: Implementer, app: AppCore) {
  return {
    // A core that does not watch the folder has to look before it can say how the folder is.
    get: os.exchange.get.handler(() =>
      app.during(async ({ exchange }) => {
        await exchange.look()
        return exchange.view()
      }),
    ),
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
    refusedBytes: os.exchange.refusedBytes.handler(({ input }) => {
      const refused = app.session().exchange.refusedBytes(input.id)
      if (refused === null) throw nothingKept()
      const { sha256, bytes } = refused
      return { fileName: `refused-${sha256.slice(0, 12)}.bin`, base64: Buffer.from(bytes).toString('base64') }
    }),
    cancel: os.exchange.cancel.handler(() => {
      app.session().exchange.cancel()
      return {}
    }),
  }
}

function nothingKept(): StewardError {
  return new StewardError({
    code: 'NOT_FOUND',
    happened: 'Of what was refused here no copy is kept, only its hash and the reason.',
    kept: 'Nothing was changed.',
    remedy: 'Look at the original, which stays where it lies.',
  })
}

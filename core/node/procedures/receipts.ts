import type { AppCore } from '../app-core.ts'
import { notFound } from '../not-found.ts'
import { checksOf } from '../receipt-checks.ts'
import { detailOf } from '../receipt-detail.ts'
import { proofWish, receiptProof } from '../proofs.ts'
import { receiptFacets, receiptPage } from '../receipt-list.ts'
import { kindsByHand, signByHand } from '../sign-by-hand.ts'
import { usageOf } from '../usage.ts'
import type { Implementer } from './base.ts'

export function receiptProcedures(os: Implementer, app: AppCore) {
  return {
    list: os.receipts.list.handler(({ input }) => receiptPage(app.session(), input)),
    facets: os.receipts.facets.handler(() => receiptFacets(app.session())),
    get: os.receipts.get.handler(
      async ({ input }) =>
        (await app.during((session) => detailOf(session, input.id))) ?? notFound('receipt', input.id),
    ),
    usage: os.receipts.usage.handler(({ input }) =>
      app.during(async (session) => ({
        items: await Promise.all(input.ids.map(async (id) => ({ id, usage: await usageOf(session, id) }))),
      })),
    ),
    check: os.receipts.check.handler(({ input }) => {
      const checks = checksOf(app.session(), input.id) ?? notFound('receipt', input.id)
      return { ok: checks.every((check) => check.ok), checks: [...checks] }
    }),
    proof: os.receipts.proof.handler(
      async ({ input: { id, form } }) =>
        (await app.during((session) => receiptProof(session, id, proofWish(app, form)))) ?? notFound('receipt', id),
    ),
    kinds: os.receipts.kinds.handler(() => ({ items: kindsByHand() })),
    sign: os.receipts.sign.handler(({ input }) => signByHand(app, input)),
  }
}

export function uploadProcedures(os: Implementer, app: AppCore) {
  return {
    begin: os.uploads.begin.handler(({ input }) => ({ upload: app.uploads.begin(input.sizeBytes, input.for) })),
    piece: os.uploads.piece.handler(({ input }) => ({
      received: app.uploads.piece(input.upload, input.offset, Buffer.from(input.base64, 'base64')),
    })),
    end: os.uploads.end.handler(({ input }) => ({ sizeBytes: app.uploads.end(input.upload) })),
    cancel: os.uploads.cancel.handler(({ input }) => {
      app.uploads.cancel(input.upload)
      return {}
    }),
  }
}

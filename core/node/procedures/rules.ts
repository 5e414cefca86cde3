import { decisionsOfRule, listRules, previewRule, revocationDraft, ruleDraft, suggestRule } from '#core/rules/index.ts'
import type { AppCore } from '../app-core.ts'
import { notFound } from '../not-found.ts'
import type { Implementer } from './base.ts'

export function ruleProcedures(os: Implementer, app: AppCore) {
  const now = () => app.deps.clock()
  return {
    list: os.rules.list.handler(() => listRules(app.session().ledger.read, app.session().node, now())),
    preview: os.rules.preview.handler(({ input }) => {
      ruleDraft(input, now())
      return previewRule(app.session().ledger.read, app.session().node, input)
    }),
    suggest: os.rules.suggest.handler(
      ({ input }) =>
        suggestRule(app.session().ledger.read, app.session().node, input.conflict, now()) ??
        notFound('conflict', input.conflict),
    ),
    sign: os.rules.sign.handler(({ input }) => {
      const session = app.session()
      const { id } = session.sign(ruleDraft(input, now()))
      return { id, decided: session.applyRules() }
    }),
    revoke: os.rules.revoke.handler(({ input }) => {
      const session = app.session()
      return { id: session.sign(revocationDraft(session.ledger.read, session.node, input)).id }
    }),
    decisions: os.rules.decisions.handler(({ input }) => decisionsOfRule(app.session().ledger.read, input)),
  }
}

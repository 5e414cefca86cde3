// Front door of core/rules: standing rules for conflicts that repeat, signed, in sight, revocable, and never silent: whatever a rule
// decides is a decision of its own steward that names it.
import type { Feature } from '#core/ledger/index.ts'
import { ruleKinds } from './kinds.ts'
import { rulesProjection } from './rules-projection.ts'

export const rules: Feature = {
  name: 'rules',
  kinds: ruleKinds,
  migrations: [],
  projections: [rulesProjection],
}

export { decisionsByRule } from './apply.ts'
export { revocationDraft, ruleDraft } from './drafts.ts'
export { decisionsOfRule, listRules, previewRule, ruleNamed, suggestRule } from './views.ts'

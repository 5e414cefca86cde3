// The receipts by which a steward says that conflicts of one sort are to be settled alike.
import * as z from 'zod'
import { ReceiptId, StandingRule } from '#core/contract/index.ts'
import type { KindSpec } from '#core/ledger/index.ts'

export const RULE = 'rule/standing'
export const REVOCATION = 'rule/revoked'

export const RuleBody = z.looseObject(StandingRule.shape)
export type RuleBody = z.infer<typeof RuleBody>

export const RevocationBody = z.looseObject({ rule: ReceiptId, reason: z.string().max(4000) })

export const ruleKinds: readonly KindSpec[] = [
  {
    kind: RULE,
    body: RuleBody,
    claims:
      'Until this date the steward settles conflicts on these subjects so, each by a decision that names this rule.',
    byHand: false,
    isClaim: false,
  },
  {
    kind: REVOCATION,
    body: RevocationBody,
    claims: 'The steward takes this standing rule back: from here on it decides nothing.',
    byHand: false,
    isClaim: false,
  },
]

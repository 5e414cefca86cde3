// What is put up for signing when a steward makes a standing rule or takes one back.
import type { Instant, NodeId, ReceiptId, StandingRule } from '#core/contract/index.ts'
import { nodeKeyOf, type ReadDb } from '#core/ledger/index.ts'
import { MergedFeeds } from '#core/network/index.ts'
import type { Draft } from '#core/receipts/index.ts'
import { REVOCATION, RULE } from './kinds.ts'
import { alreadyRevoked, noSuchRule, notOwnRule, ruleUnfit } from './problems.ts'
import { revocationOf, ruleById } from './rule-store.ts'

const LONGEST_DAYS = 366
const DAY_MS = 24 * 60 * 60 * 1000

/** Throws RULE_UNFIT for a rule that would decide nothing, or for longer than anybody would remember it. */
export function ruleDraft(rule: StandingRule, now: Instant): Draft {
  const leftMs = Date.parse(rule.until) - Date.parse(now)
  if (leftMs <= 0) throw ruleUnfit('The rule would be over before it begins.')
  if (leftMs > LONGEST_DAYS * DAY_MS) throw ruleUnfit('A rule stands for a year at most, so that it is not forgotten.')
  const { choice } = rule
  if (choice.type === 'agreeing' && choice.needed * 2 <= choice.of) {
    throw ruleUnfit(`${choice.needed} of ${choice.of} is no more than half, so two groups could both be enough.`)
  }
  return {
    kind: RULE,
    subject: rule.subject,
    task: rule.task,
    anchor: null,
    body: { ...rule, kinds: [...new Set(rule.kinds)].sort(), reason: rule.reason.trim() },
  }
}

/** Throws NOT_FOUND, NOT_OWN_RULE or ALREADY_REVOKED. */
export function revocationDraft(
  db: ReadDb,
  thisNode: NodeId,
  { rule: id, reason }: { readonly rule: ReceiptId; readonly reason: string },
): Draft {
  const signed = ruleById(db, id)
  if (signed === null) throw noSuchRule()
  if (signed.nodeKey !== nodeKeyOf(db, thisNode)) throw notOwnRule()
  if (revocationOf(db, new MergedFeeds(db), signed) !== null) throw alreadyRevoked()
  return {
    kind: REVOCATION,
    subject: signed.rule.subject,
    task: signed.rule.task,
    anchor: null,
    body: { rule: id, reason: reason.trim() },
  }
}

// What standing rules would decide now. A rule never hurries past its steward: what they decided by hand after signing it, and what
// they took back, stays theirs; and it never decides what proves harm.
import type { ConflictId, NodeId, Verdict } from '#core/contract/index.ts'
import type { ReadDb } from '#core/ledger/index.ts'
import { createNames, MergedFeeds, type Names } from '#core/network/index.ts'
import {
  decisionDraft,
  openClaims,
  ownStandOn,
  subjectPattern,
  whyDecisionsDoNotCount,
  type OpenClaims,
} from '#core/reconcile/index.ts'
import { StewardError } from '#core/problem/index.ts'
import type { Draft } from '#core/receipts/index.ts'
import { choose } from './choose.ts'
import { ownRulesInForce, type SignedRule } from './rule-store.ts'
import { ruleSentence } from './rule-words.ts'

/** One open conflict under a rule: decided so, or left to a person because of something. */
export type Ruled =
  | { readonly conflict: OpenClaims; readonly verdict: Verdict }
  | { readonly conflict: OpenClaims; readonly why: string }

/** Everything that is open now and that the rule is for. `seq`: its place in the steward's feed; null while it is not signed yet. */
export function* ruled(
  db: ReadDb,
  feeds: MergedFeeds,
  names: Names,
  steward: NodeId,
  {
    rule,
    seq,
    id,
  }: { readonly rule: SignedRule['rule']; readonly seq: number | null; readonly id: SignedRule['id'] | null },
): Generator<Ruled> {
  const wanted = {
    kinds: rule.kinds,
    prefix: literalPrefix(rule.subject),
    fits: subjectPattern(rule.subject),
    task: rule.task,
  }
  const doNotCount = whyDecisionsDoNotCount(db, feeds, steward)
  for (const conflict of openClaims(db, wanted)) {
    if (doNotCount !== null) {
      yield { conflict, why: doNotCount }
      continue
    }
    const own = ownStandOn(db, feeds, conflict, steward)
    if (own.counts) yield { conflict, why: 'You have decided on it already; it waits for other stewards.' }
    else if (seq !== null && own.byHandSeq > seq) yield { conflict, why: 'You decide this subject by hand.' }
    else if (id !== null && own.takenBack.has(id)) yield { conflict, why: 'You took back what the rule decided here.' }
    else yield { conflict, ...choose(rule.choice, conflict.members, (node) => names.of(node as NodeId)) }
  }
}

/**
 * The decisions that this node's own rules ask for now, at most `limit`, each ready to be signed and naming its rule. Of several
 * rules for one conflict the one signed last decides.
 */
export function decisionsByRule(db: ReadDb, steward: NodeId, nowMs: number, limit: number): Draft[] {
  const feeds = new MergedFeeds(db)
  const rules = ownRulesInForce(db, feeds, steward, nowMs)
  if (rules.length === 0) return []
  const names = createNames(db)
  const drafts: Draft[] = []
  const decided = new Set<ConflictId>()
  for (const signed of rules) {
    for (const outcome of ruled(db, feeds, names, steward, signed)) {
      if (drafts.length >= limit) return drafts
      if (!('verdict' in outcome) || decided.has(outcome.conflict.id)) continue
      const draft = draftOf(db, steward, signed, outcome.conflict, outcome.verdict, names)
      if (draft === null) continue
      decided.add(outcome.conflict.id)
      drafts.push(draft)
    }
  }
  return drafts
}

/** Null where a decision of this node would not count now: not admitted, its own feed forked, or stewards disagree about it. */
function draftOf(
  db: ReadDb,
  steward: NodeId,
  signed: SignedRule,
  conflict: OpenClaims,
  verdict: Verdict,
  names: Names,
): Draft | null {
  const draft = decisionDraftOrNull(db, steward, {
    conflict: conflict.id,
    members: conflict.members.map((member) => member.receipt),
    verdict,
    reason: `By standing rule: ${ruleSentence(signed.rule, (node) => names.of(node as NodeId))}`,
    planStep: null,
  })
  return draft === null ? null : { ...draft, body: { ...draft.body, rule: signed.id } }
}

function decisionDraftOrNull(...args: Parameters<typeof decisionDraft>): Draft | null {
  try {
    return decisionDraft(...args)
  } catch (thrown) {
    // It says why nobody could decide this now; the rule is asked again with the next change.
    if (thrown instanceof StewardError) return null
    throw thrown
  }
}

/** What every subject that fits begins with. */
export function literalPrefix(pattern: string): string {
  const special = pattern.search(/[*?]/)
  // `**/x` also fits x, so nothing is certain before it.
  return special === -1 ? pattern : pattern.slice(0, special)
}

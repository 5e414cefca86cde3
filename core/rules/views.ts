// Standing rules as a steward sees them: all that stand or stood, what each would decide now, and what it has decided.
import {
  Cursor,
  type ConflictId,
  type Instant,
  type NodeId,
  type ReceiptId,
  type RulePreviewItem,
  type RuledKind,
  type RuleView,
  type StandingRule,
  verdictSentence,
} from '#core/contract/index.ts'
import type { ReadDb } from '#core/ledger/index.ts'
import { createNames, decisionById, MergedFeeds, withdrawalsOf, type Names } from '#core/network/index.ts'
import { invariant } from '#core/problem/index.ts'
import { claimsOf, decisionSentence, openClaims, ownStandOn, subjectPattern } from '#core/reconcile/index.ts'
import { receiptIdFromBytes } from '#core/ledger/index.ts'
import { literalPrefix, ruled } from './apply.ts'
import { allRules, decidedCount, decisionPlaces, revocationOf, ruleById, type SignedRule } from './rule-store.ts'
import { noSuchRule } from './problems.ts'
import { ruleSentence } from './rule-words.ts'

const SHOWN_RULES = 500
const SHOWN_ITEMS = 200
const USUAL_DAYS = 90
const DAY_MS = 24 * 60 * 60 * 1000

/** The newest first; `more` says how many were left out. */
export function listRules(
  db: ReadDb,
  thisNode: NodeId,
  now: Instant,
): { readonly items: RuleView[]; readonly more: number } {
  const feeds = new MergedFeeds(db)
  const names = createNames(db)
  const all = allRules(db, feeds)
  return {
    items: all.slice(0, SHOWN_RULES).map((signed) => ruleView(db, feeds, names, signed, thisNode, now)),
    more: Math.max(0, all.length - SHOWN_RULES),
  }
}

/** One rule, as decisions that name it show it. Null where it is not here. */
export function ruleNamed(db: ReadDb, id: ReceiptId, thisNode: NodeId, now: Instant): RuleView | null {
  const signed = ruleById(db, id)
  return signed === null ? null : ruleView(db, new MergedFeeds(db), createNames(db), signed, thisNode, now)
}

function ruleView(
  db: ReadDb,
  feeds: MergedFeeds,
  names: Names,
  signed: SignedRule,
  thisNode: NodeId,
  now: Instant,
): RuleView {
  const revocation = revocationOf(db, feeds, signed)
  return {
    id: signed.id,
    node: signed.node,
    nodeName: names.of(signed.node),
    mine: signed.node === thisNode,
    time: instantFromMs(signed.timeMs),
    rule: signed.rule,
    sentence: sentenceOf(signed.rule, names),
    state: revocation !== null ? 'revoked' : signed.untilMs <= Date.parse(now) ? 'ended' : 'in-force',
    revoked:
      revocation === null
        ? null
        : { receipt: revocation.id, time: instantFromMs(revocation.timeMs), reason: revocation.reason },
    decided: decidedCount(db, feeds, signed),
  }
}

interface RulePreview {
  readonly sentence: string
  readonly items: RulePreviewItem[]
  readonly decides: number
  readonly leaves: number
}

/** What the rule would do with the conflicts that are open now, if this node signed it. */
export function previewRule(db: ReadDb, thisNode: NodeId, rule: StandingRule): RulePreview {
  const names = createNames(db)
  const items: RulePreviewItem[] = []
  let decides = 0
  let leaves = 0
  for (const outcome of ruled(db, new MergedFeeds(db), names, thisNode, { rule, seq: null, id: null })) {
    const { id, kind, subject, members } = outcome.conflict
    const decided = 'verdict' in outcome
    if (decided) decides++
    else leaves++
    if (items.length >= SHOWN_ITEMS) continue
    items.push(
      decided
        ? {
            conflict: id,
            subject,
            verdict: outcome.verdict,
            sentence: verdictSentence({ kind, subject, members }, outcome.verdict),
            why: null,
          }
        : { conflict: id, subject, verdict: null, sentence: '', why: outcome.why },
    )
  }
  return { sentence: sentenceOf(rule, names), items, decides, leaves }
}

interface RuleSuggestion {
  readonly subjects: { readonly pattern: string; readonly open: number }[]
  readonly kind: RuledKind | null
  readonly task: string | null
  readonly nodes: { readonly node: NodeId; readonly name: string }[]
  readonly origins: string[]
  readonly claims: number
  readonly decidedBefore: number
  readonly until: Instant
}

/** Null where there is no such conflict, or where rules are not for its kind. */
export function suggestRule(db: ReadDb, thisNode: NodeId, id: ConflictId, now: Instant): RuleSuggestion | null {
  const conflict = claimsOf(db, id)
  if (conflict === null) return null
  const own = conflict.members.filter((member) => member.origin === null)
  const nodes = new Map(own.map(({ node, nodeName }) => [node, nodeName]))
  const origins = new Set(conflict.members.map((member) => member.origin).filter((origin) => origin !== null))
  return {
    subjects: patternsFor(conflict.subject).map((pattern) => ({
      pattern,
      open: countOpen(db, pattern, conflict.kind),
    })),
    kind: conflict.kind,
    task: conflict.task,
    nodes: [...nodes].map(([node, name]) => ({ node, name })),
    origins: [...origins].sort(),
    claims: conflict.members.length,
    decidedBefore: ownStandOn(db, new MergedFeeds(db), conflict, thisNode).decided,
    until: instantFromMs(Date.parse(now) + USUAL_DAYS * DAY_MS),
  }
}

/** The subject itself, its neighbours, its folder with all below it, and files of its name anywhere. */
function patternsFor(subject: string): string[] {
  const cut = subject.lastIndexOf('/')
  // A star or question mark in a name stands for one, since patterns know no escape.
  const literal = subject.replaceAll(/[*?]/g, '?')
  if (cut === -1) return [literal]
  const [folder, name] = [literal.slice(0, cut), literal.slice(cut + 1)]
  return [literal, `${folder}/*`, `${folder}/**`, `**/${name}`]
}

function countOpen(db: ReadDb, pattern: string, kind: RuledKind): number {
  const wanted = { kinds: [kind], prefix: literalPrefix(pattern), fits: subjectPattern(pattern), task: null }
  let count = 0
  for (const _ of openClaims(db, wanted)) count++
  return count
}

interface RuleDecision {
  readonly id: ReceiptId
  readonly conflict: ConflictId
  readonly subject: string
  readonly time: Instant
  readonly sentence: string
  readonly withdrawn: boolean
}

/** Throws NOT_FOUND for a rule that is not here. The cursor is how many were shown. */
export function decisionsOfRule(
  db: ReadDb,
  { rule: id, after, limit }: { readonly rule: ReceiptId; readonly after?: Cursor | undefined; readonly limit: number },
): { readonly items: RuleDecision[]; readonly next: Cursor | null } {
  const signed = ruleById(db, id)
  if (signed === null) throw noSuchRule()
  const feeds = new MergedFeeds(db)
  const names = createNames(db)
  const places = decisionPlaces(db, signed).filter((place) => feeds.isMerged(place))
  const behind = after === undefined ? Number.MAX_SAFE_INTEGER : Number(after)
  const rest = places.filter((place) => place.seq < behind)
  const page = rest.slice(0, limit)
  const items = page.map((place) => {
    const decision = decisionById(db, receiptIdFromBytes(place.idBytes))
    invariant(decision !== null, 'a decision that names a rule is kept among all decisions')
    return {
      id: decision.id,
      conflict: decision.body.conflict,
      subject: decision.subject,
      time: instantFromMs(decision.timeMs),
      sentence: decisionSentence(db, names, decision, decision.subject),
      withdrawn: withdrawalsOf(db, decision).some((withdrawal) => feeds.isMerged(withdrawal)),
    }
  })
  const last = page.at(-1)
  return { items, next: last === undefined || rest.length <= limit ? null : Cursor.parse(String(last.seq)) }
}

function sentenceOf(rule: StandingRule, names: Names): string {
  return ruleSentence(rule, (node) => names.of(node as NodeId)) // rules name nodes by their ids
}

function instantFromMs(ms: number): Instant {
  // toISOString is the form of an Instant for every year from 0 to 9999.
  return new Date(ms).toISOString() as Instant
}

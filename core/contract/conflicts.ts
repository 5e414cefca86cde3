// Conflicts and decisions: the queue, one review, what may be signed, and what follows.
import { oc } from '@orpc/contract'
import * as z from 'zod'
import { ConflictId, ContentHash, Cursor, Instant, Json, NodeId, PageLimit, ReceiptId, SearchText } from './ids.ts'
import { problems } from './problems.ts'
import { AnchorView, ContentView, ProofFile, ProofForm, ReceiptRef } from './receipts.ts'

export const ConflictKind = z.enum([
  'hash-mismatch',
  'missing-anchor',
  'unknown-anchor',
  'diverging-anchors',
  'stale',
  'fork',
  'withheld',
  'held-future',
  'invalid-content',
  'decisions-disagree',
  'invalid-signature',
  'content-mismatch',
  'missing-artefact',
])
export type ConflictKind = z.infer<typeof ConflictKind>

/** 3 proof of harm, 2 waits for a person, 1 worth knowing. */
export const Severity = z.union([z.literal(1), z.literal(2), z.literal(3)])
export type Severity = z.infer<typeof Severity>

export const ConflictStatus = z.enum(['open', 'settled'])
export type ConflictStatus = z.infer<typeof ConflictStatus>

export const Verdict = z.discriminatedUnion('type', [
  z.object({ type: z.literal('pick'), receipt: ReceiptId }),
  z.object({ type: z.literal('several'), receipts: z.array(ReceiptId).min(2).max(100) }),
  z.object({ type: z.literal('none') }),
  z.object({ type: z.literal('replacement'), body: Json }),
])
export type Verdict = z.infer<typeof Verdict>

export const VerdictType = z.enum(['pick', 'several', 'none', 'replacement'])
export type VerdictType = z.infer<typeof VerdictType>

export const ConflictMember = z.object({
  receipt: ReceiptId,
  node: NodeId,
  nodeName: z.string(),
  seq: z.number().int(),
  /** Hash of what the claim says; for a fork or a decision, of the receipt itself. */
  hash: ContentHash,
  time: Instant,
  /** The imported directory whose claim this is; `node` then signed for it, and `nodeName` is the directory's. Null for a node's own. */
  origin: z.string().nullable(),
})
export type ConflictMember = z.infer<typeof ConflictMember>

export const ConflictSummary = z.object({
  id: ConflictId,
  kind: ConflictKind,
  severity: Severity,
  status: ConflictStatus,
  subject: z.string(),
  /** What a person calls the subject: the last part of its path, or the name of the node that it is about. */
  subjectName: z.string(),
  task: z.string().nullable(),
  /** Time of the newest member: since when they disagree. */
  since: Instant,
  /** One plain sentence: what is the matter. */
  title: z.string(),
  memberCount: z.number().int(),
  /** The first eight, in the order of the review. */
  members: z.array(ConflictMember),
  /** True where a verdict can settle it; false where only a missing thing, or time, can. */
  decidable: z.boolean(),
  /** It was settled once and gained a member since. */
  reopened: z.boolean(),
  /** Why `severity` is one higher than its kind says: open for longer than policy allows. One sentence; null where it is not. */
  escalated: z.string().nullable(),
})
export type ConflictSummary = z.infer<typeof ConflictSummary>

export const DecisionView = z.object({
  id: ReceiptId,
  node: NodeId,
  nodeName: z.string(),
  time: Instant,
  verdict: Verdict,
  /** What was signed, as a sentence. */
  sentence: z.string(),
  reason: z.string(),
  planStep: z.string().nullable(),
  /** The standing rule by which it was made; null where a person made it. */
  rule: ReceiptId.nullable(),
  /** Set once its own steward withdrew it. */
  withdrawn: z.object({ receipt: ReceiptId, time: Instant, reason: z.string() }).nullable(),
  /** In force now; otherwise superseded by the steward's later one, withdrawn, or about other members. */
  counts: z.boolean(),
  /** Signed by this node: may be withdrawn here. */
  mine: z.boolean(),
})
export type DecisionView = z.infer<typeof DecisionView>

/** One claim of a conflict that is decided together with others: as much as it takes to judge it. */
export const BulkClaim = z.object({
  receipt: ReceiptId,
  nodeName: z.string(),
  seq: z.number().int(),
  time: Instant,
  gist: z.string(),
  gistOf: z.string().nullable(),
})
export type BulkClaim = z.infer<typeof BulkClaim>

export const MemberView = ConflictMember.extend({
  thisNode: z.boolean(),
  kind: z.string(),
  anchor: AnchorView,
  /** Short value for buttons and sentences: a number, a word, or a short hash. */
  gist: z.string(),
  /** The field whose value the gist is, as a path; null where it is a hash or what a decision says. */
  gistOf: z.string().nullable(),
  content: ContentView,
  heldBy: z.object({ count: z.number().int(), of: z.number().int(), notBy: z.array(z.string()) }),
  arrived: z.object({ way: z.string(), at: Instant }),
})
export type MemberView = z.infer<typeof MemberView>

export const DiffRow = z.object({
  /** Dotted path, array positions as [n]. Empty for the whole document. */
  path: z.string(),
  change: z.enum(['changed', 'missing', 'moved', 'equal']),
  /** One cell a member, in the order of the members; null where the member has nothing at this path. */
  cells: z.array(z.string().nullable()),
})
export type DiffRow = z.infer<typeof DiffRow>

export const ConflictReview = z.object({
  summary: ConflictSummary,
  /** One plain sentence why no rule settled it. */
  why: z.string(),
  /** One sentence what to do. */
  remedy: z.string(),
  members: z.array(MemberView),
  /** Claims that a newer anchor put aside, each with the rule that did it. */
  superseded: z.array(z.object({ member: ConflictMember, rule: z.string() })),
  decisions: z.array(DecisionView),
  quorum: z.object({ needed: z.number().int(), have: z.number().int() }),
  /** Which verdicts mean something for this kind of conflict; none where only a missing thing, or time, can settle it. */
  verdicts: z.array(VerdictType),
  /** Null where this steward may decide now; otherwise the reason. */
  cannotDecide: z.string().nullable(),
  /** Fork and the like: what anybody can check, one line each. */
  proof: z.array(z.object({ label: z.string(), value: z.string() })),
  historyCount: z.number().int(),
})
export type ConflictReview = z.infer<typeof ConflictReview>

export const ConflictFilter = z.object({
  status: z.enum(['open', 'settled', 'all']).default('open'),
  kinds: z.array(ConflictKind).max(20).optional(),
  severity: Severity.optional(),
  node: NodeId.optional(),
  task: z.string().max(1024).optional(),
  subject: SearchText.optional(),
  /** Only those that are open for longer than policy allows. */
  overdue: z.boolean().optional(),
})
export type ConflictFilter = z.infer<typeof ConflictFilter>

export const ConflictSort = z.enum(['severity', 'newest', 'oldest', 'subject'])
export type ConflictSort = z.infer<typeof ConflictSort>

/** How a rule of thumb is applied to several conflicts at once; each decision is still its own receipt. */
export const BulkRule = z.discriminatedUnion('type', [
  z.object({ type: z.literal('node'), node: NodeId }),
  z.object({ type: z.literal('newest') }),
  z.object({ type: z.literal('none') }),
])
export type BulkRule = z.infer<typeof BulkRule>

export const DecideInput = z.object({
  conflict: ConflictId,
  /** What the steward saw: a decision on an outdated view is refused with CONFLICT_CHANGED. */
  members: z.array(ReceiptId).min(1).max(1000),
  verdict: Verdict,
  /** Required for none and replacement. */
  reason: z.string().max(4000),
  planStep: z.string().max(256).nullable(),
})
export type DecideInput = z.infer<typeof DecideInput>

export const conflicts = {
  list: oc
    .errors(problems)
    .input(z.object({ filter: ConflictFilter, sort: ConflictSort, after: Cursor.optional(), limit: PageLimit }))
    .output(z.object({ items: z.array(ConflictSummary), next: Cursor.nullable() })),
  counts: oc
    .errors(problems)
    .input(z.object({}))
    .output(
      z.object({
        open: z.number().int(),
        settled: z.number().int(),
        openBySeverity: z.record(z.string(), z.number().int()),
        openByKind: z.record(z.string(), z.number().int()),
      }),
    ),
  facets: oc
    .errors(problems)
    .input(z.object({}))
    .output(z.object({ tasks: z.array(z.string()), nodes: z.array(z.object({ node: NodeId, name: z.string() })) })),
  get: oc
    .errors(problems)
    .input(z.object({ id: ConflictId }))
    .output(ConflictReview),
  /** Structural diff over all members; `equal` rows only when asked for. At most 2,000 rows, `more` says how many were left out. */
  diff: oc
    .errors(problems)
    .input(z.object({ id: ConflictId, withEqual: z.boolean() }))
    .output(
      z.object({
        structured: z.boolean(),
        rows: z.array(DiffRow),
        equalCount: z.number().int(),
        more: z.number().int(),
      }),
    ),
  history: oc
    .errors(problems)
    .input(
      z.object({
        subject: z.string().max(1024),
        task: z.string().max(1024).nullable(),
        after: Cursor.optional(),
        limit: PageLimit,
      }),
    )
    .output(z.object({ items: z.array(ReceiptRef.extend({ note: z.string() })), next: Cursor.nullable() })),
  preview: oc
    .errors(problems)
    // Without a rule only what there is to decide between is shown.
    .input(z.object({ conflicts: z.array(ConflictId).min(1).max(200), rule: BulkRule.nullable() }))
    .output(
      z.object({
        items: z.array(
          z.object({
            conflict: ConflictId,
            subject: z.string(),
            members: z.array(ReceiptId),
            claims: z.array(BulkClaim),
            /** Null where the rule says nothing about this one; `why` then says so. */
            verdict: Verdict.nullable(),
            sentence: z.string(),
            why: z.string().nullable(),
          }),
        ),
      }),
    ),
  /** The conflict with all its members, what was decided and who signed it, as `receipts.proof`. */
  proof: oc
    .errors(problems)
    .input(z.object({ id: ConflictId, form: ProofForm }))
    .output(ProofFile),
  decide: oc
    .errors(problems)
    .input(DecideInput)
    .output(z.object({ id: ReceiptId })),
  withdraw: oc
    .errors(problems)
    .input(z.object({ decision: ReceiptId, reason: z.string().max(4000) }))
    .output(z.object({ id: ReceiptId })),
}

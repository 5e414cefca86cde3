// Standing rules: what a steward wants decided in the same way each time, signed, in sight of everybody, until a date or taken back.
import { oc } from '@orpc/contract'
import * as z from 'zod'
import { ConflictId, Cursor, Instant, NodeId, PageLimit, ReceiptId } from './ids.ts'
import { problems } from './problems.ts'
import { Verdict } from './conflicts.ts'

/** Only claims that differ: proof of harm, and what stewards disagree about, always waits for a person. */
export const RuledKind = z.enum(['hash-mismatch', 'missing-anchor', 'unknown-anchor', 'diverging-anchors'])
export type RuledKind = z.infer<typeof RuledKind>

/** How a rule chooses among the claims of a conflict. Where it chooses nothing, the conflict waits for a person. */
export const RuleChoice = z.discriminatedUnion('type', [
  /** What this node says last holds. */
  z.object({ type: z.literal('node'), node: NodeId }),
  /** What the last import of this node directory says holds. */
  z.object({ type: z.literal('origin'), origin: z.string().min(1).max(128) }),
  /** The claim with the latest time holds. */
  z.object({ type: z.literal('newest') }),
  /** What at least `needed` say alike holds, where at least `of` make a claim; more than half, so that it is one thing. */
  z.object({ type: z.literal('agreeing'), needed: z.int().min(2).max(1000), of: z.int().min(2).max(1000) }),
  /** All of the claims hold side by side. */
  z.object({ type: z.literal('several') }),
])
export type RuleChoice = z.infer<typeof RuleChoice>

export const StandingRule = z.object({
  /** Subjects it is for: `*` within a folder, `**` across folders, `?` for one character. */
  subject: z.string().min(1).max(1024),
  /** Null: whatever the task. */
  task: z.string().min(1).max(1024).nullable(),
  kinds: z.array(RuledKind).min(1).max(4),
  choice: RuleChoice,
  /** It decides nothing after this. */
  until: Instant,
  reason: z.string().max(4000),
})
export type StandingRule = z.infer<typeof StandingRule>

export const RuleView = z.object({
  id: ReceiptId,
  node: NodeId,
  nodeName: z.string(),
  /** Signed by this node: applied and revoked here. */
  mine: z.boolean(),
  time: Instant,
  rule: StandingRule,
  /** What it decides, as one sentence. */
  sentence: z.string(),
  state: z.enum(['in-force', 'ended', 'revoked']),
  revoked: z.object({ receipt: ReceiptId, time: Instant, reason: z.string() }).nullable(),
  /** Decisions that name it. */
  decided: z.number().int(),
})
export type RuleView = z.infer<typeof RuleView>

export const RulePreviewItem = z.object({
  conflict: ConflictId,
  subject: z.string(),
  /** Null where it would leave the conflict to a person; `why` then says so. */
  verdict: Verdict.nullable(),
  sentence: z.string(),
  why: z.string().nullable(),
})
export type RulePreviewItem = z.infer<typeof RulePreviewItem>

export const rules = {
  list: oc
    .errors(problems)
    .input(z.object({}))
    .output(z.object({ items: z.array(RuleView), more: z.number().int() })),
  /** What it would decide among the conflicts that are open now; at most 200 are listed, the numbers count all. */
  preview: oc
    .errors(problems)
    .input(StandingRule)
    .output(
      z.object({
        sentence: z.string(),
        items: z.array(RulePreviewItem),
        decides: z.number().int(),
        leaves: z.number().int(),
      }),
    ),
  /** What a rule for conflicts like this one could be for. */
  suggest: oc
    .errors(problems)
    .input(z.object({ conflict: ConflictId }))
    .output(
      z.object({
        /** From the very subject to everything in its folder; `open` counts the open conflicts that each is for. */
        subjects: z.array(z.object({ pattern: z.string(), open: z.number().int() })),
        kind: RuledKind.nullable(),
        task: z.string().nullable(),
        nodes: z.array(z.object({ node: NodeId, name: z.string() })),
        /** Imported node directories that make a claim. */
        origins: z.array(z.string()),
        claims: z.number().int(),
        /** How often this steward decided on this very subject before. */
        decidedBefore: z.number().int(),
        until: Instant,
      }),
    ),
  /** Signs the rule and applies it to what is open. */
  sign: oc
    .errors(problems)
    .input(StandingRule)
    .output(z.object({ id: ReceiptId, decided: z.number().int() })),
  /** Takes the rule back: it decides nothing more. What it decided stays, and can be withdrawn one by one. */
  revoke: oc
    .errors(problems)
    .input(z.object({ rule: ReceiptId, reason: z.string().max(4000) }))
    .output(z.object({ id: ReceiptId })),
  /** Decisions that name the rule, the newest first. */
  decisions: oc
    .errors(problems)
    .input(z.object({ rule: ReceiptId, after: Cursor.optional(), limit: PageLimit }))
    .output(
      z.object({
        items: z.array(
          z.object({
            id: ReceiptId,
            conflict: ConflictId,
            subject: z.string(),
            time: Instant,
            sentence: z.string(),
            withdrawn: z.boolean(),
          }),
        ),
        next: Cursor.nullable(),
      }),
    ),
}

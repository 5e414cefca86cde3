// Receipts: the list, one receipt, its checks, its proof, signing, and content by hash.
import { oc } from '@orpc/contract'
import * as z from 'zod'
import { ContentHash, Cursor, Instant, Json, NodeId, PageLimit, ReceiptId, SearchText } from './ids.ts'
import { problems } from './problems.ts'

/** Where a receipt stands: merged counts everywhere; the other states say why it does not count yet. */
export const ReceiptState = z.enum(['merged', 'not-admitted', 'forked', 'behind-fork', 'blocked'])
export type ReceiptState = z.infer<typeof ReceiptState>

export const ReceiptRef = z.object({
  id: ReceiptId,
  node: NodeId,
  nodeName: z.string(),
  seq: z.number().int(),
  time: Instant,
  kind: z.string(),
})
export type ReceiptRef = z.infer<typeof ReceiptRef>

export const ReceiptSummary = ReceiptRef.extend({
  subject: z.string(),
  task: z.string().nullable(),
  state: ReceiptState,
  /** False where this version has no schema for the kind: kept and passed on, not projected. */
  kindKnown: z.boolean(),
})
export type ReceiptSummary = z.infer<typeof ReceiptSummary>

export const ReceiptFilter = z.object({
  node: NodeId.optional(),
  kind: z.string().max(256).optional(),
  task: z.string().max(1024).optional(),
  /** Substring of the subject, case-insensitive for ASCII. */
  subject: SearchText.optional(),
  /** Those that name this anchor. */
  anchor: ContentHash.optional(),
  from: Instant.optional(),
  to: Instant.optional(),
  /** Those that came to this node at this time or later, and before `arrivedTo`. */
  arrivedFrom: Instant.optional(),
  arrivedTo: Instant.optional(),
})
export type ReceiptFilter = z.infer<typeof ReceiptFilter>

export const AnchorView = z.discriminatedUnion('state', [
  z.object({ state: z.literal('verified'), hash: ContentHash, time: Instant, label: z.string(), receipt: ReceiptId }),
  /** Signed like a verified one, and another anchor follows it by now: `by`. */
  z.object({
    state: z.literal('stale'),
    hash: ContentHash,
    time: Instant,
    label: z.string(),
    receipt: ReceiptId,
    by: z.object({ hash: ContentHash, label: z.string(), receipt: ReceiptId }),
  }),
  z.object({ state: z.literal('unknown'), hash: ContentHash, time: Instant }),
  z.object({ state: z.literal('missing') }),
])
export type AnchorView = z.infer<typeof AnchorView>

/** By which way something came to this node. */
export const Way = z.enum(['own', 'folder', 'lan', 'bundle'])
export type Way = z.infer<typeof Way>

export const Check = z.object({
  name: z.string(),
  ok: z.boolean(),
  /** One sentence for a person. */
  detail: z.string(),
  expected: z.string().optional(),
  found: z.string().optional(),
})
export type Check = z.infer<typeof Check>

/** What a claim or receipt carries, ready to show. Text is at most 1 MiB; longer content is cut and says so. */
export const ContentView = z.discriminatedUnion('type', [
  z.object({ type: z.literal('json'), text: z.string(), sizeBytes: z.number(), cut: z.boolean() }),
  z.object({ type: z.literal('text'), text: z.string(), sizeBytes: z.number(), cut: z.boolean() }),
  z.object({ type: z.literal('binary'), sizeBytes: z.number() }),
  z.object({ type: z.literal('missing'), why: z.string(), remedy: z.string() }),
])
export type ContentView = z.infer<typeof ContentView>

/** `external-summary` or `receipts-hygiene` of the pilot; a figure that is not there, or does not fit, is null. */
export const UsageView = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('external-summary'),
    generatedAt: z.string().nullable(),
    thresholdHours: z.number().nullable(),
    feeds: z.array(
      z.object({
        id: z.string(),
        receipts: z.number().nullable(),
        latestIssuedAt: z.string().nullable(),
        latestReceipt: z.string().nullable(),
        stale: z.number().nullable(),
        invalidSignatures: z.number().nullable(),
        /** Negative where its newest receipt is dated in the future. */
        ageHours: z.number().nullable(),
        freshness: z.enum(['fresh', 'stale', 'ahead', 'unknown']),
        trust: z
          .object({
            status: z.string().nullable(),
            score: z.number().nullable(),
            adjusted: z.number().nullable(),
            signals: z.array(z.string()),
          })
          .nullable(),
        tier: z.string().nullable(),
        steward: z.string().nullable(),
      }),
    ),
    invalidReceipts: z.array(z.object({ path: z.string().nullable(), error: z.string().nullable() })),
  }),
  z.object({
    type: z.literal('receipts-hygiene'),
    generatedAt: z.string().nullable(),
    index: z.string().nullable(),
    latency: z.string().nullable(),
    plansTotal: z.number().nullable(),
    plansMissingReceipts: z.number().nullable(),
    /** Null where the file does not list them. */
    missingPlanIds: z.array(z.string()).nullable(),
    slowPlans: z.array(z.object({ plan: z.string(), seconds: z.number().nullable() })),
  }),
])
export type UsageView = z.infer<typeof UsageView>

export const ReceiptDetail = z.object({
  summary: ReceiptSummary,
  /** Canonical JSON with the signature, exactly as signed and stored. */
  canonical: z.string(),
  body: Json,
  content: ContentView.nullable(),
  anchor: AnchorView,
  previous: ReceiptRef.nullable(),
  next: z.array(ReceiptRef),
  arrived: z.object({ way: Way, source: z.string(), at: Instant }),
  /** Nodes that say they hold this receipt, and those that do not yet. */
  heldBy: z.array(z.object({ node: NodeId, nodeName: z.string(), holds: z.boolean(), at: Instant.nullable() })),
  /** "signature valid", "node admitted", "anchor verified": three marks that are never mixed. */
  marks: z.object({ signatureValid: z.boolean(), nodeAdmitted: z.boolean(), anchorVerified: z.boolean() }),
  /** Set where its time is before its predecessor's: accepted, but said. */
  timeRunsBackwards: z.boolean(),
  conflicts: z.array(z.string()),
})
export type ReceiptDetail = z.infer<typeof ReceiptDetail>

export const SignInput = z.object({
  kind: z
    .string()
    .regex(
      /^[a-z][a-z0-9-]*(\/[a-z][a-z0-9-]*)+$/,
      'is words of small letters, digits and hyphens, with a slash between them',
    )
    .max(128),
  subject: z.string().min(1).max(1024),
  task: z.string().min(1).max(1024).nullable(),
  /** Null: under the newest verified anchor if the network has one. */
  anchor: ContentHash.nullable(),
  content: z.discriminatedUnion('type', [
    z.object({ type: z.literal('body'), body: Json }),
    z.object({ type: z.literal('upload'), upload: z.uuid(), name: z.string().max(255) }),
  ]),
})
export type SignInput = z.infer<typeof SignInput>

/** `html`: one page that checks itself offline in any browser; `json`: its data, with the commands that check it by hand. */
export const ProofForm = z.enum(['html', 'json'])
export type ProofForm = z.infer<typeof ProofForm>

/** A proof ready to be saved; `sentence` is what it proves. */
export const ProofFile = z.object({ fileName: z.string(), text: z.string(), sentence: z.string() })
export type ProofFile = z.infer<typeof ProofFile>

export const receipts = {
  list: oc
    .errors(problems)
    .input(
      z.object({
        filter: ReceiptFilter,
        sort: z.enum(['newest', 'oldest']),
        after: Cursor.optional(),
        limit: PageLimit,
      }),
    )
    .output(
      z.object({
        items: z.array(ReceiptSummary),
        next: Cursor.nullable(),
        /** How many the filter finds; null where too many would have to be looked at, and on pages behind the first. */
        total: z.number().int().nullable(),
        /** Set where `total` is null but it is known that the filter finds more than so many. */
        moreThan: z.number().int().nullable(),
      }),
    ),
  /** What the filters may choose from. */
  facets: oc
    .errors(problems)
    .input(z.object({}))
    .output(
      z.object({
        kinds: z.array(z.string()),
        tasks: z.array(z.string()),
        nodes: z.array(z.object({ node: NodeId, name: z.string() })),
      }),
    ),
  get: oc
    .errors(problems)
    .input(z.object({ id: ReceiptId }))
    .output(ReceiptDetail),
  /** The reader's view of usage receipts, for those of the ids that are one. */
  usage: oc
    .errors(problems)
    .input(z.object({ ids: z.array(ReceiptId).min(1).max(20) }))
    .output(z.object({ items: z.array(z.object({ id: ReceiptId, usage: UsageView.nullable() })) })),
  /** Recomputes hash, signature, feed link and inclusion now, without the network. */
  check: oc
    .errors(problems)
    .input(z.object({ id: ReceiptId }))
    .output(z.object({ ok: z.boolean(), checks: z.array(Check) })),
  /** A file that convinces somebody who has nothing of Steward: a page that checks itself, or the same as JSON. */
  proof: oc
    .errors(problems)
    .input(z.object({ id: ReceiptId, form: ProofForm }))
    .output(ProofFile),
  /** Kinds that a person may sign by hand, each with the sentence that signing it claims. */
  kinds: oc
    .errors(problems)
    .input(z.object({}))
    .output(z.object({ items: z.array(z.object({ kind: z.string(), claims: z.string(), byHand: z.boolean() })) })),
  sign: oc
    .errors(problems)
    .input(SignInput)
    .output(z.object({ id: ReceiptId, seq: z.number().int() })),
}

/** Content goes up in pieces, so that no message is larger than 1 MiB; nothing is kept unless a receipt names it. */
export const uploads = {
  begin: oc
    .errors(problems)
    .input(
      z.object({
        /** At most; `end` says that all has come where it is less. Content takes 64 MiB, a bundle 2 GiB. */
        sizeBytes: z
          .number()
          .int()
          .min(0)
          .max(2 * 1024 ** 3),
        for: z.enum(['content', 'bundle']).default('content'),
      }),
    )
    .output(z.object({ upload: z.uuid() })),
  /** `base64` holds at most 512 KiB of content. */
  piece: oc
    .errors(problems)
    .input(z.object({ upload: z.uuid(), offset: z.number().int().min(0), base64: z.string().max(700_000) }))
    .output(z.object({ received: z.number().int() })),
  end: oc
    .errors(problems)
    .input(z.object({ upload: z.uuid() }))
    .output(z.object({ sizeBytes: z.number().int() })),
  cancel: oc
    .errors(problems)
    .input(z.object({ upload: z.uuid() }))
    .output(z.object({})),
}

// "Why do I believe this?": for any state, count or verdict in the window the rule that made it, in words, and the receipts behind it.
import { oc } from '@orpc/contract'
import * as z from 'zod'
import { ConflictId, NodeId, ReceiptId } from './ids.ts'
import { problems } from './problems.ts'
import { ReceiptRef } from './receipts.ts'

/** Numbers that the window shows at once. */
export const CountName = z.enum([
  'open-conflicts',
  'overdue-conflicts',
  'settled-conflicts',
  'receipts',
  'pending-nodes',
  'not-merged',
  'nodes',
  'tasks',
  'anchors',
  'fingerprint',
  'safety',
])
export type CountName = z.infer<typeof CountName>

export const WhyAbout = z.discriminatedUnion('type', [
  z.object({ type: z.literal('conflict'), id: ConflictId }),
  /** What a receipt is worth here: a claim, a decision, an anchor. */
  z.object({ type: z.literal('receipt'), id: ReceiptId }),
  z.object({ type: z.literal('peer'), node: NodeId }),
  /** What `holder` says that it has of the feed of `node`. */
  z.object({ type: z.literal('holding'), holder: NodeId, node: NodeId }),
  z.object({ type: z.literal('policy') }),
  z.object({ type: z.literal('count'), name: CountName }),
])
export type WhyAbout = z.infer<typeof WhyAbout>

/** A place of the window: what `navigate` takes. */
export const WhyLink = z.object({
  text: z.string(),
  section: z.enum(['conflicts', 'receipts', 'network', 'settings', 'tasks']),
  id: z.string().nullable(),
  query: z.record(z.string(), z.string()),
})
export type WhyLink = z.infer<typeof WhyLink>

export const WhyView = z.object({
  title: z.string(),
  /** What is so, one or two sentences. */
  answer: z.string(),
  /** The rule by which it is so, in words. */
  rule: z.string(),
  /** The values that went into it. */
  facts: z.array(z.object({ label: z.string(), value: z.string() })),
  /** Receipts that it follows from, each with what it is to it; at most 100. */
  receipts: z.array(z.object({ receipt: ReceiptRef, role: z.string() })),
  more: z.number().int(),
  /** The lists that were counted. */
  links: z.array(WhyLink),
})
export type WhyView = z.infer<typeof WhyView>

export const why = {
  get: oc
    .errors(problems)
    .input(z.object({ about: WhyAbout }))
    .output(WhyView),
}

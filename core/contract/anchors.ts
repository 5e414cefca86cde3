// Anchors: which follow which, who stands under which, and which claims a newer one put aside.
import { oc } from '@orpc/contract'
import * as z from 'zod'
import { ContentHash, Instant, NodeId } from './ids.ts'
import { problems } from './problems.ts'
import { ReceiptRef } from './receipts.ts'

export const AnchorEntry = z.object({
  hash: ContentHash,
  label: z.string(),
  /** When it was first signed. */
  time: Instant,
  previous: z.array(z.object({ hash: ContentHash, label: z.string() })),
  /** `newest`: no other follows it; several such anchors are branches that nobody has joined. */
  state: z.enum(['newest', 'followed']),
  /** How many anchors come before it in its chain. */
  depth: z.number().int(),
  signedBy: z.array(ReceiptRef),
  /** Claims that name it, also those that no longer count. */
  claims: z.number().int(),
  /** Nodes whose newest claim under any anchor names this one. */
  standing: z.array(z.object({ node: NodeId, name: z.string() })),
})
export type AnchorEntry = z.infer<typeof AnchorEntry>

export const AnchorsView = z.object({
  /** Those that nothing follows first, and each before the ones it follows; at most 500. */
  anchors: z.array(AnchorEntry),
  more: z.number().int(),
  /** Named by claims and signed by nobody that counts. */
  unknown: z.array(
    z.object({
      hash: ContentHash,
      claims: z.number().int(),
      standing: z.array(z.object({ node: NodeId, name: z.string() })),
    }),
  ),
  /** Admitted nodes that have made claims and never named an anchor. */
  without: z.array(z.object({ node: NodeId, name: z.string() })),
  /** Claims that a rule put aside, the newest first; at most 200. */
  superseded: z.array(
    ReceiptRef.extend({ subject: z.string(), task: z.string().nullable(), claimant: z.string(), why: z.string() }),
  ),
})
export type AnchorsView = z.infer<typeof AnchorsView>

export const anchors = {
  get: oc.errors(problems).input(z.object({})).output(AnchorsView),
}

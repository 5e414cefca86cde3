// The receipts that say something about a subject, the anchors they stand under, and the decisions on what they disagree about.
import * as z from 'zod'
import { ContentHash, ReceiptId } from '#core/contract/index.ts'
import type { KindSpec } from '#core/ledger/index.ts'
import { fitsImported, ORIGIN, OriginBody } from './imported.ts'
import { DECISION, DecisionBody, WITHDRAWAL, WithdrawalBody } from '#core/network/index.ts'

/** Content too large for a body, named by its hash; the bytes travel beside the feed. */
const NamedContent = z.looseObject({
  hash: ContentHash,
  size: z.int().min(0),
  name: z.string().max(255).optional(),
  mediaType: z.string().max(255).optional(),
})

const EvidenceBody = z.looseObject({ content: NamedContent.optional() })

/** Plain evidence, or a file of a node directory that this node imported. */
const ObservedBody = EvidenceBody.refine((body) => fitsImported(body), 'is no whole account of an imported file')

const PlanStepBody = z.looseObject({
  plan: z.string().min(1).max(1024),
  step: z.string().min(1).max(256),
  status: z.string().min(1).max(64),
  receipts: z.array(ReceiptId).max(1000).optional(),
  note: z.string().max(4000).optional(),
})

const PlanProposedBody = z.looseObject({
  plan: z.string().min(1).max(1024),
  title: z.string().max(1024).optional(),
  steps: z.array(z.looseObject({ id: z.string().min(1).max(256), title: z.string().max(1024).optional() })).max(1000),
})

export const AnchorBody = z.looseObject({
  hash: ContentHash,
  previous: ContentHash.nullable(),
  label: z.string().min(1).max(256).optional(),
})

export const ANCHOR = 'governance/anchor'

export const reconcileKinds: readonly KindSpec[] = [
  {
    kind: 'evidence/observed',
    body: ObservedBody,
    claims: 'This node saw this content at this subject.',
    byHand: true,
    isClaim: true,
  },
  {
    kind: 'evidence/produced',
    body: EvidenceBody,
    claims: 'This node made this content for this subject.',
    byHand: true,
    isClaim: true,
  },
  {
    kind: ORIGIN,
    body: OriginBody,
    claims: 'This node read the directory of this origin, and it stood so: its anchors, its capsule, its files.',
    byHand: false,
    isClaim: false,
  },
  {
    kind: 'plan/step',
    body: PlanStepBody,
    claims: 'This step of the plan stands so, by the receipts named.',
    byHand: true,
    isClaim: true,
  },
  {
    kind: 'plan/proposed',
    body: PlanProposedBody,
    claims: 'These are the steps of this plan, and this is what it is about.',
    byHand: true,
    isClaim: true,
  },
  {
    kind: ANCHOR,
    body: AnchorBody,
    claims: 'This is an anchor that receipts may be issued under, and it follows the one it names.',
    byHand: true,
    isClaim: false,
  },
  {
    kind: DECISION,
    body: DecisionBody,
    claims: 'The steward settles this conflict so, for every node.',
    byHand: false,
    isClaim: false,
  },
  {
    kind: WITHDRAWAL,
    body: WithdrawalBody,
    claims: 'The steward takes this earlier decision back.',
    byHand: false,
    isClaim: false,
  },
]

// The receipts that say who belongs to the network and by which rules. Bodies are loose: kinds only grow.
import * as z from 'zod'
import { ConflictId, ConflictKind, ContentHash, NodeId, Policy, ReceiptId, Verdict } from '#core/contract/index.ts'
import type { KindSpec } from '#core/ledger/index.ts'

const Name = z.string().min(1).max(64)

export const GenesisBody = z.looseObject({
  name: Name,
  founders: z.array(NodeId).min(1).max(100),
  policy: z.looseObject(Policy.shape),
})

export const AdmitBody = z.looseObject({ node: NodeId, policy: ContentHash })

export const PolicyBody = z.looseObject({ policy: z.looseObject(Policy.shape), previous: ContentHash })

export const ProfileBody = z.looseObject({
  name: Name,
  org: z.string().max(256).optional(),
  region: z.string().max(256).optional(),
  jurisdiction: z.string().max(256).optional(),
})
export type ProfileBody = z.infer<typeof ProfileBody>

/** Stands here and not in core/reconcile, because decisions on forks say how far a feed is merged. */
export const DecisionBody = z.looseObject({
  conflict: ConflictId,
  kind: ConflictKind,
  members: z.array(ReceiptId).min(1).max(1000),
  verdict: Verdict,
  reason: z.string().max(4000),
  planStep: z.string().max(256).nullish(),
  /** The standing rule by which it was made; left out where a person made it. */
  rule: ReceiptId.nullish(),
})
export type DecisionBody = z.infer<typeof DecisionBody>

export const WithdrawalBody = z.looseObject({ decision: ReceiptId, reason: z.string().max(4000) })

export const GENESIS = 'network/genesis'
export const ADMIT = 'network/admit'
export const POLICY = 'network/policy'
export const PROFILE = 'node/profile'
export const DECISION = 'decision/made'
export const WITHDRAWAL = 'decision/withdrawn'

export const networkKinds: readonly KindSpec[] = [
  {
    kind: GENESIS,
    body: GenesisBody,
    claims: 'A network begins here, with these founding nodes and these rules.',
    byHand: false,
    isClaim: false,
  },
  {
    kind: ADMIT,
    body: AdmitBody,
    claims: 'The steward compared the words of this node and admits it to the network.',
    byHand: false,
    isClaim: false,
  },
  {
    kind: POLICY,
    body: PolicyBody,
    claims: 'The steward wants these rules for the whole network, in place of the ones they name.',
    byHand: false,
    isClaim: false,
  },
  {
    kind: PROFILE,
    body: ProfileBody,
    claims: 'The node calls itself so, and says who runs it and where.',
    byHand: false,
    isClaim: false,
  },
]

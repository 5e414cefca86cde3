// Front door of core/network: who belongs to the network, by which rules, and which receipts count because of it.
import type { Feature } from '#core/ledger/index.ts'
import { networkKinds } from './kinds.ts'
import { networkMigrations } from './local-settings.ts'
import { networkProjection } from './network-projection.ts'

export const network: Feature = {
  name: 'network',
  kinds: networkKinds,
  migrations: networkMigrations,
  projections: [networkProjection],
}

export { changesOf } from './changes.ts'
export type { NetworkChanges } from './changes.ts'
export { familyOf, resolve, verdictsFor } from './decisions.ts'
export type { CastDecision, Resolution, Said } from './decisions.ts'
export {
  decidedAmong,
  decisionById,
  decisionsOn,
  heldReceipts,
  standingDecisions,
  withdrawalsOf,
} from './decision-store.ts'
export type { SignedDecision } from './decision-store.ts'
export { admitDraft, genesisDraft, policyDraft, profileDraft } from './drafts.ts'
export { castOnFeed, forksOfFeed } from './feed-recourse.ts'
export { compareStates } from './compare-states.ts'
export type { FeedDifference } from './compare-states.ts'
export { fingerprint, fingerprintOf } from './fingerprint.ts'
export {
  ADMIT,
  AdmitBody,
  DECISION,
  DecisionBody,
  GENESIS,
  GenesisBody,
  networkKinds,
  POLICY,
  PROFILE,
  ProfileBody,
  WITHDRAWAL,
  WithdrawalBody,
} from './kinds.ts'
export { blockedNodes, setBlocked, setNetwork } from './local-settings.ts'
export { MergedFeeds } from './merged-feeds.ts'
export type { ReceiptPlace } from './merged-feeds.ts'
export { mergedIdAt, mergedLeaves, mergedState } from './merged-state.ts'
export { networkName, networkView } from './network-view.ts'
export { admittedCount, peer, peersPage, pendingNodes } from './peers.ts'
export type { PeersContext } from './peers.ts'
export { policyReceipts } from './policy-receipts.ts'
export { defaultPolicy } from './policy.ts'
export { createNames, profileOf, profileReceiptOf } from './profiles.ts'
export type { Names } from './profiles.ts'
export { subjectsInRanges } from './touched-subjects.ts'
export { admittedNodes, isAdmitted, policyHashInForce, policyInForce } from './standing-store.ts'

// What a command puts up for signing. Node, seq, prev and time come from the feed and the clock when it is signed.
import type { ContentHash, NodeId, Policy } from '#core/contract/index.ts'
import type { Draft } from '#core/receipts/index.ts'
import { ADMIT, GENESIS, POLICY, PROFILE } from './kinds.ts'

/** The subject of what concerns the network as a whole. */
const NETWORK_SUBJECT = 'network'

/** Begins a network; the id of the signed receipt names it from then on. */
export function genesisDraft(name: string, founders: readonly NodeId[], policy: Policy): Draft {
  return {
    kind: GENESIS,
    subject: NETWORK_SUBJECT,
    task: null,
    anchor: null,
    body: { name, founders: [...founders], policy },
  }
}

/** `policy` is the hash of the policy in force: it says how many admissions this one needs beside it. */
export function admitDraft(node: NodeId, policy: ContentHash): Draft {
  return { kind: ADMIT, subject: node, task: null, anchor: null, body: { node, policy } }
}

/** `previous` is the hash of the policy in force, which this one replaces once enough stewards signed it. */
export function policyDraft(policy: Policy, previous: ContentHash): Draft {
  return { kind: POLICY, subject: NETWORK_SUBJECT, task: null, anchor: null, body: { policy, previous } }
}

export interface Profile {
  readonly name: string
  readonly org?: string
  readonly region?: string
  readonly jurisdiction?: string
}

export function profileDraft(profile: Profile): Draft {
  return { kind: PROFILE, subject: 'profile', task: null, anchor: null, body: { ...profile } }
}

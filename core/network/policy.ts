// A policy and its name. The hash covers what was signed, also members that this version does not know, and the policy before it:
// rules that come back later are another link of the chain, so that the chain has no circle.
import type { ContentHash, Json, Policy } from '#core/contract/index.ts'
import { canonicalJson, sha256Id } from '#core/receipts/index.ts'

/** What a network begins with unless its founder says otherwise: one steward decides, one admits. */
export const defaultPolicy: Policy = { decisionsNeeded: 1, admissionsNeeded: 1, freshness: [], requireAnchor: [] }

/** SHA-256 of the canonical `{policy, previous}`; `previous` is null for the policy of the genesis receipt. */
export function policyHash(policy: Json, previous: ContentHash | null): ContentHash {
  return sha256Id<ContentHash>(canonicalJson({ policy, previous }))
}

/** Before the genesis receipt was read nothing is agreed; these rules only fill the view. */
export const noPolicyHash: ContentHash = policyHash(defaultPolicy, null)

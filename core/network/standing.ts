// Who is admitted and which policy is in force: one least fixpoint over both, because policies say how many must admit and
// admitted nodes sign policies. Every step only adds, so the order in which receipts arrived cannot show.
import type { ContentHash, NodeId, Policy } from '#core/contract/index.ts'
import { noPolicyHash, defaultPolicy } from './policy.ts'

/** `network/admit`, signed inside the base prefix of `signer`. */
export interface SignedAdmission {
  readonly signer: NodeId
  readonly candidate: NodeId
  /** The policy under which it was signed: how many are asked for follows from it alone. */
  readonly policy: ContentHash
}

/** `network/policy`, signed inside the base prefix of `signer`. */
export interface SignedPolicy {
  readonly signer: NodeId
  readonly hash: ContentHash
  readonly previous: ContentHash
  readonly policy: Policy
}

export interface Founding {
  readonly founders: readonly NodeId[]
  readonly policy: Policy
  readonly policyHash: ContentHash
}

export interface Standing {
  readonly admitted: ReadonlySet<NodeId>
  readonly policy: Policy
  readonly policyHash: ContentHash
  /** Follow the policy in force but lack signatures. */
  readonly proposed: readonly ProposedPolicy[]
}

export interface ProposedPolicy {
  readonly hash: ContentHash
  readonly policy: Policy
  readonly signedBy: readonly NodeId[]
}

export function standingOf(
  founding: Founding | null,
  admissions: readonly SignedAdmission[],
  policies: readonly SignedPolicy[],
): Standing {
  if (founding === null) {
    return { admitted: new Set(), policy: defaultPolicy, policyHash: noPolicyHash, proposed: [] }
  }
  const admissionsByCandidate = Map.groupBy(admissions, (admission) => admission.candidate)
  const policiesByHash = Map.groupBy(policies, (signed) => signed.hash)

  const admitted = new Set<NodeId>(founding.founders)
  const adopted = new Map<ContentHash, Policy>([[founding.policyHash, founding.policy]])
  for (let grew = true; grew;) {
    grew = false
    for (const [hash, signed] of policiesByHash) {
      if (adopted.has(hash) || !isAdopted(signed, adopted, admitted)) continue
      adopted.set(hash, signed[0]?.policy ?? founding.policy)
      grew = true
    }
    for (const [candidate, signed] of admissionsByCandidate) {
      if (admitted.has(candidate) || !isAdmitted(signed, adopted, admitted)) continue
      admitted.add(candidate)
      grew = true
    }
  }

  const inForce = followPolicies(founding, policies, adopted)
  return {
    admitted,
    policyHash: inForce,
    policy: adopted.get(inForce) ?? founding.policy,
    proposed: proposedAfter(inForce, policiesByHash, adopted, admitted),
  }
}

function isAdopted(
  signed: readonly SignedPolicy[],
  adopted: ReadonlyMap<ContentHash, Policy>,
  admitted: ReadonlySet<NodeId>,
): boolean {
  const [first] = signed
  const asks = first === undefined ? undefined : adopted.get(first.previous)?.decisionsNeeded
  return asks !== undefined && signersOf(signed, admitted).length >= asks
}

/**
 * True when some number of distinct admitted nodes have signed, each under an adopted policy that asks for no more than that
 * number: nobody's admission is used with fewer others than its own policy asks.
 */
function isAdmitted(
  signed: readonly SignedAdmission[],
  adopted: ReadonlyMap<ContentHash, Policy>,
  admitted: ReadonlySet<NodeId>,
): boolean {
  const asksBySigner = new Map<NodeId, number>()
  for (const { signer, policy } of signed) {
    const asks = adopted.get(policy)?.admissionsNeeded
    if (asks === undefined || !admitted.has(signer)) continue
    asksBySigner.set(signer, Math.min(asks, asksBySigner.get(signer) ?? asks))
  }
  const ascending = [...asksBySigner.values()].sort((a, b) => a - b)
  return ascending.some((asks, index) => index + 1 >= asks)
}

/** From genesis along adopted policies; of two that follow the same one, the smaller hash. */
function followPolicies(
  founding: Founding,
  policies: readonly SignedPolicy[],
  adopted: ReadonlyMap<ContentHash, Policy>,
): ContentHash {
  const smallestAfter = new Map<ContentHash, ContentHash>()
  for (const { hash, previous } of policies) {
    if (!adopted.has(hash)) continue
    const other = smallestAfter.get(previous)
    if (other === undefined || hash < other) smallestAfter.set(previous, hash)
  }
  // A hash covers the one before it, so this cannot go in a circle.
  let current = founding.policyHash
  for (let next = smallestAfter.get(current); next !== undefined; next = smallestAfter.get(current)) current = next
  return current
}

function proposedAfter(
  inForce: ContentHash,
  policiesByHash: ReadonlyMap<ContentHash, readonly SignedPolicy[]>,
  adopted: ReadonlyMap<ContentHash, Policy>,
  admitted: ReadonlySet<NodeId>,
): ProposedPolicy[] {
  const proposed: ProposedPolicy[] = []
  for (const [hash, signed] of policiesByHash) {
    const [first] = signed
    if (first === undefined || adopted.has(hash) || first.previous !== inForce) continue
    const signedBy = signersOf(signed, admitted)
    if (signedBy.length > 0) proposed.push({ hash, policy: first.policy, signedBy })
  }
  return proposed.sort((a, b) => (a.hash < b.hash ? -1 : 1))
}

function signersOf(signed: readonly { readonly signer: NodeId }[], admitted: ReadonlySet<NodeId>): NodeId[] {
  return [...new Set(signed.map(({ signer }) => signer).filter((signer) => admitted.has(signer)))].sort()
}

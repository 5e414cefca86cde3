// The network's policy and the proposals that stewards have signed; and signing one.
import { createStore, type StoreApi } from 'zustand/vanilla'
import type { NetworkView, Policy } from '#core/contract/index.ts'
import type { Api, Changes } from './api.ts'
import { problemFrom, type Problem } from './problem.ts'
import { asking, LOADING, type Resource } from './resource.ts'

export interface NetworkPolicyState {
  readonly network: Resource<NetworkView>
  readonly signing: boolean
  readonly signProblem: Problem | null
  /** Whether the last signed policy took effect at once; null before one was signed. */
  readonly signed: { readonly inForce: boolean } | null
  readonly refresh: () => Promise<void>
  /** True where it was signed. */
  readonly sign: (policy: Policy) => Promise<boolean>
}

export function createNetworkPolicyStore(api: Api, changes: Changes): StoreApi<NetworkPolicyState> {
  const store = createStore<NetworkPolicyState>((set, get) => {
    const { ask } = asking(
      () => api.network.get({}),
      () => get().network,
      (network) => set({ network }),
    )
    return {
      network: LOADING,
      signing: false,
      signProblem: null,
      signed: null,
      refresh: ask,
      sign: async (policy) => {
        set({ signing: true, signProblem: null })
        try {
          const { inForce } = await api.network.signPolicy({ policy })
          set({ signing: false, signed: { inForce } })
          await ask()
          return true
        } catch (thrown) {
          set({ signing: false, signProblem: problemFrom(thrown) })
          return false
        }
      },
    }
  })
  changes.on(['network'], () => void store.getState().refresh())
  void store.getState().refresh()
  return store
}

/** What a policy says, one sentence a rule; the same sentences before and after it is signed. */
export function policySentences(policy: Policy): readonly string[] {
  return [
    policy.decisionsNeeded === 1
      ? 'One steward settles a conflict.'
      : `${policy.decisionsNeeded} stewards must agree to settle a conflict.`,
    policy.admissionsNeeded === 1
      ? 'One steward admits a new node.'
      : `${policy.admissionsNeeded} stewards must admit a new node.`,
    ...policy.freshness.map(
      ({ subject, maxAgeHours }) =>
        `A claim on ${subject} is stale after ${hours(maxAgeHours)} where a newer one exists.`,
    ),
    ...policy.requireAnchor.map((subject) => `A claim on ${subject} must name an anchor.`),
    ...(policy.expected ?? []).map(
      (pattern) => `Every node and every imported directory is expected to have ${pattern}.`,
    ),
    ...(policy.unsignedImports === 'refuse' ? ['Imported files without a valid signature are refused.'] : []),
    ...(policy.escalateAfterDays === undefined
      ? []
      : [`A conflict open for more than ${hours(policy.escalateAfterDays * 24)} counts one step more severe.`]),
  ]
}

export function isSamePolicy(a: Policy, b: Policy): boolean {
  return policySentences(a).join('\n') === policySentences(b).join('\n')
}

function hours(count: number): string {
  return count % 24 === 0 ? (count === 24 ? '1 day' : `${count / 24} days`) : count === 1 ? '1 hour' : `${count} hours`
}

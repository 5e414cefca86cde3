// The renderer's only way to its node: the contract's client, and what changed. It does not know which host carries it.
import type { ContractRouterClient } from '@orpc/contract'
import type { StoreApi } from 'zustand/vanilla'
import type { Contract, Topic } from '#core/contract/index.ts'

export type Api = ContractRouterClient<Contract>

/** Tells when to ask again: `listener` is called when an answer to one of the topics may have changed. */
export interface Changes {
  readonly on: (topics: readonly Topic[], listener: () => void) => () => void
}

export type ConnectionState =
  | { readonly state: 'connecting' }
  | { readonly state: 'open' }
  /** It was open and comes back by itself; the page keeps what it shows. */
  | { readonly state: 'lost'; readonly sinceMs: number }
  /** It does not come back by itself: the link was used already, or the session ended. */
  | { readonly state: 'refused' }

export interface Connection {
  readonly api: Api
  readonly status: StoreApi<ConnectionState>
}

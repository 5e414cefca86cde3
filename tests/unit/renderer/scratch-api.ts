// A node in memory for the stores: real contract, real validation, answers that a test writes down.
import { createRouterClient, implement, ORPCError } from '@orpc/server'
import type { AnyRouter } from '@orpc/server'
import { contract, type Instant, type NodeId, type Topic } from '#core/contract/index.ts'
import type { Api, Changes } from '#ui/store/api.ts'

export const os = implement(contract)

/** A client over the given procedures only; a store that asks for another one fails its test. */
export function scratchApi(procedures: AnyRouter): Api {
  // Every procedure in it is implemented from the contract, so the part that exists has the contract's types.
  return createRouterClient(procedures) as unknown as Api
}

/** Changes that a test announces itself. */
export function scratchChanges(): Changes & { readonly tell: (...topics: Topic[]) => void } {
  const listeners = new Map<() => void, readonly Topic[]>()
  return {
    on: (topics, listener) => {
      listeners.set(listener, topics)
      return () => listeners.delete(listener)
    },
    tell: (...topics) => {
      for (const [listener, wanted] of listeners) if (wanted.some((topic) => topics.includes(topic))) listener()
    },
  }
}

export function problem(code: string, happened = 'It did not work.') {
  return new ORPCError('PROBLEM', {
    defined: true,
    status: 422,
    data: { code, happened, kept: 'Nothing was changed.', remedy: 'Try again.' },
  })
}

/** Resolves when the store's state satisfies the condition. */
export function until<State>(
  store: { getState: () => State; subscribe: (listener: (state: State) => void) => () => void },
  condition: (state: State) => boolean,
): Promise<State> {
  if (condition(store.getState())) return Promise.resolve(store.getState())
  return new Promise((resolve) => {
    const leave = store.subscribe((state) => {
      if (!condition(state)) return
      leave()
      resolve(state)
    })
  })
}

/** A promise with its resolvers outside. */
export function gate<T = void>() {
  return Promise.withResolvers<T>()
}

// Branded values of the right form; nothing here is signed.
export const HARBOR = `did:key:z6Mk${'h'.repeat(44)}` as NodeId
export const MILL = `did:key:z6Mk${'m'.repeat(44)}` as NodeId
export const at = (text: string) => text as Instant

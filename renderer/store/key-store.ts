// What is done with the node's own key after it was made: seeing its phrase again, checking it, another passphrase.
import { createStore, type StoreApi } from 'zustand/vanilla'
import type { Api } from './api.ts'
import { problemFrom, type Problem } from './problem.ts'

export interface KeyState {
  /** Shown in the dialog that asked for it, and forgotten with it. */
  readonly phrase: readonly string[] | null
  readonly busy: boolean
  readonly problem: Problem | null
  /** Null where the key lies in the system's keychain. */
  readonly showPhrase: (passphrase: string | null) => Promise<void>
  readonly confirm: (words: readonly { position: number; word: string }[]) => Promise<boolean>
  /** True where it was changed. */
  readonly changePassphrase: (from: string, to: string) => Promise<boolean>
  readonly forget: () => void
}

export function createKeyStore(api: Api): StoreApi<KeyState> {
  return createStore<KeyState>((set) => {
    const attempt = async (work: () => Promise<Partial<KeyState>>): Promise<boolean> => {
      set({ busy: true, problem: null })
      try {
        set({ ...(await work()), busy: false })
        return true
      } catch (thrown) {
        set({ busy: false, problem: problemFrom(thrown) })
        return false
      }
    }
    return {
      phrase: null,
      busy: false,
      problem: null,
      showPhrase: async (passphrase) => {
        await attempt(async () => ({ phrase: (await api.node.phrase({ passphrase })).phrase }))
      },
      confirm: async (words) => {
        let right = false
        await attempt(async () => {
          right = (await api.node.confirmPhrase({ words: [...words] })).ok
          return {}
        })
        return right
      },
      changePassphrase: (from, to) =>
        attempt(async () => {
          await api.node.changePassphrase({ from, to })
          return {}
        }),
      forget: () => set({ phrase: null, problem: null }),
    }
  })
}

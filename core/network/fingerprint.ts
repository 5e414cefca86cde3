// The network's fingerprint: two nodes that show the same one have merged the same receipts under the same policy. Blocking is local
// and not in it.
import type { ReadDb } from '#core/ledger/index.ts'
import { stateFingerprint, wordsOfHash, type NetworkState } from '#core/receipts/index.ts'
import { mergedState } from './merged-state.ts'

export interface Fingerprint {
  readonly fingerprint: string
  /** The first 44 bits as four words, for two people to compare. */
  readonly words: string[]
}

export function fingerprint(db: ReadDb): Fingerprint {
  return fingerprintOf(mergedState(db))
}

/** The fingerprint of a state, of another node's too. */
export function fingerprintOf(state: NetworkState): Fingerprint {
  const digest = stateFingerprint(state)
  return { fingerprint: digest, words: wordsOfHash(digest, 4) }
}

// Candidate -> VerifiedReceipt. The verdict must be the same on every machine, yet Ed25519 libraries differ at the edges:
// 1. keys of small order are refused by our own list, 2. what the native library accepts is accepted, 3. what it refuses is
// asked of noble in strict RFC 8032 mode, which decides. The third costs some twenty times the second: it is rationed.
import type { NodeId } from '#core/contract/index.ts'
import { publicKeyFromNodeId } from './did-key.ts'
import { signedBytes } from './line.ts'
import { soundVerifier, verifyStrict, type KeyCheck, type NativeName, type NativeVerifier } from './native-verifiers.ts'
import { refused } from './refusal.ts'
import type { Refused } from './refusal.ts'
import { isSmallOrder } from './small-order.ts'
import type { Candidate, VerifiedReceipt } from './types.ts'

/** `deferred`: the native library refused and this source has used up its second opinions; ask again later. */
export type Verdict<T> = { readonly ok: true; readonly value: T } | Refused | { readonly ok: 'deferred' }

export interface Verifier {
  /** Which library really checks first: another one where what was asked for does not load, or fails its self-test. */
  readonly native: NativeName
  verify(candidate: Candidate, source: string): Verdict<VerifiedReceipt>
  /** The same rules for any message that a node signed, such as a head. */
  verifyBytes(node: NodeId, message: Uint8Array, signature: Uint8Array, source: string): Verdict<null>
}

export interface VerifierOptions {
  readonly native: 'node' | 'sodium'
  /** Asked before each slow check; false defers it. LIMITS.slowChecksPerMinute is the ration to keep. */
  readonly slowChecksAllowed: (source: string) => boolean
}

/** A verifier with its own cache of keys; make one for each thread. */
export function createVerifier({ native, slowChecksAllowed }: VerifierOptions): Verifier {
  const { verifier } = soundVerifier(native)
  const keys = new KeyCache(verifier)

  function verifyBytes(node: NodeId, message: Uint8Array, signature: Uint8Array, source: string): Verdict<null> {
    const key = keys.get(node)
    if (key === 'no-key') return refused('bad-envelope', '“node” is no did:key of an Ed25519 public key.', node)
    if (key === 'small-order')
      return refused('weak-key', 'The node’s key has small order: anybody can sign for it.', node)
    if (signature.length === 64 && key.verify(message, signature)) return VALID
    if (!slowChecksAllowed(source)) return { ok: 'deferred' }
    if (verifyStrict(signature, message, key.publicKey)) return VALID
    return refused('bad-signature', 'The signature is not this node’s signature over these bytes.', node)
  }

  return {
    native: verifier.name,
    verifyBytes,
    verify(candidate, source) {
      const { node, sig } = candidate.receipt
      const verdict = verifyBytes(node, signedBytes(candidate), Buffer.from(sig, 'base64url'), source)
      // Here, and only here, a candidate has become a verified receipt.
      return verdict.ok === true ? { ok: true, value: candidate as VerifiedReceipt } : verdict
    },
  }
}

const VALID = { ok: true, value: null } as const

interface NativeKey {
  readonly publicKey: Uint8Array
  readonly verify: KeyCheck
}

/** Importing a key costs as much as half a check, so the last keys used are kept: a thousand nodes are admitted at most. */
class KeyCache {
  static readonly #limit = 1024
  readonly #native: NativeVerifier
  readonly #byNode = new Map<NodeId, NativeKey | 'no-key' | 'small-order'>()

  constructor(native: NativeVerifier) {
    this.#native = native
  }

  get(node: NodeId): NativeKey | 'no-key' | 'small-order' {
    const known = this.#byNode.get(node)
    if (known !== undefined) return known
    const made = this.#make(node)
    if (this.#byNode.size >= KeyCache.#limit) this.#dropOldest()
    this.#byNode.set(node, made)
    return made
  }

  #make(node: NodeId): NativeKey | 'no-key' | 'small-order' {
    const publicKey = publicKeyFromNodeId(node)
    if (publicKey === null) return 'no-key'
    if (isSmallOrder(publicKey)) return 'small-order'
    return { publicKey, verify: this.#native.key(publicKey) }
  }

  // The map keeps the order of insertion. Feeds are read one after the other, so the oldest key is the least missed.
  #dropOldest(): void {
    for (const node of this.#byNode.keys()) {
      this.#byNode.delete(node)
      return
    }
  }
}

// Candidate -> VerifiedReceipt. The verdict must be the same on every machine, yet Ed25519 libraries differ at the edges:
// 1. keys of small order are refused by our own list, 2. what the native library accepts is accepted, 3. what it refuses is
// asked of noble in strict RFC 8032 mode, which decides. The third costs some twenty times the second: it is rationed.
import { createPublicKey, hash, verify as verifyNative } from 'node:crypto'
import type { KeyObject } from 'node:crypto'
import * as noble from '@noble/ed25519'
import type { NodeId } from '#core/contract/index.ts'
import { publicKeyFromNodeId } from './did-key.ts'
import { signedBytes } from './line.ts'
import { refused } from './refusal.ts'
import type { Refused } from './refusal.ts'
import { isSmallOrder } from './small-order.ts'
import { loadSodium } from './sodium-adapter.ts'
import type { Sodium } from './sodium-adapter.ts'
import type { Candidate, VerifiedReceipt } from './types.ts'

/** `deferred`: the native library refused and this source has used up its second opinions; ask again later. */
export type Verdict<T> = { readonly ok: true; readonly value: T } | Refused | { readonly ok: 'deferred' }

export interface Verifier {
  /** Which library really checks first; `node` also where sodium was asked for but does not load. */
  readonly native: 'node' | 'sodium'
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
  const sodium = native === 'sodium' ? loadSodium() : null
  const keys = new KeyCache(sodium)

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
    native: sodium === null ? 'node' : 'sodium',
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

noble.hashes.sha512 = (message) => hash('sha512', message, 'buffer')

/** noble throws on a signature or key of the wrong length where others say no. Never its ZIP-215 default. */
function verifyStrict(signature: Uint8Array, message: Uint8Array, publicKey: Uint8Array): boolean {
  return signature.length === 64 && noble.verify(signature, message, publicKey, { zip215: false })
}

interface NativeKey {
  readonly publicKey: Uint8Array
  verify(message: Uint8Array, signature: Uint8Array): boolean
}

const SPKI_PREFIX = Buffer.from('302a300506032b6570032100', 'hex')

/** Importing a key costs as much as half a check, so the last keys used are kept: a thousand nodes are admitted at most. */
class KeyCache {
  static readonly #limit = 1024
  readonly #sodium: Sodium | null
  readonly #byNode = new Map<NodeId, NativeKey | 'no-key' | 'small-order'>()

  constructor(sodium: Sodium | null) {
    this.#sodium = sodium
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
    const sodium = this.#sodium
    if (sodium !== null) {
      return {
        publicKey,
        verify: (message, signature) => sodium.crypto_sign_verify_detached(signature, message, publicKey),
      }
    }
    const key = importKey(publicKey)
    return { publicKey, verify: (message, signature) => key !== null && verifyNative(null, message, key, signature) }
  }

  // The map keeps the order of insertion. Feeds are read one after the other, so the oldest key is the least missed.
  #dropOldest(): void {
    for (const node of this.#byNode.keys()) {
      this.#byNode.delete(node)
      return
    }
  }
}

/** Some libraries refuse a key that is no point already here; then only the strict check is asked. */
function importKey(publicKey: Uint8Array): KeyObject | null {
  try {
    return createPublicKey({ format: 'der', type: 'spki', key: Buffer.concat([SPKI_PREFIX, publicKey]) })
  } catch {
    return null
  }
}

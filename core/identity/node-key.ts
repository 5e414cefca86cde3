// The node's secret key. It lives in a private field behind a class that prints, serialises and inspects as "[key]", so that
// no log, error or message can show it by accident. Whoever needs the bytes calls one of the three functions below the class.
import { createPrivateKey, createPublicKey } from 'node:crypto'
import type { KeyObject } from 'node:crypto'
import type { NodeId } from '#core/contract/index.ts'
import { invariant, StewardError } from '#core/problem/index.ts'
import { nodeIdFromPublicKey } from '#core/receipts/index.ts'

const HIDDEN = '[key]'
/** PKCS#8 of an Ed25519 key up to its 32 secret bytes (RFC 8410). */
const PKCS8_PREFIX = Buffer.from('302e020100300506032b657004220420', 'hex')

let seedOf: (key: NodeKey) => Uint8Array

/** Ed25519 key of this node, opened. Made by `generateIdentity`, `identityFromPhrase`, `openKey` or `keyFromSecret`. */
export class NodeKey {
  readonly node: NodeId
  readonly #seed: Uint8Array

  static {
    seedOf = (key) => key.#seed
  }

  /** @param seed the 32 bytes of an RFC 8032 secret key. */
  constructor(seed: Uint8Array) {
    invariant(seed.length === 32, 'an Ed25519 secret key has 32 bytes')
    this.#seed = Uint8Array.from(seed)
    this.node = nodeIdFromPublicKey(publicKeyOf(nativeKey(this.#seed)))
  }

  toJSON(): string {
    return HIDDEN
  }

  toString(): string {
    return HIDDEN
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return HIDDEN
  }
}

/** A new key from 32 random bytes of the given source, which must be the system's own generator. */
export function generateIdentity(randomBytes: (count: number) => Uint8Array): NodeKey {
  return new NodeKey(randomBytes(32))
}

/** PKCS#8 PEM as bytes, for sealing in the system's keychain and for nothing else. */
export function secretOf(key: NodeKey): Uint8Array {
  return Buffer.from(privateKeyOf(key).export({ format: 'pem', type: 'pkcs8' }))
}

/** The way back from `secretOf`. Throws a StewardError KEY_DAMAGED if the bytes are no Ed25519 key. */
export function keyFromSecret(secret: Uint8Array): NodeKey {
  return new NodeKey(seedFromPem(secret))
}

/** For this module alone: the 32 bytes that the recovery phrase spells. */
export function seedBytes(key: NodeKey): Uint8Array {
  return seedOf(key)
}

/** For this module alone: the key as the native library takes it. */
export function privateKeyOf(key: NodeKey): KeyObject {
  return nativeKey(seedOf(key))
}

function nativeKey(seed: Uint8Array): KeyObject {
  return createPrivateKey({ format: 'der', type: 'pkcs8', key: Buffer.concat([PKCS8_PREFIX, seed]) })
}

function publicKeyOf(key: KeyObject): Uint8Array {
  // The last 32 bytes of an Ed25519 SPKI are the key itself (RFC 8410).
  return createPublicKey(key).export({ format: 'der', type: 'spki' }).subarray(-32)
}

function seedFromPem(pem: Uint8Array): Uint8Array {
  try {
    const key = createPrivateKey({ format: 'pem', key: Buffer.from(pem) })
    const der = key.export({ format: 'der', type: 'pkcs8' })
    if (key.asymmetricKeyType === 'ed25519' && der.length === PKCS8_PREFIX.length + 32) return der.subarray(-32)
  } catch {
    // The library's message may quote what it read; ours says what to do and shows none of it.
  }
  throw new StewardError({
    code: 'KEY_DAMAGED',
    happened: 'What was opened is no Ed25519 key.',
    kept: 'Nothing was changed.',
    remedy: 'Put back key.age from a backup, or restore the node from its recovery phrase.',
  })
}

// The libraries that may check signatures first, fastest first, and whether they do it right here. A library that accepts what it
// should refuse would let forgeries in unseen, so each answers known questions once before it is trusted with any other.
import { createPublicKey, hash, verify as verifyWithNode } from 'node:crypto'
import type { KeyObject } from 'node:crypto'
import { hashes, verify as verifyWithNoble } from '@noble/ed25519'
import { loadSodium, type Sodium } from './sodium-adapter.ts'

export type NativeName = 'sodium' | 'node' | 'noble'

/** One public key, ready to check signatures of 64 bytes with. */
export type KeyCheck = (message: Uint8Array, signature: Uint8Array) => boolean

export interface NativeVerifier {
  readonly name: NativeName
  readonly key: (publicKey: Uint8Array) => KeyCheck
}

/** The first of the libraries that answers rightly here, and those that were passed over because they did not. */
export interface SoundVerifier {
  readonly verifier: NativeVerifier
  readonly failed: readonly NativeName[]
}

/** Libraries as this machine has them; `sodium` is tried only where it was wished for and loads. */
export function soundVerifier(wished: 'node' | 'sodium'): SoundVerifier {
  const sodium = wished === 'sodium' ? loadSodium() : null
  return firstSound([...(sodium === null ? [] : [sodiumVerifier(sodium)]), nodeVerifier])
}

/** Where none of them answers rightly, noble's strict check stands alone: slow, and the one that decides anyway. */
export function firstSound(candidates: readonly NativeVerifier[]): SoundVerifier {
  const failed: NativeName[] = []
  for (const verifier of candidates) {
    if (answersRightly(verifier)) return { verifier, failed }
    failed.push(verifier.name)
  }
  return { verifier: nobleVerifier, failed }
}

hashes.sha512 = (message) => hash('sha512', message, 'buffer')

/** noble throws on a signature or key of the wrong length where others say no. Never its ZIP-215 default. */
export function verifyStrict(signature: Uint8Array, message: Uint8Array, publicKey: Uint8Array): boolean {
  return signature.length === 64 && verifyWithNoble(signature, message, publicKey, { zip215: false })
}

const nobleVerifier: NativeVerifier = {
  name: 'noble',
  key: (publicKey) => (message, signature) => verifyStrict(signature, message, publicKey),
}

function sodiumVerifier(sodium: Sodium): NativeVerifier {
  return {
    name: 'sodium',
    key: (publicKey) => (message, signature) => sodium.crypto_sign_verify_detached(signature, message, publicKey),
  }
}

const SPKI_PREFIX = Buffer.from('302a300506032b6570032100', 'hex')

const nodeVerifier: NativeVerifier = {
  name: 'node',
  key: (publicKey) => {
    const key = importKey(publicKey)
    return (message, signature) => key !== null && verifyWithNode(null, message, key, signature)
  },
}

/** Some libraries refuse a key that is no point already here; then only the strict check is asked. */
function importKey(publicKey: Uint8Array): KeyObject | null {
  try {
    return createPublicKey({ format: 'der', type: 'spki', key: Buffer.concat([SPKI_PREFIX, publicKey]) })
  } catch {
    return null
  }
}

// RFC 8032, 7.1, test 3, and what must not pass for it: other bytes, another R, another S, S + L, nothing at all, another key.
const KEY = Buffer.from('fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025', 'hex')
const OTHER_KEY = Buffer.from('3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c', 'hex')
const MESSAGE = Buffer.from('af82', 'hex')
const SIGNATURE = Buffer.from(
  '6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a',
  'hex',
)
const ORDER = 2n ** 252n + 27742317777372353535851937790883648493n

function answersRightly({ key }: NativeVerifier): boolean {
  try {
    const check = key(KEY)
    const changed = (at: number) => SIGNATURE.map((byte, index) => (index === at ? byte ^ 1 : byte))
    const forged = [changed(0), changed(32), withLargeS(SIGNATURE), new Uint8Array(64)]
    return (
      check(MESSAGE, SIGNATURE) &&
      !forged.some((signature) => check(MESSAGE, signature)) &&
      !check(Buffer.from('af83', 'hex'), SIGNATURE) &&
      !key(OTHER_KEY)(MESSAGE, SIGNATURE)
    )
  } catch {
    return false
  }
}

/** The same signature with S + L in place of S: RFC 8032 refuses it, since it would be a second one for the same bytes. */
function withLargeS(signature: Uint8Array): Uint8Array {
  const s = BigInt(`0x${Buffer.from(signature.subarray(32)).reverse().toString('hex')}`) + ORDER
  const bytes = Buffer.from(s.toString(16).padStart(64, '0'), 'hex').reverse()
  return Buffer.concat([signature.subarray(0, 32), bytes])
}

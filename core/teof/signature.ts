// The signature of a TEOF receipt. What is signed differs by the component that wrote it, so the forms are tried in order and the
// one that verified is recorded.
import { hash } from 'node:crypto'
import type { NodeId } from '#core/contract/index.ts'
import { createVerifier, type Verifier } from '#core/receipts/index.ts'
import { canonicalWithout, stringMember } from './canonical-text.ts'
import type { Member } from './canonical-text.ts'
import { isKeyId, KEYS_FOLDER, NO_KEYS } from './keys.ts'
import type { KeyRing } from './keys.ts'

/** Which members the signature leaves out: see FORMS. */
export type SignatureForm = 'feed' | 'systemic' | 'document'

export type Envelope =
  | { readonly state: 'ok'; readonly keyId: string; readonly key: NodeId; readonly form: SignatureForm }
  /** There is none. */
  | { readonly state: 'missing' }
  /** There may be one, and it was not looked at. */
  | { readonly state: 'skipped'; readonly why: string }
  | { readonly state: 'unknown_key'; readonly keyId: string | null; readonly why: string; readonly remedy: string }
  | {
      readonly state: 'invalid'
      readonly keyId: string | null
      readonly fault: SignatureFault
      readonly why: string
      readonly remedy: string
    }

export type SignatureFault =
  | 'malformed'
  | 'key-id-leaves-folder'
  | 'weak-key'
  | 'other-origins-key'
  | 'not-over-these-bytes'
  /** The signature fits, but hash_sha256, which its form leaves out, was changed. */
  | 'stated-hash-differs'

/** Checks one signature over bytes; `strict` asks for the slow second opinion where the native library says no. */
export interface SignatureChecker {
  /** Which library checks first. */
  readonly native: Verifier['native']
  check(key: NodeId, message: Uint8Array, signature: Uint8Array, strict: boolean): 'good' | 'bad' | 'weak-key'
}

/**
 * A checker with its own cache of keys; make one for each thread. The second opinion costs some twenty times the first, so after
 * STRICT_MISSES that confirmed the native library its no stands: a directory of forged receipts cannot stall a run.
 */
export function createSignatureChecker(native: 'node' | 'sodium' = 'sodium'): SignatureChecker {
  let strictNow = false
  let misses = 0
  const verifier = createVerifier({ native, slowChecksAllowed: () => strictNow })
  return {
    native: verifier.native,
    check(key, message, signature, strict) {
      strictNow = strict && misses < STRICT_MISSES
      if (strict && !strictNow) return 'bad'
      const verdict = verifier.verifyBytes(key, message, signature, 'teof')
      if (verdict.ok === true) return 'good'
      if (strict) misses++
      return verdict.ok === false && verdict.refusal.reason === 'weak-key' ? 'weak-key' : 'bad'
    },
  }
}

/** Judges the signature of a receipt by its outermost members. Never throws. */
export function judgeSignature(members: readonly Member[], keys: KeyRing, checker: SignatureChecker | null): Envelope {
  const written = members.find(({ key }) => key === 'signature')
  if (written === undefined || written.text === 'null' || written.text === '""') return MISSING
  if (checker === null) return SKIPPED
  const keyId = stringMember(members, 'public_key_id')
  if (keyId === null) return noKeyNamed()
  const own = keys.own.get(keyId)
  const earlier = keys.earlier?.get(keyId) ?? []
  // What a key is kept under is the name of its file, and so a key id.
  if (own === undefined && !isKeyId(keyId)) return leavesFolder(keyId)
  const signature = parseSignature(stringMember(members, 'signature'))
  if (signature === null) return malformed(keyId)
  const [key, ...others] = own === undefined ? earlier : [own.key, ...earlier]
  if (key === undefined) return unknownKey(keyId)
  const judged = tryForms(members, keyId, key, signature, keys, checker)
  // A key that was rotated out signed what was signed before.
  for (const other of judged.state === 'invalid' ? others : []) {
    const before = tryForms(members, keyId, other, signature, NO_KEYS, checker)
    if (before.state === 'ok') return before
  }
  return judged
}

/** What the `hash_sha256` of a feed receipt should say: the SHA-256 of the form that it signs. */
export function feedHash(members: readonly Member[]): string {
  return hash('sha256', canonicalWithout(members, FEED_OMITS), 'hex')
}

const FEED_OMITS: ReadonlySet<string> = new Set(['hash_sha256', 'signature', 'public_key_id'])
const FORMS: readonly { readonly form: SignatureForm; readonly omits: ReadonlySet<string> }[] = [
  { form: 'feed', omits: FEED_OMITS },
  { form: 'systemic', omits: new Set(['signature', 'public_key_id', 'signature_algorithm']) },
  { form: 'document', omits: new Set(['signature']) },
]
const STRICT_MISSES = 3_000
/** Other origins' keys that are tried to explain a bad signature. */
const EXPLAINED_BY_AT_MOST = 16
const MISSING: Envelope = { state: 'missing' }
const SKIPPED: Envelope = { state: 'skipped', why: 'Signatures were not to be checked.' }

function tryForms(
  members: readonly Member[],
  keyId: string,
  key: NodeId,
  signature: Uint8Array,
  keys: KeyRing,
  checker: SignatureChecker,
): Envelope {
  const tried: { readonly form: SignatureForm; readonly message: Buffer }[] = []
  for (const { form, omits } of FORMS) {
    const message = Buffer.from(canonicalWithout(members, omits))
    // Forms that leave out the same members are one.
    if (tried.some((other) => other.message.equals(message))) continue
    const answer = checker.check(key, message, signature, false)
    if (answer === 'good') return verifiedBy(members, keyId, key, form, message)
    if (answer === 'weak-key') return weakKey(keyId)
    tried.push({ form, message })
  }
  // Libraries differ at the edges, so what the native one refuses is asked again, as for Steward's own receipts.
  for (const { form, message } of tried)
    if (checker.check(key, message, signature, true) === 'good') return verifiedBy(members, keyId, key, form, message)
  for (const other of (keys.elsewhere.get(keyId) ?? []).slice(0, EXPLAINED_BY_AT_MOST))
    if (tried.some(({ message }) => checker.check(other.key, message, signature, false) === 'good'))
      return otherOriginsKey(keyId, other.label)
  return notOverTheseBytes(keyId)
}

/** The form of feeds does not cover hash_sha256, so that is checked beside it: nothing of a verified receipt may be changed. */
function verifiedBy(
  members: readonly Member[],
  keyId: string,
  key: NodeId,
  form: SignatureForm,
  message: Uint8Array,
): Envelope {
  const stated = form === 'feed' ? members.find((member) => member.key === 'hash_sha256') : undefined
  if (stated !== undefined && stated.text !== `"${hash('sha256', message, 'hex')}"`) return statedHashDiffers(keyId)
  return { state: 'ok', keyId, key, form }
}

/** 64 bytes in base64url, with or without padding; null for anything else, also where the last character has bits to spare. */
function parseSignature(text: string | null): Uint8Array | null {
  if (text === null || !/^[A-Za-z0-9_-]{85}[AQgw](?:==)?$/.test(text)) return null
  return Buffer.from(text, 'base64url')
}

function noKeyNamed(): Envelope {
  return {
    state: 'unknown_key',
    keyId: null,
    why: 'It is signed, but public_key_id does not say with which key.',
    remedy: 'Ask the node to write the receipt again with its public_key_id.',
  }
}

function leavesFolder(keyId: string): Envelope {
  return {
    state: 'invalid',
    keyId: null,
    fault: 'key-id-leaves-folder',
    why: `public_key_id is “${shown(keyId)}”, which is no name of a key and could lead out of ${KEYS_FOLDER}; no file was opened for it.`,
    remedy:
      'Treat the receipt as forged until the node explains it; a key id has letters, digits, dots, dashes and underscores only.',
  }
}

function malformed(keyId: string): Envelope {
  return {
    state: 'invalid',
    keyId,
    fault: 'malformed',
    why: 'The signature is not 64 bytes in base64url.',
    remedy: 'Ask the node for the receipt again: this one was damaged or cut.',
  }
}

function unknownKey(keyId: string): Envelope {
  return {
    state: 'unknown_key',
    keyId,
    why: `It is signed with the key “${shown(keyId)}”, and ${KEYS_FOLDER} holds no such key.`,
    remedy: `Ask the node for ${KEYS_FOLDER}/${shown(keyId)}.pub; an unknown key does not mean that the receipt was changed.`,
  }
}

function weakKey(keyId: string): Envelope {
  return {
    state: 'invalid',
    keyId,
    fault: 'weak-key',
    why: `The key “${shown(keyId)}” has small order: anybody can sign for it.`,
    remedy: 'Ask the node to make a new key and to sign the receipt again.',
  }
}

function otherOriginsKey(keyId: string, label: string): Envelope {
  return {
    state: 'invalid',
    keyId,
    fault: 'other-origins-key',
    why: `The signature does not fit the key that this node keeps as “${shown(keyId)}”; it fits the one that ${label} keeps under that name.`,
    remedy: 'The key was rotated or swapped: ask both nodes which key holds, and since when.',
  }
}

function statedHashDiffers(keyId: string): Envelope {
  return {
    state: 'invalid',
    keyId,
    fault: 'stated-hash-differs',
    why: 'The signature fits the content, but hash_sha256, which it does not cover, is not the hash of that content.',
    remedy: 'The hash was changed after signing: ask the node for the receipt as it was signed.',
  }
}

function notOverTheseBytes(keyId: string): Envelope {
  return {
    state: 'invalid',
    keyId,
    fault: 'not-over-these-bytes',
    why: `The signature does not fit this content and the key “${shown(keyId)}”, in none of the ${FORMS.length} forms in use.`,
    remedy:
      'The content was changed after signing, or the key was replaced: ask the node for the receipt as it was signed.',
  }
}

function shown(text: string): string {
  return text.length > 80 ? `${text.slice(0, 80)}…` : text
}

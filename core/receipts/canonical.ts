// RFC 8785 for values of our own making. `canonicalize` does the printing; what it would print but nobody could read
// back as the same value (integers beyond 2^53 - 1, things that are no JSON) is refused before.
import { hash } from 'node:crypto'
import canonicalize from 'canonicalize'
import type { ConflictId, ContentHash, Json, ReceiptId } from '#core/contract/index.ts'
import { invariant, StewardError } from '#core/problem/index.ts'
import { findUnfit } from './unfit.ts'
import type { Unfit } from './unfit.ts'

/**
 * The canonical form (RFC 8785) of a value.
 * Throws a StewardError naming the place if the value would not read back as itself.
 */
export function canonicalJson(value: Json): string {
  const unfit = findUnfit(value)
  if (unfit !== null) throw notCanonical(unfit)
  const text = canonicalize(value)
  invariant(text !== undefined, 'a value without unfit parts has a canonical form')
  return text
}

/**
 * What a claim says, as one hash: the content it names, or its whole canonical body. A file imported from a node directory (`origin`,
 * `round`) names the hash of its canonical form without signature beside that of its bytes, and is compared by it.
 */
export function contentHashOf(body: { readonly [key: string]: Json }): ContentHash {
  const { canonical } = body
  if (typeof canonical === 'string' && SHA256_NAME.test(canonical) && isImported(body)) return canonical as ContentHash
  const content = body['content']
  if (typeof content === 'object' && content !== null && 'hash' in content) {
    const named = content['hash']
    // The pattern is the whole rule of a ContentHash.
    if (typeof named === 'string' && SHA256_NAME.test(named)) return named as ContentHash
  }
  return sha256Id(canonicalJson(body))
}

/** `sha256:` and the hash in hex; text is hashed as UTF-8. The caller says which of the ids it is. */
export function sha256Id<Id extends ContentHash | ReceiptId | ConflictId = ContentHash>(
  bytes: Uint8Array | string,
): Id {
  // A fresh hash has the form of every id; which one it is, only the caller knows.
  return `sha256:${hash('sha256', bytes, 'hex')}` as Id
}

function isImported({ origin, round }: { readonly [key: string]: Json }): boolean {
  return typeof origin === 'string' && typeof round === 'number'
}

const SHA256_NAME = /^sha256:[0-9a-f]{64}$/

const REMEDIES: Partial<Record<Unfit['reason'], string>> = {
  'bad-number': 'Write that number as text, in quotes.',
  'bad-text': 'Write the whole character, or leave it out.',
  'too-deep': 'Put what it says into fewer levels, or into a file.',
}

function notCanonical({ path, reason, why }: Unfit): StewardError {
  return new StewardError({
    code: 'NOT_CANONICAL',
    happened: `${path === '' ? 'The value' : `“${path}”`} cannot be signed: ${why}.`,
    kept: 'Nothing was signed.',
    remedy: REMEDIES[reason] ?? 'Change that value.',
  })
}

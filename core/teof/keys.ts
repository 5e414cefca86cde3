// The keys of a node directory: `governance/keys/<key id>.pub`, 32 bytes of Ed25519 in base64. A key id comes from a receipt and
// names a file, so it is looked up among the files that were listed and never made into a path.
import type { NodeId } from '#core/contract/index.ts'
import { nodeIdFromPublicKey } from '#core/receipts/index.ts'
import { finding } from './finding.ts'
import type { Finding } from './finding.ts'
import { TEOF_LIMITS } from './limits.ts'

export const KEYS_FOLDER = 'governance/keys'

export interface TeofKey {
  readonly keyId: string
  /** The public key as a did:key, which is how the verifier knows keys. */
  readonly key: NodeId
}

/** The keys that one origin's receipts are checked with; plain data, so that it can be handed to a worker. */
export interface KeyRing {
  readonly own: ReadonlyMap<string, TeofKey>
  /** What other origins keep under the same ids. They never make a signature good; they explain why one is not. */
  readonly elsewhere: ReadonlyMap<string, readonly { readonly label: string; readonly key: NodeId }[]>
  /** What this origin itself kept under an id before it was rotated in place, the newest first; where that is remembered. */
  readonly earlier?: ReadonlyMap<string, readonly NodeId[]>
}

export const NO_KEYS: KeyRing = { own: new Map(), elsewhere: new Map() }

export type ParsedKey = { readonly ok: true; readonly key: TeofKey } | { readonly ok: false; readonly finding: Finding }

/** Reads one file of the keys folder; `name` is its name with `.pub`. */
export function parseKeyFile(name: string, bytes: Uint8Array): ParsedKey {
  const path = `${KEYS_FOLDER}/${name}`
  const keyId = name.slice(0, -'.pub'.length)
  if (!name.endsWith('.pub') || !isKeyId(keyId)) return badKey(path, 'its name is not a key id followed by .pub')
  if (bytes.length > TEOF_LIMITS.keyFileBytes) return badKey(path, `it has ${bytes.length} bytes`)
  const text = Buffer.from(bytes)
    .toString('latin1')
    .replace(/^\xef\xbb\xbf/, '')
    .trim()
  if (!/^[A-Za-z0-9+/_-]{43}=?$/.test(text)) return badKey(path, 'it does not hold 32 bytes in base64')
  const key = Buffer.from(text, 'base64')
  return { ok: true, key: { keyId, key: nodeIdFromPublicKey(key) } }
}

/** True for what may stand as a file's name in the keys folder: letters, digits, dot, dash, underscore, no dot in front. */
export function isKeyId(text: string): boolean {
  return (
    text.length <= TEOF_LIMITS.keyIdCharacters && /^[A-Za-z0-9_][A-Za-z0-9._-]*$/.test(text) && !text.includes('..')
  )
}

/** One ring for each origin, from the keys of all. */
export function keyRings(byLabel: ReadonlyMap<string, readonly TeofKey[]>): ReadonlyMap<string, KeyRing> {
  const rings = new Map<string, KeyRing>()
  for (const [label, keys] of byLabel) {
    const own = new Map(keys.map((key) => [key.keyId, key]))
    const elsewhere = new Map<string, { readonly label: string; readonly key: NodeId }[]>()
    for (const [otherLabel, otherKeys] of byLabel) {
      if (otherLabel === label) continue
      for (const { keyId, key } of otherKeys) {
        if (own.get(keyId)?.key === key) continue
        const listed = elsewhere.get(keyId) ?? []
        listed.push({ label: otherLabel, key })
        elsewhere.set(keyId, listed)
      }
    }
    rings.set(label, { own, elsewhere })
  }
  return rings
}

function badKey(path: string, why: string): ParsedKey {
  return {
    ok: false,
    finding: finding(
      'bad-key-file',
      path,
      `${path} is no key: ${why}.`,
      'Ask the node for its public key again: one line of base64, 32 bytes of Ed25519.',
    ),
  }
}

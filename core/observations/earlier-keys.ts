// Keys are rotated in place under one id. What the replaced key has signed is still signed: so the keys that this node saw at its
// earlier imports of a directory are tried where the present one does not fit.
import type { NodeId } from '#core/contract/index.ts'
import { ownImportsBelow } from '#core/reconcile/index.ts'
import { KEYS_FOLDER, parseKeyFile, TEOF_LIMITS, type KeyRing } from '#core/teof/index.ts'
import type { ImportingNode } from './types.ts'

/** Keys of one id that are tried; a directory that rotates more often is no directory of keys. */
const TRIED_OF_ONE_ID = 8
const READ_AT_MOST = 256

/** The ring with what the origin kept under each id before. */
export async function withEarlierKeys(
  { ledger, node, blobs }: ImportingNode,
  label: string,
  ring: KeyRing,
): Promise<KeyRing> {
  const earlier = new Map<string, NodeId[]>()
  for (const { path, content } of ownImportsBelow(ledger.read, node, label, KEYS_FOLDER).slice(0, READ_AT_MOST)) {
    const bytes = await blobs.read(content, TEOF_LIMITS.keyFileBytes)
    const parsed = bytes === null ? null : parseKeyFile(path.slice(KEYS_FOLDER.length + 1), bytes)
    if (parsed === null || !parsed.ok) continue
    const { keyId, key } = parsed.key
    const listed = earlier.get(keyId) ?? []
    const isKnown = ring.own.get(keyId)?.key === key || listed.includes(key)
    if (!isKnown && listed.length < TRIED_OF_ONE_ID) earlier.set(keyId, [...listed, key])
  }
  return { ...ring, earlier }
}

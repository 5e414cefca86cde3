import { sign } from 'node:crypto'
import type { Signer } from '#core/receipts/index.ts'
import { privateKeyOf } from './node-key.ts'
import type { NodeKey } from './node-key.ts'

/** Signs natively for as long as the key is open. Ed25519 is deterministic: every library gives the same bytes. */
export function signerOf(key: NodeKey): Signer {
  const native = privateKeyOf(key)
  return { node: key.node, sign: (message) => sign(null, message, native) }
}

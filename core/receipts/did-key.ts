// did:key for Ed25519: multibase base58btc ('z') over the multicodec prefix 0xed 0x01 and the 32 bytes of the public key.
import { NodeId } from '#core/contract/ids.ts'
import { invariant } from '#core/problem/index.ts'

/** The node id of an Ed25519 public key of 32 bytes. */
export function nodeIdFromPublicKey(publicKey: Uint8Array): NodeId {
  invariant(publicKey.length === 32, 'an Ed25519 public key has 32 bytes')
  return NodeId.parse(`did:key:z${base58Encode(Uint8Array.of(...MULTICODEC, ...publicKey))}`)
}

/** The 32 bytes behind a node id; null where the text has the pattern of one but names no Ed25519 key. */
export function publicKeyFromNodeId(node: NodeId): Uint8Array | null {
  const bytes = base58Decode(node.slice('did:key:z'.length))
  if (bytes.length !== 34 || bytes[0] !== MULTICODEC[0] || bytes[1] !== MULTICODEC[1]) return null
  return bytes.subarray(2)
}

const MULTICODEC = [0xed, 0x01] as const
const ALPHABET = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz'

// No leading zero bytes can occur behind the prefix 0xed, so base58's rule for them is not needed.
function base58Encode(bytes: Uint8Array): string {
  let value = BigInt(`0x${Buffer.from(bytes).toString('hex')}`)
  let text = ''
  while (value > 0n) {
    text = ALPHABET.charAt(Number(value % 58n)) + text
    value /= 58n
  }
  return text
}

// The pattern of a NodeId lets no other letter pass, and what fits it is between 0xecfe and 0xed02 with 32 bytes behind: whole bytes.
function base58Decode(text: string): Uint8Array {
  let value = 0n
  for (const letter of text) value = value * 58n + BigInt(ALPHABET.indexOf(letter))
  return Buffer.from(value.toString(16), 'hex')
}

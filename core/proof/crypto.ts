// Hash and signature as an exported page computes them: @noble alone, so that a page from a file needs no secure context.
import { hashes, verify } from '@noble/ed25519'
import { sha256 as nobleSha256, sha512 } from '@noble/hashes/sha2.js'
import { hex, joinBytes, utf8 } from './bytes.ts'

// Where the app has put a faster one in its place already, that one stays.
hashes.sha512 ??= sha512

export function sha256(bytes: Uint8Array): Uint8Array {
  return nobleSha256(bytes)
}

/** `sha256:` and the hash of a text's UTF-8 in hex. */
export function hashName(text: string): string {
  return `sha256:${hex(sha256(utf8(text)))}`
}

/** Strict RFC 8032, which refuses keys of small order too; never the ZIP-215 default of the library. */
export function holdsUnder(key: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  if (signature.length !== 64 || key.length !== 32) return false
  try {
    return verify(signature, message, key, { zip215: false })
  } catch {
    return false
  }
}

/** RFC 6962 2.1: a leaf is SHA-256(0x00 ‖ line). */
export function leafOf(line: string): Uint8Array {
  return sha256(joinBytes(Uint8Array.of(0), utf8(line)))
}

/** The root that a leaf and its path lead to (RFC 9162 2.1.3.2); null where the path does not fit the place. */
export function rootFrom(
  leaf: Uint8Array,
  index: number,
  size: number,
  path: readonly Uint8Array[],
): Uint8Array | null {
  let node = index
  let last = size - 1
  let root = leaf
  for (const sibling of path) {
    if (last === 0) return null
    if (node % 2 === 1 || node === last) {
      root = nodeHash(sibling, root)
      while (node % 2 === 0 && node > 0) [node, last] = [half(node), half(last)]
    } else {
      root = nodeHash(root, sibling)
    }
    node = half(node)
    last = half(last)
  }
  return last === 0 ? root : null
}

function nodeHash(left: Uint8Array, right: Uint8Array): Uint8Array {
  return sha256(joinBytes(Uint8Array.of(1), left, right))
}

// Sizes go to 2^53 - 1; bit operators end at 2^31.
function half(value: number): number {
  return Math.floor(value / 2)
}

// Bytes as text and back, with nothing of Node: the same code runs inside an exported page, in any browser.

/** UTF-8 of a text. */
export function utf8(text: string): Uint8Array {
  return new TextEncoder().encode(text)
}

export function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}

/** Standard base64 with padding. */
export function base64(bytes: Uint8Array): string {
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''))
}

/** Null where the text is not the one spelling that `base64` gives these bytes. */
export function fromBase64(text: string): Uint8Array | null {
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(text) || text.length % 4 !== 0) return null
  const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0))
  return base64(bytes) === text ? bytes : null
}

/** base64url without padding, as receipts carry their signatures; null where it is spelled otherwise. */
export function fromBase64Url(text: string): Uint8Array | null {
  if (!/^[A-Za-z0-9_-]*$/.test(text)) return null
  const standard = text.replaceAll('-', '+').replaceAll('_', '/')
  return fromBase64(standard.padEnd(Math.ceil(standard.length / 4) * 4, '='))
}

/** The 32 bytes of the key that a `did:key:z6Mk…` spells (multicodec 0xed01, base58btc); null where it spells none. */
export function publicKeyOf(did: string): Uint8Array | null {
  if (!/^did:key:z6Mk[1-9A-HJ-NP-Za-km-z]{44}$/.test(did)) return null
  let value = 0n
  for (const letter of did.slice('did:key:z'.length)) value = value * 58n + BigInt(BASE58.indexOf(letter))
  const digits = value.toString(16).padStart(68, '0')
  if (digits.length !== 68 || !digits.startsWith('ed01')) return null
  return Uint8Array.from({ length: 32 }, (_, index) => Number.parseInt(digits.slice(4 + 2 * index, 6 + 2 * index), 16))
}

export function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, index) => byte === b[index])
}

export function joinBytes(...parts: readonly Uint8Array[]): Uint8Array {
  const joined = new Uint8Array(parts.reduce((length, part) => length + part.length, 0))
  let at = 0
  for (const part of parts) {
    joined.set(part, at)
    at += part.length
  }
  return joined
}

const BASE58 = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz'

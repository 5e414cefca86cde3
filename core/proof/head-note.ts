// A head as anybody can read it: a C2SP signed note whose text is a tlog checkpoint with two extension lines.
import { fromBase64, joinBytes, publicKeyOf, sameBytes, utf8 } from './bytes.ts'
import { holdsUnder, sha256 } from './crypto.ts'

export interface ReadHead {
  readonly node: string
  readonly size: number
  /** Base64 of the RFC 6962 root. */
  readonly root: string
  /** Id of the newest receipt. */
  readonly id: string
  readonly time: string
  /** Its own node's signature is among the note's, and holds. */
  readonly signed: boolean
}

/** Null where the text is no head. Never throws. */
export function readHead(note: string): ReadHead | null {
  const split = note.lastIndexOf('\n\n')
  if (split < 0 || !note.endsWith('\n') || note.length > 16_384) return null
  const text = note.slice(0, split + 1)
  const [, node, size, root, id, time] = HEAD_TEXT.exec(text) ?? []
  if (node === undefined || root === undefined || id === undefined || time === undefined) return null
  return {
    node,
    size: Number(size),
    root,
    id,
    time,
    signed: isSigned(node, text, note.slice(split + 2, -1).split('\n')),
  }
}

const HEAD_TEXT = /^steward\/1 (\S+)\n([1-9]\d{0,15})\n([A-Za-z0-9+/=]+)\nid (\S+)\ntime (\S+)\n$/

function isSigned(node: string, text: string, lines: readonly string[]): boolean {
  const key = publicKeyOf(node)
  if (key === null) return false
  // The note standard: the key hash is the first four bytes of SHA-256(name ‖ 0x0A ‖ 0x01 ‖ key).
  const keyHash = sha256(joinBytes(utf8(`${node}\n\u0001`), key)).slice(0, 4)
  return lines.some((line) => {
    const [, name, encoded = ''] = /^— (\S+) (\S+)$/u.exec(line) ?? []
    const bytes = name === node ? fromBase64(encoded) : null
    return bytes !== null && sameBytes(bytes.slice(0, 4), keyHash) && holdsUnder(key, utf8(text), bytes.slice(4))
  })
}

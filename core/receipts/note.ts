// C2SP signed notes: a text that ends with a newline, an empty line, and signature lines "— <key name> <base64>", where the
// base64 holds four bytes of key hash and the Ed25519 signature over the text. Other tools can check them.
import { hash } from 'node:crypto'
import { isUtf8 } from 'node:buffer'
import type { NodeId } from '#core/contract/index.ts'
import { invariant } from '#core/problem/index.ts'
import { publicKeyFromNodeId } from './did-key.ts'
import { LIMITS } from './limits.ts'
import { refused } from './refusal.ts'
import type { Parsed, RefusalReason, Signer } from './types.ts'

export interface Note {
  /** What is signed, with its last newline. */
  readonly text: string
  readonly signatures: readonly { readonly name: string; readonly keyHash: string; readonly signature: Uint8Array }[]
}

/** Signs a text with the node's id as key name. */
export function signNote(text: string, signer: Signer): string {
  const keyHash = keyHashOf(signer.node)
  invariant(keyHash !== null, 'a signer has an Ed25519 key')
  const signature = Buffer.concat([Buffer.from(keyHash, 'hex'), signer.sign(Buffer.from(text))])
  return `${text}\n— ${signer.node} ${signature.toString('base64')}\n`
}

/** Judges bytes as a note of at most `limitBytes`; its signatures are parsed, not checked. Never throws. */
export function parseNote(bytes: Uint8Array, limitBytes: number, reason: RefusalReason): Parsed<Note> {
  if (bytes.length > limitBytes) {
    return refused('too-large', `It has ${bytes.length} bytes; at most ${limitBytes} are taken.`)
  }
  if (!isUtf8(bytes)) return refused('not-utf8', 'It is no valid UTF-8.')
  const whole = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8')
  const split = whole.lastIndexOf('\n\n')
  if (split < 0 || !whole.endsWith('\n'))
    return refused(reason, 'It is no signed note: an empty line and signatures are missing.')
  if (UNPRINTABLE.test(whole)) return refused(reason, 'It holds a control character.')

  const lines = whole.slice(split + 2, -1).split('\n')
  if (lines.length > LIMITS.noteSignatures) {
    return refused('too-many', `It has ${lines.length} signatures; at most ${LIMITS.noteSignatures} are taken.`)
  }
  const signatures = []
  for (const line of lines) {
    const signature = parseSignature(line)
    if (signature === null) return refused(reason, 'A signature line has not the form “— name base64”.')
    signatures.push(signature)
  }
  return { ok: true, value: { text: whole.slice(0, split + 1), signatures } }
}

/** The node's own signature among a note's; others (witnesses) are not judged, as the standard asks. */
export function signatureOf(note: Note, node: NodeId): Uint8Array | null {
  const keyHash = keyHashOf(node)
  const own = note.signatures.find((signature) => signature.name === node && signature.keyHash === keyHash)
  return own === undefined || own.signature.length !== 64 ? null : own.signature
}

/** A note may hold no control character but newline. */
// oxlint-disable-next-line no-control-regex -- control characters are what this looks for
const UNPRINTABLE = /[\x00-\x09\x0b-\x1f\x7f]/

const SIGNATURE_LINE = /^— ([^\s+]{1,256}) ([A-Za-z0-9+/]{8,1024}={0,2})$/u

function parseSignature(line: string): Note['signatures'][number] | null {
  const [, name, base64] = SIGNATURE_LINE.exec(line) ?? []
  if (name === undefined || base64 === undefined) return null
  const bytes = Buffer.from(base64, 'base64')
  // Padding and unused bits have one right form; another spelling of the same bytes is not taken.
  if (bytes.toString('base64') !== base64 || bytes.length <= 4) return null
  return { name, keyHash: bytes.subarray(0, 4).toString('hex'), signature: bytes.subarray(4) }
}

/** First four bytes of SHA-256(name ‖ 0x0A ‖ 0x01 ‖ key), in hex; 0x01 stands for Ed25519. */
function keyHashOf(node: NodeId): string | null {
  const publicKey = publicKeyFromNodeId(node)
  if (publicKey === null) return null
  return hash('sha256', Buffer.concat([Buffer.from(`${node}\n\x01`), publicKey]), 'hex').slice(0, 8)
}

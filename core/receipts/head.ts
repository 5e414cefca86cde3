// A head: a node's signed word on how long its feed is, what its newest receipt is and what root its tree has. It is a C2SP
// tlog-checkpoint with two extension lines, so that witnesses and log tools can read it.
import { Instant, NodeId, ReceiptId } from '#core/contract/ids.ts'
import { isRealInstant } from './instant.ts'
import { LIMITS } from './limits.ts'
import { parseNote, signatureOf, signNote } from './note.ts'
import type { Note } from './note.ts'
import { refused } from './refusal.ts'
import type { Parsed, Signer } from './types.ts'
import { createVerifier } from './verify.ts'
import type { Verdict, Verifier } from './verify.ts'

/** What a node says of its feed. */
export interface HeadClaim {
  readonly node: NodeId
  /** Seq of the newest receipt, which is also the size of the tree. */
  readonly seq: number
  /** Id of the newest receipt. */
  readonly id: ReceiptId
  /** RFC 6962 root over the leaves 1 to `seq`; 32 bytes. */
  readonly root: Uint8Array
  readonly time: Instant
}

/** A head in the right form; nothing is known about its signature yet. */
export interface Head extends HeadClaim {
  readonly note: Note
}

declare const verified: unique symbol
/** A head that its node did sign. Only `verifyHead` makes one. */
export type VerifiedHead = Head & { readonly [verified]: true }

/** The head as a signed note, ready to be written. */
export function signHead(claim: Omit<HeadClaim, 'node'>, signer: Signer): string {
  const root = Buffer.from(claim.root).toString('base64')
  return signNote(`${ORIGIN}${signer.node}\n${claim.seq}\n${root}\nid ${claim.id}\ntime ${claim.time}\n`, signer)
}

/** Judges bytes as a head: limits and form. Never throws. */
export function parseHead(bytes: Uint8Array): Parsed<Head> {
  const note = parseNote(bytes, LIMITS.headBytes, 'bad-head')
  if (!note.ok) return note
  const match = HEAD_TEXT.exec(note.value.text)
  if (match === null) return refused('bad-head', 'Its lines are not origin, size, root, id and time, in this order.')
  const [, did, size, base64Text, idText, timeText] = match
  const node = NodeId.safeParse(did)
  const id = ReceiptId.safeParse(idText)
  const time = Instant.safeParse(timeText)
  if (!node.success) return refused('bad-head', 'Its origin names no node.')
  if (!id.success) return refused('bad-head', '“id” is no receipt id.', node.data)
  if (!time.success || !isRealInstant(time.data)) {
    return refused('bad-head', '“time” is no instant in UTC with milliseconds.', node.data)
  }
  const seq = Number(size)
  if (!Number.isSafeInteger(seq)) return refused('bad-head', 'Its size is beyond 2^53 - 1.', node.data)
  const base64 = String(base64Text)
  const root = Buffer.from(base64, 'base64')
  if (root.length !== 32 || root.toString('base64') !== base64) {
    return refused('bad-head', 'Its root is no hash of 32 bytes in base64.', node.data)
  }
  return { ok: true, value: { node: node.data, seq, id: id.data, root, time: time.data, note: note.value } }
}

/**
 * Checks that the node itself signed the head. Without a verifier, one of its own with no ration is made: for a single check.
 * @param source for the verifier's ration of slow checks.
 */
export function verifyHead(
  head: Head,
  verifier: Verifier = singleVerifier(),
  source: string = head.node,
): Verdict<VerifiedHead> {
  const signature = signatureOf(head.note, head.node)
  if (signature === null) return refused('bad-head', 'It has no signature by its own node.', head.node)
  const verdict = verifier.verifyBytes(head.node, Buffer.from(head.note.text), signature, source)
  // Here, and only here, a head has become a verified head.
  return verdict.ok === true ? { ok: true, value: head as VerifiedHead } : verdict
}

const ORIGIN = 'steward/1 '
const HEAD_TEXT = /^steward\/1 (\S+)\n([1-9]\d{0,15})\n([A-Za-z0-9+/=]+)\nid (\S+)\ntime (\S+)\n$/

/** A verifier that never defers. */
export function singleVerifier(): Verifier {
  return createVerifier({ native: 'node', slowChecksAllowed: () => true })
}

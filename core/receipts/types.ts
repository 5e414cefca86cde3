// The types that carry one direction: bytes -> Candidate -> VerifiedReceipt -> Admission -> ledger row.
import type { ContentHash, Instant, Json, NodeId, ReceiptId } from '#core/contract/index.ts'

export interface Anchor {
  readonly hash: ContentHash
  readonly time: Instant
}

/** A signed statement, exactly the envelope of the design; `sig` is base64url without padding. */
export interface Receipt {
  readonly receipt: 'steward/1'
  readonly node: NodeId
  readonly seq: number
  readonly prev: ReceiptId | null
  readonly time: Instant
  readonly kind: string
  readonly subject: string
  readonly task: string | null
  readonly anchor: Anchor | null
  readonly body: { readonly [key: string]: Json }
  readonly sig: string
}

/** Everything of a receipt that its signer chooses; node, seq, prev and time come from the feed and the clock. */
export interface Draft {
  readonly kind: string
  readonly subject: string
  readonly task: string | null
  readonly anchor: Anchor | null
  readonly body: { readonly [key: string]: Json }
}

/** Parsed within the limits and in canonical form; nothing is known about its signature yet. */
export interface Candidate {
  readonly id: ReceiptId
  readonly receipt: Receipt
  /** The canonical line as received, with `sig`, without newline. */
  readonly line: string
  /** RFC 6962 leaf hash over the UTF-8 bytes of `line`: SHA-256(0x00 ‖ line). 32 bytes. */
  readonly leaf: Uint8Array
}

declare const verified: unique symbol
/** A receipt whose id and signature hold. Only `verifyReceipt` makes one. */
export type VerifiedReceipt = Candidate & { readonly [verified]: true }

/** Why something that others sent is not taken. Data, never thrown. */
export interface Refusal {
  /** Stable code, kebab-case. */
  readonly reason: RefusalReason
  /** Names the field, what was expected and what was found, and what to do. */
  readonly detail: string
  readonly node: NodeId | null
}

export type RefusalReason =
  | 'not-utf8'
  | 'not-json'
  | 'not-canonical'
  | 'too-large'
  | 'too-deep'
  | 'too-many'
  | 'bad-number'
  | 'bad-text'
  | 'bad-envelope'
  | 'bad-signature'
  | 'weak-key'
  | 'bad-segment'
  | 'bad-head'
  | 'bad-profile'
  | 'content-mismatch'
  | 'wrong-node'
  | 'fork-flood'

export type Parsed<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly refusal: Refusal }

/** What the feed rules say about one verified receipt; see `admit`. */
export type Admission =
  | { readonly outcome: 'appended' }
  | { readonly outcome: 'known' }
  /** Kept beside another receipt of this seq, or beside a predecessor that it does not name: proof of two stories. */
  | { readonly outcome: 'forked'; readonly other: ReceiptId }
  | { readonly outcome: 'waiting'; readonly for: number }
  | { readonly outcome: 'held'; readonly until: Instant }
  | { readonly outcome: 'refused'; readonly refusal: Refusal }

/** What `admit` needs to know of a feed as it stands in the ledger. Pure data behind two look-ups. */
export interface FeedTail {
  /** Largest s such that the ledger holds at least one receipt at every seq 1..s; 0 for an empty feed. */
  readonly seq: number
  /** All ids held at one seq, in the order of their bytes. */
  idsAt(seq: number): readonly ReceiptId[]
}

/** Signs on behalf of this node; the key itself never leaves the identity module. */
export interface Signer {
  readonly node: NodeId
  /** Ed25519 (RFC 8032) over the bytes; 64 bytes. Throws a StewardError while locked. */
  sign(message: Uint8Array): Uint8Array
}

// Nodes for tests: keys from seeds, feeds that are really signed. A node here can do what an honest one never does: sign a second
// story, or keep receipts back.
import { createHash, createPrivateKey, createPublicKey, sign } from 'node:crypto'
import type { Instant, Json, NodeId, ReceiptId } from '#core/contract/index.ts'
import {
  nodeIdFromPublicKey,
  signReceipt,
  type Anchor,
  type Draft,
  type Signer,
  type VerifiedReceipt,
} from '#core/receipts/index.ts'

/** Noon of the day that tests begin with. */
export const START = Date.parse('2026-11-21T12:00:00.000Z')

export function instantAt(ms: number): Instant {
  return new Date(ms).toISOString() as Instant
}

/** The signer whose key is the SHA-256 of the seed. */
export function signerFromSeed(seed: string): Signer {
  const secret = createHash('sha256').update(seed).digest()
  const key = createPrivateKey({ key: Buffer.concat([PKCS8_ED25519, secret]), format: 'der', type: 'pkcs8' })
  const spki = createPublicKey(key).export({ format: 'der', type: 'spki' })
  return { node: nodeIdFromPublicKey(spki.subarray(-32)), sign: (message) => sign(null, message, key) }
}

/** DER of a private key before its 32 bytes. */
const PKCS8_ED25519 = Buffer.from('302e020100300506032b657004220420', 'hex')

export interface SignOptions {
  readonly subject?: string
  readonly task?: string | null
  readonly anchor?: Anchor | null
  /** Milliseconds after START; one second more than the receipt before if left out. */
  readonly atMs?: number
}

/** One node and everything it signed, in the order of signing. */
export class TestNode {
  readonly name: string
  readonly id: NodeId
  readonly signed: VerifiedReceipt[] = []
  readonly #signer: Signer
  #place: { seq: number; prev: ReceiptId | null }
  #ms: number

  constructor(name: string) {
    this.name = name
    this.#signer = signerFromSeed(name)
    this.id = this.#signer.node
    this.#place = { seq: 0, prev: null }
    this.#ms = START
  }

  get seq(): number {
    return this.#place.seq
  }

  /** Signs the next receipt of the feed. */
  sign(draft: Draft, atMs?: number): VerifiedReceipt {
    this.#ms = atMs === undefined ? this.#ms + 1000 : START + atMs
    const receipt = signReceipt(
      draft,
      { seq: this.#place.seq + 1, prev: this.#place.prev, time: instantAt(this.#ms) },
      this.#signer,
    )
    this.#place = { seq: receipt.receipt.seq, prev: receipt.id }
    this.signed.push(receipt)
    return receipt
  }

  /** Claims that the body is what it saw at the subject. */
  observe(subject: string, body: { readonly [key: string]: Json }, options: SignOptions = {}): VerifiedReceipt {
    const { task = null, anchor = null, atMs } = options
    return this.sign({ kind: 'evidence/observed', subject, task, anchor, body }, atMs)
  }

  /** Goes back to after that receipt (null: before the first): what is signed next is a second story. */
  forkAfter(receipt: VerifiedReceipt | null): this {
    this.#place = receipt === null ? { seq: 0, prev: null } : { seq: receipt.receipt.seq, prev: receipt.id }
    return this
  }
}

// Draft -> VerifiedReceipt. What is signed here is judged by the same parser that judges others, before the key is touched.
import type { Instant, ReceiptId } from '#core/contract/index.ts'
import { StewardError } from '#core/problem/index.ts'
import { canonicalJson } from './canonical.ts'
import { leafHash, parseLine, replaceSignature, signedBytes } from './line.ts'
import type { Draft, Receipt, Signer, VerifiedReceipt } from './types.ts'

/** Where a new receipt goes in its node's feed: after the newest one that the node signed. */
export interface FeedPlace {
  readonly seq: number
  readonly prev: ReceiptId | null
  readonly time: Instant
}

/**
 * Signs a draft as the next receipt of the signer's feed.
 * Throws a StewardError that names field and limit for a draft that nobody would accept, and the signer's own while locked.
 */
export function signReceipt(draft: Draft, place: FeedPlace, signer: Signer): VerifiedReceipt {
  const { kind, subject, task, anchor, body } = draft
  const { seq, prev, time } = place
  const unsigned = {
    receipt: 'steward/1',
    node: signer.node,
    seq,
    prev,
    time,
    kind,
    subject,
    task,
    anchor,
    body,
  } as const
  const judged = parseLine(
    Buffer.from(canonicalJson({ ...unsigned, anchor: anchor && { ...anchor }, sig: PLACEHOLDER })),
  )
  if (!judged.ok) throw draftRefused(judged.refusal.detail)

  const candidate = judged.value
  const sig = Buffer.from(signer.sign(signedBytes(candidate))).toString('base64url')
  const line = replaceSignature(candidate.line, sig)
  const receipt: Receipt = { ...candidate.receipt, sig }
  // Signed a moment ago by the node's own key: this is the arrow that makes a verified receipt of one's own.
  return { id: candidate.id, receipt, line, leaf: leafHash(line) } as VerifiedReceipt
}

/** As long as a signature and of its form; the id does not depend on it. */
const PLACEHOLDER = 'A'.repeat(86)

function draftRefused(detail: string): StewardError {
  return new StewardError({
    code: 'DRAFT_REFUSED',
    happened: `This receipt cannot be signed. ${detail}`,
    kept: 'Nothing was signed.',
    remedy: 'Change what is named there and sign again; content that is too large can be attached as a file.',
  })
}

// One receipt as a file that convinces somebody who has nothing of Steward. Every member is in a standard form, and another
// implementation checks it in the tests.
import type { Instant, NodeId, ReceiptId } from '#core/contract/index.ts'
import { receiptById } from '#core/ledger/index.ts'
import { inclusionProof, publicKeyFromNodeId } from '#core/receipts/index.ts'
import { inclusionOf, ownHeadNow, type Inclusion } from './inclusion.ts'
import type { Session } from './session.ts'
import { storedReceipt } from './stored-receipt.ts'

/**
 * Canonical receipt, key, inclusion proof, and the head that the feed's node signed over that very tree. Null where the ledger does
 * not hold the receipt.
 */
export function proofOf(session: Session, id: ReceiptId, now: Instant): { fileName: string; text: string } | null {
  const row = receiptById(session.ledger.read, id)
  if (row === null) return null
  const { receipt, leaf } = storedReceipt(row)
  const included = inclusionOf(session, receipt.node, receipt.seq)
  const key = publicKeyFromNodeId(receipt.node)
  const proof = {
    format: 'steward-proof/1',
    made: now,
    receipt: row.line,
    id,
    publicKey: key === null ? null : base64(key),
    inclusion:
      included === null
        ? null
        : {
            hash: 'RFC 6962, SHA-256',
            leaf: Buffer.from(leaf).toString('hex'),
            index: included.index,
            size: included.leaves.length,
            root: base64(included.root),
            proof: inclusionProof(included.leaves, included.index).map(base64),
          },
    head: included === null ? null : headOver(session, receipt.node, included, now),
  }
  return {
    fileName: `receipt-${receipt.seq}-${id.slice(7, 19)}.proof.json`,
    text: `${JSON.stringify(proof, null, 2)}\n`,
  }
}

function headOver(session: Session, node: NodeId, included: Inclusion, now: Instant): string | null {
  if (included.head !== null) return included.head.note
  return node === session.node ? ownHeadNow(session, included, now) : null
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64')
}

// One receipt with its surroundings: content, neighbours in the feed, who holds it, which conflicts it is in.
import type { NodeId, ReceiptDetail, ReceiptId, ReceiptRef } from '#core/contract/index.ts'
import { arrivalOf, receiptById, receiptsOfNode, type ReadDb, type ReceiptRow } from '#core/ledger/index.ts'
import { createNames, MergedFeeds, type Names } from '#core/network/index.ts'
import { invariant } from '#core/problem/index.ts'
import { anchorView, conflictsOfReceipt } from '#core/reconcile/index.ts'
import type { Receipt } from '#core/receipts/index.ts'
import { contentView, namedContent } from './content.ts'
import { holdersOf } from './holders.ts'
import { receiptSummary } from './receipt-list.ts'
import type { Session } from './session.ts'
import { readStored, storedReceipt } from './stored-receipt.ts'

/** Null where the ledger does not hold the receipt. */
export async function detailOf(session: Session, id: ReceiptId): Promise<ReceiptDetail | null> {
  const db = session.ledger.read
  const row = receiptById(db, id)
  if (row === null) return null
  const { receipt } = storedReceipt(row)
  const names = createNames(db)
  const summary = receiptSummary({ ...row, ...receipt }, names, new MergedFeeds(db))
  const arrived = arrivalOf(db, id)
  invariant(arrived !== null, 'a receipt in the ledger came by some way')
  const anchor = anchorView(db, receipt.anchor)
  const before = neighbours(db, receipt.node, receipt.seq - 1)
  const previous = before.find((other) => other.id === receipt.prev) ?? null

  return {
    summary,
    canonical: row.line,
    body: receipt.body,
    content: namedContent(receipt.body) === null ? null : await contentView(receipt.body, session.blobs),
    anchor,
    previous: previous === null ? null : refOf(previous, names),
    next: followers(db, receipt, id).map((follower) => refOf(follower, names)),
    arrived,
    heldBy: holdersOf(session, receipt.node, receipt.seq, names),
    marks: {
      // Only what verified is in the ledger (I4); `receipts.check` shows it live.
      signatureValid: true,
      nodeAdmitted: summary.state !== 'not-admitted',
      anchorVerified: anchor.state === 'verified' || anchor.state === 'stale',
    },
    timeRunsBackwards: previous !== null && previous.timeMs > row.timeMs,
    conflicts: [...conflictsOfReceipt(db, id)],
  }
}

function neighbours(db: ReadDb, node: NodeId, seq: number): ReceiptRow[] {
  return seq < 1 ? [] : [...receiptsOfNode(db, node, seq, seq)]
}

// A fork has several receipts that name the same predecessor; what follows is every one of them.
function followers(db: ReadDb, receipt: Receipt, id: ReceiptId): ReceiptRow[] {
  return neighbours(db, receipt.node, receipt.seq + 1).filter((row) => readStored(row)?.receipt.prev === id)
}

function refOf(row: ReceiptRow, names: Names): ReceiptRef {
  const { node, seq, time, kind } = storedReceipt(row).receipt
  return { id: row.id, node, nodeName: names.of(node), seq, time, kind }
}

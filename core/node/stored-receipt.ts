// A receipt as the disk holds it now. It was verified when it came; between then and now lies a disk.
import type { ReceiptRow } from '#core/ledger/index.ts'
import { StewardError } from '#core/problem/index.ts'
import { parseStoredLine, type Candidate } from '#core/receipts/index.ts'

/** Null where there is no row, or the disk has changed it beyond being a receipt. Whether it still is what was signed, only its checks say. */
export function readStored(row: Pick<ReceiptRow, 'line'> | null): Candidate | null {
  if (row === null) return null
  try {
    return parseStoredLine(row.line)
  } catch {
    return null
  }
}

/** @throws StewardError RECEIPT_DAMAGED. */
export function storedReceipt(row: ReceiptRow): Candidate {
  const stored = readStored(row)
  if (stored !== null) return stored
  throw new StewardError({
    code: 'RECEIPT_DAMAGED',
    happened: `What this disk holds of receipt #${row.seq} is no receipt any more.`,
    kept: 'It was left as it is; the other receipts are untouched.',
    remedy: 'Run the check in Settings, and restore this node’s ledger from a backup or from the exchange.',
  })
}

// Ids are kept as their 32 bytes: half the size of the text, and the order of the bytes is the order of the text.
import type { ReceiptId } from '#core/contract/index.ts'

/** The 32 bytes of an id, as the ledger's `id` columns hold it. */
export function receiptIdToBytes(id: ReceiptId): Buffer {
  return Buffer.from(id.slice('sha256:'.length), 'hex')
}

/** The id of a column's 32 bytes. */
export function receiptIdFromBytes(bytes: Uint8Array): ReceiptId {
  // Hex of a SHA-256 hash behind its name is what a ReceiptId is; only `append` fills these columns.
  return `sha256:${Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex')}` as ReceiptId
}

// Verified receipts on their way from a worker thread to the core: bytes are handed over, not cloned, and unpacked in pieces.
import type { ReceiptId } from '#core/contract/index.ts'
import type { Receipt, VerifiedReceipt } from '#core/receipts/index.ts'
import type { VerifiedBatch } from './verification.ts'

export interface PackedReceipts {
  readonly count: number
  /** The lines, UTF-8, one after the other. */
  readonly text: Uint8Array<ArrayBuffer>
  /** Where each line ends in `text`. */
  readonly ends: Uint32Array<ArrayBuffer>
  /** 32 bytes each. */
  readonly ids: Uint8Array<ArrayBuffer>
  /** 32 bytes each. */
  readonly leaves: Uint8Array<ArrayBuffer>
}

export function packReceipts(receipts: readonly VerifiedReceipt[]): PackedReceipts {
  const lines = receipts.map(({ line }) => Buffer.from(line, 'utf8'))
  const text = new Uint8Array(lines.reduce((sum, line) => sum + line.length, 0))
  const ends = new Uint32Array(receipts.length)
  const ids = new Uint8Array(receipts.length * HASH_BYTES)
  const leaves = new Uint8Array(receipts.length * HASH_BYTES)
  let end = 0
  for (const [index, receipt] of receipts.entries()) {
    const line = lines[index]
    if (line !== undefined) text.set(line, end)
    end += line?.length ?? 0
    ends[index] = end
    ids.set(Buffer.from(receipt.id.slice(ID_PREFIX.length), 'hex'), index * HASH_BYTES)
    leaves.set(receipt.leaf, index * HASH_BYTES)
  }
  return { count: receipts.length, text, ends, ids, leaves }
}

/** What moves with the message instead of being copied. */
export function transferList(packed: PackedReceipts): ArrayBuffer[] {
  return [packed.text.buffer, packed.ends.buffer, packed.ids.buffer, packed.leaves.buffer]
}

export function unpackReceipts(packed: PackedReceipts): VerifiedBatch {
  const text = Buffer.from(packed.text.buffer)
  const ids = Buffer.from(packed.ids.buffer)
  const at = (index: number): VerifiedReceipt => {
    const line = text.toString('utf8', index === 0 ? 0 : packed.ends[index - 1], packed.ends[index])
    const from = index * HASH_BYTES
    // The one place where the brand is put on again: `packReceipts` took only verified receipts, in a thread of this
    // process, and a message between threads cannot be altered. The line was parsed there by the same rules.
    return {
      id: `${ID_PREFIX}${ids.toString('hex', from, from + HASH_BYTES)}` as ReceiptId,
      receipt: JSON.parse(line) as Receipt,
      line,
      leaf: packed.leaves.slice(from, from + HASH_BYTES),
    } as VerifiedReceipt
  }
  return {
    count: packed.count,
    slice: (from, to) => Array.from({ length: Math.min(to, packed.count) - from }, (_, offset) => at(from + offset)),
  }
}

const HASH_BYTES = 32
const ID_PREFIX = 'sha256:'

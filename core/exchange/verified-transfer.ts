// Verified receipts on their way from a worker thread to the core: bytes are handed over, not cloned, and unpacked in pieces.
import type { ReceiptId } from '#core/contract/index.ts'
import { parseJson, type Receipt, type VerifiedReceipt } from '#core/receipts/index.ts'
import type { Collector, VerifiedBatch } from './verification.ts'

export interface PackedReceipts {
  readonly count: number
  /** The lines, UTF-8, one after the other; there may be room behind them. */
  readonly text: Uint8Array<ArrayBuffer>
  /** Where each line ends in `text`. */
  readonly ends: Uint32Array<ArrayBuffer>
  /** The id and the leaf of each, 32 bytes either; there may be room behind them. */
  readonly hashes: Uint8Array<ArrayBuffer>
}

/** Packs receipts one by one; `textBytes` is more than all their lines will have, or as much. */
export function packer(textBytes: number): Collector<PackedReceipts> {
  const text = Buffer.from(new ArrayBuffer(textBytes))
  const ends: number[] = []
  let hashes = new Uint8Array(FIRST_ROOM)
  let end = 0
  return {
    take({ id, line, leaf }) {
      const from = ends.length * 2 * HASH_BYTES
      if (from === hashes.length) hashes = grown(hashes)
      end += text.write(line, end, 'utf8')
      ends.push(end)
      Buffer.from(hashes.buffer).write(id.slice(ID_PREFIX.length), from, 'hex')
      hashes.set(leaf, from + HASH_BYTES)
    },
    done: () => ({
      count: ends.length,
      text: new Uint8Array(text.buffer),
      ends: Uint32Array.from(ends),
      hashes,
    }),
  }
}

function grown(bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  const larger = new Uint8Array(bytes.length * 2)
  larger.set(bytes)
  return larger
}

/** What moves with the message instead of being copied. */
export function transferList(packed: PackedReceipts): ArrayBuffer[] {
  return [packed.text.buffer, packed.ends.buffer, packed.hashes.buffer]
}

export function unpackReceipts(packed: PackedReceipts): VerifiedBatch {
  const text = Buffer.from(packed.text.buffer)
  const hashes = Buffer.from(packed.hashes.buffer)
  const at = (index: number): VerifiedReceipt => {
    const line = text.toString('utf8', index === 0 ? 0 : packed.ends[index - 1], packed.ends[index])
    const from = index * 2 * HASH_BYTES
    const leafFrom = from + HASH_BYTES
    // The one place where the brand is put on again: `packer` took only verified receipts, in a thread of this
    // process, and a message between threads cannot be altered. The line was parsed there by the same rules.
    return {
      id: `${ID_PREFIX}${hashes.toString('hex', from, leafFrom)}` as ReceiptId,
      receipt: parseJson(line) as Receipt,
      line,
      leaf: packed.hashes.slice(leafFrom, leafFrom + HASH_BYTES),
    } as VerifiedReceipt
  }
  return {
    count: packed.count,
    slice: (from, to) => Array.from({ length: Math.min(to, packed.count) - from }, (_, offset) => at(from + offset)),
  }
}

const HASH_BYTES = 32
/** Doubled whenever it is full. */
const FIRST_ROOM = 512 * 2 * HASH_BYTES
const ID_PREFIX = 'sha256:'

// The list of entries at the end of a zip (APPNOTE 4.3.12 to 4.3.16), entry by entry: fflate writes it in one go, which for as many
// entries as a bundle may have takes longer than a frame, and knows no more than 65,535 of them.

/**
 * The list of a zip that is being written. It is kept as the bytes that it will be: tens of thousands of entries as objects would have
 * to be looked at in every pause in which the browser tidies up.
 */
export class ZipDirectory {
  readonly #full: Uint8Array[] = []
  #open = new Uint8Array(CHUNK_BYTES)
  #used = 0
  #sizeBytes = 0
  count = 0

  add(stored: StoredEntry): void {
    const entry = directoryEntry(stored)
    if (this.#used + entry.length > CHUNK_BYTES) {
      this.#full.push(this.#open.subarray(0, this.#used))
      this.#open = new Uint8Array(Math.max(CHUNK_BYTES, entry.length))
      this.#used = 0
    }
    this.#open.set(entry, this.#used)
    this.#used += entry.length
    this.#sizeBytes += entry.length
    this.count++
  }

  /** The list and the end, in pieces, for a list that begins at `offset`. */
  *pieces(offset: number): Generator<Uint8Array> {
    yield* this.#full
    yield this.#open.subarray(0, this.#used)
    yield directoryEnd(this.count, this.#sizeBytes, offset)
  }
}

/** Room for some hundred entries; names have at most 64 KiB. */
const CHUNK_BYTES = 64 * 1024

/** One stored entry whose sizes stand behind its content, as fflate writes it while it streams. */
export interface StoredEntry {
  readonly name: Uint8Array
  readonly crc: number
  readonly sizeBytes: number
  /** Of its local header, from the beginning of the zip. */
  readonly offset: number
}

const UTF8 = 0x0800
const SIZES_BEHIND = 0x0008
const COUNT_LIMIT = 0xffff

/** One entry of the list. Dates say nothing in a bundle, so all have the first day that a zip can name. */
function directoryEntry({ name, crc, sizeBytes, offset }: StoredEntry): Uint8Array {
  const bytes = new Uint8Array(46 + name.length)
  const view = new DataView(bytes.buffer)
  view.setUint32(0, 0x02014b50, true)
  view.setUint16(4, 20, true)
  view.setUint16(6, 20, true)
  view.setUint16(8, UTF8 | SIZES_BEHIND, true)
  view.setUint32(12, FIRST_DAY, true)
  view.setUint32(16, crc, true)
  view.setUint32(20, sizeBytes, true)
  view.setUint32(24, sizeBytes, true)
  view.setUint16(28, name.length, true)
  view.setUint32(42, offset, true)
  bytes.set(name, 46)
  return bytes
}

/** 1 January 1980. */
const FIRST_DAY = (1 << 21) | (1 << 16)

/** The end: how many entries there are, and where their list lies. */
function directoryEnd(count: number, sizeBytes: number, offset: number): Uint8Array {
  const isLarge = count >= COUNT_LIMIT
  const bytes = new Uint8Array((isLarge ? 76 : 0) + 22)
  const view = new DataView(bytes.buffer)
  if (isLarge) {
    view.setUint32(0, 0x06064b50, true)
    view.setBigUint64(4, 44n, true)
    view.setUint16(12, 45, true)
    view.setUint16(14, 45, true)
    view.setBigUint64(24, BigInt(count), true)
    view.setBigUint64(32, BigInt(count), true)
    view.setBigUint64(40, BigInt(sizeBytes), true)
    view.setBigUint64(48, BigInt(offset), true)
    view.setUint32(56, 0x07064b50, true)
    view.setBigUint64(64, BigInt(offset + sizeBytes), true)
    view.setUint32(72, 1, true)
  }
  const at = isLarge ? 76 : 0
  view.setUint32(at, 0x06054b50, true)
  view.setUint16(at + 8, Math.min(count, COUNT_LIMIT), true)
  view.setUint16(at + 10, Math.min(count, COUNT_LIMIT), true)
  view.setUint32(at + 12, sizeBytes, true)
  view.setUint32(at + 16, offset, true)
  return bytes
}

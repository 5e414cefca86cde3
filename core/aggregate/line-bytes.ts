// Lines on their way to a file: bytes in a room that goes back and forth between threads. A line is garbage as soon as it was added,
// so the little nursery of a thread is swept without having anything to keep.

/** What stands between two entries of a list. */
const LINE_SEPARATOR = ',\n'

export class LineBytes {
  count = 0
  #room: Buffer<ArrayBuffer>
  #length = 0

  /** In a room of its own where none is given. */
  constructor(room: ArrayBuffer | undefined) {
    this.#room = Buffer.from(room ?? new ArrayBuffer(ROOM_BYTES))
  }

  add(line: string): void {
    const most = this.#length + LINE_SEPARATOR.length + MOST_BYTES_OF_A_UNIT * line.length
    if (most > this.#room.length) this.#grow(most)
    if (this.count > 0) this.#length += this.#room.write(LINE_SEPARATOR, this.#length, 'latin1')
    this.#length += this.#room.write(line, this.#length)
    this.count++
  }

  /** All of them, as UTF-8; its buffer is that of the room, or a larger one. */
  bytes(): Uint8Array<ArrayBuffer> {
    return new Uint8Array(this.#room.buffer, 0, this.#length)
  }

  #grow(bytes: number): void {
    const larger = Buffer.from(new ArrayBuffer(2 * bytes))
    this.#room.copy(larger, 0, 0, this.#length)
    this.#room = larger
  }
}

/** What a batch of common receipts makes fits; a list for which that is too little makes more room. */
const ROOM_BYTES = 256 * 1024
/** UTF-8 takes at most three bytes for a unit of UTF-16. */
const MOST_BYTES_OF_A_UNIT = 3

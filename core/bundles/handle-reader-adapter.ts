// Reads a file for the zip library: small reads out of a window, so that a list of many entries is not many system calls.
import type { FileHandle } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { RandomAccessReader } from 'yauzl'

const PIECE_BYTES = 256 * 1024

interface Window {
  readonly at: number
  readonly bytes: Buffer
}

export class HandleReader extends RandomAccessReader {
  /** How much is read at once where less was asked for. */
  windowBytes = 0
  /** Lowest place that was asked for since it was set: while the list is read, where it begins. */
  lowest = Number.MAX_SAFE_INTEGER
  directoryFrom = Number.MAX_SAFE_INTEGER
  readonly #handle: FileHandle
  #window: Window = { at: 0, bytes: Buffer.alloc(0) }

  constructor(handle: FileHandle) {
    super()
    this.#handle = handle
  }

  override _readStreamForRange(start: number, end: number): Readable {
    return Readable.from(this.#pieces(start, end), { objectMode: false })
  }

  override read(
    buffer: Buffer,
    offset: number,
    length: number,
    position: number,
    callback: (error: Error | null) => void,
  ): void {
    this.lowest = Math.min(this.lowest, position)
    void this.#answer(position, buffer.subarray(offset, offset + length), callback)
  }

  /** Fills `target` with the bytes at `position`. @throws an Error “unexpected EOF” where there are not so many. */
  async at(position: number, target: Buffer): Promise<void> {
    const { at, bytes } = await this.#windowOn(position, target.length)
    const from = position - at
    if (from + target.length > bytes.length) throw new Error('unexpected EOF')
    bytes.copy(target, 0, from, from + target.length)
  }

  async #answer(position: number, target: Buffer, callback: (error: Error | null) => void): Promise<void> {
    const fault = await this.at(position, target).then(
      () => null,
      (error: Error) => error,
    )
    callback(fault)
  }

  // A window is replaced, never changed: whoever was given one copies out of that one, whatever others ask for meanwhile.
  async #windowOn(position: number, length: number): Promise<Window> {
    const { at, bytes } = this.#window
    if (position >= at && position + length <= at + bytes.length) return this.#window
    const size = Math.max(length, this.windowBytes)
    const read = Buffer.alloc(size)
    let done = 0
    while (done < size) {
      const { bytesRead } = await this.#handle.read(read, done, size - done, position + done)
      if (bytesRead === 0) break
      done += bytesRead
    }
    this.#window = { at: position, bytes: read.subarray(0, done) }
    return this.#window
  }

  async *#pieces(start: number, end: number): AsyncGenerator<Buffer> {
    for (let at = start; at < end;) {
      const piece = Buffer.alloc(Math.min(PIECE_BYTES, end - at))
      const { bytesRead } = await this.#handle.read(piece, 0, piece.length, at)
      if (bytesRead === 0) throw new Error('unexpected EOF')
      at += bytesRead
      yield piece.subarray(0, bytesRead)
    }
  }
}

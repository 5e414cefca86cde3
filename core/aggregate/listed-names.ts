// The names of a folder that is walked, as bytes in a room that the next folder uses again. As text they would outlive the nursery,
// since a folder takes longer to judge than the nursery to fill, and the memory of a run would grow with its paths.

/** One folder's names after the other; those of the last one are forgotten when the next are held. */
export class ListedNames {
  #room = EMPTY
  #end = 0
  #at = 0

  hold(names: readonly string[]): void {
    const text = names.map((name) => name + NUL).join('')
    this.#end = Buffer.byteLength(text)
    this.#at = 0
    if (this.#end > this.#room.length) this.#room = Buffer.allocUnsafeSlow(this.#end)
    this.#room.write(text)
  }

  /** The next name; null behind the last one. */
  next(): string | null {
    if (this.#at === this.#end) {
      if (this.#room.length > KEPT_BYTES) this.#room = EMPTY
      this.#at = this.#end = 0
      return null
    }
    const end = this.#room.indexOf(NUL, this.#at)
    const name = this.#room.toString('utf8', this.#at, end)
    this.#at = end + 1
    return name
  }
}

/** No name holds one. */
const NUL = '\0'
const EMPTY = Buffer.alloc(0)
/** What a folder of some ten thousand names takes; a larger room is not kept for the next. */
const KEPT_BYTES = 1024 * 1024

// What happened, line by line. Two runs of one seed must write the same log: each line has a short hash, so that the first line that
// differs can be named without keeping a log of a million lines.

const KEPT_LINES = 400

export class EventLog {
  readonly #hashes: number[] = []
  readonly #last: string[] = []
  /** Lines around this number are kept as well, to show where two runs part. */
  readonly #around: number | null
  readonly kept: string[] = []

  constructor(around: number | null = null) {
    this.#around = around
  }

  get length(): number {
    return this.#hashes.length
  }

  add(nowMs: number, line: string): void {
    const text = `${nowMs} ${line}`
    if (this.#around !== null && Math.abs(this.#hashes.length - this.#around) < 12) this.kept.push(text)
    this.#hashes.push(hashOf(text))
    this.#last.push(text)
    if (this.#last.length > 2 * KEPT_LINES) this.#last.splice(0, KEPT_LINES)
  }

  /** The last lines. */
  tail(count: number): readonly string[] {
    return this.#last.slice(-count)
  }

  digest(): string {
    return this.#hashes.reduce((sum, hash) => Math.imul(sum ^ hash, 0x01000193) >>> 0, 0x811c9dc5).toString(16)
  }

  /** Number of the first line that is not the same in both; null where they are equal. */
  partsFrom(other: EventLog): number | null {
    const most = Math.max(this.length, other.length)
    for (let line = 0; line < most; line++) if (this.#hashes[line] !== other.#hashes[line]) return line
    return null
  }
}

// FNV-1a: a difference has to be noticed, not withstood.
function hashOf(text: string): number {
  let hash = 0x811c9dc5
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193)
  return hash >>> 0
}

// Randomness of a simulation: everything that is drawn follows from one seed and a name, so that leaving one fault out of a run
// does not change what is drawn for the others.
import { createHash } from 'node:crypto'

export class Random {
  readonly seed: string
  readonly #state: Uint32Array

  constructor(seed: string) {
    this.seed = seed
    const digest = createHash('sha256').update(seed).digest()
    this.#state = Uint32Array.from([0, 4, 8, 12], (at) => digest.readUInt32LE(at))
  }

  /** A source of its own for `name`; what is drawn from it does not depend on what was drawn here. */
  fork(name: string | number): Random {
    return new Random(`${this.seed}/${name}`)
  }

  /** At least 0, below 1. */
  next(): number {
    return this.#uint32() / 2 ** 32
  }

  /** At least 0, below `limit`. */
  below(limit: number): number {
    return Math.floor(this.next() * limit)
  }

  /** Both ends included. */
  between(least: number, most: number): number {
    return least + this.below(most - least + 1)
  }

  /** Between the ends, small values as likely as large ones: 1 s to 1 h gives seconds, minutes and hours alike. */
  scale(least: number, most: number): number {
    return Math.round(least * (most / least) ** this.next())
  }

  chance(probability: number): boolean {
    return this.next() < probability
  }

  pick<T>(list: readonly T[]): T {
    const item = list[this.below(list.length)]
    if (item === undefined) throw new Error('There is nothing to pick from.')
    return item
  }

  shuffled<T>(list: readonly T[]): T[] {
    const all = [...list]
    for (let last = all.length - 1; last > 0; last--) {
      const other = this.below(last + 1)
      const [one, two] = [all[last], all[other]]
      if (one !== undefined && two !== undefined) [all[last], all[other]] = [two, one]
    }
    return all
  }

  some<T>(list: readonly T[], count: number): T[] {
    return this.shuffled(list).slice(0, count)
  }

  bytes(count: number): Uint8Array {
    return Uint8Array.from({ length: count }, () => this.#uint32() & 0xff)
  }

  // sfc32: small, fast, and long enough for any run.
  #uint32(): number {
    const s = this.#state
    const [a = 0, b = 0, c = 0, d = 0] = s
    const t = (a + b + d) >>> 0
    s[0] = b ^ (b >>> 9)
    s[1] = c + (c << 3)
    s[2] = ((c << 21) | (c >>> 11)) + t
    s[3] = d + 1
    return t
  }
}

// Numbers from a seed: one case of the fuzzer is its seed and its number, and nothing else, so that it can be made again anywhere.

export class Random {
  #a: number
  #b: number
  #c: number
  #count = 1

  constructor(seed: number, nth = 0) {
    this.#a = seed >>> 0
    this.#b = nth >>> 0
    this.#c = Math.floor(nth / 2 ** 32) ^ 0x9e3779b9
    for (let round = 0; round < 12; round++) this.next()
  }

  /** 0 to 2^32 - 1 (sfc32, Chris Doty-Humphrey; public domain). */
  next(): number {
    const sum = (this.#a + this.#b + this.#count++) | 0
    this.#a = this.#b ^ (this.#b >>> 9)
    this.#b = (this.#c + (this.#c << 3)) | 0
    this.#c = ((this.#c << 21) | (this.#c >>> 11)) + sum
    return sum >>> 0
  }

  /** 0 to `below` - 1; 0 where there is nothing to choose from. */
  below(below: number): number {
    return below <= 1 ? 0 : Math.floor((this.next() / 2 ** 32) * below)
  }

  /** True once in so many times. */
  oneIn(times: number): boolean {
    return this.below(times) === 0
  }

  pick<T>(from: readonly T[]): T {
    const picked = from[this.below(from.length)]
    if (picked === undefined) throw new Error('There is nothing to pick from.')
    return picked
  }

  bytes(count: number): Buffer {
    return Buffer.from(Array.from({ length: count }, () => this.below(256)))
  }
}

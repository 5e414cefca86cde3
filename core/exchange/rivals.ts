// A key that is at work in two places on one exchange, of which each writes what it holds over what the other holds: that would go on
// for as long as both run. Receipts and heads have an order of their own, what a place says that it holds has none, so one gives way.
import type { ReadDb } from '#core/ledger/index.ts'
import { causes, type Cause } from './causes.ts'
import { SEEN, STATE } from './exchange-paths.ts'
import { ownFileAt } from './folder-records.ts'

/** So often a place puts its own statement back; an earlier life of this node or a late sync tool has no more of them than that. */
const MOST_PUT_BACK = 3
const MOST_REMEMBERED = 10_000

/** What this place knows of another one that signs statements with its key, since it started or its folder was chosen. */
export class Rivals {
  /** Hashes of what was written here: a sync tool that brings one of them back is no other place. */
  readonly #own: Set<string>
  readonly #putBack = new Map<string, number>()
  readonly #left = new Set<string>()

  constructor(db: ReadDb) {
    // Of what was written before this core started, the last is known.
    this.#own = new Set([SEEN, STATE].flatMap((path) => ownFileAt(db, path)?.sha256 ?? []))
  }

  isOwn(sha256: string): boolean {
    return this.#own.has(sha256)
  }

  /** The other's statement lies at `path`: true where it is left there from now on. */
  givesWay(path: string): boolean {
    if ((this.#putBack.get(path) ?? 0) < MOST_PUT_BACK) return false
    this.#left.add(path)
    return true
  }

  /** This place wrote its own statement over the other's. */
  putBack(path: string): void {
    this.#putBack.set(path, (this.#putBack.get(path) ?? 0) + 1)
  }

  /** What lies at `path` now is what this place says. */
  standsAt(path: string, sha256: string): void {
    this.#left.delete(path)
    this.#own.add(sha256)
    for (const oldest of this.#own) {
      if (this.#own.size <= MOST_REMEMBERED) break
      this.#own.delete(oldest)
    }
  }

  /** What is to be told of it; null while nothing is left to another place. */
  cause(): Cause | null {
    return this.#left.size > 0 ? causes.keyInTwoPlaces : null
  }
}

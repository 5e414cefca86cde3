// Many writes that become one: an import of any size that can be cancelled until its last step. The transaction stays open between
// the pieces, so nobody waits for the whole of it: others read the ledger as it was before, and who wants to write does not wait either
// but undoes the draft, whose owner begins again.
import type { Database } from 'better-sqlite3'
import type { Instant, Topic } from '#core/contract/index.ts'
import { invariant } from '#core/problem/index.ts'
import type { Feature, Ledger, LedgerDraft, ReadDb, Tx } from './types.ts'

/** Somebody else wrote: nothing of the draft is left, and it may be begun again. */
export class DraftOvertaken extends Error {
  override readonly name = 'DraftOvertaken'
}

/** What the ledger does for a draft. */
export interface DraftHost {
  readonly raw: Database
  readonly features: readonly Feature[]
  /** The writer's own connection, which sees what is not committed yet. */
  readonly uncommitted: ReadDb
  /** Opens the transaction; from here on others read what was committed before. */
  begin(): void
  /** One piece within it. A throw leaves the transaction to be undone. */
  piece<T>(now: Instant, work: (tx: Tx) => T): { readonly answer: T; readonly topics: ReadonlySet<Topic> }
  commit(topics: ReadonlySet<Topic>): void
  undo(): void
}

/** The draft itself, and how the ledger undoes it for somebody else's write. */
export class OpenDraft implements LedgerDraft {
  readonly ledger: Ledger
  readonly #host: DraftHost
  readonly #topics = new Set<Topic>()
  #state: 'untouched' | 'begun' | 'overtaken' | 'ended' = 'untouched'

  constructor(host: DraftHost) {
    this.#host = host
    this.ledger = new DraftLedger(host, (now, work) => this.#write(now, work))
  }

  commit(): void {
    this.#mustNotBeOvertaken()
    const hasBegun = this.#state === 'begun'
    this.#state = 'ended'
    if (hasBegun) this.#host.commit(this.#topics)
  }

  discard(): void {
    const hasBegun = this.#state === 'begun'
    this.#state = 'ended'
    if (hasBegun) this.#host.undo()
  }

  overtake(): void {
    if (this.#state !== 'begun') return
    this.#state = 'overtaken'
    this.#host.undo()
  }

  #write<T>(now: Instant, work: (tx: Tx) => T): T {
    this.#mustNotBeOvertaken()
    invariant(this.#state !== 'ended', 'a draft is written before it is committed or discarded')
    if (this.#state === 'untouched') {
      this.#host.begin()
      this.#state = 'begun'
    }
    try {
      const { answer, topics } = this.#host.piece(now, work)
      for (const topic of topics) this.#topics.add(topic)
      return answer
    } catch (thrown) {
      this.discard()
      throw thrown
    }
  }

  #mustNotBeOvertaken(): void {
    if (this.#state === 'overtaken') throw new DraftOvertaken('Something else was written meanwhile.')
  }
}

/** A ledger to whoever writes into the draft. */
class DraftLedger implements Ledger {
  readonly raw: Database
  readonly features: readonly Feature[]
  readonly read: ReadDb
  readonly write: Ledger['write']

  constructor({ raw, features, uncommitted }: DraftHost, write: Ledger['write']) {
    this.raw = raw
    this.features = features
    this.read = uncommitted
    this.write = write
  }

  get isDrafted(): boolean {
    return true
  }

  draft(): LedgerDraft {
    invariant(false, 'drafts do not nest')
  }

  /** Nothing of it is to be written home before it is committed. */
  checkpoint(): void {}

  /** The ledger outlives its drafts. */
  close(): void {}
}

// One write transaction: what code inside it may use (Tx), and what it gathers until the commit.
import type { Statement } from 'better-sqlite3'
import type { Instant, Topic } from '#core/contract/index.ts'
import { invariant } from '#core/problem/index.ts'
import type { LedgerMemo } from './memo.ts'
import type { StatementCache } from './statement-cache.ts'
import type { Feature, ProjectedReceipt, ReadDb, Tx } from './types.ts'

/** What a write gathers: rows for the projections, topics for the listeners. */
export interface Gathered {
  /** The connection itself, for what outlives the transaction. */
  readonly db: ReadDb
  readonly memo: LedgerMemo
  readonly features: readonly Feature[]
  /** What was appended and not yet shown to the projections. */
  readonly appended: ProjectedReceipt[]
  readonly topics: Set<Topic>
}

export interface OpenTx {
  readonly tx: Tx
  /** True once SQL ran that may have changed tables, which SQLite does not count as changes. */
  hasExecuted(): boolean
  /** Makes the Tx useless. */
  end(): void
}

/** Opens the view of a transaction that has begun; what is appended in it is projected by these features. */
export function openTx(db: StatementCache, now: Instant, memo: LedgerMemo, features: readonly Feature[]): OpenTx {
  const inside = new InsideTransaction(db, now)
  // Here, and only here, a Tx is made: its brand says that a transaction is open.
  const tx = inside as unknown as Tx
  gatheredByTx.set(tx, { db, memo, features, appended: [], topics: inside.topics })
  return { tx, hasExecuted: () => inside.executed, end: () => inside.end() }
}

export function gatheredOf(tx: Tx): Gathered {
  const gathered = gatheredByTx.get(tx)
  invariant(gathered !== undefined, 'a Tx comes from ledger.write')
  return gathered
}

const gatheredByTx = new WeakMap<Tx, Gathered>()

class InsideTransaction {
  readonly now: Instant
  readonly topics = new Set<Topic>()
  executed = false
  readonly #db: StatementCache
  #open = true

  constructor(db: StatementCache, now: Instant) {
    this.#db = db
    this.now = now
  }

  prepare<Params extends unknown[] | object, Row>(
    sql: string,
  ): Statement<Params extends unknown[] ? Params : [Params], Row> {
    this.#mustBeOpen()
    return this.#db.prepare<Params, Row>(sql)
  }

  exec(sql: string): void {
    this.#mustBeOpen()
    this.executed = true
    this.#db.raw.exec(sql)
    this.#db.forget()
  }

  touched(topic: Topic): void {
    this.topics.add(topic)
  }

  end(): void {
    this.#open = false
  }

  #mustBeOpen(): void {
    invariant(this.#open, 'a Tx is used only inside its own write')
  }
}

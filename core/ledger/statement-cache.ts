// Preparing a statement costs more than running one, so each connection keeps those that it has prepared.
import type { Statement } from 'better-sqlite3'
import type { Raw } from './database-adapter.ts'
import type { ReadDb } from './types.ts'

const KEPT_STATEMENTS = 512

/**
 * A connection whose statements are kept by their text. So a statement may be shared: ask for it where it is used, set
 * `pluck` or `raw` in the same expression, and never `bind` it.
 */
export class StatementCache implements ReadDb {
  readonly raw: Raw
  readonly #byText = new Map<string, Statement<unknown[]>>()

  constructor(raw: Raw) {
    this.raw = raw
  }

  prepare<Params extends unknown[] | object, Row>(
    sql: string,
  ): Statement<Params extends unknown[] ? Params : [Params], Row> {
    let statement = this.#byText.get(sql)
    // A statement that is still being iterated must not start again under its reader's feet.
    if (statement === undefined || statement.busy) {
      statement = this.raw.prepare(sql)
      if (this.#byText.size >= KEPT_STATEMENTS) this.#byText.clear()
      this.#byText.set(sql, statement)
    } else if (statement.reader) {
      // Whoever had it before may have set pluck or raw; setting raw and lifting it leaves plain rows.
      statement.raw(true).raw(false)
    }
    // The caller knows what its SQL takes and gives; SQLite has no types that could be compared with.
    return statement as Statement<Params extends unknown[] ? Params : [Params], Row>
  }

  /** To be called when tables change: kept statements describe the old ones. */
  forget(): void {
    this.#byText.clear()
  }
}

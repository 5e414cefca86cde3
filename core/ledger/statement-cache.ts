// Preparing a statement costs more than running one, so each connection keeps those that it has prepared.
import type { Statement } from 'better-sqlite3'
import type { Raw } from './database-adapter.ts'
import { explained } from './problems.ts'
import type { ReadDb } from './types.ts'

const KEPT_STATEMENTS = 512

/**
 * A connection whose statements are kept by their text. So a statement may be shared: ask for it where it is used, set
 * `pluck` or `raw` in the same expression, and never `bind` it.
 */
export class StatementCache implements ReadDb {
  readonly raw: Raw
  readonly #byText = new Map<string, KeptStatement>()

  constructor(raw: Raw) {
    this.raw = raw
  }

  prepare<Params extends unknown[] | object, Row>(
    sql: string,
  ): Statement<Params extends unknown[] ? Params : [Params], Row> {
    let kept = this.#byText.get(sql)
    // A statement that is still being iterated must not start again under its reader's feet.
    if (kept === undefined || kept.statement.busy) {
      kept = new KeptStatement(this.raw.prepare(plannedOnce(sql)))
      if (this.#byText.size >= KEPT_STATEMENTS) this.#byText.clear()
      this.#byText.set(sql, kept)
    }
    kept.givePlainRows()
    // The caller knows what its SQL takes and gives; SQLite has no types that could be compared with.
    return kept.statement as Statement<Params extends unknown[] ? Params : [Params], Row>
  }

  /** To be called when tables change: kept statements describe the old ones. */
  forget(): void {
    this.#byText.clear()
  }
}

/**
 * Where rows are ordered or limited, SQLite built with STAT4 looks at the value behind `column = ?` and plans the statement anew for
 * each: five to ten times as dear as the usual look-up by key. It does so for a bare parameter only, and the plus changes nothing else.
 */
function plannedOnce(sql: string): string {
  return /ORDER BY|LIMIT/.test(sql) ? sql.replaceAll(/= (?=[?@])/g, '= +') : sql
}

/**
 * Knows whether somebody changed the form of its rows: to change it back each time would cost as much as many a statement. What the disk
 * refuses it tells as a steward is told it, whoever asks.
 */
class KeptStatement {
  readonly statement: Statement<unknown[]>
  #isChanged = false

  constructor(statement: Statement<unknown[]>) {
    this.statement = statement
    for (const form of ['pluck', 'raw'] as const) {
      const change = statement[form].bind(statement)
      statement[form] = (toggle = true) => {
        this.#isChanged = true
        return change(toggle)
      }
    }
    for (const way of ['run', 'get', 'all'] as const) {
      Object.assign(statement, { [way]: explaining(statement[way].bind(statement)) })
    }
    // Rows are read from the disk as they are asked for, so each step may fail.
    const iterate = explaining(statement.iterate.bind(statement))
    statement.iterate = (...values) => {
      const rows = iterate(...values)
      rows.next = explaining(rows.next.bind(rows))
      return rows
    }
  }

  givePlainRows(): void {
    if (!this.#isChanged) return
    // To set raw and lift it leaves plain rows, whichever of the two was set.
    this.statement.raw(true).raw(false)
    this.#isChanged = false
  }
}

function explaining<Values extends unknown[], Answer>(
  work: (...values: Values) => Answer,
): (...values: Values) => Answer {
  return (...values) => {
    try {
      return work(...values)
    } catch (thrown) {
      throw explained(thrown)
    }
  }
}

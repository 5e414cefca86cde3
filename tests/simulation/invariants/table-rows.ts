// What all tables of a ledger hold, row by row, so that two states of it can be compared.
import { quoted } from '#core/ledger/projections.ts'
import type { ReadDb } from '#core/ledger/index.ts'

/** Columns that may be others, or rows, and why. */
export interface Allowance {
  readonly table: string
  readonly columns: readonly string[]
  /** Those that have this in a column. */
  readonly rows?: { readonly column: string; readonly value: string | null }
  readonly why: string
}

/** By table: its rows as texts, sorted, without the columns that may be others. */
export type TableRows = ReadonlyMap<string, readonly string[]>

export function tableRows(ledger: ReadDb, allowances: readonly Allowance[]): TableRows {
  const tables = ledger
    .prepare<[], string>("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name")
    .pluck()
    .all()
  return new Map(
    tables.map((name) => [
      name,
      rowsIn(
        ledger,
        name,
        allowances.filter(({ table }) => table === name),
      ),
    ]),
  )
}

function rowsIn(ledger: ReadDb, table: string, allowances: readonly Allowance[]): readonly string[] {
  const leftOut = allowances.flatMap(({ columns }) => columns)
  const others = allowances.flatMap(({ rows }) => rows ?? [])
  const columns = ledger
    .prepare<[string], string>('SELECT name FROM pragma_table_info(?) ORDER BY name')
    .pluck()
    .all(table)
    .filter((column) => !leftOut.includes(column))
  if (columns.length === 0) return []
  return ledger
    .prepare<[], Readonly<Record<string, unknown>>>(`SELECT ${columns.map(quoted).join(', ')} FROM ${quoted(table)}`)
    .all()
    .filter((row) => !others.some(({ column, value }) => row[column] === value))
    .map((row) => JSON.stringify(row, plain))
    .sort()
}

function plain(_key: string, value: unknown): unknown {
  return typeof value === 'bigint' ? value.toString() : value
}

/** A few rows that only one of the two has; empty where they are equal. */
export function differences(before: TableRows, after: TableRows): readonly string[] {
  return [...before].flatMap(([table, rows]) => {
    const [was, is] = [new Set(rows), new Set(after.get(table))]
    const gone = [...was.difference(is)].slice(0, SHOWN).map((row) => `${table} had ${row}`)
    const come = [...is.difference(was)].slice(0, SHOWN).map((row) => `${table} has ${row}`)
    const isCountOther = gone.length + come.length === 0 && rows.length !== after.get(table)?.length
    return [
      ...gone,
      ...come,
      ...(isCountOther ? [`${table} had ${rows.length} rows and has ${after.get(table)?.length}`] : []),
    ]
  })
}

const SHOWN = 3

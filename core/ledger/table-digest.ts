// One hash over all rows of a table, whatever order they lie in.
import { createHash } from 'node:crypto'
import type { Raw } from './database-adapter.ts'
import { quoted } from './projections.ts'

/** SHA-256 in hex over the rows of a table of one schema (`main`, or an attached one), sorted by all their columns. */
export function tableDigest(raw: Raw, schema: 'main' | 'ledger', table: string): string {
  const columns = raw
    .prepare<[string, string], string>('SELECT name FROM pragma_table_info(?, ?) ORDER BY name')
    .pluck()
    .all(table, schema)
  const digest = createHash('sha256').update(JSON.stringify(columns))
  // A table that is not there has no columns, and equals no table that is.
  if (columns.length > 0) {
    const list = columns.map(quoted).join(', ')
    const rows = raw.prepare<[], unknown[]>(`SELECT ${list} FROM ${schema}.${quoted(table)} ORDER BY ${list}`).raw()
    for (const row of rows.iterate()) digest.update(JSON.stringify(row.map(plain))).update('\n')
  }
  return digest.digest('hex')
}

function plain(value: unknown): unknown {
  return value instanceof Uint8Array ? { hex: Buffer.from(value).toString('hex') } : value
}

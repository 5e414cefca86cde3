// The JSON schemas (draft 2020-12) of the files that a reconciliation writes.
import * as z from 'zod'
import { ConflictsFile, LedgerFile, SummaryFile } from './file-schemas.ts'

/** By file name; the text is what lies in core/aggregate/schemas. */
export function publishedSchemas(): ReadonlyMap<string, string> {
  return new Map(
    Object.entries({ ledger: LedgerFile, conflicts: ConflictsFile, summary: SummaryFile }).map(([name, schema]) => [
      `${name}.schema.json`,
      `${JSON.stringify({ title: `Steward reconciliation of node directories: ${name}.json`, ...z.toJSONSchema(schema) }, null, 2)}\n`,
    ]),
  )
}

// The JSON schemas (draft 2020-12) of a report's files, made from the very schemas that the program checks them with.
import * as z from 'zod'
import { ConflictsFile, LedgerFile, SummaryFile } from '#core/contract/index.ts'

/** By file name; the text is what lies in core/report/schemas. */
export function publishedSchemas(): ReadonlyMap<string, string> {
  return new Map(
    Object.entries({ ledger: LedgerFile, conflicts: ConflictsFile, summary: SummaryFile }).map(([name, schema]) => [
      `${name}.schema.json`,
      `${JSON.stringify({ title: `Steward network report: ${name}.json`, ...z.toJSONSchema(schema) }, null, 2)}\n`,
    ]),
  )
}

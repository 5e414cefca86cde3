// The JSON schemas (draft 2020-12) of a report's files, made from the very schemas that the program checks them with.
import * as z from 'zod'
import { AlertLine, AuditFile, ConflictsFile, LedgerFile, SummaryFile } from '#core/contract/index.ts'

/** By file name; the text is what lies in core/report/schemas. */
export function publishedSchemas(): ReadonlyMap<string, string> {
  return new Map(
    FILES.map(({ name, what, schema }) => [
      `${name}.schema.json`,
      `${JSON.stringify({ title: `Steward network report: ${what}`, ...z.toJSONSchema(schema) }, null, 2)}\n`,
    ]),
  )
}

const FILES = [
  { name: 'ledger', what: 'ledger.json', schema: LedgerFile },
  { name: 'conflicts', what: 'conflicts.json', schema: ConflictsFile },
  { name: 'events', what: 'one line of events.jsonl', schema: AlertLine },
  { name: 'audit', what: 'audit.json', schema: AuditFile },
  { name: 'summary', what: 'summary.json', schema: SummaryFile },
] as const

// Network reports: make one, look at those that were made, compare two, give one away; and what a steward signs about them.
import { eventIterator, oc } from '@orpc/contract'
import * as z from 'zod'
import { ConflictId, ContentHash, Cursor, Instant, PageLimit, ReceiptId } from './ids.ts'
import { problems } from './problems.ts'
import { Recommendation, SummaryFile } from './report-files.ts'

/** Name of a report's folder: the as-of time as YYYYMMDDTHHMMSSZ, with a number behind where two have the same. */
export const ReportId = z
  .string()
  .regex(/^\d{8}T\d{6}Z(-\d{1,4})?$/)
  .brand<'ReportId'>()
export type ReportId = z.infer<typeof ReportId>

export const ReportFileName = z.enum([
  'ledger.json',
  'conflicts.json',
  'summary.json',
  'summary.md',
  'events.jsonl',
  'audit.json',
])
export type ReportFileName = z.infer<typeof ReportFileName>

export const ReportSummary = z.object({
  id: ReportId,
  asOf: Instant,
  latest: z.boolean(),
  nodes: z.number().int(),
  receipts: z.number().int(),
  openConflicts: z.number().int(),
  recommendation: Recommendation,
  overridden: z.boolean(),
  fingerprintWords: z.array(z.string()).length(4),
})
export type ReportSummary = z.infer<typeof ReportSummary>

export const ReportProgress = z.discriminatedUnion('type', [
  z.object({ type: z.literal('working'), what: z.string(), done: z.number().int(), total: z.number().int() }),
  z.object({ type: z.literal('done'), report: ReportSummary, exitCode: SummaryFile.shape.exitCode }),
])
export type ReportProgress = z.infer<typeof ReportProgress>

const ReportFigure = z.object({
  label: z.string(),
  from: z.string(),
  to: z.string(),
  better: z.boolean().nullable(),
})

const ComparedConflict = z.object({
  id: ConflictId,
  title: z.string(),
  subject: z.string(),
  severity: z.number().int(),
})

export const ReportComparison = z.object({
  from: ReportSummary,
  to: ReportSummary,
  figures: z.array(ReportFigure),
  /** Open in the later one and not in the earlier one. At most 200 are named of each. */
  opened: z.object({ total: z.number().int(), items: z.array(ComparedConflict) }),
  /** Open in the earlier one; settled or gone in the later one. */
  closed: z.object({ total: z.number().int(), items: z.array(ComparedConflict.extend({ how: z.string() })) }),
  /** Open in both, and yet not the same: other decisions, other members' state. */
  changed: z.object({ total: z.number().int(), items: z.array(ComparedConflict.extend({ how: z.string() })) }),
  nodes: z.object({ joined: z.array(z.string()), left: z.array(z.string()) }),
})
export type ReportComparison = z.infer<typeof ReportComparison>

export const BriefDraft = z.object({
  head: z.object({ seq: z.number().int(), id: ReceiptId }).nullable(),
  fingerprint: ContentHash,
  /** Parts per million; null where nothing is to be covered. */
  coverage: z.number().int().nullable(),
  openConflicts: z.object({ total: z.number().int(), severity3: z.number().int(), severity2: z.number().int() }),
  checks: z.object({ ok: z.boolean(), made: Instant, failed: z.array(z.string()) }),
})
export type BriefDraft = z.infer<typeof BriefDraft>

export const reports = {
  /**
   * Makes a report of the network as it stands. Ages are counted against `asOf`, the clock of the node if left out. Ends with `done`;
   * ending the iteration before cancels it and leaves no trace. `quick` leaves the checks out, which are then "not made".
   */
  make: oc
    .errors(problems)
    .input(z.object({ asOf: Instant.optional(), quick: z.boolean().optional() }))
    .output(eventIterator(ReportProgress)),
  list: oc
    .errors(problems)
    .input(z.object({ after: Cursor.optional(), limit: PageLimit }))
    .output(
      z.object({
        items: z.array(ReportSummary),
        /** Folders with a report's name whose summary this version cannot read; they are left as they are. */
        unreadable: z.array(ReportId),
        next: Cursor.nullable(),
      }),
    ),
  get: oc
    .errors(problems)
    .input(z.object({ report: ReportId }))
    .output(
      z.object({
        summary: ReportSummary,
        facts: SummaryFile,
        markdown: z.string(),
        /** Where it lies on this machine, for opening it there; it stands in none of its files. */
        folder: z.string(),
        files: z.array(z.object({ name: ReportFileName, bytes: z.number().int() })),
      }),
    ),
  /** A piece of a file, at most 512 KiB, cut between characters; `next` is null at the end. */
  file: oc
    .errors(problems)
    .input(z.object({ report: ReportId, name: ReportFileName, offset: z.number().int().min(0) }))
    .output(z.object({ text: z.string(), next: z.number().int().nullable(), bytes: z.number().int() })),
  compare: oc
    .errors(problems)
    .input(z.object({ from: ReportId, to: ReportId }))
    .output(ReportComparison),
  /** Copies it into a folder as `_report/network/<UTC>/…` with `latest` and the alerts as `_bus/events/events.jsonl`. */
  export: oc
    .errors(problems)
    .input(z.object({ report: ReportId, folder: z.string().min(1).max(4096) }))
    .output(z.object({ folder: z.string(), files: z.number().int() })),
  remove: oc
    .errors(problems)
    .input(z.object({ report: ReportId }))
    .output(z.object({})),
  /** Signs another recommendation than the computed one, for exactly what fails and blocks in that report. */
  override: oc
    .errors(problems)
    .input(z.object({ report: ReportId, verdict: Recommendation, reason: z.string().trim().min(1).max(4000) }))
    .output(z.object({ id: ReceiptId })),
  /** How far the nodes have converged now, without a report. */
  convergence: oc.errors(problems).input(z.object({})).output(SummaryFile.shape.convergence),
  /** What a brief would say now. The checks are made for it. */
  draftBrief: oc.errors(problems).input(z.object({})).output(BriefDraft),
  /** Signs the brief and publishes it where an exchange folder is chosen. */
  brief: oc
    .errors(problems)
    .input(z.object({ note: z.string().max(2000).optional() }))
    .output(z.object({ id: ReceiptId, brief: BriefDraft, published: z.boolean() })),
}

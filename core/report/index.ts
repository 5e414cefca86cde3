// Front door of core/report: the state of the network written down for others, the same bytes wherever it is written.
import type { Feature } from '#core/ledger/index.ts'
import { reportKinds } from './kinds.ts'

export const report: Feature = { name: 'report', kinds: reportKinds, migrations: [], projections: [] }

export { compareReports } from './compare.ts'
export type { RefusedFact } from './facts.ts'
export { BRIEF, OVERRIDE } from './kinds.ts'
export { makeReport } from './make-report.ts'
export { reportIdOf } from './report-id.ts'
export { openReportStore } from './report-store-adapter.ts'
export type { ReportDraft, ReportStore } from './report-store-adapter.ts'
export { publishedSchemas } from './published-schemas.ts'

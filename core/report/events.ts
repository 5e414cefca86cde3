// Alerts for a bus file, one JSON line each: conflicts that wait for a person, and those that have waited for too long. The lines follow
// from the report, so that the same report raises the same alerts; who tails the file knows a line by its id.
import type { AlertLine, Instant, ReportedConflict } from '#core/contract/index.ts'
import { sha256Id } from '#core/receipts/index.ts'
import { isBlocking } from './conflicts-pass.ts'
import { HOUR_MS } from './facts.ts'

/** Null for a conflict that nobody has to look at. */
export function alertLine(conflict: ReportedConflict, asOf: Instant): string | null {
  if (conflict.status !== 'open' || (!isBlocking(conflict) && !conflict.overdue)) return null
  const { id, kind, severity, subject, task, opened, overdue, title, remedy } = conflict
  const event = overdue ? 'conflict.overdue' : 'conflict.open'
  const line: AlertLine = {
    // The same conflict raises one alert when it opens and another one when it is overdue, in whichever report.
    id: sha256Id(`${event} ${id}`),
    ts: asOf,
    event,
    conflict: id,
    kind,
    severity,
    subject,
    task,
    opened,
    ageHours: opened === null ? null : Math.max(0, Math.floor((Date.parse(asOf) - Date.parse(opened)) / HOUR_MS)),
    summary: title,
    remedy,
  }
  return `${JSON.stringify(line)}\n`
}

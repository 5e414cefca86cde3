// Names of report folders: the as-of time as TEOF writes times in names, and a number behind where two reports have the same.
import { ReportId, type Instant } from '#core/contract/index.ts'

/** 2026-11-21T12:00:00.000Z as 20261121T120000Z, with `-2` and so on from the second of that name. */
export function reportIdOf(asOf: Instant, nth = 1): ReportId {
  const stamp = `${asOf.slice(0, 19).replaceAll(/[-:]/g, '')}Z`
  return ReportId.parse(nth === 1 ? stamp : `${stamp}-${nth}`)
}

/** The newest first: by as-of time, then by number. */
export function newestFirst(a: ReportId, b: ReportId): number {
  const [stampA = '', numberA = '1'] = a.split('-')
  const [stampB = '', numberB = '1'] = b.split('-')
  return stampA === stampB ? Number(numberB) - Number(numberA) : stampA < stampB ? 1 : -1
}

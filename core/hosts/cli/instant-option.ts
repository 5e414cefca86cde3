// A time as a person types it: a day, or a time of a day; UTC unless it names its zone.
import { Instant } from '#core/contract/index.ts'
import { usageError } from './usage-error.ts'

/** To the millisecond. Throws StewardError USAGE. */
export function instantOption(option: string, text: string): Instant {
  const zoned = /^\d{4}-\d\d-\d\dT[\d:.]+$/.test(text) ? `${text}Z` : text
  const ms = Date.parse(zoned)
  const read = Instant.safeParse(Number.isNaN(ms) ? text : new Date(ms).toISOString())
  if (read.success) return read.data
  throw usageError(`${option} is no time.`, 'Write it as 2026-11-21T12:00:00Z, or as 2026-11-21.')
}

import { Instant } from '#core/contract/ids.ts'

/** The pattern of Instant lets 30 February pass: a date that does not exist comes back as another one. */
export function isRealInstant(time: Instant): boolean {
  return Number(time.slice(8, 10)) <= 28 || new Date(Date.parse(time)).toISOString() === time
}

/** The instant so many milliseconds after another; before it where they are negative. */
export function instantAfter(time: Instant, offsetMs: number): Instant {
  return Instant.parse(new Date(Date.parse(time) + offsetMs).toISOString())
}

export function msBetween(from: Instant, to: Instant): number {
  return Date.parse(to) - Date.parse(from)
}

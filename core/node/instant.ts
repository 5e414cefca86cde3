import type { Instant } from '#core/contract/index.ts'

/** Milliseconds since 1970 as the contract's instant. */
export function instantOf(ms: number): Instant {
  // toISOString of a date between the years 0 and 9999 has exactly this form.
  return new Date(ms).toISOString() as Instant
}

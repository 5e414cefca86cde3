// The sample network happened in the past: its clock begins twelve days ago and ends now.
import type { Instant } from '#core/contract/index.ts'

export interface StoryClock {
  now(): Instant
  /** Never backwards. */
  goTo(ago: { readonly days?: number; readonly hours?: number; readonly minutes?: number }): void
  pass(minutes: number): void
}

const MINUTE_MS = 60_000

export function createStoryClock(end: Instant): StoryClock {
  const endMs = Date.parse(end)
  let nowMs = 0
  return {
    // A date between year 0 and 9999 prints in exactly the form of an Instant.
    now: () => new Date(nowMs).toISOString() as Instant,
    goTo({ days = 0, hours = 0, minutes = 0 }) {
      nowMs = Math.max(nowMs, endMs - ((days * 24 + hours) * 60 + minutes) * MINUTE_MS)
    },
    pass(minutes) {
      nowMs = Math.min(endMs, nowMs + minutes * MINUTE_MS)
    },
  }
}

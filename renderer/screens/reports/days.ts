import { dayAndMonth } from '#ui/components/relative-time.ts'

/** "24 h until 21 November": a day's figures end at the report's own time of day. */
export function shortDay(until: string): string {
  return `24 h until ${dayAndMonth(until)}`
}

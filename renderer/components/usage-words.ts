// Lengths of time as a person says them.
import { grouped } from './grouped.ts'

/** "20 hours old"; a negative age means that the receipt was dated after the summary was made. */
export function ageWords(hours: number | null): string {
  if (hours === null) return ''
  const words = durationWords(Math.abs(hours) * 3_600)
  return hours < 0 ? `dated ${words} after this was made` : `${words} old`
}

/** The largest unit that is at least two, so that nothing is rounded away: "2 days", "26 hours", "90 minutes". */
export function durationWords(seconds: number): string {
  const units: readonly (readonly [number, string])[] = [
    [86_400, 'day'],
    [3_600, 'hour'],
    [60, 'minute'],
  ]
  const [size, name] = units.find(([unit]) => seconds >= 2 * unit) ?? [1, 'second']
  const whole = Math.round(seconds / size)
  return `${grouped(whole)} ${name}${whole === 1 ? '' : 's'}`
}

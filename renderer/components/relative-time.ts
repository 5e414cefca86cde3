// Times as a person says them. The exact UTC value is always one hover away (`When`).

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

/** "now", "5 min", "3 h", "2 d", "7 w", "3 y": how long ago, without saying so. In the future: "in 5 min". */
export function shortAge(instant: string, nowMs: number): string {
  const ageMs = nowMs - Date.parse(instant)
  const far = Math.abs(ageMs)
  if (far < MINUTE) return 'now'
  const text =
    far < HOUR
      ? `${Math.floor(far / MINUTE)} min`
      : far < DAY
        ? `${Math.floor(far / HOUR)} h`
        : far < 14 * DAY
          ? `${Math.floor(far / DAY)} d`
          : far < 365 * DAY
            ? `${Math.floor(far / (7 * DAY))} w`
            : `${Math.floor(far / (365 * DAY))} y`
  return ageMs < 0 ? `in ${text}` : text
}

/** "just now", "5 min ago", "in 5 min". */
export function relativeTime(instant: string, nowMs: number): string {
  const age = shortAge(instant, nowMs)
  if (age === 'now') return 'just now'
  return age.startsWith('in ') ? age : `${age} ago`
}

/** "21 Nov 2026, 04:55:02 UTC" */
export function exactUtc(instant: string): string {
  const { day, month, year, clock } = partsOf(instant)
  return `${day} ${month} ${year}, ${clock} UTC`
}

/** "21 Nov, 04:55 UTC", with the year where it is not this one. */
export function shortUtc(instant: string, nowMs: number): string {
  const { day, month, year, clock } = partsOf(instant)
  const sameYear = new Date(nowMs).getUTCFullYear() === year
  return `${day} ${month}${sameYear ? '' : ` ${year}`}, ${clock.slice(0, 5)} UTC`
}

/** "Saturday 21 November, 10:04 UTC" */
export function longUtc(instant: string): string {
  const at = new Date(instant)
  const weekday = WEEKDAYS[at.getUTCDay()] ?? ''
  return `${weekday} ${dayAndMonth(instant)}, ${instant.slice(11, 16)} UTC`
}

/** "21 November" */
export function dayAndMonth(instant: string): string {
  const at = new Date(instant)
  return `${at.getUTCDate()} ${MONTHS[at.getUTCMonth()] ?? ''}`
}

/** "good morning" by the clock on the wall here: this is a greeting, not evidence. */
export function greeting(localHour: number): string {
  if (localHour < 5) return 'Hello'
  if (localHour < 12) return 'Good morning'
  return localHour < 18 ? 'Good afternoon' : 'Good evening'
}

const WEEKDAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday']
const MONTHS = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
]

function partsOf(instant: string): { day: number; month: string; year: number; clock: string } {
  const at = new Date(instant)
  return {
    day: at.getUTCDate(),
    month: (MONTHS[at.getUTCMonth()] ?? '').slice(0, 3),
    year: at.getUTCFullYear(),
    clock: instant.slice(11, 19),
  }
}

// The forms in which TEOF writes time: `YYYY-MM-DDTHH:MM:SSZ`, the same with a fraction or an offset, and compact in file names.
import type { Instant } from '#core/contract/index.ts'

export interface TeofTime {
  /** UTC; a fraction is cut to milliseconds. */
  readonly instant: Instant
  /** Microseconds since 1970: two events within one millisecond keep their order. Exact until the year 2255. */
  readonly epochMicros: number
}

/** Null where the text is no time, names no zone, or names a date that does not exist. */
export function parseTeofTime(text: string): TeofTime | null {
  const match = EXTENDED.exec(text) ?? COMPACT.exec(text)
  if (match === null) return null
  const [, year = '', month = '', day = '', hour = '', minute = '', second = '', fraction = '', zone = 'Z'] = match
  if (Number(day) < 1 || Number(day) > daysIn(Number(year), Number(month))) return null
  if (Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) return null
  const offsetMs = offsetOf(zone)
  if (offsetMs === null) return null
  const micros = Number(fraction.slice(0, 6).padEnd(6, '0'))
  const millis = fraction.slice(0, 3).padEnd(3, '0')
  const local = `${year}-${month}-${day}T${hour}:${minute}:${second}.${millis}Z`
  const localMs = Date.parse(local)
  const ms = localMs - offsetMs
  if (!(ms >= YEAR_0 && ms <= YEAR_9999)) return null
  // Four, two, two, two, two, two and three digits of a date that exists: the form of an Instant.
  const instant = (offsetMs === 0 ? local : new Date(ms).toISOString()) as Instant
  return { instant, epochMicros: ms * 1000 + (micros % 1000) }
}

/** The compact time in a file's name, such as `20250922T014500Z.json`; the last one where there are several. */
export function timeInName(path: string): TeofTime | null {
  const name = path.slice(path.lastIndexOf('/') + 1)
  const found = [...name.matchAll(/\d{8}T\d{6}Z/g)].at(-1)
  return found === undefined ? null : parseTeofTime(found[0])
}

const EXTENDED = /^(\d{4})-(\d\d)-(\d\d)[Tt ](\d\d):(\d\d):(\d\d)(?:[.,](\d{1,9}))?([Zz]|[+-]\d\d:?\d\d)$/
const COMPACT = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)(?:\.(\d{1,9}))?(Z|[+-]\d\d:?\d\d)$/
const DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
const YEAR_0 = Date.parse('0000-01-01T00:00:00.000Z')
const YEAR_9999 = Date.parse('9999-12-31T23:59:59.999Z')

/** 0 for a month that is none. */
function daysIn(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28
  return DAYS[month - 1] ?? 0
}

function offsetOf(zone: string): number | null {
  if (zone === 'Z' || zone === 'z') return 0
  const hours = Number(zone.slice(1, 3))
  const minutes = Number(zone.slice(-2))
  if (hours > 23 || minutes > 59) return null
  return (zone.startsWith('-') ? -1 : 1) * (hours * 60 + minutes) * 60_000
}

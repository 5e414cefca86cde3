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
  const whole = wholeSecond(text)
  if (whole !== null) return whole
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

/** `2025-09-22T01:45:00Z`, as nearly all are written, read without a pattern; null for anything else, be it a time or not. */
function wholeSecond(text: string): TeofTime | null {
  if (text.length !== 20 || !isMarked(text)) return null
  const year = digits(text, 0, 4)
  const month = digits(text, 5, 2)
  const day = digits(text, 8, 2)
  const hour = digits(text, 11, 2)
  const minute = digits(text, 14, 2)
  const second = digits(text, 17, 2)
  // Date.UTC takes the years 0 to 99 for those of the last century.
  if (!(year >= 100 && day >= 1 && day <= daysIn(year, month) && hour <= 23 && minute <= 59 && second <= 59))
    return null
  const ms = Date.UTC(year, month - 1, day, hour, minute, second)
  // The same form with milliseconds is that of an Instant.
  return { instant: `${text.slice(0, 19)}.000Z` as Instant, epochMicros: ms * 1000 }
}

/** Whether `-`, `-`, `T`, `:`, `:` and `Z` stand where they belong. */
function isMarked(text: string): boolean {
  return (
    text.charCodeAt(4) === 0x2d &&
    text.charCodeAt(7) === 0x2d &&
    text.charCodeAt(10) === 0x54 &&
    text.charCodeAt(13) === 0x3a &&
    text.charCodeAt(16) === 0x3a &&
    text.charCodeAt(19) === 0x5a
  )
}

/** NaN where one of them is no digit. */
function digits(text: string, from: number, count: number): number {
  let value = 0
  for (let at = from; at < from + count; at++) {
    const digit = text.charCodeAt(at) - 0x30
    if (!(digit >= 0 && digit <= 9)) return Number.NaN
    value = 10 * value + digit
  }
  return value
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

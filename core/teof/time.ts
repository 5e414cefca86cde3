// The forms in which TEOF writes time: `YYYY-MM-DDTHH:MM:SSZ`, the same with a fraction or an offset, and compact in file names.
import { Instant } from '#core/contract/index.ts'

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
  const offsetMs = offsetOf(zone)
  if (offsetMs === null) return null
  const local = `${year}-${month}-${day}T${hour}:${minute}:${second}.000Z`
  const localMs = Date.parse(local)
  // 30 February would come back as 2 March.
  if (Number.isNaN(localMs) || new Date(localMs).toISOString() !== local) return null
  const micros = Number(fraction.slice(0, 6).padEnd(6, '0'))
  const secondMs = localMs - offsetMs
  if (secondMs < YEAR_0 || secondMs > YEAR_9999) return null
  const instant = Instant.safeParse(new Date(secondMs + Math.floor(micros / 1000)).toISOString())
  return instant.success ? { instant: instant.data, epochMicros: secondMs * 1000 + micros } : null
}

/** The compact time in a file's name, such as `20250922T014500Z.json`; the last one where there are several. */
export function timeInName(path: string): TeofTime | null {
  const name = path.slice(path.lastIndexOf('/') + 1)
  const found = [...name.matchAll(/\d{8}T\d{6}Z/g)].at(-1)
  return found === undefined ? null : parseTeofTime(found[0])
}

const EXTENDED = /^(\d{4})-(\d\d)-(\d\d)[Tt ](\d\d):(\d\d):(\d\d)(?:[.,](\d{1,9}))?([Zz]|[+-]\d\d:?\d\d)$/
const COMPACT = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)(?:\.(\d{1,9}))?(Z|[+-]\d\d:?\d\d)$/
const YEAR_0 = Date.parse('0000-01-01T00:00:00.000Z')
const YEAR_9999 = Date.parse('9999-12-31T23:59:59.000Z')

function offsetOf(zone: string): number | null {
  if (zone === 'Z' || zone === 'z') return 0
  const hours = Number(zone.slice(1, 3))
  const minutes = Number(zone.slice(-2))
  if (hours > 23 || minutes > 59) return null
  return (zone.startsWith('-') ? -1 : 1) * (hours * 60 + minutes) * 60_000
}

// Figures of a report as they stand on screen.
import type { Measured, SummaryFile } from '#core/contract/index.ts'
import { grouped } from '#ui/components/grouped.ts'
import { share } from '#ui/components/share-words.ts'
import type { Tone } from '#ui/components/tag.tsx'

export function measuredValue({ value, unit }: Measured): string {
  if (value === null) return '–'
  if (unit === 'ppm') return share(value)
  return unit === 'minutes' ? `${value} min` : grouped(value)
}

export function neededValue({ threshold, unit, bound }: Measured): string {
  const limit = unit === 'ppm' ? share(threshold) : unit === 'minutes' ? `${threshold} min` : grouped(threshold)
  if (bound === 'at-least') return `at least ${limit}`
  return threshold === 0 ? 'none' : `at most ${limit}`
}

export function measuredTone({ state }: Measured): Tone {
  return state === 'ok' ? 'green' : state === 'fail' ? 'red' : 'plain'
}

export function measuredWord({ state }: Measured): string {
  return state === 'ok' ? 'ok' : state === 'fail' ? 'fails' : 'not measured'
}

export function verdictWords(recommendation: SummaryFile['recommendation']): string {
  return recommendation.effective === 'go' ? 'Go' : 'No-go'
}

/** "21 Nov 2026, 12:00 UTC" is the reader's; this is how reports are named among themselves. */
export function reportName(id: string): string {
  const [, year, month, day, hour, minute, second, nth] =
    /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z(?:-(\d+))?$/.exec(id) ?? []
  return `${year}-${month}-${day} ${hour}:${minute}:${second} UTC${nth === undefined ? '' : ` (${nth})`}`
}

/** Below two hours in minutes, below two days in hours: "17 min", "5.5 h", "3 days". */
export function hoursWords(hours: number): string {
  if (hours < 2) return `${Math.round(hours * 60)} min`
  return hours < 48 ? `${Math.round(hours * 10) / 10} h` : `${Math.round(hours / 24)} days`
}

/** `one` for one of them. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${grouped(count)} ${count === 1 ? one : many}`
}

// Numbers, times and shares as a report prints them. Nothing asks the system for its language: the same bytes everywhere.

/** 1234567 as 1,234,567. */
export function grouped(count: number): string {
  return String(count).replaceAll(/\B(?=(\d{3})+(?!\d))/g, ',')
}

/** `1 receipt`, `1,200 receipts`. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${grouped(count)} ${count === 1 ? one : many}`
}

/** Parts per million as per cent with one decimal; what is not all of it never shows as 100 %. */
export function percent(ppm: number): string {
  if (ppm >= 1_000_000) return '100 %'
  const tenths = Math.min(999, Math.floor(ppm / 1000))
  return `${Math.floor(tenths / 10)}.${tenths % 10} %`
}

/** Rounded down, so that all is only all. Null of nothing. */
export function ppmOf(part: number, whole: number): number | null {
  return whole === 0 ? null : Math.floor((part * 1_000_000) / whole)
}

/** 2026-11-21 12:00 UTC */
export function minuteOf(instant: string): string {
  return `${instant.slice(0, 10)} ${instant.slice(11, 16)} UTC`
}

/** Two decimals, so that sums of fractions print alike. */
export function rounded(value: number): number {
  return Math.round(value * 100) / 100
}

/** The middle one, or the mean of the two in the middle; null of none. */
export function median(values: readonly number[]): number | null {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  const upper = sorted[middle]
  if (upper === undefined) return null
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? upper) + upper) / 2
}

/** Twelve hex digits of a hash, or the beginning of a node's key. */
export function shortName(id: string): string {
  return id.startsWith('did:key:') ? `${id.slice(8, 20)}…` : id.replace('sha256:', '').slice(0, 12)
}

// How old a file says it is, at the time that was asked for. What it says, never its modification time: that is the time of a copy.
import type { Instant } from '#core/contract/index.ts'
import type { StatedTime } from './judge-file.ts'
import { pathPattern } from './path-pattern.ts'

export interface FreshnessLimit {
  readonly pattern: string
  readonly limitMs: number
}

export type Freshness =
  | { readonly state: 'fresh'; readonly ageMs: number; readonly limitMs: number }
  | { readonly state: 'stale'; readonly ageMs: number; readonly limitMs: number }
  /** It says a time after the one that was asked for; `ageMs` is negative. */
  | { readonly state: 'ahead'; readonly ageMs: number }
  /** It says no time, or none that can be read. */
  | { readonly state: 'undated' }
  /** No limit is set for it. */
  | { readonly state: 'unlimited'; readonly ageMs: number }

/** Judges files by the first limit whose pattern fits. */
export function freshnessRule(
  limits: readonly FreshnessLimit[],
  asOf: Instant,
): (path: string, stated: StatedTime | null) => Freshness {
  const rules = limits.map(({ pattern, limitMs }) => ({ fits: pathPattern(pattern), limitMs }))
  const asOfMs = Date.parse(asOf)
  return (path, stated) => {
    if (stated?.time === undefined || stated.time === null) return { state: 'undated' }
    const ageMs = asOfMs - Date.parse(stated.time.instant)
    if (ageMs < 0) return { state: 'ahead', ageMs }
    const rule = rules.find(({ fits }) => fits(path))
    if (rule === undefined) return { state: 'unlimited', ageMs }
    return { state: ageMs > rule.limitMs ? 'stale' : 'fresh', ageMs, limitMs: rule.limitMs }
  }
}

// The patterns and times of a reconciliation, ready to be asked.
import { freshnessRule, pathPattern, type Freshness, type PathPattern, type StatedTime } from '#core/teof/index.ts'
import type { Rules } from './types.ts'

export interface Patterns {
  /** Whether the path is one that every node should have. */
  isExpected: PathPattern
  freshness(path: string, stated: StatedTime | null): Freshness
  /** Whether that time has not come yet. */
  isAhead(stated: StatedTime | null): boolean
}

/** Clocks of honest nodes differ; a receipt is held where its time lies further ahead than this. */
const AHEAD_MS = 5 * 60_000

export function patternsOf({ expect, freshness, asOf }: Pick<Rules, 'expect' | 'freshness' | 'asOf'>): Patterns {
  const expected = expect.map(pathPattern)
  const latestMs = Date.parse(asOf) + AHEAD_MS
  return {
    isExpected: (path) => expected.some((fits) => fits(path)),
    freshness: freshnessRule(freshness, asOf),
    isAhead: (stated) => {
      const time = stated?.time ?? null
      return time !== null && Math.floor(time.epochMicros / 1000) > latestMs
    },
  }
}

/** Fits where no pattern is given, or one of them fits. */
export function includedBy(include: readonly string[]): PathPattern {
  const patterns = include.map(pathPattern)
  return patterns.length === 0 ? () => true : (path) => patterns.some((fits) => fits(path))
}

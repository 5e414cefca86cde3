// The patterns of a reconciliation, ready to be asked.
import { freshnessRule, pathPattern, type Freshness, type PathPattern, type StatedTime } from '#core/teof/index.ts'
import type { Rules } from './types.ts'

export interface Patterns {
  /** Whether the path is one that every node should have. */
  isExpected: PathPattern
  freshness(path: string, stated: StatedTime | null): Freshness
}

export function patternsOf({ expect, freshness, asOf }: Pick<Rules, 'expect' | 'freshness' | 'asOf'>): Patterns {
  const expected = expect.map(pathPattern)
  return { isExpected: (path) => expected.some((fits) => fits(path)), freshness: freshnessRule(freshness, asOf) }
}

/** Fits where no pattern is given, or one of them fits. */
export function includedBy(include: readonly string[]): PathPattern {
  const patterns = include.map(pathPattern)
  return patterns.length === 0 ? () => true : (path) => patterns.some((fits) => fits(path))
}

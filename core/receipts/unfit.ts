// Values that JSON can write, or JavaScript can hold, but that would not come back as themselves.
import { LIMITS } from './limits.ts'
import type { RefusalReason } from './types.ts'

export interface Unfit {
  /** Dotted, list positions as [n]; empty for the value itself. */
  readonly path: string
  readonly reason: RefusalReason
  readonly why: string
}

/** The first part of a value that has no canonical form or would lose its meaning in it; null where there is none. */
export function findUnfit(value: unknown, path = '', depth = 0): Unfit | null {
  if (value === null || typeof value === 'boolean') return null
  if (typeof value === 'object') return findUnfitInside(value, path, depth + 1)
  if (typeof value === 'string') {
    return value.isWellFormed() ? null : { path, reason: 'bad-text', why: 'a text holds half of a surrogate pair' }
  }
  if (typeof value !== 'number') return { path, reason: 'not-canonical', why: `a ${typeof value} is no JSON value` }
  if (!Number.isFinite(value)) return { path, reason: 'not-canonical', why: `${value} is no JSON number` }
  if (!Number.isInteger(value) || Number.isSafeInteger(value)) return null
  // Not named: the value is not what was written any more.
  return { path, reason: 'bad-number', why: 'an integer is beyond 2^53 - 1, where numbers stop being exact' }
}

function findUnfitInside(value: object, path: string, depth: number): Unfit | null {
  if (depth > LIMITS.depth) return { path, reason: 'too-deep', why: `it is nested deeper than ${LIMITS.depth}` }
  if (Array.isArray(value)) {
    for (let index = 0; index < value.length; index++) {
      const unfit = findUnfit(value[index], `${path}[${index}]`, depth)
      if (unfit !== null) return unfit
    }
    return null
  }
  const prototype: unknown = Object.getPrototypeOf(value)
  if (prototype !== Object.prototype && prototype !== null) {
    return { path, reason: 'not-canonical', why: 'it is no plain object' }
  }
  for (const [key, member] of Object.entries(value)) {
    if (!key.isWellFormed()) return { path, reason: 'bad-text', why: 'a key holds half of a surrogate pair' }
    const unfit = findUnfit(member, path === '' ? key : `${path}.${key}`, depth)
    if (unfit !== null) return unfit
  }
  return null
}

// Conflict kinds and states as the tables hold them. A number once given is never given to another kind.
import type { ConflictKind } from '#core/contract/index.ts'
import { invariant } from '#core/problem/index.ts'

export const OPEN = 0
export const SETTLED = 1
/** Stewards disagree about it; the conflict of their decisions is shown in its place. */
export const DISPUTED = 2
export type StatusCode = typeof OPEN | typeof SETTLED | typeof DISPUTED

const KIND_CODES: Readonly<Record<ConflictKind, number>> = {
  'hash-mismatch': 1,
  'missing-anchor': 2,
  'unknown-anchor': 3,
  'diverging-anchors': 4,
  stale: 5,
  fork: 6,
  withheld: 7,
  'held-future': 8,
  'invalid-content': 9,
  'decisions-disagree': 10,
  'invalid-signature': 11,
  'content-mismatch': 12,
  'missing-artefact': 13,
}

const KINDS = new Map(
  // Object.entries loses the type of the keys, which the line above states.
  Object.entries(KIND_CODES).map(([kind, code]) => [code, kind as ConflictKind]),
)

export function kindToCode(kind: ConflictKind): number {
  return KIND_CODES[kind]
}

export function kindFromCode(code: number): ConflictKind {
  const kind = KINDS.get(code)
  invariant(kind !== undefined, `${code} is the code of a conflict kind`)
  return kind
}

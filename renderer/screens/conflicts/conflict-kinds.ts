import type { ConflictKind } from '#core/contract/index.ts'

/** In the order in which a steward looks for them. */
export const CONFLICT_KINDS: readonly ConflictKind[] = [
  'fork',
  'invalid-signature',
  'content-mismatch',
  'invalid-content',
  'decisions-disagree',
  'hash-mismatch',
  'missing-anchor',
  'unknown-anchor',
  'diverging-anchors',
  'stale',
  'withheld',
  'missing-artefact',
  'held-future',
]

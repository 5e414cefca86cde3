import type { verdictSentence } from '#core/contract/sentence.ts'

type ConflictKind = Parameters<typeof verdictSentence>[0]['kind']

/** Null for a text that no version up to this one calls a kind: whoever makes a proof may write there what they like. */
export function knownKind(kind: string): ConflictKind | null {
  return KINDS.find((known) => known === kind) ?? null
}

const EACH: Readonly<Record<ConflictKind, true>> = {
  'hash-mismatch': true,
  'missing-anchor': true,
  'unknown-anchor': true,
  'diverging-anchors': true,
  stale: true,
  fork: true,
  withheld: true,
  'held-future': true,
  'invalid-content': true,
  'decisions-disagree': true,
  'invalid-signature': true,
  'content-mismatch': true,
  'missing-artefact': true,
}
// The type above has every kind as a key, and no other.
const KINDS = Object.keys(EACH) as readonly ConflictKind[]

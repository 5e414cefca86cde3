// How much a kind of conflict matters: 3 proof of harm, 2 waits for a person, 1 worth knowing.
import type { ConflictKind, Severity } from '#core/contract/index.ts'

export function severityOf(kind: ConflictKind): Severity {
  switch (kind) {
    case 'fork':
    case 'invalid-content':
    case 'decisions-disagree':
    case 'invalid-signature':
    case 'content-mismatch':
      return 3
    case 'hash-mismatch':
    case 'missing-anchor':
    case 'unknown-anchor':
    case 'diverging-anchors':
      return 2
    case 'stale':
    case 'withheld':
    case 'missing-artefact':
    case 'held-future':
      return 1
  }
}

import type { ReactNode } from 'react'
import type { ConflictKind, Severity } from '#core/contract/index.ts'

/** tide: you can act; amber: waits for you; red: proof of harm; green: proved now; plain: everything else. */
export type Tone = 'tide' | 'amber' | 'red' | 'green' | 'plain'

/** `wide` gives tags in a column one width. */
export function Tag({
  tone,
  wide = false,
  children,
}: {
  readonly tone: Tone
  readonly wide?: boolean
  readonly children: ReactNode
}) {
  return (
    <span className="tag" data-tone={tone} data-wide={wide || undefined}>
      {children}
    </span>
  )
}

const KIND_WORDS: Readonly<Record<ConflictKind, string>> = {
  'hash-mismatch': 'Differs',
  'missing-anchor': 'No anchor',
  'unknown-anchor': 'Anchor?',
  'diverging-anchors': 'Anchors',
  stale: 'Stale',
  fork: 'Fork',
  withheld: 'Withheld',
  'held-future': 'Ahead',
  'invalid-content': 'Invalid',
  'decisions-disagree': 'Disagree',
  'invalid-signature': 'Signature',
  'content-mismatch': 'Wrong hash',
  'missing-artefact': 'Missing',
}

/** One word for a kind of conflict, as it stands on its tag. */
export function conflictKindWord(kind: ConflictKind): string {
  return KIND_WORDS[kind]
}

const SEVERITY_TONES: Readonly<Record<Severity, Tone>> = { 3: 'red', 2: 'amber', 1: 'plain' }

function severityTone(severity: Severity): Tone {
  return SEVERITY_TONES[severity]
}

export function ConflictTag({
  kind,
  severity,
  wide = false,
}: {
  readonly kind: ConflictKind
  readonly severity: Severity
  readonly wide?: boolean
}) {
  return (
    <Tag tone={severityTone(severity)} wide={wide}>
      {conflictKindWord(kind)}
    </Tag>
  )
}

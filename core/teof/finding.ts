// What is told about files that others wrote: never thrown, never only a code.

/** One thing a steward should know about a node directory. */
export interface Finding {
  /** Stable, kebab-case. */
  readonly code: FindingCode
  /** The file, relative to the node directory, with forward slashes. */
  readonly path: string
  /** What was found, with the values that show it; one sentence. */
  readonly happened: string
  /** What to do about it; one sentence. */
  readonly remedy: string
}

export type FindingCode =
  | 'unreadable-json'
  | 'byte-order-mark'
  | 'too-large'
  | 'not-read'
  | 'link-not-followed'
  | 'bad-signature'
  | 'unknown-key'
  | 'key-id-leaves-folder'
  | 'key-rotated-out'
  | 'bad-key-file'
  | 'stated-hash-differs'
  | 'artifact-missing'
  | 'bad-time'
  | 'anchors-missing'
  | 'anchors-unreadable'
  | 'anchors-shape'
  | 'anchors-not-append-only'
  | 'anchors-event-without-hash'
  | 'anchors-bad-hash'
  | 'anchors-out-of-order'
  | 'anchors-link-unconfirmed'
  | 'capsule-missing'
  | 'capsule-shape'
  | 'capsule-lists-itself'
  | 'capsule-mismatch'
  | 'capsule-file-missing'
  | 'capsule-path-leaves-folder'
  | 'capsule-count'
  | 'plan-shape'
  | 'plan-step-without-receipts'
  | 'plan-receipt-missing'
  | 'ledger-line'
  | 'ledger-chain-broken'
  | 'ledger-hash-differs'
  | 'ledger-state-differs'

export function finding(code: FindingCode, path: string, happened: string, remedy: string): Finding {
  return { code, path, happened, remedy }
}

/** The same findings with at most so many of each kind and file; how many were left out is said in the last one's place. */
export function cappedFindings(findings: readonly Finding[], perKind: number): readonly Finding[] {
  const counts = new Map<string, number>()
  const kept: Finding[] = []
  for (const one of findings) {
    const key = `${one.code} ${one.path}`
    const count = (counts.get(key) ?? 0) + 1
    counts.set(key, count)
    if (count <= perKind) kept.push(one)
  }
  for (const [key, count] of counts) {
    if (count <= perKind) continue
    const last = kept.findLast(({ code, path }) => `${code} ${path}` === key)
    if (last !== undefined)
      kept.push({ ...last, happened: `There are ${count - perKind} more of this kind in this file.` })
  }
  return kept
}

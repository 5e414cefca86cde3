// What is told about files that others wrote: never thrown, never only a code.

/** One thing a steward should know about a node directory. */
export interface Finding {
  /** Stable, kebab-case. */
  readonly code: FindingCode
  /** The file, relative to the node directory, with forward slashes; empty for the directory as a whole. */
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
  | 'signature-lost'
  | 'another-node'
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

/** Findings with at most so many of each kind and file; how many were left out is said behind them. What is left out is not kept. */
export class FindingList {
  readonly #perKind: number
  readonly #kept: Finding[] = []
  readonly #counts = new Map<string, number>()

  constructor(perKind: number) {
    this.#perKind = perKind
  }

  get isEmpty(): boolean {
    return this.#kept.length === 0
  }

  push(...findings: readonly Finding[]): void {
    for (const one of findings) {
      const key = keyOf(one)
      const count = (this.#counts.get(key) ?? 0) + 1
      this.#counts.set(key, count)
      if (count <= this.#perKind) this.#kept.push(one)
    }
  }

  all(): readonly Finding[] {
    const all = [...this.#kept]
    for (const [key, count] of this.#counts) {
      const last = count > this.#perKind ? this.#kept.findLast((one) => keyOf(one) === key) : undefined
      if (last !== undefined)
        all.push({ ...last, happened: `There are ${count - this.#perKind} more of this kind in this file.` })
    }
    return all
  }
}

function keyOf({ code, path }: Finding): string {
  return `${code} ${path}`
}

/** The same findings with at most so many of each kind and file. */
export function cappedFindings(findings: readonly Finding[], perKind: number): readonly Finding[] {
  const list = new FindingList(perKind)
  for (const one of findings) list.push(one)
  return list.all()
}

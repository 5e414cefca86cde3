// The name of a conflict: the hash of what it is about, so that every node calls it alike and a decision made anywhere fits.
import type { ConflictId, ConflictKind, ReceiptId } from '#core/contract/index.ts'
import { sha256Id } from '#core/receipts/index.ts'

export interface ConflictName {
  readonly kind: ConflictKind
  readonly subject: string
  readonly task: string | null
  readonly members: readonly ReceiptId[]
  /** Only for what is missing: a range of seqs has no receipts to name it by. */
  readonly range?: readonly [number, number]
}

/** SHA-256 of the canonical form: the keys are written in their order, and JSON.stringify prints texts and integers as RFC 8785 does. */
export function conflictId({ kind, subject, task, members, range }: ConflictName): ConflictId {
  const sorted = [...members].sort()
  return sha256Id<ConflictId>(
    JSON.stringify(
      range === undefined ? { kind, members: sorted, subject, task } : { kind, members: sorted, range, subject, task },
    ),
  )
}

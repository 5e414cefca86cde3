// The one place that writes claims into the table.
import type { ContentHash, Instant } from '#core/contract/index.ts'
import { receiptIdToBytes, type ProjectedReceipt, type Tx } from '#core/ledger/index.ts'

/** What a claim says beside its receipt where its node speaks for an imported directory. */
export interface ImportColumns {
  readonly origin: string
  readonly round: number
  /** Hash of the bytes as they are; null where the receipt names none. */
  readonly raw: string | null
  /** MARKS, or null. */
  readonly marks: number | null
  readonly stated: Instant | undefined
}

export function insertClaim(
  tx: Tx,
  { arrival, nodeKey, subjectKey, receipt: { id, receipt } }: ProjectedReceipt,
  hash: ContentHash,
  imported: ImportColumns | null,
): void {
  tx.prepare<(number | string | Buffer | null)[], never>(`
    INSERT INTO reconcile_claim
      (subject_key, node_key, seq, arrival, id, time_ms, hash, anchor, origin, round, raw, marks, stated_ms)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
  `).run(
    subjectKey,
    nodeKey,
    receipt.seq,
    arrival,
    receiptIdToBytes(id),
    Date.parse(receipt.time),
    hash,
    receipt.anchor?.hash ?? null,
    imported?.origin ?? null,
    imported?.round ?? null,
    imported?.raw ?? null,
    imported?.marks ?? null,
    imported?.stated === undefined ? null : Date.parse(imported.stated),
  )
}

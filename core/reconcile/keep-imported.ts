// Imported files and their directories into the tables, and what is read back of them when they are judged.
import type { ContentHash } from '#core/contract/index.ts'
import { receiptIdToBytes, type ProjectedReceipt, type ReadDb, type Tx } from '#core/ledger/index.ts'
import { contentHashOf, parseStoredLine } from '#core/receipts/index.ts'
import { importedBody, isMarked, marksOf, OriginBody, type ImportedBody } from './imported.ts'
import type { RoundedClaim } from './imported-claims.ts'

export function keepImportedClaim(tx: Tx, row: ProjectedReceipt, imported: ImportedBody): void {
  const { arrival, nodeKey, subjectKey, receipt: candidate } = row
  const { body, seq, time, anchor } = candidate.receipt
  const content = body['content']
  const raw = typeof content === 'object' && content !== null && 'hash' in content ? content['hash'] : null
  tx.prepare<(number | string | Buffer | null)[], never>(`
    INSERT INTO reconcile_claim
      (subject_key, node_key, seq, arrival, id, time_ms, hash, anchor, origin, round, raw, marks, stated_ms)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
  `).run(
    subjectKey,
    nodeKey,
    seq,
    arrival,
    receiptIdToBytes(candidate.id),
    Date.parse(time),
    contentHashOf(body),
    anchor?.hash ?? null,
    imported.origin,
    imported.round,
    typeof raw === 'string' ? raw : null,
    marksOf(imported),
    imported.stated === undefined ? null : Date.parse(imported.stated),
  )
  const keepPlan = tx.prepare<[string, string, number, number, number, number], never>(`
    INSERT OR IGNORE INTO reconcile_plan (plan, step, subject_key, node_key, seq, arrival) VALUES (?, ?, ?, ?, ?, ?)
  `)
  for (const { plan, step } of imported.plans ?? []) {
    keepPlan.run(plan, step ?? '', subjectKey, nodeKey, seq, arrival)
  }
}

/** Answers the directory and the anchor that it stood at. */
export function keepOrigin(
  tx: Tx,
  { arrival, nodeKey, receipt: { receipt } }: ProjectedReceipt,
): { readonly origin: string; readonly hashes: readonly ContentHash[] } {
  const { origin, round, anchors } = OriginBody.parse(receipt.body)
  tx.prepare<(number | string | null)[], never>(`
    INSERT INTO reconcile_origin (arrival, node_key, seq, time_ms, origin, round, head, events, lists)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
  `).run(
    arrival,
    nodeKey,
    receipt.seq,
    Date.parse(receipt.time),
    origin,
    round,
    anchors.head ?? null,
    anchors.events,
    JSON.stringify(anchors.lists),
  )
  tx.touched('network')
  return { origin, hashes: anchors.head === undefined ? [] : [anchors.head] }
}

/** Claims about hash-ledgers with the entries that their receipts name; they are few, so the receipts are read. */
export function withChains<C extends RoundedClaim>(db: ReadDb, claims: readonly C[]): C[] {
  return claims.map((claim) => {
    if (!isMarked(claim.marks, 'chain')) return claim
    return { ...claim, chain: importedAt(db, claim.arrival)?.chain ?? null }
  })
}

/** What the receipt says about an imported file; null where it says nothing of the kind. */
export function importedAt(db: ReadDb, arrival: number): ImportedBody | null {
  const row = db.prepare<[number], { line: string }>('SELECT line FROM receipt WHERE arrival = ?').get(arrival)
  return row === undefined ? null : importedBody(parseStoredLine(row.line).receipt.body)
}

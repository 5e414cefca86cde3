// Imported files and their directories into the tables, and what is read back of them when they are judged.
import type { ContentHash } from '#core/contract/index.ts'
import type { ProjectedReceipt, ReadDb, Tx } from '#core/ledger/index.ts'
import { contentHashOf, parseStoredLine } from '#core/receipts/index.ts'
import { insertClaim } from './claim-rows.ts'
import { importedBody, isMarked, marksOf, OriginBody, type ImportedBody } from './imported.ts'
import type { RoundedClaim } from './imported-claims.ts'

export function keepImportedClaim(tx: Tx, row: ProjectedReceipt, imported: ImportedBody): void {
  const { arrival, nodeKey, subjectKey, receipt: candidate } = row
  const { body, seq } = candidate.receipt
  const content = body['content']
  const raw = typeof content === 'object' && content !== null && 'hash' in content ? content['hash'] : null
  const { origin, round, stated } = imported
  insertClaim(tx, row, contentHashOf(body), {
    origin,
    round,
    raw: typeof raw === 'string' ? raw : null,
    marks: marksOf(imported),
    stated,
  })
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

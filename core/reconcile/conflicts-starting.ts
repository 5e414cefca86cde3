// Conflicts by the beginning of their id, as a person copies it from a message or a table.
import type { ConflictSummary } from '#core/contract/index.ts'
import type { ReadDb } from '#core/ledger/index.ts'
import { createNames } from '#core/network/index.ts'
import { conflictRow, summaryOf } from './conflict-reading.ts'

/** Those whose ids begin with these hex digits (without `sha256:`), in the order of their bytes. */
export function conflictsStarting(db: ReadDb, hex: string, limit: number): ConflictSummary[] {
  const from = Buffer.from(hex.padEnd(64, '0'), 'hex')
  const to = Buffer.from(hex.padEnd(64, 'f'), 'hex')
  const names = createNames(db)
  return db
    .prepare<[Buffer, Buffer, number], Buffer>(
      'SELECT id FROM reconcile_conflict WHERE id BETWEEN ? AND ? ORDER BY id LIMIT ?',
    )
    .pluck()
    .all(from, to, limit)
    .flatMap((id) => {
      const row = conflictRow(db, id)
      return row === null ? [] : [summaryOf(db, row, names)]
    })
}

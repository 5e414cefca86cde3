// Which subjects are to be looked at again because parts of feeds count now and did not, or the other way round.
import type { ReadDb } from '#core/ledger/index.ts'
import type { NetworkChanges } from './changes.ts'

/** Subjects of the receipts in these parts of feeds, and of the decisions that receipts among them take back. */
export function subjectsInRanges(db: ReadDb, ranges: NetworkChanges['ranges']): ReadonlySet<number> {
  const subjects = new Set<number>()
  if (ranges.length === 0) return subjects
  const signed = db.prepare<[number, number, number], { subjectKey: number }>(
    'SELECT DISTINCT subject_key AS subjectKey FROM receipt WHERE node_key = ? AND seq BETWEEN ? AND ?',
  )
  const withdrawn = db.prepare<[number, number, number], { subjectKey: number }>(`
    SELECT receipt.subject_key AS subjectKey
    FROM network_withdrawal AS withdrawal JOIN receipt ON receipt.id = withdrawal.decision
    WHERE withdrawal.node_key = ? AND withdrawal.seq BETWEEN ? AND ?
  `)
  for (const { nodeKey, fromSeq, toSeq } of ranges) {
    for (const { subjectKey } of signed.all(nodeKey, fromSeq, toSeq)) subjects.add(subjectKey)
    for (const { subjectKey } of withdrawn.all(nodeKey, fromSeq, toSeq)) subjects.add(subjectKey)
  }
  return subjects
}

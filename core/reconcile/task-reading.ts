// What a task page asks of the reconcile tables: imported files that belong to a plan, and the open conflicts about given subjects.
import type { ConflictId, ConflictSummary } from '#core/contract/index.ts'
import type { ReadDb } from '#core/ledger/index.ts'
import { createNames } from '#core/network/index.ts'
import { OPEN } from './conflict-codes.ts'
import { conflictIdFromBytes, conflictRow, summaryOf } from './conflict-reading.ts'

/** Plans that imported files belong to, each once, in the order of their names. */
export function importedPlans(db: ReadDb): string[] {
  return db.prepare<[], string>('SELECT DISTINCT plan FROM reconcile_plan ORDER BY plan').pluck().all()
}

/** Arrivals of the imported files of a plan, each with its step; an empty step stands for the plan as a whole. */
export function importedOfPlan(db: ReadDb, plan: string): { readonly arrival: number; readonly step: string }[] {
  return db
    .prepare<[string], { arrival: number; step: string }>(
      'SELECT DISTINCT arrival, step FROM reconcile_plan WHERE plan = ? ORDER BY step, arrival',
    )
    .all(plan)
}

/** The open conflict about a subject that this very receipt is a claim of; of several the one with the smallest id. */
export function openConflictOf(db: ReadDb, subjectKey: number, arrival: number): ConflictId | null {
  const id = db
    .prepare<[number, number], Buffer>(`
      SELECT conflict.id FROM reconcile_conflict AS conflict
      JOIN reconcile_member AS member ON member.conflict = conflict.id
      WHERE conflict.owner = ? AND conflict.status = ${OPEN} AND member.arrival = ?
      ORDER BY conflict.id LIMIT 1
    `)
    .pluck()
    .get(subjectKey, arrival)
  return id === undefined ? null : conflictIdFromBytes(id)
}

/** Open conflicts about these subjects, the most severe and then the newest first. */
export function openConflictsAbout(db: ReadDb, subjectKeys: Iterable<number>, limit: number): ConflictSummary[] {
  const names = createNames(db)
  return db
    .prepare<[string, number], Buffer>(`
      SELECT id FROM reconcile_conflict
      WHERE status = ${OPEN} AND owner IN (SELECT value FROM json_each(?))
      ORDER BY severity DESC, since_ms DESC, id LIMIT ?
    `)
    .pluck()
    .all(JSON.stringify([...subjectKeys]), limit)
    .flatMap((id) => {
      const row = conflictRow(db, id)
      return row === null ? [] : [summaryOf(db, row, names)]
    })
}

/** How many conflicts are open about these subjects. */
export function openCountAbout(db: ReadDb, subjectKeys: Iterable<number>): number {
  return (
    db
      .prepare<[string], number>(`
        SELECT count(*) FROM reconcile_conflict
        WHERE status = ${OPEN} AND owner IN (SELECT value FROM json_each(?))
      `)
      .pluck()
      .get(JSON.stringify([...subjectKeys])) ?? 0
  )
}

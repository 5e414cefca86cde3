// A conflict that nobody settles becomes more pressing: open for more days than policy allows, it counts one step more severe.
// That follows from the receipts, the policy and the clock, so every node shows it alike.
import type { ConflictKind, Policy } from '#core/contract/index.ts'
import type { ReadDb, Tx } from '#core/ledger/index.ts'
import { policyInForce } from '#core/network/index.ts'
import { kindFromCode } from './conflict-codes.ts'
import { severityOf } from './severity.ts'

const DAY_MS = 24 * 60 * 60 * 1000
const MOST_SEVERE = 3

/** To be called when the conflicts of a write stand: raises those that are overdue by now, and lowers those that are no longer. */
export function settleEscalation(tx: Tx, { escalateAfterDays: days }: Policy, nowMs: number): void {
  const limitMs = days === undefined ? Number.MIN_SAFE_INTEGER : nowMs - days * DAY_MS
  // A clock that was put back counts as well, and so does a policy that allows more days.
  const calm = tx
    .prepare<[number], EscalatedRow>(`
      SELECT id, kind, severity, status FROM reconcile_conflict WHERE escalated = 1 AND (status <> 0 OR since_ms >= ?)
    `)
    .all(limitMs)
  const overdue =
    days === undefined
      ? []
      : tx
          .prepare<[number], EscalatedRow>(`
            SELECT id, kind, severity, status FROM reconcile_conflict
            WHERE escalated = 0 AND status = 0 AND since_ms < ?
          `)
          .all(limitMs)
  for (const row of calm) setSeverity(tx, row, severityOf(kindFromCode(row.kind)), false)
  for (const row of overdue) setSeverity(tx, row, escalatedSeverity(kindFromCode(row.kind)), true)
  if (calm.length + overdue.length > 0) tx.touched('conflicts')
}

/** How much a conflict of this kind matters once it is overdue. */
function escalatedSeverity(kind: ConflictKind): number {
  return Math.min(MOST_SEVERE, severityOf(kind) + 1)
}

/** How many conflicts are overdue now. */
export function overdueCount(db: ReadDb): number {
  // Over an index that holds these alone; there are as many of them as nobody looked after.
  return (
    db
      .prepare<[], number>('SELECT count(*) FROM reconcile_conflict WHERE escalated = 1 AND status = 0')
      .pluck()
      .get() ?? 0
  )
}

/** Why a conflict counts as more severe than its kind. */
export function escalationSentence(db: ReadDb): string {
  const days = policyInForce(db).escalateAfterDays ?? 0
  return `Open for more than ${days === 1 ? 'a day' : `${days} days`}: by the network’s policy it counts one step more severe.`
}

interface EscalatedRow {
  readonly id: Buffer
  readonly kind: number
  readonly severity: number
  readonly status: number
}

function setSeverity(tx: Tx, { id, kind, severity, status }: EscalatedRow, to: number, escalated: boolean): void {
  tx.prepare<[number, number, Buffer], never>(
    'UPDATE reconcile_conflict SET severity = ?, escalated = ? WHERE id = ?',
  ).run(to, escalated ? 1 : 0, id)
  if (to === severity) return
  tx.prepare<[number, number, number], never>(`
    INSERT INTO reconcile_count (kind, severity, status, count) VALUES (?, ?, ?, 1)
    ON CONFLICT (kind, severity, status) DO UPDATE SET count = count + 1
  `).run(kind, to, status)
  // A count that is gone leaves no row behind, or rebuilt tables would differ.
  const key = [kind, severity, status] as const
  tx.prepare<[number, number, number], never>(
    'UPDATE reconcile_count SET count = count - 1 WHERE kind = ? AND severity = ? AND status = ?',
  ).run(...key)
  tx.prepare<[number, number, number], never>(
    'DELETE FROM reconcile_count WHERE kind = ? AND severity = ? AND status = ? AND count = 0',
  ).run(...key)
}

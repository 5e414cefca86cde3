// Figures of the queue: kept as conflicts come and go, never counted.
import type { NodeId, ReceiptId, ConflictId } from '#core/contract/index.ts'
import { receiptIdToBytes, type ReadDb } from '#core/ledger/index.ts'
import { createNames } from '#core/network/index.ts'
import { kindFromCode, OPEN, SETTLED } from './conflict-codes.ts'
import { conflictIdFromBytes } from './conflict-reading.ts'

export interface ConflictCounts {
  readonly open: number
  readonly settled: number
  readonly openBySeverity: Record<string, number>
  readonly openByKind: Record<string, number>
}

export function conflictCounts(db: ReadDb): ConflictCounts {
  const rows = db
    .prepare<[], { kind: number; severity: number; status: number; count: number }>(
      'SELECT kind, severity, status, count FROM reconcile_count',
    )
    .all()
  const openBySeverity: Record<string, number> = { '1': 0, '2': 0, '3': 0 }
  const openByKind: Record<string, number> = {}
  let open = 0
  let settled = 0
  for (const { kind, severity, status, count } of rows) {
    if (status === SETTLED) settled += count
    if (status !== OPEN) continue
    open += count
    openBySeverity[severity] = (openBySeverity[severity] ?? 0) + count
    // A kind has a row for each severity: of one that escalates some are overdue and some are not.
    openByKind[kindFromCode(kind)] = (openByKind[kindFromCode(kind)] ?? 0) + count
  }
  return { open, settled, openBySeverity, openByKind }
}

/** What the filters may choose from: tasks and nodes that some conflict is about. */
export function conflictFacets(db: ReadDb): { tasks: string[]; nodes: { node: NodeId; name: string }[] } {
  const valuesOf = (facet: 'node' | 'task') =>
    db
      .prepare<[string], { value: string }>('SELECT value FROM reconcile_facet WHERE facet = ? ORDER BY value')
      .all(facet)
      .map((row) => row.value)
  const names = createNames(db)
  return {
    tasks: valuesOf('task'),
    // Only ConflictStore fills this table; its nodes are NodeIds.
    nodes: (valuesOf('node') as NodeId[])
      .map((node) => ({ node, name: names.of(node) }))
      .sort((a, b) => (a.name === b.name ? (a.node < b.node ? -1 : 1) : a.name < b.name ? -1 : 1)),
  }
}

/** Conflicts that the receipt is a member of, in the order of their ids. */
export function conflictsOfReceipt(db: ReadDb, receipt: ReceiptId): ConflictId[] {
  return db
    .prepare<[Buffer], { id: Buffer }>(`
      SELECT conflict.id
      FROM receipt
      JOIN reconcile_conflict AS conflict ON conflict.owner IN (
        receipt.subject_key,
        -receipt.node_key,
        -- A decision on a fork: its subject is the forked node.
        (SELECT -node.key FROM subject JOIN node ON node.id = subject.subject WHERE subject.key = receipt.subject_key)
      )
      JOIN reconcile_member AS member ON member.conflict = conflict.id AND member.arrival = receipt.arrival
      WHERE receipt.id = ?
      ORDER BY conflict.id
    `)
    .all(receiptIdToBytes(receipt))
    .map((row) => conflictIdFromBytes(row.id))
}

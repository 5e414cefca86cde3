// Conflicts out of the tables: rows, members, and the summary that lists and reviews share.
import type {
  ConflictId,
  ConflictMember,
  ConflictSummary,
  ContentHash,
  Instant,
  NodeId,
  Severity,
} from '#core/contract/index.ts'
import { receiptIdFromBytes, type ReadDb } from '#core/ledger/index.ts'
import { verdictsFor, type Names } from '#core/network/index.ts'
import { kindFromCode, SETTLED } from './conflict-codes.ts'
import { idToBytes } from './conflict-store.ts'
import { conflictTitle, subjectName } from './conflict-words.ts'
import { escalationSentence } from './escalation.ts'

export interface ConflictRow {
  readonly id: Buffer
  readonly owner: number
  readonly kind: number
  readonly severity: Severity
  readonly status: number
  readonly subject: string
  readonly task: string
  readonly sinceMs: number
  readonly memberCount: number
  readonly reopened: number
  readonly escalated: number
  readonly fromSeq: number | null
  readonly toSeq: number | null
}

/** A member with the row of its receipt. */
export interface ReadMember extends ConflictMember {
  readonly nodeKey: number
  readonly arrival: number
}

const SHOWN_MEMBERS = 8

export function conflictRow(db: ReadDb, id: Buffer): ConflictRow | null {
  const row = db
    .prepare<[Buffer], ConflictRow>(`
      SELECT id, owner, kind, severity, status, subject, task, since_ms AS sinceMs, member_count AS memberCount,
             reopened, escalated, from_seq AS fromSeq, to_seq AS toSeq
      FROM reconcile_conflict WHERE id = ?
    `)
    .get(id)
  return row ?? null
}

export function conflictRowById(db: ReadDb, id: ConflictId): ConflictRow | null {
  return conflictRow(db, idToBytes(id))
}

/** At most `limit` members, in the order of the review. */
export function membersOf(db: ReadDb, id: Buffer, names: Names, limit: number): ReadMember[] {
  return db
    .prepare<
      [Buffer, number],
      {
        receipt: Buffer
        node: NodeId
        nodeKey: number
        seq: number
        arrival: number
        hash: ContentHash
        timeMs: number
        origin: string | null
      }
    >(`
      SELECT receipt.id AS receipt, node.id AS node, member.node_key AS nodeKey, member.seq, member.arrival,
             member.hash, member.time_ms AS timeMs, member.origin
      FROM reconcile_member AS member
      JOIN receipt ON receipt.arrival = member.arrival
      JOIN node ON node.key = member.node_key
      WHERE member.conflict = ? ORDER BY member.position LIMIT ?
    `)
    .all(id, limit)
    .map(({ receipt, timeMs, ...row }) => ({
      ...row,
      receipt: receiptIdFromBytes(receipt),
      nodeName: row.origin ?? names.of(row.node),
      time: instantFromMs(timeMs),
    }))
}

export function summaryOf(db: ReadDb, row: ConflictRow, names: Names): ConflictSummary {
  const kind = kindFromCode(row.kind)
  const members = membersOf(db, row.id, names, SHOWN_MEMBERS).map(toContractMember)
  return {
    id: conflictIdFromBytes(row.id),
    kind,
    severity: row.severity,
    status: row.status === SETTLED ? 'settled' : 'open',
    subject: row.subject,
    subjectName: subjectName(row.subject, names),
    task: row.task === '' ? null : row.task,
    since: instantFromMs(row.sinceMs),
    title: conflictTitle({ kind, subject: row.subject, members, ...countsOf(row), names }),
    memberCount: row.memberCount,
    members,
    decidable: verdictsFor(kind).length > 0,
    reopened: row.reopened === 1,
    escalated: row.escalated === 1 ? escalationSentence(db) : null,
  }
}

export function toContractMember({ receipt, node, nodeName, seq, hash, time, origin }: ReadMember): ConflictMember {
  return { receipt, node, nodeName, seq, hash, time, origin }
}

export function conflictIdFromBytes(bytes: Uint8Array): ConflictId {
  // Only ConflictStore fills these columns, from ids.
  return `sha256:${Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex')}` as ConflictId
}

export function instantFromMs(ms: number): Instant {
  // toISOString is the form of an Instant for every year from 0 to 9999, which is what receipts may carry.
  return new Date(ms).toISOString() as Instant
}

function countsOf({ memberCount, fromSeq, toSeq }: ConflictRow) {
  return { memberCount, range: fromSeq === null || toSeq === null ? null : { fromSeq, toSeq } }
}

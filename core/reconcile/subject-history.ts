// Everything that was ever signed about a subject, the newest first, each with what became of it.
import { Cursor, type Instant, type NodeId, type ReceiptRef } from '#core/contract/index.ts'
import { receiptIdFromBytes, type ReadDb } from '#core/ledger/index.ts'
import {
  createNames,
  DECISION,
  decisionsOn,
  MergedFeeds,
  WITHDRAWAL,
  withdrawalsOf,
  type Names,
} from '#core/network/index.ts'
import { StewardError } from '#core/problem/index.ts'
import { newestClaims } from './claim-reading.ts'
import { importNote } from './import-notes.ts'
import { instantFromMs } from './conflict-reading.ts'
import { decisionSentence } from './decision-views.ts'

export interface HistoryQuery {
  readonly subject: string
  readonly task: string | null
  readonly after?: Cursor | undefined
  readonly limit: number
}

export interface HistoryPage {
  readonly items: (ReceiptRef & { readonly note: string })[]
  readonly next: Cursor | null
}

/** Throws BAD_CURSOR. */
export function subjectHistory(db: ReadDb, { subject, task, after, limit }: HistoryQuery): HistoryPage {
  const found = db
    .prepare<[string, string], { key: number }>('SELECT key FROM subject WHERE subject = ? AND task = ?')
    .get(subject, task ?? '')
  if (found === undefined) return { items: [], next: null }
  const rows = readRows(db, found.key, after, limit + 1)
  const page = rows.slice(0, limit)
  const last = page.at(-1)
  const note = noteWriter(db, found.key, subject)
  const names = createNames(db)
  return {
    items: page.map((row) => ({ ...refOf(row, names), note: note(row) })),
    next: last === undefined || rows.length <= limit ? null : cursorAfter(last),
  }
}

interface HistoryRow {
  readonly arrival: number
  readonly idBytes: Buffer
  readonly node: NodeId
  readonly nodeKey: number
  readonly seq: number
  readonly timeMs: number
  readonly kind: string
}

function readRows(db: ReadDb, subjectKey: number, after: Cursor | undefined, limit: number): HistoryRow[] {
  const from = after === undefined ? NEWEST : placeFromCursor(after)
  return db
    .prepare<[number, number, Buffer, number], HistoryRow>(`
      SELECT receipt.arrival, receipt.id AS idBytes, node.id AS node, receipt.node_key AS nodeKey, receipt.seq,
             receipt.time_ms AS timeMs, receipt.kind
      FROM receipt JOIN node ON node.key = receipt.node_key
      WHERE receipt.subject_key = ? AND (receipt.time_ms, receipt.id) < (?, ?)
      ORDER BY receipt.time_ms DESC, receipt.id DESC LIMIT ?
    `)
    .all(subjectKey, from.timeMs, from.id, limit)
}

function noteWriter(db: ReadDb, subjectKey: number, subject: string): (row: HistoryRow) => string {
  const feeds = new MergedFeeds(db)
  const names = createNames(db)
  // Of several that stand for one directory the first is named, and storage order must not show.
  const newest = newestClaims(db, feeds, subjectKey).toSorted(
    (one, other) => one.seq - other.seq || (feeds.nodeOf(one.nodeKey) < feeds.nodeOf(other.nodeKey) ? -1 : 1),
  )
  const asClaim = db.prepare<[number, number, number, number], { origin: string | null }>(`
    SELECT origin FROM reconcile_claim WHERE subject_key = ? AND node_key = ? AND seq = ? AND arrival = ?
  `)
  return (row) => {
    switch (feeds.stateOf(row)) {
      case 'not-admitted':
        return 'Not merged: its node is not admitted.'
      case 'blocked':
        return 'Not merged: its node is blocked here.'
      case 'forked':
        return 'Not merged: it stands at a fork of its feed.'
      case 'behind-fork':
        return 'Not merged: it stands behind a fork of its feed.'
      case 'merged':
    }
    if (row.kind === DECISION) return decisionNote(db, feeds, names, subjectKey, subject, row)
    if (row.kind === WITHDRAWAL) return 'Takes a decision back.'
    const claim = asClaim.get(subjectKey, row.nodeKey, row.seq, row.arrival)
    if (claim === undefined) return ''
    if (claim.origin !== null) return importNote(newest, claim.origin, row, (key) => names.of(feeds.nodeOf(key)))
    const own = newest.find((other) => other.nodeKey === row.nodeKey && (other.origin ?? null) === null)
    if (own === undefined || own.arrival === row.arrival) return 'The newest claim of its node.'
    return `Replaced by ${names.of(row.node)}'s receipt #${own.seq}.`
  }
}

function decisionNote(
  db: ReadDb,
  feeds: MergedFeeds,
  names: Names,
  subjectKey: number,
  subject: string,
  row: HistoryRow,
): string {
  const decision = decisionsOn(db, subjectKey).find((other) => other.arrival === row.arrival)
  if (decision === undefined) return 'Its body is no decision.'
  const sentence = decisionSentence(db, names, decision, subject)
  return withdrawalsOf(db, decision).some((withdrawal) => feeds.isMerged(withdrawal))
    ? `Withdrawn: ${sentence}`
    : `Decided: ${sentence}`
}

function refOf({ idBytes, node, seq, timeMs, kind }: HistoryRow, names: Names): ReceiptRef {
  const time: Instant = instantFromMs(timeMs)
  return { id: receiptIdFromBytes(idBytes), node, nodeName: names.of(node), seq, time, kind }
}

const NEWEST = { timeMs: Number.MAX_SAFE_INTEGER, id: Buffer.alloc(32) }

function cursorAfter({ timeMs, idBytes }: HistoryRow): Cursor {
  return Cursor.parse(`${timeMs}.${idBytes.toString('hex')}`)
}

function placeFromCursor(cursor: Cursor): { readonly timeMs: number; readonly id: Buffer } {
  const parts = /^(-?\d{1,16})\.([0-9a-f]{64})$/.exec(cursor)
  if (parts === null) {
    throw new StewardError({
      code: 'BAD_CURSOR',
      happened: 'The history cannot go on from there: the cursor is not one of this list.',
      kept: 'Nothing was changed.',
      remedy: 'Ask for the first page again.',
    })
  }
  return { timeMs: Number(parts[1]), id: Buffer.from(parts[2] ?? '', 'hex') }
}

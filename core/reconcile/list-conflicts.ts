// Pages of the conflict queue. Each sort has an index that holds everything the filters ask for, so a page is one walk along it
// from where the last one ended; the rows themselves are read for what is shown.
import * as z from 'zod'
import { Cursor, type ConflictFilter, type ConflictSort, type ConflictSummary } from '#core/contract/index.ts'
import type { ReadDb } from '#core/ledger/index.ts'
import { createNames } from '#core/network/index.ts'
import { StewardError } from '#core/problem/index.ts'
import { kindToCode, OPEN, SETTLED } from './conflict-codes.ts'
import { conflictRow, summaryOf } from './conflict-reading.ts'
import { nodeMark, taskMark } from './marks.ts'

export interface ConflictQuery {
  readonly filter: ConflictFilter
  readonly sort: ConflictSort
  readonly after?: Cursor | undefined
  readonly limit: number
}

export interface ConflictPage {
  readonly items: ConflictSummary[]
  readonly next: Cursor | null
}

/** Throws BAD_CURSOR for a cursor that this sort did not hand out. */
export function listConflicts(db: ReadDb, query: ConflictQuery): ConflictPage {
  const found = findPage(db, query)
  const page = found.slice(0, query.limit)
  const last = page.at(-1)
  const names = createNames(db)
  const items: ConflictSummary[] = []
  for (const { id } of page) {
    const row = conflictRow(db, id)
    if (row !== null) items.push(summaryOf(db, row, names))
  }
  return { items, next: last === undefined || found.length <= query.limit ? null : cursorAfter(query.sort, last) }
}

interface FoundConflict {
  readonly id: Buffer
  readonly severity: number
  readonly sinceMs: number
  readonly subject: string
}

interface SortPlan {
  readonly index: string
  readonly order: string
  readonly behind: string
}

/** Equal keys are common, so the id decides; it is the same on every node. */
const PLANS: Readonly<Record<ConflictSort, SortPlan>> = {
  severity: {
    index: 'reconcile_conflict_by_severity',
    order: 'severity DESC, since_ms DESC, id DESC',
    behind: '(severity, since_ms, id) < (@severity, @sinceMs, @id)',
  },
  newest: {
    index: 'reconcile_conflict_by_time',
    order: 'since_ms DESC, id DESC',
    behind: '(since_ms, id) < (@sinceMs, @id)',
  },
  oldest: {
    index: 'reconcile_conflict_by_time',
    order: 'since_ms, id',
    behind: '(since_ms, id) > (@sinceMs, @id)',
  },
  subject: {
    index: 'reconcile_conflict_by_subject',
    order: 'subject, id',
    behind: '(subject, id) > (@subject, @id)',
  },
}

type Bindings = Record<string, string | number | Buffer>

function findPage(db: ReadDb, { filter, sort, after, limit }: ConflictQuery): FoundConflict[] {
  const plan = PLANS[sort]
  const bindings: Bindings = { limit: limit + 1 }
  const conditions = filterConditions(filter, bindings)
  if (after !== undefined) {
    conditions.unshift(plan.behind)
    Object.assign(bindings, cursorKey(sort, after))
  }
  const walk = (status: number) => `
    SELECT * FROM (
      SELECT id, severity, since_ms AS sinceMs, subject
      FROM reconcile_conflict AS conflict INDEXED BY ${plan.index}
      WHERE ${[`status = ${status}`, ...conditions].join(' AND ')}
      ORDER BY ${plan.order} LIMIT @limit
    )
  `
  // A walk along the index has one status; for both, the two pages are merged.
  const sql =
    filter.status === 'all'
      ? `${walk(OPEN)} UNION ALL ${walk(SETTLED)} ORDER BY ${plan.order.replaceAll('since_ms', 'sinceMs')} LIMIT @limit`
      : walk(filter.status === 'open' ? OPEN : SETTLED)
  return db.prepare<Bindings, FoundConflict>(sql).all(bindings)
}

function filterConditions(filter: ConflictFilter, bindings: Bindings): string[] {
  const conditions: string[] = []
  if (filter.kinds !== undefined && filter.kinds.length > 0) {
    conditions.push(`kind IN (${[...new Set(filter.kinds.map(kindToCode))].join(', ')})`)
  }
  if (filter.severity !== undefined) {
    conditions.push('severity = @wantedSeverity')
    bindings['wantedSeverity'] = filter.severity
  }
  if (filter.task !== undefined) {
    conditions.push(`task_mark = @taskMark AND EXISTS (
      SELECT 1 FROM reconcile_conflict AS whole WHERE whole.id = conflict.id AND whole.task = @task
    )`)
    bindings['taskMark'] = taskMark(filter.task)
    bindings['task'] = filter.task
  }
  if (filter.overdue === true) {
    conditions.push(`EXISTS (
      SELECT 1 FROM reconcile_conflict AS whole WHERE whole.id = conflict.id AND whole.escalated = 1
    )`)
  }
  if (filter.node !== undefined) {
    // What concerns a feed has its node as the subject, and perhaps no member.
    conditions.push(`node_marks & @nodeMark AND (subject = @node OR EXISTS (
      SELECT 1 FROM reconcile_member AS member
      WHERE member.conflict = conflict.id AND member.node_key = (SELECT key FROM node WHERE node.id = @node)
    ))`)
    bindings['nodeMark'] = nodeMark(filter.node)
    bindings['node'] = filter.node
  }
  if (filter.subject !== undefined && filter.subject !== '') {
    conditions.push(`subject LIKE @subjectPart ESCAPE '\\'`)
    bindings['subjectPart'] = `%${filter.subject.replaceAll(/[\\%_]/g, '\\$&')}%`
  }
  return conditions
}

const CursorKey = z.object({
  sort: z.enum(['severity', 'newest', 'oldest', 'subject']),
  severity: z.number(),
  sinceMs: z.number(),
  subject: z.string(),
  id: z.string().regex(/^[0-9a-f]{64}$/),
})

function cursorAfter(sort: ConflictSort, { id, severity, sinceMs, subject }: FoundConflict): Cursor {
  const key: z.infer<typeof CursorKey> = { sort, severity, sinceMs, subject, id: id.toString('hex') }
  return Cursor.parse(Buffer.from(JSON.stringify(key)).toString('base64url'))
}

function cursorKey(sort: ConflictSort, cursor: Cursor): Bindings {
  const key = CursorKey.safeParse(jsonFromCursor(cursor))
  if (!key.success || key.data.sort !== sort) throw badCursor()
  const { severity, sinceMs, subject, id } = key.data
  const bytes = Buffer.from(id, 'hex')
  switch (sort) {
    case 'severity':
      return { severity, sinceMs, id: bytes }
    case 'newest':
    case 'oldest':
      return { sinceMs, id: bytes }
    case 'subject':
      return { subject, id: bytes }
  }
}

function jsonFromCursor(cursor: Cursor): unknown {
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'))
  } catch {
    return null
  }
}

function badCursor(): StewardError {
  return new StewardError({
    code: 'BAD_CURSOR',
    happened: 'The list cannot go on from there: the cursor is not one of this list.',
    kept: 'Nothing was changed.',
    remedy: 'Ask for the first page again.',
  })
}

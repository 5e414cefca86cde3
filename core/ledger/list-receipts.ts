// Lists of receipts for a person: filtered, in the order of time and then id (never of arrival), page by page behind a key.
// Every page is driven by the index that narrows most, so that no combination of filters walks the whole table needlessly.
import { NodeId, type Cursor, type ReceiptFilter, type ReceiptId } from '#core/contract/index.ts'
import { StewardError } from '#core/problem/index.ts'
import { counters } from './counters.ts'
import { receiptIdFromBytes } from './receipt-id-bytes.ts'
import { onlyRow } from './only-row.ts'
import { nodeKeyOf } from './reading.ts'
import type { ReadDb } from './types.ts'

export interface ListedReceipt {
  /** Where it is stored, to look up its state; never shown, never sorted by. */
  readonly arrival: number
  readonly id: ReceiptId
  readonly nodeKey: number
  readonly node: NodeId
  readonly seq: number
  readonly timeMs: number
  readonly kind: string
  readonly subject: string
  readonly task: string | null
}

export interface ReceiptListing {
  readonly filter: ReceiptFilter
  readonly sort: 'newest' | 'oldest'
  readonly after: Cursor | null
  readonly limit: number
}

export interface ReceiptPage {
  readonly rows: readonly ListedReceipt[]
  readonly next: Cursor | null
  /** How many match in all; null where too many would have to be looked at, and behind the first page unless it is known anyway. */
  readonly total: number | null
  /** Set where `total` is not known, but that more than so many match. */
  readonly moreThan: number | null
}

type Counted = Pick<ReceiptPage, 'total' | 'moreThan'>

/** One page of the list. Throws a StewardError for a cursor that no page gave. */
export function listReceipts(db: ReadDb, listing: ReceiptListing): ReceiptPage {
  const narrowing = narrow(db, listing.filter)
  if (narrowing === null) return { rows: [], next: null, total: 0, moreThan: null }
  const found = pageRows(db, listing, narrowing)
  const rows = found.slice(0, listing.limit)
  const last = rows.at(-1)
  const more = found.length > rows.length && last !== undefined
  const counted = narrowing.counted ?? countOf(db, listing, narrowing, more ? null : rows.length)
  return { rows: rows.map(listedFromRow), next: more ? cursorAfter(last) : null, ...counted }
}

/** What the filter means in keys, and by which index to walk. */
interface Narrowing {
  readonly index: 'receipt_by_time' | 'receipt_by_kind' | 'receipt_by_node' | 'receipt_by_subject' | 'arrival'
  readonly nodeKey: number | null
  /** Set where so few receipts have a subject that fits that they are gathered and sorted. */
  readonly subjectKeys: readonly number[] | null
  /** Set where only what arrived in some time is asked for. */
  readonly arrivals: Arrivals | null
  /** Null where nothing is known yet. */
  readonly counted: Counted | null
}

/** Keys of storage order, the first one in and the first one behind. */
interface Arrivals {
  readonly first: number
  readonly end: number
}

/** So many are gathered and sorted about as fast as a page is walked to. */
const GATHERED_RECEIPTS = 20_000
const GATHERED_SUBJECTS = 2000

/** Null where nothing can match. */
function narrow(db: ReadDb, filter: ReceiptFilter): Narrowing | null {
  const { node, kind, task, subject } = filter
  const nodeKey = node === undefined ? null : nodeKeyOf(db, node)
  if (node !== undefined && nodeKey === null) return null
  const counts = tallyCounts(db, nodeKey, kind)
  if (counts.both === 0) return null

  const arrivals = arrivalsOf(db, filter)
  if (arrivals !== null && arrivals.end - arrivals.first <= GATHERED_RECEIPTS) {
    const counted = knownCount(filter, counts.both, arrivals, null)
    return { index: 'arrival', nodeKey, subjectKeys: null, arrivals, counted }
  }
  const subjects = task === undefined && subject === undefined ? null : fewSubjects(db, task, subject)
  const counted = knownCount(filter, counts.both, arrivals, subjects)
  if (subjects !== null && subjects.keys !== null) {
    const { keys } = subjects
    return keys.length === 0 ? null : { index: 'receipt_by_subject', nodeKey, subjectKeys: keys, arrivals, counted }
  }
  if (nodeKey !== null && counts.ofNode <= counts.ofKind) {
    return { index: 'receipt_by_node', nodeKey, subjectKeys: null, arrivals, counted }
  }
  const index = kind === undefined ? 'receipt_by_time' : 'receipt_by_kind'
  return { index, nodeKey, subjectKeys: null, arrivals, counted }
}

const TALLIED: readonly FilterName[] = ['node', 'kind']
const NAMED: readonly FilterName[] = ['task', 'subject']
const ARRIVED: readonly FilterName[] = ['arrivedFrom', 'arrivedTo']
type FilterName = keyof ReceiptFilter

/** What is told without counting: what is kept, or was counted on the way. */
function knownCount(
  filter: ReceiptFilter,
  tallied: number,
  arrivals: Arrivals | null,
  subjects: FewSubjects | null,
): Counted | null {
  if (isOnly(filter, TALLIED)) return exactly(tallied)
  if (arrivals !== null && isOnly(filter, ARRIVED)) return exactly(Math.max(0, arrivals.end - arrivals.first))
  return subjects !== null && isOnly(filter, NAMED) ? subjects.counted : null
}

function isOnly(filter: ReceiptFilter, names: readonly FilterName[]): boolean {
  return Object.entries(filter).every(([name, value]) => value === undefined || names.some((each) => each === name))
}

function exactly(total: number): Counted {
  return { total, moreThan: null }
}

function arrivalsOf(db: ReadDb, { arrivedFrom, arrivedTo }: ReceiptFilter): Arrivals | null {
  if (arrivedFrom === undefined && arrivedTo === undefined) return null
  const behindAll = counters(db).receipts + 1
  return {
    first: arrivedFrom === undefined ? 1 : firstArrivedAt(db, Date.parse(arrivedFrom), behindAll),
    end: arrivedTo === undefined ? behindAll : firstArrivedAt(db, Date.parse(arrivedTo), behindAll),
  }
}

/** Storage order is that of arrival, so a few look-ups find the place. Where the clock was set back meanwhile it is one near it. */
function firstArrivedAt(db: ReadDb, atMs: number, behindAll: number): number {
  const at = db
    .prepare<[number], number>('SELECT arrived_ms FROM receipt WHERE arrival >= ? ORDER BY arrival LIMIT 1')
    .pluck()
  let low = 1
  let high = behindAll
  while (low < high) {
    const middle = Math.floor((low + high) / 2)
    const arrivedMs = at.get(middle)
    if (arrivedMs !== undefined && arrivedMs < atMs) low = middle + 1
    else high = middle
  }
  return low
}

function tallyCounts(
  db: ReadDb,
  nodeKey: number | null,
  kind: string | undefined,
): { readonly ofNode: number; readonly ofKind: number; readonly both: number } {
  const all = counters(db).receipts
  const ofNode = nodeKey === null ? all : tally(db, 'node_key = ?', [nodeKey])
  const ofKind = kind === undefined ? all : tally(db, 'kind = ?', [kind])
  if (nodeKey === null || kind === undefined) return { ofNode, ofKind, both: Math.min(ofNode, ofKind) }
  return { ofNode, ofKind, both: tally(db, 'node_key = ? AND kind = ?', [nodeKey, kind]) }
}

function tally(db: ReadDb, condition: string, values: readonly (string | number)[]): number {
  const row = db
    .prepare<unknown[], { receipts: number | null }>(`SELECT sum(receipts) AS receipts FROM tally WHERE ${condition}`)
    .get(...values)
  return row?.receipts ?? 0
}

interface FewSubjects {
  /** Null where they or their receipts are too many to gather. */
  readonly keys: readonly number[] | null
  /** Of receipts. */
  readonly counted: Counted
}

/** The subjects that fit. */
function fewSubjects(db: ReadDb, task: string | undefined, subject: string | undefined): FewSubjects {
  const conditions = subjectConditions(task, subject)
  const keys = db
    .prepare<[object], number>(`SELECT key FROM subject WHERE ${conditions.join(' AND ')} LIMIT @limit`)
    .pluck()
    .all({ task, subject, limit: GATHERED_SUBJECTS + 1 })
  // A subject stands there because of a receipt.
  if (keys.length > GATHERED_SUBJECTS) return { keys: null, counted: { total: null, moreThan: GATHERED_SUBJECTS } }
  const receipts = onlyRow(
    db
      .prepare<[string, number], number>(`
        SELECT count(*) FROM (
          SELECT 1 FROM receipt INDEXED BY receipt_by_subject
          WHERE subject_key IN (SELECT value FROM json_each(?)) LIMIT ?
        )
      `)
      .pluck()
      .get(JSON.stringify(keys), GATHERED_RECEIPTS + 1),
  )
  if (receipts > GATHERED_RECEIPTS) return { keys: null, counted: { total: null, moreThan: GATHERED_RECEIPTS } }
  return { keys, counted: exactly(receipts) }
}

// lower() in SQLite is for ASCII only, which is what the filter promises.
function subjectConditions(task: string | undefined, subject: string | undefined): readonly string[] {
  return [
    ...(task === undefined ? [] : ["subject.task = @task AND subject.task > ''"]),
    ...(subject === undefined ? [] : ['instr(lower(subject.subject), lower(@subject)) > 0']),
  ]
}

interface PageRow {
  readonly arrival: number
  readonly id: Buffer
  readonly nodeKey: number
  readonly node: string
  readonly seq: number
  readonly timeMs: number
  readonly kind: string
  readonly subject: string
  readonly task: string
}

/** One row more than asked for, where there is one: so the page knows whether another follows. */
function pageRows(
  db: ReadDb,
  { filter, sort, after, limit }: ReceiptListing,
  narrowing: Narrowing,
): readonly PageRow[] {
  const { from, to } = filter
  const newest = sort === 'newest'
  // The cursor and the bound of time on its side are one bound, so that the index starts right there.
  const start = startOf(filter, sort, after)
  const { inIndex, inRow } = conditionsOf(filter, narrowing)
  const conditions = [
    newest ? '(time_ms, receipt.id) < (@startMs, @startId)' : '(time_ms, receipt.id) > (@startMs, @startId)',
    ...(newest && from !== undefined ? ['time_ms >= @endMs'] : []),
    ...(!newest && to !== undefined ? ['time_ms <= @endMs'] : []),
    ...inIndex,
    ...inRow,
  ]
  const order = newest ? 'DESC' : 'ASC'
  const end = newest ? from : to
  // The page is found in the index first and only then read: what a sort carries stays small.
  return db
    .prepare<[object], PageRow>(`
      SELECT receipt.arrival, receipt.id, node_key AS nodeKey, node.id AS node, seq, time_ms AS timeMs, kind,
        subject.subject, subject.task
      FROM (
        SELECT arrival FROM ${tablesOf(filter, narrowing)}
        WHERE ${conditions.join(' AND ')}
        ORDER BY time_ms ${order}, receipt.id ${order} LIMIT @limit
      ) AS page
      CROSS JOIN receipt ON receipt.arrival = page.arrival
      CROSS JOIN node ON node.key = node_key
      CROSS JOIN subject ON subject.key = subject_key
      ORDER BY time_ms ${order}, receipt.id ${order}
    `)
    .all({
      ...valuesOf(filter, narrowing),
      startMs: start.timeMs,
      startId: start.id,
      endMs: end === undefined ? null : Date.parse(end),
      limit: limit + 1,
    })
}

/** To walk so many entries of an index takes a millisecond; to read as many receipts, which lie anywhere, eighty: measured with 100,000. */
const COUNTED_IN_INDEX = 20_000
const COUNTED_IN_ROWS = 500

/** Counts for the first page only, and looks at no more than is said above. `whole` is set where the page holds all that match. */
function countOf(db: ReadDb, { filter, after }: ReceiptListing, narrowing: Narrowing, whole: number | null): Counted {
  if (after !== null) return NOT_KNOWN
  if (whole !== null) return exactly(whole)
  const { inIndex, inRow } = conditionsOf(filter, narrowing)
  const span = 'time_ms BETWEEN @fromMs AND @toMs'
  const [ofIndex, ofRow] = narrowing.index === 'arrival' ? [inIndex, [...inRow, span]] : [[...inIndex, span], inRow]
  const limit = ofRow.length === 0 ? COUNTED_IN_INDEX : COUNTED_IN_ROWS
  const { walked, fitting } = onlyRow(
    db
      .prepare<[object], { walked: number; fitting: number }>(`
        SELECT count(*) AS walked, total(fits) AS fitting FROM (
          SELECT ${ofRow.length === 0 ? 'TRUE' : ofRow.join(' AND ')} AS fits FROM ${tablesOf(filter, narrowing)}
          WHERE ${ofIndex.join(' AND ')} LIMIT @limit
        )
      `)
      .get({
        ...valuesOf(filter, narrowing),
        fromMs: filter.from === undefined ? Number.MIN_SAFE_INTEGER : Date.parse(filter.from),
        toMs: filter.to === undefined ? Number.MAX_SAFE_INTEGER : Date.parse(filter.to),
        limit: limit + 1,
      }),
  )
  if (walked <= limit) return exactly(fitting)
  return ofRow.length === 0 ? { total: null, moreThan: limit } : NOT_KNOWN
}

const NOT_KNOWN: Counted = { total: null, moreThan: null }

function tablesOf(filter: ReceiptFilter, { index, subjectKeys }: Narrowing): string {
  const receipt = `receipt ${index === 'arrival' ? 'NOT INDEXED' : `INDEXED BY ${index}`}`
  return walksSubjects(filter, subjectKeys) ? `${receipt} CROSS JOIN subject ON subject.key = subject_key` : receipt
}

function walksSubjects({ task, subject }: ReceiptFilter, subjectKeys: readonly number[] | null): boolean {
  return subjectKeys === null && (task !== undefined || subject !== undefined)
}

/** What of the filter, but its span of time, the index that is walked leads to, and what each receipt is asked for. */
function conditionsOf(filter: ReceiptFilter, { index, nodeKey, subjectKeys, arrivals }: Narrowing) {
  const { kind, task, subject, anchor } = filter
  const conditions: readonly { readonly by: Narrowing['index'] | null; readonly sql: string }[] = [
    ...(arrivals === null
      ? []
      : [{ by: 'arrival' as const, sql: 'arrival >= @firstArrival AND arrival < @endArrival' }]),
    ...(nodeKey === null ? [] : [{ by: 'receipt_by_node' as const, sql: 'node_key = @nodeKey' }]),
    ...(kind === undefined ? [] : [{ by: 'receipt_by_kind' as const, sql: 'kind = @kind' }]),
    ...(anchor === undefined ? [] : [{ by: null, sql: 'substr(line, 1, length(@anchored)) = @anchored' }]),
    ...(subjectKeys === null
      ? []
      : [{ by: 'receipt_by_subject' as const, sql: 'subject_key IN (SELECT value FROM json_each(@subjectKeys))' }]),
    ...(walksSubjects(filter, subjectKeys) ? subjectConditions(task, subject).map((sql) => ({ by: null, sql })) : []),
  ]
  return {
    inIndex: conditions.filter(({ by }) => by === index).map(({ sql }) => sql),
    inRow: conditions.filter(({ by }) => by !== index).map(({ sql }) => sql),
  }
}

function valuesOf({ kind, task, subject, anchor }: ReceiptFilter, { nodeKey, subjectKeys, arrivals }: Narrowing) {
  return {
    nodeKey,
    firstArrival: arrivals?.first,
    endArrival: arrivals?.end,
    kind,
    task,
    subject,
    // The keys of a canonical line are sorted, so it begins with its anchor.
    anchored: anchor === undefined ? null : `{"anchor":{"hash":"${anchor}"`,
    subjectKeys: subjectKeys === null ? null : JSON.stringify(subjectKeys),
  }
}

interface Place {
  readonly timeMs: number
  readonly id: Buffer
}

const BEFORE_ALL_IDS = Buffer.alloc(0)
const BEHIND_ALL_IDS = Buffer.alloc(33, 0xff)

function startOf({ from, to }: ReceiptFilter, sort: 'newest' | 'oldest', after: Cursor | null): Place {
  const behind = after === null ? null : placeFromCursor(after)
  if (sort === 'newest') {
    const edge = { timeMs: to === undefined ? Number.MAX_SAFE_INTEGER : Date.parse(to), id: BEHIND_ALL_IDS }
    return behind !== null && comparePlaces(behind, edge) < 0 ? behind : edge
  }
  const edge = { timeMs: from === undefined ? Number.MIN_SAFE_INTEGER : Date.parse(from), id: BEFORE_ALL_IDS }
  return behind !== null && comparePlaces(behind, edge) > 0 ? behind : edge
}

function comparePlaces(a: Place, b: Place): number {
  return a.timeMs === b.timeMs ? Buffer.compare(a.id, b.id) : a.timeMs - b.timeMs
}

function cursorAfter(row: PageRow): Cursor {
  // Opaque to the caller: any text is a Cursor, and placeFromCursor judges what comes back.
  return `${row.timeMs}.${row.id.toString('hex')}` as Cursor
}

function placeFromCursor(cursor: Cursor): Place {
  const match = /^(-?\d{1,16})\.([0-9a-f]{64})$/.exec(cursor)
  if (match === null) {
    throw new StewardError({
      code: 'BAD_CURSOR',
      happened: 'The list cannot go on there: that place is not one that a page ended at.',
      kept: 'Nothing was changed.',
      remedy: 'Start again from the first page.',
    })
  }
  const [, timeMs, id] = match
  return { timeMs: Number(timeMs), id: Buffer.from(String(id), 'hex') }
}

function listedFromRow(row: PageRow): ListedReceipt {
  return {
    ...row,
    id: receiptIdFromBytes(row.id),
    node: NodeId.parse(row.node),
    task: row.task === '' ? null : row.task,
  }
}

// The machinery behind all projections: rows that follow from the receipts alone, made batch by batch in the transaction
// that appends, and thrown away and made anew whenever a version changed. Features say what; this says when.
import type { Instant } from '#core/contract/index.ts'
import { invariant } from '#core/problem/index.ts'
import { parseStoredLine } from '#core/receipts/index.ts'
import { KEPT_MARKS } from './schema.ts'
import type { Feature, Ledger, ProjectedReceipt, Projection, ReadDb, Tx } from './types.ts'

/** Bounds the memory of a rebuild; larger batches were not faster. */
const BATCH_RECEIPTS = 8192
/**
 * Some hundreds of receipts are projected at once, since most of them are of one node and kind. Not thousands: what those say would be moved
 * about in memory until all are read.
 */
export const PROJECTED_TOGETHER = 256

/** `done` of `total` receipts have been read again. */
export type OnProgress = (done: number, total: number) => void

/** Throws all projections away and makes them anew from the receipts; also what repairs them. */
export function rebuildProjections(ledger: Ledger, now: Instant, onProgress?: OnProgress): void {
  ledger.write(now, (tx) => recreateProjections(tx, ledger.features))
  catchUp(ledger, 0, now, onProgress)
}

/** Brings the projections of a ledger that was just opened up to its receipts, from scratch if they mean something else now. */
export function bringUpToDate(ledger: Ledger, now: Instant, onProgress?: OnProgress): void {
  const mark = keptMark(ledger.read, KEPT_MARKS.readMark)
  // Where nobody knows up to where they have read, they have read nothing.
  if (mark === null || !areCurrent(ledger.read, ledger.features)) rebuildProjections(ledger, now, onProgress)
  else catchUp(ledger, mark, now, onProgress)
}

/** Drops what is recorded, creates what the features bring, and has read nothing yet. */
export function recreateProjections(tx: Tx, features: readonly Feature[]): void {
  const recorded = tx.prepare<[], { tables: string }>('SELECT tables FROM projection').all()
  // Tables that refer to others come after them in the list, so they go first.
  tx.exec('PRAGMA defer_foreign_keys = ON')
  for (const table of recorded.flatMap((row) => tablesFromText(row.tables)).reverse()) {
    tx.exec(`DROP TABLE IF EXISTS ${quoted(table)}`)
  }
  tx.exec('DELETE FROM projection')
  for (const projection of projectionsOf(features)) {
    projection.create(tx)
    tx.prepare<[string, number, string], never>('INSERT INTO projection (name, version, tables) VALUES (?, ?, ?)').run(
      projection.name,
      projection.version,
      JSON.stringify(projection.tables),
    )
  }
  keepMark(tx, KEPT_MARKS.readMark, 0)
  noteSettled(tx)
  tx.prepare<[string], never>('INSERT OR REPLACE INTO projected_kinds (only, kinds) VALUES (1, ?)').run(
    kindsText(features),
  )
}

/** Shows a batch to every projection; `settleProjections` follows in the same transaction. */
export function projectBatch(tx: Tx, features: readonly Feature[], rows: readonly ProjectedReceipt[]): void {
  const last = rows.at(-1)
  invariant(last !== undefined, 'a batch holds receipts')
  for (const projection of projectionsOf(features)) projection.project(tx, rows)
  keepMark(tx, KEPT_MARKS.readMark, last.arrival)
}

export function settleProjections(tx: Tx, features: readonly Feature[]): void {
  for (const projection of projectionsOf(features)) projection.settle(tx)
}

/** Writes down that the rows are those of `tx.now`; where settling changed no row, those of the earlier instant are the same. */
export function noteSettled(tx: Tx): void {
  keepMark(tx, KEPT_MARKS.settledAt, Date.parse(tx.now))
}

/** When the projections were last settled: what they show is true as of then. Null where there are none. */
export function settledAt(db: ReadDb): Instant | null {
  const settledMs = keptMark(db, KEPT_MARKS.settledAt)
  // toISOString prints the very form that Instant asks for.
  return settledMs === null ? null : (new Date(settledMs).toISOString() as Instant)
}

type KeptMark = (typeof KEPT_MARKS)[keyof typeof KEPT_MARKS]

function keepMark(tx: Tx, mark: KeptMark, number: number): void {
  tx.prepare<[string, number], never>(`
    INSERT INTO kept (node_key, what, number) VALUES (-1, ?, ?) ON CONFLICT DO UPDATE SET number = excluded.number
  `).run(mark, number)
}

function keptMark(db: ReadDb, mark: KeptMark): number | null {
  return (
    db.prepare<[string], number>('SELECT number FROM kept WHERE node_key = -1 AND what = ?').pluck().get(mark) ?? null
  )
}

/** Shows the next receipts behind `mark` to the projections; answers the new mark, which is the old one where there are no more. */
export function projectStored(tx: Tx, features: readonly Feature[], mark: number): number {
  let reached = mark
  for (let read = 0; read < BATCH_RECEIPTS; read += PROJECTED_TOGETHER) {
    const rows = storedAfter(tx, reached)
    const last = rows.at(-1)
    if (last === undefined) break
    projectBatch(tx, features, rows)
    reached = last.arrival
  }
  return reached
}

function storedAfter(db: ReadDb, mark: number): readonly ProjectedReceipt[] {
  return db
    .prepare<[number, number], { arrival: number; nodeKey: number; subjectKey: number; line: string }>(`
      SELECT arrival, node_key AS nodeKey, subject_key AS subjectKey, line
      FROM receipt WHERE arrival > ? ORDER BY arrival LIMIT ?
    `)
    .all(mark, PROJECTED_TOGETHER)
    .map(({ arrival, nodeKey, subjectKey, line }) => ({
      arrival,
      nodeKey,
      subjectKey,
      receipt: parseStoredLine(line),
    }))
}

export function projectionsOf(features: readonly Feature[]): readonly Projection[] {
  return features.flatMap((feature) => feature.projections)
}

/** A name out of our own lists, quoted all the same: it goes into SQL where no parameter can. */
export function quoted(name: string): string {
  invariant(/^[a-z][a-z0-9_]*$/.test(name), `${name} is the name of a table`)
  return `"${name}"`
}

function catchUp(ledger: Ledger, mark: number, now: Instant, onProgress?: OnProgress): void {
  const newest = ledger.read.prepare<[], { arrival: number | null }>('SELECT max(arrival) AS arrival FROM receipt')
  const total = newest.get()?.arrival ?? 0
  let done = mark
  while (done < total) {
    done = ledger.write(now, (tx) => {
      const reached = projectStored(tx, ledger.features, done)
      invariant(reached > done, 'up to the newest receipt there are some')
      return reached
    })
    onProgress?.(done, total)
  }
}

function areCurrent(db: ReadDb, features: readonly Feature[]): boolean {
  const recorded = db
    .prepare<[], { name: string; version: number; tables: string }>('SELECT name, version, tables FROM projection')
    .all()
  const brought = projectionsOf(features)
  const kinds = db.prepare<[], { kinds: string }>('SELECT kinds FROM projected_kinds').get()
  return (
    kinds?.kinds === kindsText(features) &&
    recorded.length === brought.length &&
    brought.every((projection) =>
      recorded.some(
        (row) =>
          row.name === projection.name &&
          row.version === projection.version &&
          row.tables === JSON.stringify(projection.tables),
      ),
    )
  )
}

// A receipt of a kind that was unknown is projected once a version knows it: so what is known is part of what rows mean.
function kindsText(features: readonly Feature[]): string {
  const kinds = features.flatMap((feature) => feature.kinds.map(({ kind, isClaim }) => ({ kind, isClaim })))
  return JSON.stringify(kinds.toSorted((a, b) => (a.kind < b.kind ? -1 : 1)))
}

function tablesFromText(text: string): readonly string[] {
  const tables: unknown = JSON.parse(text)
  invariant(Array.isArray(tables) && tables.every((table) => typeof table === 'string'), 'tables is a list of names')
  return tables
}

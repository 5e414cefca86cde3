// What was refused, kept with its bytes so that a person can look and a later version can judge again. Bounded: beyond the caps
// only hash, reason and count are kept, and beyond those only the number; the original stays where it lies.
import type { NodeId } from '#core/contract/index.ts'
import { knownIds, onlyRow, type ReadDb, type Tx } from '#core/ledger/index.ts'
import { parseLine, type Refusal } from '#core/receipts/index.ts'
import { countHeldBack } from './held-back.ts'
import { QUARANTINE_BYTES, sha256Of } from './segment.ts'

const MOST_ENTRIES = 100_000
const MOST_BYTES = 512 * 1024 * 1024

export interface Refused {
  /** Where it lies: a path in the folder, with the line where it is one line. */
  readonly source: string
  readonly refusal: Refusal
  readonly bytes: Uint8Array
  readonly sizeBytes: number
}

export function quarantine(tx: Tx, { source, refusal, bytes, sizeBytes }: Refused): void {
  const sha256 = sha256Of(bytes)
  const { changes } = tx
    .prepare<[string, string, string, string, string], never>(`
      UPDATE exchange_refusal SET count = count + 1, last_seen = ?, detail = ?
      WHERE source = ? AND sha256 = ? AND reason = ?
    `)
    .run(tx.now, refusal.detail, source, sha256, refusal.reason)
  if (changes > 0) return

  countHeldBack(tx)
  const size = quarantineSize(tx)
  if (size.entries >= MOST_ENTRIES) {
    tx.prepare<[], never>('UPDATE exchange_quarantine_size SET beyond = beyond + 1').run()
    return
  }
  const kept = bytes.subarray(0, QUARANTINE_BYTES)
  const keeps = size.bytes + kept.length <= MOST_BYTES
  tx.prepare<[string, string, string, string, NodeId | null, number, Uint8Array | null, string, string], never>(`
    INSERT INTO exchange_refusal (source, reason, sha256, detail, node, size, bytes, count, first_seen, last_seen)
    VALUES (?, ?, ?, ?, ?, ?, ?, 1, ?, ?)
  `).run(source, refusal.reason, sha256, refusal.detail, refusal.node, sizeBytes, keeps ? kept : null, tx.now, tx.now)
  tx.prepare<[number], never>('UPDATE exchange_quarantine_size SET entries = entries + 1, bytes = bytes + ?').run(
    keeps ? kept.length : 0,
  )
}

/** What is known now of a file of which something was refused. */
export interface Cleared {
  /** As in the table: a path in the folder. */
  readonly path: string
  /** True for a line of which is still said what was said; by its number from 1. */
  readonly stands: (lineNumber: number) => boolean
}

/**
 * What was refused of a file and has come right since: the file is whole now, or a receipt stands where the line did. It leaves the quarantine,
 * so that nobody is asked to look after what is over.
 */
export function clearRefusals(tx: Tx, { path, stands }: Cleared): void {
  for (const refusal of refusalsOf(tx, path)) {
    const { key, source, reason } = refusal
    const isOver = source === path ? reason !== 'fork-flood' : !stands(Number(source.slice(path.length + 1)))
    if (!isOver && !isOfKnown(tx, refusal)) continue
    dropRefusal(tx, key)
  }
}

export function dropRefusal(tx: Tx, key: number): void {
  const drop = tx.prepare<[number], { kept: number }>(
    'DELETE FROM exchange_refusal WHERE key = ? RETURNING coalesce(length(bytes), 0) AS kept',
  )
  const { kept } = onlyRow(drop.get(key))
  tx.prepare<[number], never>('UPDATE exchange_quarantine_size SET entries = entries - 1, bytes = bytes - ?').run(kept)
}

/** Files in a folder of the exchange of which something was refused, by their paths. */
export function refusedFilesIn(db: ReadDb, folder: string): ReadonlySet<string> {
  const sources = db
    .prepare<[string, string], string>('SELECT DISTINCT source FROM exchange_refusal WHERE source > ? AND source < ?')
    .pluck()
    // All that begin with the folder and a slash, which is followed by `0`.
    .all(`${folder}/`, `${folder}0`)
  return new Set(sources.map((source) => source.replace(/:\d+$/, '')))
}

/** True where a line of this file was refused for its signature, and the very receipt is known by now: it needs no signature any more. */
export function hasRefusedKnown(db: ReadDb, path: string): boolean {
  return refusalsOf(db, path).some((refusal) => isOfKnown(db, refusal))
}

// As a line of a known receipt is judged whose signature fell over: by what it says.
export function isOfKnown(db: ReadDb, { bytes }: Pick<RefusalOfFile, 'bytes'>): boolean {
  const parsed = bytes === null ? null : parseLine(bytes)
  return parsed?.ok === true && knownIds(db, [parsed.value.id]).size > 0
}

interface RefusalOfFile {
  readonly key: number
  readonly source: string
  readonly reason: string
  /** Of a line that was refused for its signature. */
  readonly bytes: Uint8Array | null
}

/** Of the file as a whole, and of its lines. */
function refusalsOf(db: ReadDb, path: string): readonly RefusalOfFile[] {
  return (
    db
      .prepare<[string, string, string], RefusalOfFile>(`
        SELECT key, source, reason, iif(reason = 'bad-signature', bytes, NULL) AS bytes
        FROM exchange_refusal WHERE source = ? OR (source > ? AND source < ?)
      `)
      // A line's number follows a colon, which is followed by `;`.
      .all(path, `${path}:`, `${path};`)
  )
}

export function quarantineSize(db: ReadDb): {
  readonly entries: number
  readonly bytes: number
  readonly beyond: number
} {
  const size = db.prepare<[], { entries: number; bytes: number; beyond: number }>(
    'SELECT entries, bytes, beyond FROM exchange_quarantine_size',
  )
  return onlyRow(size.get())
}

// Which files were read, and what came of it. A file that was taken whole and whose size and time are as they were is not opened again,
// so that a stick that was away costs a listing and nothing more. Where something was wrong with it, size and time are no reason to
// believe that it still is: some sync tools lay a file out in full before they fill it. And a file may be written again within one step of
// the clock that stamps it (FAT counts two seconds): what was read so soon after it was written is read once more when that step is over.
import type { Instant, NodeId } from '#core/contract/index.ts'
import { onlyRow, type ReadDb, type Tx } from '#core/ledger/index.ts'
import type { FileStat } from './folder-adapter.ts'

/** Raised when the rules of receipts change: what was refused under older ones is judged again. */
const RULES_VERSION = 1

/**
 * A file that was read sooner than this after it was written may have been written once more without its time showing it. More than the
 * coarsest step in which a drive or a sync tool keeps times, which is two seconds.
 */
const SETTLING_MS = 3_000

/** Full rescans through which a file must stay the same before it counts as broken and not as half-synced. */
export const STABLE_RESCANS = 2

export type InboxFileState =
  | 'done'
  /** Judged whole, but lines of it were refused. */
  | 'refused'
  /** Not whole yet; tried again until it is, or until it is stable. */
  | 'half'
  /** Stable and still not whole, or beyond a limit. */
  | 'bad'
  /** Lines after a bad signature are not looked at until the file changes. */
  | 'stopped'
  /** Some lines could not be checked now: the ration of slow checks, or too many waiting. */
  | 'deferred'
  /** The system would not let us read it. */
  | 'unreadable'

export interface InboxFile {
  readonly path: string
  readonly node: NodeId
  readonly sizeBytes: number
  readonly mtimeNs: string
  readonly sha256: string | null
  readonly state: InboxFileState
  readonly stable: number
  readonly rules: number
  readonly deferred: number
  /** Of a file that was taken: since when it has been known with this size and time. */
  readonly firstSeen: Instant
  /** When it was last looked at in order to be read: before its size and time were asked for. */
  readonly lastSeen: Instant
}

/** All that is remembered of one node's files, by path. */
export function inboxFilesOf(db: ReadDb, node: NodeId): ReadonlyMap<string, InboxFile> {
  const rows = db
    .prepare<[NodeId], InboxFile>(`
      SELECT path, node, size AS sizeBytes, mtime_ns AS mtimeNs, sha256, state, stable, rules, deferred,
             first_seen AS firstSeen, last_seen AS lastSeen
      FROM exchange_inbox_file WHERE node = ?
    `)
    .all(node)
  return new Map(rows.map((row) => [row.path, row]))
}

export function rememberFile(tx: Tx, file: Omit<InboxFile, 'rules' | 'firstSeen'>): void {
  tx.prepare<[string, NodeId, number, string, string | null, string, number, number, number, Instant, Instant], never>(`
    INSERT INTO exchange_inbox_file
      (path, node, size, mtime_ns, sha256, state, stable, rules, deferred, first_seen, last_seen)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT (path) DO UPDATE SET
      node = excluded.node, size = excluded.size, mtime_ns = excluded.mtime_ns, sha256 = excluded.sha256,
      state = excluded.state, stable = excluded.stable, rules = excluded.rules, deferred = excluded.deferred,
      last_seen = excluded.last_seen,
      -- A time after the look is left from a clock that was put back since.
      first_seen = CASE
        WHEN excluded.state <> 'done' THEN first_seen
        WHEN state = 'done' AND size = excluded.size AND mtime_ns = excluded.mtime_ns AND first_seen <= excluded.last_seen
          THEN first_seen
        ELSE excluded.first_seen
      END
  `).run(
    file.path,
    file.node,
    file.sizeBytes,
    file.mtimeNs,
    file.sha256,
    file.state,
    file.stable,
    RULES_VERSION,
    file.deferred,
    // Once it was read it had this size and time for sure; what is wrong with a file counts since the look that found it.
    file.state === 'done' ? tx.now : file.lastSeen,
    file.lastSeen,
  )
}

export function forgetFile(tx: Tx, path: string): void {
  tx.prepare<[string], never>('DELETE FROM exchange_inbox_file WHERE path = ?').run(path)
}

/** Another folder: what lay in the old one says nothing about it. */
export function forgetAllFiles(tx: Tx): void {
  tx.prepare<[], never>('DELETE FROM exchange_inbox_file').run()
  tx.prepare<[], never>('DELETE FROM exchange_note').run()
}

/** True where the file must be opened to know more than is known. Only a full rescan goes back to what may have changed unseen. */
export function needsReading(
  known: InboxFile | undefined,
  stat: FileStat,
  { hasRoom, isFull }: { readonly hasRoom: boolean; readonly isFull: boolean },
): boolean {
  if (known === undefined || !isSameFile(known, stat)) return true
  switch (known.state) {
    case 'done':
      return isFull && !isSettled(known)
    case 'refused':
    case 'bad':
    case 'stopped':
      return known.rules !== RULES_VERSION
    case 'deferred':
      return hasRoom
    case 'half':
    case 'unreadable':
      return true
  }
}

/**
 * True where size and time would show every change since it was taken. Either its time was safely past when it was read, or, since the
 * clock that stamped it need not go like ours and may be ahead by years, it had looked the same for as long by our clock alone.
 */
function isSettled({ mtimeNs, firstSeen, lastSeen }: InboxFile): boolean {
  const safeMs = Date.parse(lastSeen) - SETTLING_MS
  return BigInt(mtimeNs) <= BigInt(safeMs) * 1_000_000n || Date.parse(firstSeen) <= safeMs
}

/** True where judging the same bytes again would say the same, by the rules that hold now. */
export function isFinal({ state, rules }: InboxFile): boolean {
  return ['done', 'refused', 'bad', 'stopped'].includes(state) && rules === RULES_VERSION
}

/** True where these very bytes were judged, by the rules that hold now. */
export function isJudged(known: InboxFile, sha256: string): boolean {
  return known.sha256 === sha256 && ['done', 'bad'].includes(known.state) && known.rules === RULES_VERSION
}

/**
 * True for a file that by and by is read again although it looks the same: one that was found wanting, and each where the node's head is not
 * of the feed that was read, since a tool that keeps times may have put another story in its place. What it held is not judged again.
 */
export function isSuspect(known: InboxFile, isHeadOfAnother: boolean): boolean {
  const isOpen = ['refused', 'bad', 'stopped'].includes(known.state) || (isHeadOfAnother && known.state === 'done')
  return isOpen && known.sha256 !== null && known.rules === RULES_VERSION
}

export function isSameFile(known: Pick<InboxFile, 'sizeBytes' | 'mtimeNs'>, stat: FileStat): boolean {
  return known.sizeBytes === stat.sizeBytes && known.mtimeNs === stat.mtimeNs
}

/** Lines that could not be judged yet, over all files. */
export function deferredLines(db: ReadDb): number {
  const sum = db.prepare<[], number>(
    "SELECT coalesce(sum(deferred), 0) FROM exchange_inbox_file WHERE state IN ('deferred', 'stopped')",
  )
  return onlyRow(sum.pluck().get())
}

/** Files that cannot be read, or not to their end, over all nodes. */
export function unreadFiles(db: ReadDb): number {
  const count = db.prepare<[], number>(
    "SELECT count(*) FROM exchange_inbox_file WHERE state IN ('unreadable', 'stopped', 'bad')",
  )
  return onlyRow(count.pluck().get())
}

export function halfSyncedFiles(db: ReadDb): number {
  return onlyRow(db.prepare<[], number>("SELECT count(*) FROM exchange_inbox_file WHERE state = 'half'").pluck().get())
}

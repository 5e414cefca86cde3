// Which folder is in use, and what this node has written into it.
import type { ReadDb, Tx } from '#core/ledger/index.ts'
import type { FileStat } from './folder-adapter.ts'
import { forgetAllFiles } from './inbox-files.ts'

export interface FolderRecord {
  readonly folder: string
  /** Its marker was seen there once: if it is gone, the drive is not mounted. */
  readonly marked: boolean
  readonly publishedSeq: number
}

export interface OwnFile {
  /** Relative to the own folder, with `/`. */
  readonly path: string
  readonly sizeBytes: number
  readonly mtimeNs: string
  readonly sha256: string
  /** Null for files that are no segments. */
  readonly firstSeq: number | null
  readonly lastSeq: number | null
}

export function folderRecord(db: ReadDb): FolderRecord | null {
  const row = db
    .prepare<[], { folder: string; marked: number; publishedSeq: number }>(
      'SELECT folder, marked, published_seq AS publishedSeq FROM exchange_folder',
    )
    .get()
  return row === undefined ? null : { ...row, marked: row.marked === 1 }
}

/** Begins with a folder: nothing is known of it, and everything is to be published into it. */
export function beginFolder(tx: Tx, folder: string | null): void {
  tx.prepare<[], never>('DELETE FROM exchange_folder').run()
  tx.prepare<[], never>('DELETE FROM exchange_own_file').run()
  forgetAllFiles(tx)
  if (folder === null) return
  tx.prepare<[string], never>(
    'INSERT INTO exchange_folder (only, folder, marked, published_seq) VALUES (1, ?, 0, 0)',
  ).run(folder)
}

export function recordMarked(tx: Tx): void {
  tx.prepare<[], never>('UPDATE exchange_folder SET marked = 1 WHERE marked = 0').run()
}

export function recordPublished(tx: Tx, seq: number): void {
  tx.prepare<[number], never>('UPDATE exchange_folder SET published_seq = ?').run(seq)
}

const SELECT_OWN_FILE = `
  SELECT path, size AS sizeBytes, mtime_ns AS mtimeNs, sha256, first_seq AS firstSeq, last_seq AS lastSeq
  FROM exchange_own_file
`

export function ownFiles(db: ReadDb): ReadonlyMap<string, OwnFile> {
  const rows = db.prepare<[], OwnFile>(SELECT_OWN_FILE).all()
  return new Map(rows.map((row) => [row.path, row]))
}

export function ownFileAt(db: ReadDb, path: string): OwnFile | null {
  return db.prepare<[string], OwnFile>(`${SELECT_OWN_FILE} WHERE path = ?`).get(path) ?? null
}

export function recordOwnFile(
  tx: Tx,
  path: string,
  stat: FileStat,
  sha256: string,
  range: { readonly first: number; readonly last: number } | null,
): void {
  tx.prepare<[string, number, string, string, number | null, number | null], never>(`
    INSERT OR REPLACE INTO exchange_own_file (path, size, mtime_ns, sha256, first_seq, last_seq) VALUES (?, ?, ?, ?, ?, ?)
  `).run(path, stat.sizeBytes, stat.mtimeNs, sha256, range?.first ?? null, range?.last ?? null)
}

/** Stands for a file that is still to be written. */
export const NOT_WRITTEN: FileStat = { kind: 'file', sizeBytes: -1, mtimeNs: '0', blocks: 0 }

/** Own content that is not in the folder as it was written: its receipts stand, so it alone is to be written again. */
export function recordMissingContent(tx: Tx, path: string): void {
  tx.prepare<[string], never>('UPDATE exchange_own_file SET size = -1 WHERE path = ?').run(path)
}

export function isMissingContent({ sizeBytes }: OwnFile): boolean {
  return sizeBytes < 0
}

export function forgetOwnFile(tx: Tx, path: string): void {
  tx.prepare<[string], never>('DELETE FROM exchange_own_file WHERE path = ?').run(path)
}

// Files that are no fault but that a person may wonder about: not downloaded, or copied by a sync tool.
import type { NodeId } from '#core/contract/index.ts'
import { onlyRow, type ReadDb, type Tx } from '#core/ledger/index.ts'

export interface FolderNote {
  readonly path: string
  readonly outcome: 'placeholder' | 'conflict-copy'
  readonly detail: string
  readonly node: NodeId
}

/** A node's folder, and those beside it that are the same node's under another spelling: what lies there is noted for itself. */
export interface NotedFolder {
  readonly node: NodeId
  /** Relative to the exchange, with a slash at their ends. */
  readonly besides: readonly string[]
}

/** True where the notes of a folder differ from those that are kept. */
export function notesDiffer(db: ReadDb, folder: NotedFolder, notes: readonly FolderNote[]): boolean {
  const kept = keptOf(db, folder)
  const keptKeys = new Set(kept.map(({ path, outcome }) => `${outcome} ${path}`))
  return keptKeys.size !== notes.length || notes.some(({ path, outcome }) => !keptKeys.has(`${outcome} ${path}`))
}

/** Keeps exactly these notes of a folder; those that were known keep the time at which they were first seen. */
export function keepNotes(tx: Tx, folder: NotedFolder, notes: readonly FolderNote[]): void {
  const put = tx.prepare<[string, string, string, NodeId, string, string], never>(`
    INSERT INTO exchange_note (path, outcome, detail, node, first_seen, last_seen) VALUES (?, ?, ?, ?, ?, ?)
    ON CONFLICT (path) DO UPDATE SET
      outcome = excluded.outcome, detail = excluded.detail, node = excluded.node, last_seen = excluded.last_seen
  `)
  const paths = new Set(notes.map(({ path }) => path))
  const drop = tx.prepare<[string], never>('DELETE FROM exchange_note WHERE path = ?')
  for (const { path } of keptOf(tx, folder)) if (!paths.has(path)) drop.run(path)
  for (const note of notes) put.run(note.path, note.outcome, note.detail, note.node, tx.now, tx.now)
}

/** How many there are, as the last look at each folder left them. */
export function countNotes(db: ReadDb): { readonly placeholders: number; readonly conflictCopies: number } {
  const counts = db.prepare<[], { placeholders: number; conflictCopies: number }>(`
    SELECT count(*) FILTER (WHERE outcome = 'placeholder') AS placeholders,
           count(*) FILTER (WHERE outcome = 'conflict-copy') AS conflictCopies
    FROM exchange_note
  `)
  return onlyRow(counts.get())
}

function keptOf(
  db: ReadDb,
  { node, besides }: NotedFolder,
): readonly { readonly path: string; readonly outcome: string }[] {
  return db
    .prepare<[NodeId], { path: string; outcome: string }>('SELECT path, outcome FROM exchange_note WHERE node = ?')
    .all(node)
    .filter(({ path }) => !besides.some((beside) => path.startsWith(beside)))
}

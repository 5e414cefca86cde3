// What the disk under a ledger may do to it: whatever the one connection that writes asks of SQLite passes by here first. The ledger
// knows nothing of it, and SQLite itself is the real one.
import Database from 'better-sqlite3'

/** What a statement is to the disk. */
export type Asked = 'begin' | 'read' | 'change' | 'commit' | 'checkpoint'

export interface LedgerDisk {
  /** It throws what the disk answers; the power may fail here as well. */
  before(asked: Asked, connection: Database.Database): void
  after(asked: Asked): void
}

/** By the path of the ledger's file. */
const disks = new Map<string, LedgerDisk>()

/** From now on each connection that writes this file is watched. */
export function lieUnder(file: string, disk: LedgerDisk): void {
  disks.set(file, disk)
}

export function lieNoLongerUnder(file: string): void {
  disks.delete(file)
}

/** Whoever only reads, as those do who watch, is left alone. */
function diskUnder(connection: Database.Database): LedgerDisk | undefined {
  return connection.readonly ? undefined : disks.get(connection.name)
}

function askedBy(sql: string, isReadOnly: boolean): Asked {
  if (sql.startsWith('BEGIN')) return 'begin'
  if (sql === 'COMMIT') return 'commit'
  // To undo is never refused.
  return isReadOnly || sql === 'ROLLBACK' ? 'read' : 'change'
}

const { prototype } = Database
// Taken off their class on purpose; they are called with the connection that asks.
const prepare = Reflect.get(prototype, 'prepare')
const exec = Reflect.get(prototype, 'exec')
const pragma = Reflect.get(prototype, 'pragma')

/** As SQLite does it by itself after some failures. */
export function rollBack(connection: Database.Database): void {
  if (connection.inTransaction) Reflect.apply(exec, connection, ['ROLLBACK'])
}

/** How many pages the file may have; SQLite takes no fewer than it has. */
export function allowPages(connection: Database.Database, count: number): void {
  Reflect.apply(pragma, connection, [`max_page_count = ${count}`])
}

prototype.prepare = function watched(this: Database.Database, sql: string) {
  const statement: Database.Statement<unknown[]> = Reflect.apply(prepare, this, [sql])
  const disk = diskUnder(this)
  if (disk === undefined) return statement
  const asked = askedBy(sql, statement.readonly)
  for (const way of ['run', 'get', 'all', 'iterate'] as const) {
    const work: (...values: unknown[]) => unknown = statement[way].bind(statement)
    Object.assign(statement, {
      [way]: (...values: unknown[]) => {
        disk.before(asked, this)
        const answer = work(...values)
        disk.after(asked)
        return answer
      },
    })
  }
  return statement
} as typeof prepare // The real one is generic in the rows of a statement, which makes no difference here.

prototype.exec = function watched(this: Database.Database, sql: string) {
  const disk = sql === 'ROLLBACK' ? undefined : diskUnder(this)
  disk?.before('change', this)
  const answer: Database.Database = Reflect.apply(exec, this, [sql])
  disk?.after('change')
  return answer
}

prototype.pragma = function watched(this: Database.Database, text: string, options?: Database.PragmaOptions): unknown {
  const disk = text.startsWith('wal_checkpoint') ? diskUnder(this) : undefined
  disk?.before('checkpoint', this)
  const answer: unknown = Reflect.apply(pragma, this, [text, options])
  disk?.after('checkpoint')
  return answer
}

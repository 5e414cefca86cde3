// Which steps a ledger has been through, and the way to the next. A ledger that holds a step which this version does not
// know comes from a newer one: it is refused before anything is written.
import type { Instant } from '#core/contract/index.ts'
import { invariant } from '#core/problem/index.ts'
import type { Raw } from './database-adapter.ts'
import { LedgerNewerThanAppError, ledgerForeign } from './problems.ts'
import { APPLICATION_ID, LEDGER_FORMAT } from './schema.ts'
import type { Migration, Tx } from './types.ts'

/** Only reads. Throws where this version must not touch the file; answers the ids of the steps that it has been through. */
export function inspectLedger(raw: Raw, file: string): ReadonlySet<string> {
  const applicationId = pragmaNumber(raw, 'application_id')
  const tables = raw.prepare<[], { count: number }>('SELECT count(*) AS count FROM sqlite_schema').get()
  // An empty database was made and then never written: a crash between the two leaves it so.
  if (applicationId === 0 && tables?.count === 0) return new Set()
  if (applicationId !== APPLICATION_ID) throw ledgerForeign(file)
  const format = pragmaNumber(raw, 'user_version')
  if (format > LEDGER_FORMAT) throw new LedgerNewerThanAppError(`format ${format}`)
  return new Set(raw.prepare<[], string>('SELECT id FROM migration').pluck().all())
}

export function refuseUnknown(applied: ReadonlySet<string>, known: readonly Migration[]): void {
  const ids = new Set(known.map((migration) => migration.id))
  for (const id of applied) if (!ids.has(id)) throw new LedgerNewerThanAppError(`the step ${id}`)
}

/** Checks the list itself: each id once, named and numbered within the feature that brings it. */
export function orderedMigrations(byFeature: ReadonlyMap<string, readonly Migration[]>): readonly Migration[] {
  const ordered: Migration[] = []
  for (const [feature, migrations] of byFeature) {
    let before = ''
    for (const migration of migrations) {
      invariant(
        migration.id.startsWith(`${feature}/`) && /^[a-z-]+\/\d{4}-[a-z0-9-]+$/.test(migration.id),
        `the migration ${migration.id} is named and numbered within its feature ${feature}`,
      )
      invariant(migration.id > before, `the migrations of ${feature} are in the order of their numbers`)
      before = migration.id
      ordered.push(migration)
    }
  }
  return ordered
}

/** Takes one step, in a transaction of its own, and records it there. */
export function applyMigration(tx: Tx, migration: Migration): void {
  // The header's numbers are written with the transaction too: there is never a ledger without its mark.
  tx.exec(`
    PRAGMA application_id = ${APPLICATION_ID};
    PRAGMA user_version = ${LEDGER_FORMAT};
    CREATE TABLE IF NOT EXISTS migration (
      id         TEXT NOT NULL PRIMARY KEY,
      applied_at TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;
  `)
  migration.up(tx)
  tx.prepare<[string, Instant], never>('INSERT INTO migration (id, applied_at) VALUES (?, ?)').run(migration.id, tx.now)
}

function pragmaNumber(raw: Raw, name: string): number {
  const value = raw.pragma(name, { simple: true })
  invariant(typeof value === 'number', `${name} is a number`)
  return value
}

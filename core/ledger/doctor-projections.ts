// The projections once more, from the same receipts into a scratch database, and compared table by table. A table that
// differs was not a pure function of the receipts, or was damaged; rebuilding puts it right and loses nothing.
import type { Check, Instant } from '#core/contract/index.ts'
import { StewardError } from '#core/problem/index.ts'
import type { Raw, Scratch } from './database-adapter.ts'
import { LedgerMemo } from './memo.ts'
import { projectionsOf, projectStored, recreateProjections, settledAt, settleProjections } from './projections.ts'
import { PROJECTION_TABLES } from './schema.ts'
import { StatementCache } from './statement-cache.ts'
import { tableDigest } from './table-digest.ts'
import { openTx } from './transaction.ts'
import type { Feature, Ledger, Pause, Tx } from './types.ts'

/** How the names of the checks begin that say of one table whether it is what its receipts make it. */
export const PROJECTION_CHECK = 'projection '

export async function checkProjections(
  ledger: Ledger,
  { raw, ledgerSchema }: Scratch,
  features: readonly Feature[],
  now: Instant,
  pause: Pause,
): Promise<readonly Check[]> {
  // Before anything is rebuilt, since a scratch database that is a copy holds both under one name.
  const tables = projectionsOf(features).flatMap(({ name, tables: owned }) =>
    owned.map((table) => ({ name, table, found: tableDigest(raw, ledgerSchema, table) })),
  )
  try {
    await rebuildInto(raw, ledger.raw, ledgerSchema === 'ledger', features, now, pause)
  } catch (thrown) {
    return [failedToRebuild(thrown)]
  }
  return tables.map(({ name, table, found }) => {
    const expected = tableDigest(raw, 'main', table)
    const ok = expected === found
    return {
      name: `${PROJECTION_CHECK}${name}: ${table}`,
      ok,
      detail: ok
        ? 'Equal to what follows from the receipts.'
        : 'Differs from what follows from the receipts. `steward doctor --repair` makes it anew; no receipt is touched.',
      expected,
      found,
    }
  })
}

async function rebuildInto(
  raw: Raw,
  ledger: Raw,
  isAttached: boolean,
  features: readonly Feature[],
  now: Instant,
  pause: Pause,
): Promise<void> {
  const db = new StatementCache(raw)
  const at = settledAt(db) ?? now
  if (isAttached) raw.exec(PROJECTION_TABLES)
  locked(ledger, db, at, features, (tx) => recreateProjections(tx, features))
  let mark = 0
  let isMore = true
  while (isMore) {
    isMore = locked(ledger, db, at, features, (tx) => {
      const before = mark
      mark = projectStored(tx, features, before)
      settleProjections(tx, features)
      return mark > before
    })
    await pause()
  }
}

// The ledger's write lock is held meanwhile: a projection that writes to anything but its own tables fails here, and the
// ledger is never changed by looking at it. A draft that is open holds the lock already.
function locked<T>(ledger: Raw, db: StatementCache, at: Instant, features: readonly Feature[], work: (tx: Tx) => T): T {
  const inside = openTx(db, at, new LedgerMemo(), features)
  const isHeld = ledger.inTransaction
  if (!isHeld) ledger.exec('BEGIN IMMEDIATE')
  try {
    return work(inside.tx)
  } finally {
    inside.end()
    if (!isHeld) ledger.exec('ROLLBACK')
  }
}

/** A projection that throws is a fault of this version, told beside the other checks instead of hiding them. */
function failedToRebuild(thrown: unknown): Check {
  return {
    name: 'projections',
    ok: false,
    detail:
      'They could not be made anew from the receipts, which are sound: this version has a fault. Please report it.',
    expected: 'a rebuild',
    // What SQLite itself said: the doctor holds the ledger, so it is no other program that does.
    found: String(thrown instanceof StewardError ? thrown.cause : thrown),
  }
}

// The open ledger: one writer, everything in one transaction, acknowledged only when it is on the disk.
import type { Instant, Topic } from '#core/contract/index.ts'
import { invariant } from '#core/problem/index.ts'
import { projectAppended } from './append.ts'
import {
  copyTo,
  demandFullSync,
  isInMemory,
  keepNewestCopies,
  ledgerExists,
  openForReading,
  openForWriting,
  rollBackCutOff,
  type Raw,
} from './database-adapter.ts'
import { OpenDraft } from './draft.ts'
import { LedgerMemo } from './memo.ts'
import { applyMigration, inspectLedger, orderedMigrations, refuseUnknown } from './migrations.ts'
import { onlyRow } from './only-row.ts'
import { explained, isReadOnlyRefusal } from './problems.ts'
import { bringUpToDate, noteSettled, settleProjections, type OnProgress } from './projections.ts'
import { ledgerMigrations } from './schema.ts'
import { StatementCache } from './statement-cache.ts'
import { gatheredOf, openTx } from './transaction.ts'
import type { Feature, Ledger, LedgerDraft, Migration, ReadDb, Tx } from './types.ts'

export interface OpenLedgerOptions {
  /** Path of the ledger file, or `:memory:` for one that is gone with its connection. */
  readonly file: string
  readonly features: readonly Feature[]
  /** Clock value of whatever opening has to do: migrations, a rebuild of projections. */
  readonly now: Instant
  /** Where the copy goes that is made before a ledger is migrated. */
  readonly backupDir: string
  /** Hears the topics of each commit that touched some, after it is durable. */
  readonly onCommitted?: (topics: readonly Topic[]) => void
  /** Told while projections are rebuilt or caught up. */
  readonly onProgress?: OnProgress
}

/**
 * Opens the ledger, making or migrating it first where that is needed, with its projections up to date.
 * Throws LedgerNewerThanAppError for a ledger of a newer version, which is left untouched, and other StewardErrors for what a
 * person can put right: an old Node, a file that is no ledger, a damaged one, a full disk.
 */
export function openLedger(options: OpenLedgerOptions): Ledger {
  const { file, features, now, backupDir, onCommitted, onProgress } = options
  const migrations = orderedMigrations(
    new Map([['ledger', ledgerMigrations], ...features.map((feature) => [feature.name, feature.migrations] as const)]),
  )
  let raw: Raw | null = null
  try {
    const applied = stepsTaken(file, migrations)
    raw = openForWriting(file)
    const ledger = new SqliteLedger(raw, features, onCommitted)
    const missing = migrations.filter((migration) => !applied.has(migration.id))
    const [first] = missing
    if (first !== undefined && applied.size > 0 && !isInMemory(file)) {
      copyTo(raw, backupDir, backupName(now, first))
    }
    for (const migration of missing) ledger.migrate(now, migration)
    bringUpToDate(ledger, now, onProgress)
    // Only now is it sure that this version can live with the ledger.
    if (!isInMemory(file)) keepNewestCopies(backupDir, BACKUPS_KEPT)
    return ledger
  } catch (thrown) {
    raw?.close()
    throw explained(thrown)
  }
}

/**
 * Opens a ledger that another thread or process writes, for reading only: the look-ups of verification workers.
 * Throws a StewardError where it cannot be opened.
 */
export function openLedgerForReading(file: string): LedgerReader {
  try {
    const raw = openForReading(file)
    return { read: new StatementCache(raw), close: () => void raw.close() }
  } catch (thrown) {
    throw explained(thrown)
  }
}

export interface LedgerReader {
  readonly read: ReadDb
  close(): void
}

// A ledger of a newer version must not even be opened for writing, which would already touch it.
function stepsTaken(file: string, known: readonly Migration[]): ReadonlySet<string> {
  if (!ledgerExists(file)) return new Set()
  const raw = openCutOff(file)
  try {
    const applied = inspectLedger(raw, file)
    refuseUnknown(applied, known)
    return applied
  } finally {
    raw.close()
  }
}

function openCutOff(file: string): Raw {
  try {
    return openForReading(file)
  } catch (thrown) {
    if (!isReadOnlyRefusal(thrown)) throw thrown
    rollBackCutOff(file)
    return openForReading(file)
  }
}

/** Copies made before migrations; more would only fill the disk. */
const BACKUPS_KEPT = 3

function backupName(now: Instant, before: Migration): string {
  return `ledger-${now.replaceAll(':', '')}-before-${before.id.replaceAll('/', '-')}.sqlite`
}

class SqliteLedger implements Ledger {
  readonly raw: Raw
  readonly features: readonly Feature[]
  readonly #db: StatementCache
  readonly #memo = new LedgerMemo()
  readonly #onCommitted: ((topics: readonly Topic[]) => void) | undefined
  #dataVersion: number | undefined
  #syncProven = false
  #draft: OpenDraft | null = null
  /** Reads what is committed while a draft is open; made for the first one. */
  #committed: StatementCache | null = null
  readonly read: ReadDb = {
    prepare: (sql) => (this.isDrafted ? (this.#committed ?? this.#db) : this.#db).prepare(sql),
  }
  isDrafted = false

  constructor(raw: Raw, features: readonly Feature[], onCommitted?: (topics: readonly Topic[]) => void) {
    this.#onCommitted = onCommitted
    this.raw = raw
    this.features = features
    this.#db = new StatementCache(raw)
  }

  write<T>(now: Instant, work: (tx: Tx) => T): T {
    const { answer, topics } = this.#transaction(now, (tx, before) => this.#settled(tx, work, before))
    this.#tell(topics)
    return answer
  }

  draft(): LedgerDraft {
    this.#draft?.discard()
    const { raw, features } = this
    this.#draft = new OpenDraft({
      raw,
      features,
      uncommitted: this.#db,
      begin: () => this.#beginDraft(),
      piece: (now, work) => this.#piece(now, work),
      commit: (topics) => this.#commitDraft(topics),
      undo: () => this.#undo(),
    })
    return this.#draft
  }

  /** Takes one step of migration; no projection is asked, since their tables may not be there yet. */
  migrate(now: Instant, migration: Migration): void {
    this.#transaction(now, (tx) => applyMigration(tx, migration))
  }

  checkpoint(): void {
    if (this.isDrafted) return
    try {
      this.raw.pragma('wal_checkpoint(PASSIVE)')
    } catch (thrown) {
      throw explained(thrown)
    }
  }

  close(): void {
    this.#draft?.discard()
    this.#committed?.raw.close()
    this.#db.forget()
    this.raw.close()
  }

  #tell(topics: ReadonlySet<Topic>): void {
    if (topics.size > 0) this.#onCommitted?.([...topics])
  }

  /** Runs the work, then what follows from it: counts and projections. `before` is how much had changed when it began. */
  #settled<T>(
    tx: Tx,
    work: (tx: Tx) => T,
    before: number,
  ): { readonly answer: T; readonly topics: ReadonlySet<Topic> } {
    const answer = work(tx)
    invariant(!(answer instanceof Promise), 'everything that waits happens before a write, which is synchronous')
    projectAppended(tx)
    const { topics } = gatheredOf(tx)
    settleProjections(tx, this.features)
    if (this.#changes() !== before) noteSettled(tx)
    return { answer, topics }
  }

  #beginDraft(): void {
    try {
      // A ledger in memory has one connection only: there a draft is seen before its commit.
      if (!this.raw.memory) this.#committed ??= new StatementCache(openForReading(this.raw.name))
      this.#db.prepare<[], never>('BEGIN IMMEDIATE').run()
      this.#heedOtherWriters()
      this.isDrafted = true
    } catch (thrown) {
      throw explained(thrown)
    }
  }

  #piece<T>(now: Instant, work: (tx: Tx) => T): { readonly answer: T; readonly topics: ReadonlySet<Topic> } {
    const inside = openTx(this.#db, now, this.#memo, this.features)
    try {
      return this.#settled(inside.tx, work, this.#changes())
    } catch (thrown) {
      throw explained(thrown)
    } finally {
      inside.end()
    }
  }

  #commitDraft(topics: ReadonlySet<Topic>): void {
    try {
      this.#db.prepare<[], never>('COMMIT').run()
      this.isDrafted = false
    } catch (thrown) {
      this.#undo()
      throw explained(thrown)
    } finally {
      this.#proveSync()
    }
    this.#tell(topics)
  }

  #undo(): void {
    this.isDrafted = false
    this.#memo.forget()
    // SQLite itself has rolled back after some failures, such as a full disk.
    if (this.raw.inTransaction) this.raw.exec('ROLLBACK')
  }

  #transaction<T>(now: Instant, work: (tx: Tx, before: number) => T): T {
    // Nobody waits for a draft: who writes it begins again.
    this.#draft?.overtake()
    invariant(!this.raw.inTransaction, 'writes do not nest')
    const inside = openTx(this.#db, now, this.#memo, this.features)
    try {
      this.#db.prepare<[], never>('BEGIN IMMEDIATE').run()
      this.#heedOtherWriters()
      const before = this.#changes()
      const answer = work(inside.tx, before)
      // Where nothing changed nothing is written: an idle node, whose time only passes, leaves the disk alone.
      const hasChanged = inside.hasExecuted() || this.#changes() !== before
      this.#db.prepare<[], never>(hasChanged ? 'COMMIT' : 'ROLLBACK').run()
      return answer
    } catch (thrown) {
      this.#undo()
      throw explained(thrown)
    } finally {
      inside.end()
      this.#proveSync()
    }
  }

  // Only one core runs on a ledger. If a second one ever did, what this one remembers of the feeds would be old, and believing
  // it would fork one's own feed: so it is forgotten as soon as another connection has committed.
  #heedOtherWriters(): void {
    const version = onlyRow(this.#db.prepare<[], { data_version: number }>('PRAGMA data_version').get()).data_version
    if (version !== this.#dataVersion) this.#memo.forget()
    this.#dataVersion = version
  }

  /** Rows that this connection has changed since it was opened. Asked several times a write: a plain row, since plucking costs as much. */
  #changes(): number {
    return onlyRow(this.#db.prepare<[], { changes: number }>('SELECT total_changes() AS changes').get()).changes
  }

  // A new database reports FULL until its first write and could be NORMAL after it: so it is asked again then.
  #proveSync(): void {
    if (this.#syncProven) return
    demandFullSync(this.raw)
    this.#syncProven = true
  }
}

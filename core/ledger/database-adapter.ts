// The one place that opens SQLite: pragmas set by hand on every connection, file modes, copies.
// `synchronous` above all: this SQLite is built so that WAL means NORMAL unless FULL is asked for, and a new
// database still reports FULL until its first write.
import Database from 'better-sqlite3'
import {
  chmodSync,
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { syncFolderNow } from '#core/durable/index.ts'
import { invariant } from '#core/problem/index.ts'
import { backupFailed, nodeTooOld } from './problems.ts'

export type Raw = Database.Database

const IN_MEMORY = ':memory:'
const MIB = 1024 * 1024
// Larger pages cost less for keys in random order (ids); measured, not guessed.
const PAGE_BYTES = 8192
// A checkpoint every 64 MiB instead of 4 MiB: random pages are written home once, not again and again.
const WAL_BYTES = 64 * MIB
// A commit that moved pages about makes SQLite look at every page that it keeps: more of them made each such commit dearer, and neither
// a large read nor a rebuild faster.
const CACHE_BYTES = 16 * MIB
const READER_CACHE_BYTES = 4 * MIB
const BUSY_MS = 5000
const FULL = 2

/** Opens for reading and writing; makes the file (0600) where there is none. */
export function openForWriting(file: string): Raw {
  refuseOldNode()
  if (file !== IN_MEMORY) makePrivate(file)
  const raw = new Database(file, { timeout: BUSY_MS })
  raw.pragma(`page_size = ${PAGE_BYTES}`)
  raw.pragma('journal_mode = WAL')
  raw.pragma(`wal_autocheckpoint = ${Math.floor(WAL_BYTES / PAGE_BYTES)}`)
  raw.pragma(`journal_size_limit = ${WAL_BYTES}`)
  hardened(raw)
  demandFullSync(raw)
  return raw
}

/** Opens for reading only, beside the one writer. Never makes or changes the file. */
export function openForReading(file: string): Raw {
  refuseOldNode()
  const raw = hardened(new Database(file, { readonly: true, fileMustExist: true, timeout: BUSY_MS }))
  // Look-ups by id touch pages in random order: a large cache in every thread would hold what nobody asks again.
  raw.pragma(`cache_size = ${-READER_CACHE_BYTES / 1024}`)
  return raw
}

/**
 * Undoes a transaction that a crash cut off before the file was in WAL mode, as it is while it is being made: such a file cannot be
 * opened for reading only. What was committed stays as it is.
 */
export function rollBackCutOff(file: string): void {
  const raw = new Database(file, { fileMustExist: true, timeout: BUSY_MS })
  try {
    raw.prepare('SELECT count(*) FROM sqlite_schema').get()
  } finally {
    raw.close()
  }
}

/** A scratch database in which the ledger, as it is at this moment, can be read for as long as the scratch database is open. */
export interface Scratch {
  readonly raw: Raw
  /** The schema that the ledger's tables are in; what is made in `main` hides those of the same name. */
  readonly ledgerSchema: 'ledger' | 'main'
}

/**
 * Opens a scratch database within one long transaction: attached to a ledger file, which gives a snapshot of it, or as a copy of a
 * ledger in memory. It is gone with its connection.
 */
export function openScratch(ledger: Raw): Scratch {
  if (ledger.memory) {
    const copy = scratchSettings(new Database(ledger.serialize()))
    copy.exec('BEGIN')
    return { raw: copy, ledgerSchema: 'main' }
  }
  // An empty name is SQLite's temporary file: it spills to disk, so that a large rebuild stays within memory. It never waits for
  // a lock: whoever holds the ledger's write lock meanwhile makes sure that nothing is written to it from here.
  const raw = scratchSettings(new Database('', { timeout: 0 }))
  raw.prepare('ATTACH ? AS ledger').run(ledger.name)
  raw.exec('BEGIN')
  raw.prepare('SELECT count(*) FROM ledger.sqlite_schema').get()
  return { raw, ledgerSchema: 'ledger' }
}

function scratchSettings(raw: Raw): Raw {
  hardened(raw)
  raw.pragma('journal_mode = OFF')
  // A reference cannot reach from one file into another; the ledger's own are checked where they are.
  raw.pragma('foreign_keys = OFF')
  return raw
}

/** Sets FULL by hand and reads it back; also called after the first write, which is when it could silently fall. */
export function demandFullSync(raw: Raw): void {
  raw.pragma('synchronous = FULL')
  // fsync on macOS stops at the drive's cache; elsewhere these two say nothing.
  raw.pragma('fullfsync = ON')
  raw.pragma('checkpoint_fullfsync = ON')
  invariant(raw.pragma('synchronous', { simple: true }) === FULL, 'every acknowledged commit is on the disk')
}

export function isInMemory(file: string): boolean {
  return file === IN_MEMORY
}

export function ledgerExists(file: string): boolean {
  return file !== IN_MEMORY && existsSync(file)
}

/** Removes all but the newest copies; their names begin with when they were made. One that cannot be removed stays. */
export function keepNewestCopies(folder: string, count: number): void {
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true) return
  const copies = readdirSync(folder).filter((name) => /^ledger-.*\.sqlite$/.test(name))
  for (const name of copies.toSorted().slice(0, -count)) {
    try {
      rmSync(join(folder, name))
    } catch {
      // The next start tries again.
    }
  }
}

/** Writes a whole, durable copy of the ledger to `folder/name`; a copy that is only half written never has that name. */
export function copyTo(raw: Raw, folder: string, name: string): string {
  const target = join(folder, name)
  const temporary = `${target}.tmp`
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    try {
      rmSync(temporary, { force: true })
      // VACUUM INTO takes an empty file; making it first keeps it private from the first byte on.
      closeSync(openSync(temporary, 'wx', 0o600))
      raw.prepare('VACUUM INTO ?').run(temporary)
      syncPath(temporary)
      renameSync(temporary, target)
    } catch (cause) {
      rmSync(temporary, { force: true })
      throw cause
    }
    syncFolderNow(folder)
    // The folder itself may have been made for this copy.
    syncFolderNow(dirname(folder))
  } catch (cause) {
    throw backupFailed(cause)
  }
  return target
}

function hardened(raw: Raw): Raw {
  raw.pragma('foreign_keys = ON')
  raw.pragma('trusted_schema = OFF')
  raw.pragma('cell_size_check = ON')
  raw.pragma(`cache_size = ${-CACHE_BYTES / 1024}`)
  // Defensive mode is better-sqlite3's default; unsafeMode(true) is what would lift it.
  raw.unsafeMode(false)
  return raw
}

function refuseOldNode(): void {
  if (!(Number(process.versions['napi']) >= 10)) throw nodeTooOld(process.versions.node)
}

// SQLite gives its -wal and -shm files the mode of the database file.
function makePrivate(file: string): void {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
  if (!existsSync(file)) {
    closeSync(openSync(file, 'a', 0o600))
    syncFolderNow(dirname(file))
  }
  // On Windows this says no more than that it may be written.
  chmodSync(file, 0o600)
}

function syncPath(path: string): void {
  const handle = openSync(path, 'r+')
  try {
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
}

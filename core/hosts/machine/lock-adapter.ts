// One core to a data folder. The lock is SQLite's own on a file beside the ledger: the system releases it at any exit,
// also at kill -9, so that nobody ever has to delete a stale lock.
import { chmodSync, existsSync, mkdirSync, readdirSync, rmdirSync, rmSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import Database from 'better-sqlite3'
import { StewardError } from '#core/problem/index.ts'

export interface HomeLock {
  /** Leaves nothing where nothing was and nothing was made: a folder that holds but this lock goes with it. */
  release(): void
}

const LOCK = 'lock.sqlite'
const RETRY_MS = 50
/** A command that runs in process holds the lock for a moment; a core holds it for days. */
const PATIENCE_MS = 3_000

/**
 * Takes the data folder for this core, waiting a moment for a command that is about to finish.
 * @param untilFree asked between tries; true ends the waiting, since a running host can be asked instead
 * @throws StewardError HOME_IN_USE where another core has it, HOME_UNUSABLE where the folder cannot be made or written.
 */
export async function lockHome(home: string, untilFree: () => boolean = () => false): Promise<HomeLock> {
  for (let waitedMs = 0; ; waitedMs += RETRY_MS) {
    const lock = tryLockHome(home)
    if (lock !== null) return lock
    if (waitedMs >= PATIENCE_MS || untilFree()) throw homeInUse(home)
    await wait(RETRY_MS)
  }
}

/** Null where another core has the data folder. */
function tryLockHome(home: string): HomeLock | null {
  const lock = openLockFile(home)
  if (lock === null) return null
  const { db, made, file } = lock
  try {
    db.exec('BEGIN EXCLUSIVE')
  } catch (thrown) {
    db.close()
    // The second: its journal went away with the folder that another command has just let go of.
    const isBusy = thrown instanceof Database.SqliteError && /^SQLITE_(BUSY|IOERR_FSTAT)/.test(thrown.code)
    if (isBusy || identityOf(home) !== file) return null
    throw homeUnusable(home, thrown)
  }
  // Who released it may have taken the file away after it was opened here: what is locked then is no file that another core would find.
  if (identityOf(home) !== file) {
    db.close()
    return null
  }
  try {
    chmodSync(join(home, LOCK), 0o600)
  } catch (cause) {
    db.close()
    throw homeUnusable(home, cause)
  }
  // What a host that was killed left behind names an address that may belong to anybody by now.
  rmSync(join(home, 'running.json'), { force: true })
  return {
    release() {
      // Windows removes no file that is open, so there it comes after; who has opened it by then keeps it from going.
      if (process.platform !== 'win32') leaveNothing(home, made)
      db.close()
      if (process.platform === 'win32') leaveNothing(home, made)
    },
  }
}

interface LockFile {
  readonly db: Database.Database
  /** The uppermost folder that was made for it; undefined where the data folder was there. */
  readonly made: string | undefined
  readonly file: string
}

/**
 * Null where it is not sure which file was opened. SQLite alone opens it: by closing a file this process would give up all that it has
 * locked of it. Its default rollback journal, since only there EXCLUSIVE keeps every other process out.
 */
function openLockFile(home: string): LockFile | null {
  const path = join(home, LOCK)
  const made = makeFolder(home)
  try {
    // Makes it where it is not there, so that the opening that counts has a file before and after it that can be compared.
    if (identityOf(home) === null) new Database(path, { timeout: 0 }).close()
    const file = identityOf(home)
    const db = new Database(path, { timeout: 0 })
    if (file !== null && identityOf(home) === file) return { db, made, file }
    db.close()
    return null
  } catch (cause) {
    // Another command has let go of the folder and taken it away in this very moment.
    if (!existsSync(home)) return null
    throw homeUnusable(home, cause)
  }
}

/** The uppermost folder that had to be made. */
function makeFolder(home: string): string | undefined {
  try {
    return mkdirSync(home, { recursive: true, mode: 0o700 })
  } catch (cause) {
    throw homeUnusable(home, cause)
  }
}

/** Which file it is that lies there now; null where none does. */
function identityOf(home: string): string | null {
  const stat = statSync(join(home, LOCK), { bigint: true, throwIfNoEntry: false })
  return stat === undefined ? null : `${stat.dev}:${stat.ino}`
}

/** While the lock is held, so that nobody makes a node in between. */
function leaveNothing(home: string, made: string | undefined): void {
  try {
    const own = [LOCK, `${LOCK}-journal`]
    if (readdirSync(home).some((name) => !own.includes(name))) return
    for (const name of own) rmSync(join(home, name), { force: true })
    // Only folders that were made for it, and none that somebody has put something into since.
    for (let folder = home; made !== undefined && folder.startsWith(made); folder = dirname(folder)) rmdirSync(folder)
  } catch {
    // It was to be tidy; what stays is an empty folder or a lock that nobody holds.
  }
}

function homeInUse(home: string): StewardError {
  return new StewardError({
    code: 'HOME_IN_USE',
    happened: `Another Steward is running on the data folder ${home}.`,
    kept: 'Nothing was changed.',
    remedy: 'Use that one, or close it first, or name another folder with --home.',
  })
}

function homeUnusable(home: string, cause: unknown): StewardError {
  return new StewardError({
    code: 'HOME_UNUSABLE',
    happened: `The data folder ${home} cannot be made or written.`,
    kept: 'Nothing was changed.',
    remedy: 'Check who owns it and whether its disk is full, or name another folder with --home.',
    cause,
  })
}

// One core to a data folder. The lock is SQLite's own on a file beside the ledger: the system releases it at any exit,
// also at kill -9, so that nobody ever has to delete a stale lock.
import { chmodSync, mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import Database from 'better-sqlite3'
import { StewardError } from '#core/problem/index.ts'

export interface HomeLock {
  release(): void
}

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
    if (waitedMs >= PATIENCE_MS || untilFree()) throw homeInUse()
    await wait(RETRY_MS)
  }
}

/** Null where another core has the data folder. */
function tryLockHome(home: string): HomeLock | null {
  const db = openLockFile(home)
  try {
    db.exec('BEGIN EXCLUSIVE')
  } catch (thrown) {
    db.close()
    if (thrown instanceof Database.SqliteError && thrown.code.startsWith('SQLITE_BUSY')) return null
    throw homeUnusable(home, thrown)
  }
  // What a host that was killed left behind names an address that may belong to anybody by now.
  rmSync(join(home, 'running.json'), { force: true })
  return { release: () => db.close() }
}

// SQLite's default rollback journal: only there EXCLUSIVE keeps every other process out.
function openLockFile(home: string): Database.Database {
  const file = join(home, 'lock.sqlite')
  try {
    mkdirSync(home, { recursive: true, mode: 0o700 })
    const db = new Database(file, { timeout: 0 })
    chmodSync(file, 0o600)
    return db
  } catch (cause) {
    throw homeUnusable(home, cause)
  }
}

function homeInUse(): StewardError {
  return new StewardError({
    code: 'HOME_IN_USE',
    happened: 'Another Steward is running on this data folder.',
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

// Loaded into a real host beforehand (`node --import`), in each of its threads: ends it by its own hand at a named point, as a power
// failure or a kill would. The host itself knows nothing of it.
import fs from 'node:fs'
import promises from 'node:fs/promises'
import { syncBuiltinESMExports } from 'node:module'
import { basename } from 'node:path'
import Database from 'better-sqlite3'

export const HOST_POINTS = [
  'after-sign',
  'after-commit',
  'before-segment',
  'between-segment-and-head',
  'after-head',
  'in-compaction',
  'in-backup',
  'in-migration',
  'in-import',
  'in-restore',
] as const
export type HostPoint = (typeof HOST_POINTS)[number]

export interface HostPlan {
  readonly point: HostPoint
  /** How often to pass it before that. */
  readonly patience: number
  /** A bug in the core's thread instead of the end of the whole process. */
  readonly does: 'kill' | 'throw'
}

/** Under which name the host is told. */
export const PLAN = 'STEWARD_TEST_KILL_PLAN'

const plan = process.env[PLAN]
if (plan !== undefined) arm(JSON.parse(plan) as HostPlan) // host.test.ts is the only one to set it

function arm({ point, patience, does }: HostPlan): void {
  let passed = 0
  const reached = (here: HostPoint) => {
    if (here !== point || passed++ < patience) return
    if (does === 'kill') process.kill(process.pid, 'SIGKILL')
    // Out of whatever catches here: as a bug that nobody foresaw.
    else process.nextTick(() => failAsABug())
  }
  watchFiles(reached)
  watchLedger(reached)
}

function failAsABug(): never {
  throw new Error('A bug that the test made up.')
}

function watchFiles(reached: (point: HostPoint) => void): void {
  const { rename, unlink } = promises
  const { renameSync } = fs
  // The data folder's own files, and the copy of a ledger that is about to be migrated: whole once they have their names.
  fs.renameSync = (from, to) => {
    const isBackup = basename(String(to)).startsWith('ledger-')
    if (isBackup) reached('in-backup')
    reached('in-restore')
    renameSync(from, to)
    if (isBackup) reached('in-backup')
    reached('in-restore')
  }
  promises.rename = async (from, to) => {
    const isSegment = String(to).endsWith('.jsonl')
    if (isSegment) reached('before-segment')
    reached('in-restore')
    await rename(from, to)
    reached('in-restore')
    if (isSegment) reached('between-segment-and-head')
    if (basename(String(to)) === 'head') reached('after-head')
  }
  promises.unlink = async (path) => {
    const isSegment = String(path).endsWith('.jsonl')
    await unlink(path)
    if (isSegment) reached('in-compaction')
  }
  // The same functions by another way in.
  fs.promises.rename = promises.rename
  fs.promises.unlink = promises.unlink
  syncBuiltinESMExports()
}

/** What the ledger asks of SQLite by a statement: the ones that matter have a text of their own. */
function watchLedger(reached: (point: HostPoint) => void): void {
  const { prototype } = Database
  // Taken off its class on purpose; it is called with the connection that asks.
  const prepare = Reflect.get(prototype, 'prepare')
  /** In this transaction. */
  let receipts = 0
  prototype.prepare = function watched(this: Database.Database, sql: string) {
    const statement = Reflect.apply(prepare, this, [sql])
    const isReceipt = /^\s*INSERT INTO receipt\b/.test(sql)
    const isMigration = sql.startsWith('INSERT INTO migration')
    if (!isReceipt && !isMigration && sql !== 'COMMIT' && sql !== 'ROLLBACK') return statement
    const run = statement.run.bind(statement)
    statement.run = (...values: unknown[]) => {
      const isCommit = sql === 'COMMIT'
      if (isCommit) reached('in-restore')
      if (isCommit && receipts > 0) reached('after-sign')
      if (isMigration) reached('in-migration')
      const answer = run(...values)
      if (isReceipt) receipts++
      // One by one is how a node signs.
      if (receipts > 1) reached('in-import')
      if (isMigration) reached('in-migration')
      if (isCommit && receipts > 0) reached('after-commit')
      if (isCommit) reached('in-restore')
      if (!isReceipt && !isMigration) receipts = 0
      return answer
    }
    return statement
  } as typeof prepare // The real one is generic in the rows of a statement, which makes no difference here.
}

import { createHash } from 'node:crypto'
import { copyFileSync, existsSync, mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { expect, test } from 'vitest'
import { append, counters, LedgerNewerThanAppError, type Feature } from '#core/ledger/index.ts'
import { StewardError } from '#core/problem/index.ts'
import { feedOf, FROM_FOLDER, NOW, openIn, seededSigner, tellings, temporaryFolder } from './world.ts'

const ada = seededSigner('ada')

test('a new ledger is private, writes ahead and runs hardened', () => {
  using folder = temporaryFolder()
  const ledger = openIn(folder.path)
  const pragma = (name: string) => ledger.raw.pragma(name, { simple: true })
  expect(pragma('journal_mode')).toBe('wal')
  expect(pragma('foreign_keys')).toBe(1)
  expect(pragma('trusted_schema')).toBe(0)
  expect(pragma('cell_size_check')).toBe(1)
  // Defensive mode: not even with writable_schema may the schema be written.
  ledger.raw.pragma('writable_schema = ON')
  expect(() => ledger.raw.exec("UPDATE sqlite_schema SET sql = '' WHERE name = 'receipt'")).toThrow(
    /may not be modified/,
  )
  for (const file of readdirSync(folder.path)) {
    expect(`${file} ${modeOf(join(folder.path, file)).toString(8)}`).toBe(`${file} 600`)
  }
  ledger.close()
})

test('a ledger that was made readable for others is private again once opened', () => {
  using folder = temporaryFolder()
  openIn(folder.path).close()
  const file = join(folder.path, 'ledger.sqlite')
  writeFileSync(file, readFileSync(file), { mode: 0o644 })
  openIn(folder.path).close()
  expect(modeOf(file)).toBe(0o600)
})

test('a ledger whose making was cut off by a crash is made when it is opened again', () => {
  using folder = temporaryFolder()
  using crashed = temporaryFolder()
  // What lies on the disk in the middle of the first transaction: pages already written, and the journal that takes them back.
  const raw = new Database(join(folder.path, 'ledger.sqlite'))
  raw.pragma('cache_size = 1')
  raw.exec('CREATE TABLE before (x); BEGIN IMMEDIATE; CREATE TABLE half (text TEXT)')
  const insert = raw.prepare('INSERT INTO half (text) VALUES (?)')
  for (let row = 0; row < 200; row++) insert.run('x'.repeat(2000))
  for (const name of ['ledger.sqlite', 'ledger.sqlite-journal']) {
    copyFileSync(join(folder.path, name), join(crashed.path, name))
  }
  raw.exec('ROLLBACK; DROP TABLE before')
  raw.close()

  expect(() => openIn(crashed.path)).toThrow(/is not a Steward ledger/)
  // The transaction is taken back, what was committed before it stays.
  const after = new Database(join(crashed.path, 'ledger.sqlite'))
  expect(after.prepare('SELECT name FROM sqlite_schema').pluck().all()).toEqual(['before'])
  after.close()
})

test('a file that a crash left empty becomes a ledger when it is opened again', () => {
  using folder = temporaryFolder()
  writeFileSync(join(folder.path, 'ledger.sqlite'), '')
  const ledger = openIn(folder.path)
  expect(counters(ledger.read).receipts).toBe(0)
  ledger.close()
})

test('a ledger of a newer format is refused, and not a byte of it changes', () => {
  using folder = temporaryFolder()
  ledgerWithOneFeed(folder.path)
  edit(folder.path, (raw) => raw.pragma('user_version = 2'))
  const before = digestOf(folder.path)
  expect(() => openIn(folder.path)).toThrow(LedgerNewerThanAppError)
  expect(digestOf(folder.path)).toBe(before)
})

test('a ledger that holds a step of a newer version is refused, and not a byte of it changes', () => {
  using folder = temporaryFolder()
  ledgerWithOneFeed(folder.path)
  const newer = { ...tellings, migrations: [...tellings.migrations, addColour] }
  openIn(folder.path, { features: [newer] }).close()
  const before = digestOf(folder.path)
  expect(() => openIn(folder.path)).toThrow(/tellings\/0002-colour/)
  expect(digestOf(folder.path)).toBe(before)
  // The newer version goes on with it as if nothing had been.
  const ledger = openIn(folder.path, { features: [newer] })
  expect(counters(ledger.read).receipts).toBe(3)
  ledger.close()
})

test('a ledger whose newer steps are still in its log is refused, log and all', () => {
  using folder = temporaryFolder()
  using crashed = temporaryFolder()
  const newer = { ...tellings, migrations: [...tellings.migrations, addColour] }
  const ledger = openIn(folder.path, { features: [newer] })
  // As it lies on the disk while it is open: nothing was checkpointed yet.
  for (const file of ['ledger.sqlite', 'ledger.sqlite-wal']) {
    copyFileSync(join(folder.path, file), join(crashed.path, file))
  }
  ledger.close()
  const before = digestOf(crashed.path)
  const log = digestOf(crashed.path, 'ledger.sqlite-wal')
  expect(() => openIn(crashed.path)).toThrow(LedgerNewerThanAppError)
  expect(digestOf(crashed.path)).toBe(before)
  expect(digestOf(crashed.path, 'ledger.sqlite-wal')).toBe(log)
})

test('the database of another program is left alone', () => {
  using folder = temporaryFolder()
  const other = new Database(join(folder.path, 'ledger.sqlite'))
  other.exec('CREATE TABLE photos (name TEXT)')
  other.close()
  const before = digestOf(folder.path)
  expect(problemOf(() => openIn(folder.path))).toMatchObject({ code: 'LEDGER_FOREIGN', kept: 'Nothing was changed.' })
  expect(digestOf(folder.path)).toBe(before)
})

test('a file that is no database says what to do, and is kept', () => {
  using folder = temporaryFolder()
  writeFileSync(join(folder.path, 'ledger.sqlite'), 'this was a ledger once, and now it is a poem'.repeat(50))
  const before = digestOf(folder.path)
  expect(problemOf(() => openIn(folder.path))).toMatchObject({ code: 'LEDGER_DAMAGED' })
  expect(digestOf(folder.path)).toBe(before)
})

test('an old Node is told so instead of crashing', () => {
  // A Node cannot be made older: it is made to believe that it is.
  const { napi } = process.versions
  Object.defineProperty(process.versions, 'napi', { value: '9', configurable: true })
  try {
    using folder = temporaryFolder()
    expect(() => openIn(folder.path)).toThrow(expect.objectContaining({ code: 'NODE_TOO_OLD' }))
    expect(readdirSync(folder.path)).toEqual([])
  } finally {
    Object.defineProperty(process.versions, 'napi', { value: napi, configurable: true })
  }
})

test('a ledger is copied before a new version changes it, and the copy is whole and private', () => {
  using folder = temporaryFolder()
  ledgerWithOneFeed(folder.path)
  openIn(folder.path, { features: [{ ...tellings, migrations: [...tellings.migrations, addColour] }] }).close()
  const backups = join(folder.path, 'backups')
  expect(readdirSync(backups)).toEqual(['ledger-2026-11-21T100000.000Z-before-tellings-0002-colour.sqlite'])
  const [name = ''] = readdirSync(backups)
  expect(modeOf(join(backups, name))).toBe(0o600)
  // The copy is a ledger of the version before: that version opens it.
  const restored = openIn(folder.path, { file: join(backups, name) })
  expect(counters(restored.read).receipts).toBe(3)
  restored.close()
})

test('of the copies made before migrations the newest three are kept, and nothing else in their folder is touched', () => {
  using folder = temporaryFolder()
  ledgerWithOneFeed(folder.path)
  const backups = join(folder.path, 'backups')
  mkdirSync(backups)
  const copies = [1, 2, 3, 4, 5].map((day) => `ledger-2026-01-0${day}T000000.000Z-before-a-0001-b.sqlite`)
  for (const name of [...copies, 'ledger of mine.txt']) writeFileSync(join(backups, name), '')
  openIn(folder.path).close()
  expect(readdirSync(backups).toSorted()).toEqual(['ledger of mine.txt', ...copies.slice(2)].toSorted())
})

test('a ledger that is up to date is not copied when it is opened', () => {
  using folder = temporaryFolder()
  ledgerWithOneFeed(folder.path)
  openIn(folder.path).close()
  expect(existsSync(join(folder.path, 'backups'))).toBe(false)
})

test('without a backup there is no migration', () => {
  using folder = temporaryFolder()
  ledgerWithOneFeed(folder.path)
  writeFileSync(join(folder.path, 'backups'), 'a file where the folder should be')
  const newer: Feature = { ...tellings, migrations: [...tellings.migrations, addColour] }
  expect(problemOf(() => openIn(folder.path, { features: [newer] }))).toMatchObject({
    code: 'BACKUP_FAILED',
    kept: 'The ledger is as it was.',
  })
  const ledger = openIn(folder.path)
  expect(counters(ledger.read).receipts).toBe(3)
  ledger.close()
})

test('a migration that fails half way leaves the ledger as it was before it', () => {
  using folder = temporaryFolder()
  ledgerWithOneFeed(folder.path)
  const broken: Feature = {
    ...tellings,
    migrations: [
      ...tellings.migrations,
      { id: 'tellings/0002-broken', up: (tx) => tx.exec('CREATE TABLE half (a TEXT) STRICT; CREATE TABLE no table') },
    ],
  }
  expect(() => openIn(folder.path, { features: [broken] })).toThrow(/syntax error/)
  const ledger = openIn(folder.path)
  expect(ledger.read.prepare<[], unknown>("SELECT name FROM sqlite_schema WHERE name = 'half'").all()).toEqual([])
  expect(counters(ledger.read).receipts).toBe(3)
  ledger.close()
})

test('a step that is not numbered within its feature is a bug that shows at once', () => {
  using folder = temporaryFolder()
  const astray: Feature = { ...tellings, migrations: [{ ...addColour, id: 'other/0001-x' }] }
  expect(() => openIn(folder.path, { features: [astray] })).toThrow(/numbered within its feature/)
  const unordered: Feature = { ...tellings, migrations: [addColour, ...tellings.migrations] }
  expect(() => openIn(folder.path, { features: [unordered] })).toThrow(/in the order of their numbers/)
})

const addColour = {
  id: 'tellings/0002-colour',
  up: (tx: { exec(sql: string): void }) => tx.exec("ALTER TABLE note ADD COLUMN colour TEXT NOT NULL DEFAULT 'grey'"),
}

function ledgerWithOneFeed(folder: string): void {
  const ledger = openIn(folder)
  ledger.write(NOW, (tx) => {
    for (const receipt of feedOf(ada, [{}, {}, {}])) append(tx, receipt, FROM_FOLDER)
  })
  ledger.close()
}

function edit(folder: string, change: (raw: Database.Database) => void): void {
  const raw = new Database(join(folder, 'ledger.sqlite'))
  change(raw)
  raw.close()
}

// Windows has no such modes; there the data folder lies in the user's own profile.
function modeOf(file: string): number {
  return process.platform === 'win32' ? 0o600 : statSync(file).mode & 0o777
}

function digestOf(folder: string, file = 'ledger.sqlite'): string {
  return createHash('sha256')
    .update(readFileSync(join(folder, file)))
    .digest('hex')
}

function problemOf(work: () => unknown): StewardError {
  try {
    work()
  } catch (thrown) {
    if (thrown instanceof StewardError) return thrown
    throw thrown
  }
  throw new Error('nothing was thrown')
}

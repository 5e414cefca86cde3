// Statements are kept and shared: each use finds plain rows, and SQLite does not think about a look-up again for every value.
import { closeSync, fstatSync, openSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openLedger, openLedgerForReading, type Ledger } from '#core/ledger/index.ts'
import { NOW, openIn, temporaryFolder } from './world.ts'

function emptyLedger(): Ledger {
  return openLedger({ file: ':memory:', features: [], now: NOW, backupDir: '' })
}

test('who asks with the same words gets plain rows, whatever form another one asked for', () => {
  const ledger = emptyLedger()
  const tables = () => ledger.read.prepare<[], { name: string }>("SELECT name FROM sqlite_schema WHERE name = 'node'")
  expect(tables().pluck().get()).toBe('node')
  expect(tables().get()).toEqual({ name: 'node' })
  expect(tables().raw().get()).toEqual(['node'])
  expect(tables().all()).toEqual([{ name: 'node' }])
  ledger.close()
})

test.each([
  'SELECT seq, id FROM receipt WHERE node_key = ? ORDER BY seq',
  'SELECT subject, task FROM subject WHERE subject = ? ORDER BY task DESC',
  'SELECT seq, leaf FROM receipt WHERE node_key = ? ORDER BY seq LIMIT 3',
])('a look-up is planned once and not for each value: %s', (sql) => {
  const ledger = emptyLedger()
  // After each planning the driver makes a function that puts rows together, and this is how one can see it from outside.
  const { Function: real } = globalThis
  let planned = 0
  globalThis.Function = new Proxy(real, {
    apply: (target, self, args) => {
      planned++
      return Reflect.apply(target, self, args) as unknown
    },
  })
  try {
    ledger.write(NOW, (tx) => {
      tx.exec(
        "INSERT INTO node (key, id) VALUES (1, 'ada'); INSERT INTO subject (key, subject, task) VALUES (1, '1', '')",
      )
      tx.exec("INSERT INTO source (key, text) VALUES (1, 'here')")
      tx.exec(`
        INSERT INTO receipt (arrival, id, node_key, seq, kind, subject_key, time_ms, way, source_key, arrived_ms, leaf, line)
        VALUES (1, zeroblob(32), 1, 1, 'told', 1, 0, 'own', 1, 0, zeroblob(32), '')
      `)
    })
    const lookUp = () => ledger.read.prepare<[string], object>(sql)
    lookUp().all('1')
    planned = 0
    for (const value of ['1', '2', '1']) expect(lookUp().all(value).length).toBe(value === '1' ? 1 : 0)
    expect(planned).toBe(0)
  } finally {
    globalThis.Function = real
    ledger.close()
  }
})

test('what the disk refuses while somebody reads is told as a steward can use it, not as a fault of Steward’s own', () => {
  using folder = temporaryFolder()
  openIn(folder.path).close()
  const path = join(folder.path, 'ledger.sqlite')
  const reader = openLedgerForReading(path)
  const { read } = reader
  read.prepare<[], object>('SELECT name FROM sqlite_schema').all()
  const file = openSync(path, 'r+')
  const behindSchema = 2 * 8192
  writeSync(file, Buffer.alloc(fstatSync(file).size - behindSchema, 0xff), 0, undefined, behindSchema)
  closeSync(file)
  const damaged: unknown = expect.objectContaining({ code: 'LEDGER_DAMAGED' })
  for (const table of ['receipt', 'node']) {
    const statement = read.prepare<[], object>(`SELECT * FROM ${table}`)
    expect(() => statement.all()).toThrow(damaged)
    expect(() => statement.get()).toThrow(damaged)
    expect(() => [...statement.iterate()]).toThrow(damaged)
    expect(() => statement.iterate().next()).toThrow(damaged)
  }
  reader.close()
})

test('what the disk refuses in the middle of a result is told in the same way, and the statement is free again', () => {
  using folder = temporaryFolder()
  const ledger = openIn(folder.path)
  ledger.write(NOW, (tx) => {
    tx.exec(`
      WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 2000)
      INSERT INTO node (key, id) SELECT n, printf('%0500d', n) FROM n
    `)
  })
  ledger.close()
  const path = join(folder.path, 'ledger.sqlite')
  const reader = openLedgerForReading(path)
  const statement = reader.read.prepare<[], number>('SELECT key FROM node NOT INDEXED').pluck()
  const rows = statement.iterate()
  expect(rows.next()).toEqual({ value: 1, done: false })
  const file = openSync(path, 'r+')
  const half = Math.floor(fstatSync(file).size / 2 / 8192) * 8192
  writeSync(file, Buffer.alloc(fstatSync(file).size - half, 0xff), 0, undefined, half)
  closeSync(file)
  expect(() => [...rows]).toThrow(expect.objectContaining({ code: 'LEDGER_DAMAGED' }))
  expect(statement.busy).toBe(false)
  expect(rows.next()).toEqual({ value: undefined, done: true })
  reader.close()
})

test('who stops in the middle of a result leaves its statement free, and what it cannot take is said at once', () => {
  const ledger = emptyLedger()
  const sql = 'SELECT value FROM json_each(?)'
  const statement = ledger.read.prepare<[string], number>(sql).pluck()
  for (const value of statement.iterate('[1,2,3]')) {
    expect([value, statement.busy]).toEqual([1, true])
    break
  }
  expect(statement.busy).toBe(false)
  expect([...statement.iterate('[1,2,3]')]).toEqual([1, 2, 3])
  expect(ledger.read.prepare<[string], number>(sql)).toBe(statement)
  expect(() => statement.iterate(...([] as never as [string]))).toThrow(/Too few parameter values/)
  expect(statement.busy).toBe(false)
  ledger.close()
})

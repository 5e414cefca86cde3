// What SQLite itself costs, with the ledger's pages and as durable: one commit, and inserts by the ten thousand.
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import type { VerifiedReceipt } from '#core/receipts/index.ts'
import { millisecondsOf, secondsOf } from './measure.ts'

const ROWS_PER_TRANSACTION = 10_000

/** A page of 8 KiB each; the ledger's own. */
const LEDGER_CHECKPOINT_PAGES = 8192

function open(file: string, checkpointPages: number | null = null) {
  const db = new Database(file)
  db.pragma('page_size = 8192')
  db.pragma('journal_mode = WAL')
  db.pragma('synchronous = FULL')
  if (checkpointPages !== null) db.pragma(`wal_autocheckpoint = ${checkpointPages}`)
  db.exec('CREATE TABLE row (arrival INTEGER PRIMARY KEY, id BLOB NOT NULL UNIQUE, line TEXT NOT NULL) STRICT')
  const insert = db.prepare<[Buffer, string]>('INSERT INTO row (id, line) VALUES (?, ?)')
  return { db, insert }
}

const idBytes = (receipt: VerifiedReceipt) => Buffer.from(receipt.id.slice('sha256:'.length), 'hex')

/** Milliseconds of one commit of one row that is on the disk. */
export function durableCommitLimit(folder: string) {
  // A log that is written over syncs twice as fast as one that grows: here it grows for as long as the ledger's does.
  const { db, insert } = open(join(folder, 'commit-limit.sqlite'), LEDGER_CHECKPOINT_PAGES)
  let count = 0
  return {
    measure: () =>
      millisecondsOf(() => {
        count += 1
        const id = Buffer.alloc(32)
        id.writeUInt32BE(count)
        insert.run(id, 'x'.repeat(1000))
      }),
    close: () => db.close(),
  }
}

/** Rows a second, into a table with the ledger's two indexes; SQLite writes its log home when it thinks fit. */
export async function insertLimit(folder: string, receipts: readonly VerifiedReceipt[]): Promise<number> {
  const file = join(folder, 'insert-limit.sqlite')
  const { db, insert } = open(file)
  const seconds = await secondsOf(() => {
    for (let from = 0; from < receipts.length; from += ROWS_PER_TRANSACTION) {
      db.transaction(() => {
        for (const receipt of receipts.slice(from, from + ROWS_PER_TRANSACTION)) {
          insert.run(idBytes(receipt), receipt.line)
        }
      })()
    }
  })
  db.close()
  for (const suffix of ['', '-wal', '-shm']) rmSync(`${file}${suffix}`, { force: true })
  return receipts.length / seconds
}

// A world for ledger tests: seeded nodes that sign real receipts, and a small feature whose projection says for every subject
// what each node's newest receipt about it is.
import { createHash, createPrivateKey, createPublicKey, sign } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as z from 'zod'
import { Instant, type Json } from '#core/contract/index.ts'
import { openLedger, type Feature, type Ledger, type OpenLedgerOptions, type Projection } from '#core/ledger/index.ts'
import {
  nodeIdFromPublicKey,
  signReceipt,
  type Anchor,
  type Signer,
  type VerifiedReceipt,
} from '#core/receipts/index.ts'

export const NOW = Instant.parse('2026-11-21T10:00:00.000Z')
const THIRTY_DAYS_MS = 30 * 24 * 60 * 60 * 1000
export const FROM_FOLDER = { way: 'folder', source: 'nodes/a/feed/1-4.jsonl' } as const

export function at(offsetMs: number): Instant {
  return Instant.parse(new Date(Date.parse(NOW) + offsetMs).toISOString())
}

export function seededSigner(name: string): Signer {
  const seed = createHash('sha256').update(`ledger test ${name}`).digest()
  const key = createPrivateKey({
    format: 'der',
    type: 'pkcs8',
    key: Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), seed]),
  })
  const publicKey = createPublicKey(key).export({ format: 'der', type: 'spki' }).subarray(-32)
  return { node: nodeIdFromPublicKey(publicKey), sign: (message) => sign(null, message, key) }
}

export interface Telling {
  readonly subject?: string
  readonly task?: string | null
  readonly kind?: string
  readonly time?: Instant
  readonly value?: Json
  readonly anchor?: Anchor | null
}

/** The receipt after `before` in the feed of `signer`; the first one without. */
export function nextReceipt(signer: Signer, before: VerifiedReceipt | null, telling: Telling = {}): VerifiedReceipt {
  const seq = (before?.receipt.seq ?? 0) + 1
  return signReceipt(
    {
      kind: telling.kind ?? 'test/told',
      subject: telling.subject ?? 'report.json',
      task: telling.task ?? null,
      anchor: telling.anchor ?? null,
      body: { value: telling.value ?? seq },
    },
    { seq, prev: before?.id ?? null, time: telling.time ?? at(seq * 1000 - THIRTY_DAYS_MS) },
    signer,
  )
}

/** A feed of one receipt for each telling. */
export function feedOf(signer: Signer, tellings: readonly Telling[]): readonly VerifiedReceipt[] {
  const feed: VerifiedReceipt[] = []
  for (const telling of tellings) feed.push(nextReceipt(signer, feed.at(-1) ?? null, telling))
  return feed
}

/** A folder that is gone when the test is over. */
export function temporaryFolder(): { readonly path: string } & Disposable {
  const path = mkdtempSync(join(tmpdir(), 'steward-ledger-'))
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) }
}

export function openIn(folder: string, options: Partial<OpenLedgerOptions> = {}): Ledger {
  return openLedger({
    file: join(folder, 'ledger.sqlite'),
    backupDir: join(folder, 'backups'),
    features: [tellings],
    now: NOW,
    ...options,
  })
}

export function openInMemory(features: readonly Feature[] = [tellings]): Ledger {
  return openLedger({ file: ':memory:', backupDir: '', features, now: NOW })
}

/** Newest receipt of each node on each subject; recomputed for the subjects that a batch named. */
export const latestTold: Projection = {
  name: 'latest-told',
  version: 1,
  tables: ['latest_told', 'latest_told_dirty'],
  create(tx) {
    tx.exec(`
      CREATE TABLE latest_told (
        subject TEXT NOT NULL, task TEXT NOT NULL, node TEXT NOT NULL, seq INTEGER NOT NULL, id BLOB NOT NULL,
        PRIMARY KEY (subject, task, node)
      ) STRICT, WITHOUT ROWID;
      CREATE TABLE latest_told_dirty (subject_key INTEGER NOT NULL PRIMARY KEY) STRICT;
    `)
  },
  project(tx, rows) {
    const mark = tx.prepare<[number], never>('INSERT OR IGNORE INTO latest_told_dirty (subject_key) VALUES (?)')
    for (const row of rows) if (row.receipt.receipt.kind === 'test/told') mark.run(row.subjectKey)
  },
  settle(tx) {
    tx.prepare<[], never>(`
      INSERT OR REPLACE INTO latest_told (subject, task, node, seq, id)
      SELECT subject, task, node, seq, id
      FROM (
        SELECT subject.subject, subject.task, node.id AS node, seq, receipt.id,
          row_number() OVER (PARTITION BY receipt.subject_key, node_key ORDER BY seq DESC, receipt.id) AS place
        FROM latest_told_dirty AS dirty
        CROSS JOIN receipt INDEXED BY receipt_by_subject ON receipt.subject_key = dirty.subject_key
        CROSS JOIN subject ON subject.key = dirty.subject_key
        CROSS JOIN node ON node.key = node_key
        WHERE kind = 'test/told'
      )
      WHERE place = 1
    `).run()
    tx.prepare<[], never>('DELETE FROM latest_told_dirty').run()
  },
}

export const tellings: Feature = {
  name: 'tellings',
  kinds: [{ kind: 'test/told', body: z.object({}), claims: 'The node told something.', byHand: true, isClaim: true }],
  migrations: [
    {
      id: 'tellings/0001-notes',
      up: (tx) => tx.exec('CREATE TABLE note (text TEXT NOT NULL PRIMARY KEY) STRICT, WITHOUT ROWID'),
    },
  ],
  projections: [latestTold],
}

// What features and hosts see of the ledger. Reading takes ReadDb, writing takes Tx, and only `ledger.write` hands out a Tx.
import type { Database, Statement } from 'better-sqlite3'
import type * as z from 'zod'
import type { Instant, ReceiptId, Topic, Way } from '#core/contract/index.ts'
import type { VerifiedReceipt } from '#core/receipts/index.ts'

export interface ReadDb {
  prepare<Params extends unknown[] | object, Row>(
    sql: string,
  ): Statement<Params extends unknown[] ? Params : [Params], Row>
}

declare const inTransaction: unique symbol
/** A write transaction. Synchronous: everything that waits has happened before. */
export interface Tx extends ReadDb {
  readonly [inTransaction]: true
  exec(sql: string): void
  /** Clock value of this write; the only time that a projection may use. */
  readonly now: Instant
  /** Asks for `topic` in the next change event. */
  touched(topic: Topic): void
}

/** How a receipt came here; local knowledge, never part of a projection that two nodes compare. */
export interface Arrival {
  readonly way: Way
  /** Folder-relative path, peer or bundle name. */
  readonly source: string
}

/** One admitted receipt as stored. `arrival` is storage order: never shown, never sorted by. */
export interface ReceiptRow {
  readonly arrival: number
  readonly id: ReceiptId
  readonly nodeKey: number
  readonly seq: number
  readonly kind: string
  readonly subjectKey: number
  readonly timeMs: number
  readonly line: string
}

export interface Migration {
  /** `<feature>/<number>-<name>`, never edited once released. */
  readonly id: string
  up(tx: Tx): void
}

/**
 * Tables that follow from the receipts (and local settings) alone; dropped and rebuilt at any time. It keeps nothing in memory between
 * calls: a rollback would leave that wrong, and `doctor` runs the same projection over another database.
 */
export interface Projection {
  readonly name: string
  /** Raised when its rows would come out differently: it is then rebuilt on open. */
  readonly version: number
  /** Tables it owns; `doctor` rebuilds them from the same receipt table and compares digests. */
  readonly tables: readonly string[]
  create(tx: Tx): void
  /** A batch in arrival order; a large write shows several. Marks what is to be recomputed; cheap. */
  project(tx: Tx, rows: readonly ProjectedReceipt[]): void
  /** After all projections saw all batches, still in the same transaction; also called with no batch when time has passed. */
  settle(tx: Tx): void
}

export interface ProjectedReceipt {
  readonly arrival: number
  readonly nodeKey: number
  readonly subjectKey: number
  readonly receipt: VerifiedReceipt
}

/** A feature brings its kinds, tables and projections, and is named once in core/features.ts. */
export interface Feature {
  readonly name: string
  readonly kinds: readonly KindSpec[]
  readonly migrations: readonly Migration[]
  readonly projections: readonly Projection[]
}

export interface KindSpec {
  readonly kind: string
  /** Body schema; a body that does not fit makes an invalid-content conflict, never a refusal. */
  readonly body: z.ZodType
  /** What signing it claims, one sentence. */
  readonly claims: string
  /** True where a person may sign it by hand. */
  readonly byHand: boolean
  /** True where a receipt of this kind says something about its subject that others may contradict. */
  readonly isClaim: boolean
}

export interface Ledger {
  readonly read: ReadDb
  readonly features: readonly Feature[]
  /**
   * The one writer: runs `work` in an IMMEDIATE transaction, projects what it appended, settles the projections, commits
   * durably, then tells `onCommitted` the topics that were touched. Work that appends nothing is how settings change and how passed time is settled.
   * A throw undoes everything. Throws a StewardError for a full disk and the like.
   */
  write<T>(now: Instant, work: (tx: Tx) => T): T
  /** Writes that become one and can be undone until then. One at a time; one that was not ended is undone by the next. */
  draft(): LedgerDraft
  /** True while a draft holds what is not committed yet: whoever can wait with writing does. */
  readonly isDrafted: boolean
  /** Writes the log home while nothing else is to do, so that it stays short; never waits for readers. */
  checkpoint(): void
  /** For `doctor` and backups; everything else reads through `read`. */
  readonly raw: Database
  close(): void
}

/**
 * Between its writes others are answered, from the ledger as it was before. A crash, a failed write and `discard` leave nothing of it. A write
 * by somebody else undoes it too; its next use then throws DraftOvertaken.
 */
export interface LedgerDraft {
  /** Reads and writes as if the draft were the ledger. */
  readonly ledger: Ledger
  /** Durable, and told to `onCommitted`, once this returns. */
  commit(): void
  discard(): void
}

/** Lets others be answered between two pieces of long work. */
export type Pause = () => Promise<void>

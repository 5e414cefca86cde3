// The ledger's own tables. They only ever gain; a released migration is never edited.
import type { Migration } from './types.ts'

/** Raised when an older version could no longer read the file at all; everything less is a migration. */
export const LEDGER_FORMAT = 1

/** `STWD`, in the header of the file: says that it is a Steward ledger and no other program's database. */
export const APPLICATION_ID = 0x53_54_57_44

// What the kinds meant when the projections were built.
const PROJECTED_KINDS = `
  CREATE TABLE projected_kinds (
    only  INTEGER NOT NULL PRIMARY KEY CHECK (only = 1),
    kinds TEXT   NOT NULL
  ) STRICT;
`

// Every table that a write changes costs it a page to write and sync, so the small numbers that all writes change share one.
const KEPT = `
  CREATE TABLE kept (
    -- The node whose receipts are counted; 0 for those of all nodes, -1 for what is no count of receipts.
    node_key INTEGER NOT NULL,
    -- A kind; a number of two hours since 1970; a name of KEPT_MARKS.
    what     TEXT    NOT NULL,
    number   INTEGER NOT NULL,
    PRIMARY KEY (node_key, what)
  ) STRICT, WITHOUT ROWID;
`

/** What of `kept` is no count: up to which arrival the projections have read, and of which instant (ms) they are. */
export const KEPT_MARKS = { readMark: 'read mark', settledAt: 'settled at' } as const

/** The tables that projections are noted in, for the scratch database in which `doctor` rebuilds. */
export const PROJECTION_TABLES = `
  CREATE TABLE projection (
    name       TEXT    NOT NULL PRIMARY KEY,
    version    INTEGER NOT NULL,
    tables     TEXT    NOT NULL
  ) STRICT, WITHOUT ROWID;
  ${PROJECTED_KINDS}
  ${KEPT}
`

export const ledgerMigrations: readonly Migration[] = [
  {
    id: 'ledger/0001-receipts',
    up: (tx) =>
      tx.exec(`
        CREATE TABLE node (
          key INTEGER NOT NULL PRIMARY KEY,
          id  TEXT    NOT NULL UNIQUE
        ) STRICT;

        -- A subject within its task; the empty task stands for none, since no task is empty.
        CREATE TABLE subject (
          key     INTEGER NOT NULL PRIMARY KEY,
          subject TEXT    NOT NULL,
          task    TEXT    NOT NULL,
          UNIQUE (subject, task)
        ) STRICT;
        CREATE INDEX subject_by_task ON subject (task);

        CREATE TABLE source (
          key  INTEGER NOT NULL PRIMARY KEY,
          text TEXT    NOT NULL UNIQUE
        ) STRICT;

        -- In order of arrival, which is storage only: nothing that a person sees may depend on it. A hash as the key
        -- would rewrite pages all over the tree and cost three times as much.
        CREATE TABLE receipt (
          arrival     INTEGER NOT NULL PRIMARY KEY,
          id          BLOB    NOT NULL UNIQUE CHECK (length(id) = 32),
          node_key    INTEGER NOT NULL REFERENCES node (key),
          seq         INTEGER NOT NULL CHECK (seq >= 1),
          kind        TEXT    NOT NULL,
          subject_key INTEGER NOT NULL REFERENCES subject (key),
          time_ms     INTEGER NOT NULL,
          way         TEXT    NOT NULL,
          source_key  INTEGER NOT NULL REFERENCES source (key),
          arrived_ms  INTEGER NOT NULL,
          leaf        BLOB    NOT NULL CHECK (length(leaf) = 32),
          line        TEXT    NOT NULL
        ) STRICT;
        -- Two rows at one seq are two stories: both are kept.
        CREATE INDEX receipt_by_feed    ON receipt (node_key, seq);
        -- Equal times are common (one clock, one batch), so the id decides the order of lists.
        CREATE INDEX receipt_by_time    ON receipt (time_ms, id);
        CREATE INDEX receipt_by_kind    ON receipt (kind, time_ms, id);
        CREATE INDEX receipt_by_node    ON receipt (node_key, time_ms, id);
        CREATE INDEX receipt_by_subject ON receipt (subject_key, time_ms, id);

        -- The first seq at which a feed tells two stories; no row, no fork.
        CREATE TABLE feed_fork (
          node_key INTEGER NOT NULL PRIMARY KEY REFERENCES node (key),
          seq      INTEGER NOT NULL CHECK (seq >= 1)
        ) STRICT;

        -- Compact range (RFC 6962) over the first leaves of a feed; grown when asked for.
        CREATE TABLE feed_tree (
          node_key INTEGER NOT NULL PRIMARY KEY REFERENCES node (key),
          size     INTEGER NOT NULL CHECK (size >= 0),
          peaks    BLOB    NOT NULL
        ) STRICT;

        -- Kept, not counted: how many receipts of each kind each node has, and how many came in which two hours.
        CREATE TABLE tally (
          node_key INTEGER NOT NULL REFERENCES node (key),
          kind     TEXT    NOT NULL,
          receipts INTEGER NOT NULL CHECK (receipts > 0),
          PRIMARY KEY (node_key, kind)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE arrivals (
          two_hours INTEGER NOT NULL PRIMARY KEY,
          receipts  INTEGER NOT NULL CHECK (receipts > 0)
        ) STRICT;

        -- Up to which arrival each projection has read; written in the transaction that writes its rows.
        CREATE TABLE projection (
          name       TEXT    NOT NULL PRIMARY KEY,
          version    INTEGER NOT NULL,
          tables     TEXT    NOT NULL,
          read_mark  INTEGER NOT NULL,
          settled_at TEXT    NOT NULL
        ) STRICT, WITHOUT ROWID;
        ${PROJECTED_KINDS}
      `),
  },
  {
    // What a receipt that comes alone costs is pages: one for each table and index that it changes.
    id: 'ledger/0002-fewer-pages',
    up: (tx) =>
      tx.exec(`
        ${KEPT}
        INSERT INTO kept (node_key, what, number) SELECT node_key, kind, receipts FROM tally;
        INSERT INTO kept (node_key, what, number) SELECT 0, CAST(two_hours AS TEXT), receipts FROM arrivals;
        INSERT INTO kept (node_key, what, number)
          SELECT -1, '${KEPT_MARKS.readMark}', min(read_mark) FROM projection HAVING min(read_mark) IS NOT NULL;
        INSERT INTO kept (node_key, what, number)
          SELECT -1, '${KEPT_MARKS.settledAt}', round(unixepoch(min(settled_at), 'subsec') * 1000)
          FROM projection HAVING min(settled_at) IS NOT NULL;
        ALTER TABLE projection DROP COLUMN read_mark;
        ALTER TABLE projection DROP COLUMN settled_at;
        DROP TABLE tally;
        DROP TABLE arrivals;

        -- How many receipts of each kind each node has.
        CREATE VIEW tally (node_key, kind, receipts) AS SELECT node_key, what, number FROM kept WHERE node_key > 0;
        -- How many came in which two hours.
        CREATE VIEW arrivals (two_hours, receipts) AS SELECT what, number FROM kept WHERE node_key = 0;

        -- Most subjects belong to no task.
        DROP INDEX subject_by_task;
        CREATE INDEX subject_by_task ON subject (task) WHERE task > '';
      `),
  },
]

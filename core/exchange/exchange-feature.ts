// What this node remembers of the exchange. All of it is local: it says what lies in the folder and what others say they hold,
// so none of it is a projection and two nodes never compare it. Forgetting it costs only reading everything again.
import type { Feature, Migration } from '#core/ledger/index.ts'
import { stateTables } from './state-records.ts'

const exchangeTables: Migration = {
  id: 'exchange/0001-tables',
  up: (tx) =>
    tx.exec(`
      -- One row: the folder in use, and whether its marker was seen there. An empty mount point is not an empty exchange.
      CREATE TABLE exchange_folder (
        only   INTEGER NOT NULL PRIMARY KEY CHECK (only = 1),
        folder TEXT    NOT NULL,
        marked INTEGER NOT NULL CHECK (marked IN (0, 1)),
        -- Receipts of this node that have been in the folder; what is above waits to be published.
        published_seq INTEGER NOT NULL
      ) STRICT;

      -- Own files as they were written. One that differs on the disk was changed or deleted by somebody, and is written again.
      CREATE TABLE exchange_own_file (
        path      TEXT    NOT NULL PRIMARY KEY,
        size      INTEGER NOT NULL,
        mtime_ns  TEXT    NOT NULL,
        sha256    TEXT    NOT NULL,
        first_seq INTEGER,
        last_seq  INTEGER
      ) STRICT, WITHOUT ROWID;

      -- Files of others as they were last read; a file whose size and time are the same is not read again.
      CREATE TABLE exchange_inbox_file (
        path      TEXT    NOT NULL PRIMARY KEY,
        node      TEXT    NOT NULL,
        size      INTEGER NOT NULL,
        mtime_ns  TEXT    NOT NULL,
        sha256    TEXT,
        state     TEXT    NOT NULL,
        -- Full rescans that saw it just so.
        stable    INTEGER NOT NULL,
        -- Version of the rules that judged it: what newer rules may judge otherwise is read again.
        rules     INTEGER NOT NULL,
        deferred  INTEGER NOT NULL,
        first_seen TEXT   NOT NULL,
        last_seen  TEXT   NOT NULL
      ) STRICT, WITHOUT ROWID;
      CREATE INDEX exchange_inbox_by_node ON exchange_inbox_file (node);
      CREATE INDEX exchange_inbox_by_state ON exchange_inbox_file (state);

      -- Right but early (a gap before them), or ahead of the clock. Judged again when they can be.
      CREATE TABLE exchange_early (
        id         TEXT    NOT NULL PRIMARY KEY,
        outcome    TEXT    NOT NULL CHECK (outcome IN ('waiting', 'held')),
        node       TEXT    NOT NULL,
        seq        INTEGER NOT NULL,
        time       TEXT    NOT NULL,
        source     TEXT    NOT NULL,
        bytes      INTEGER NOT NULL,
        line       TEXT    NOT NULL,
        first_seen TEXT    NOT NULL
      ) STRICT;
      CREATE INDEX exchange_early_by_node ON exchange_early (node, outcome, seq);
      CREATE INDEX exchange_early_by_time ON exchange_early (outcome, time);

      -- Quarantine: what was refused, with its bytes up to the caps.
      CREATE TABLE exchange_refusal (
        key        INTEGER NOT NULL PRIMARY KEY,
        source     TEXT    NOT NULL,
        reason     TEXT    NOT NULL,
        sha256     TEXT    NOT NULL,
        detail     TEXT    NOT NULL,
        node       TEXT,
        size       INTEGER NOT NULL,
        bytes      BLOB,
        count      INTEGER NOT NULL,
        first_seen TEXT    NOT NULL,
        last_seen  TEXT    NOT NULL,
        UNIQUE (source, sha256, reason)
      ) STRICT;
      CREATE TABLE exchange_quarantine_size (
        only    INTEGER NOT NULL PRIMARY KEY CHECK (only = 1),
        entries INTEGER NOT NULL,
        bytes   INTEGER NOT NULL,
        -- Beyond the caps: only counted.
        beyond  INTEGER NOT NULL
      ) STRICT;
      -- How many receipts were put into waiting, held or quarantine in which two hours; kept, not counted.
      CREATE TABLE exchange_held_back (
        two_hours INTEGER NOT NULL PRIMARY KEY,
        receipts  INTEGER NOT NULL
      ) STRICT;

      -- The own head that a steward declared lost: a folder that names it does not stop publishing any more.
      CREATE TABLE exchange_lost_head (
        only INTEGER NOT NULL PRIMARY KEY CHECK (only = 1),
        seq  INTEGER NOT NULL
      ) STRICT;

      INSERT INTO exchange_quarantine_size (only, entries, bytes, beyond) VALUES (1, 0, 0, 0);

      -- Each node's newest signed head.
      CREATE TABLE exchange_head (
        node     TEXT    NOT NULL PRIMARY KEY,
        seq      INTEGER NOT NULL,
        id       TEXT    NOT NULL,
        root     BLOB    NOT NULL,
        time     TEXT    NOT NULL,
        -- The signed note itself, for proofs.
        note     TEXT    NOT NULL,
        -- First time that less was here than it names, until it is here.
        behind_since TEXT,
        -- Set while the feed that is here does not have the root that the head names.
        mismatch TEXT,
        -- How far its clock was ahead of ours when it was read.
        ahead_ms INTEGER NOT NULL
      ) STRICT, WITHOUT ROWID;

      -- What each node says it holds of each feed.
      CREATE TABLE exchange_seen (
        holder TEXT    NOT NULL,
        node   TEXT    NOT NULL,
        seq    INTEGER NOT NULL,
        id     TEXT    NOT NULL,
        said   TEXT    NOT NULL,
        PRIMARY KEY (holder, node)
      ) STRICT, WITHOUT ROWID;
      CREATE INDEX exchange_seen_by_node ON exchange_seen (node);

      CREATE TABLE exchange_last_seen (
        node TEXT NOT NULL,
        way  TEXT NOT NULL,
        at   TEXT NOT NULL,
        PRIMARY KEY (node, way)
      ) STRICT, WITHOUT ROWID;

      -- Nodes that ask to join: nothing of theirs but head and profile was read.
      CREATE TABLE exchange_pending (
        node       TEXT    NOT NULL PRIMARY KEY,
        name       TEXT    NOT NULL,
        org        TEXT,
        region     TEXT,
        head_seq   INTEGER NOT NULL,
        first_seen TEXT    NOT NULL,
        last_seen  TEXT    NOT NULL
      ) STRICT, WITHOUT ROWID;

      -- Content that receipts name and that is not here yet.
      CREATE TABLE exchange_wanted_blob (
        hash     TEXT NOT NULL PRIMARY KEY,
        node     TEXT NOT NULL,
        tried_at TEXT NOT NULL
      ) STRICT, WITHOUT ROWID;
      CREATE INDEX exchange_wanted_by_try ON exchange_wanted_blob (tried_at, hash);

      -- Files that a person may wonder about: not downloaded, or copied by a sync tool.
      CREATE TABLE exchange_note (
        path       TEXT NOT NULL PRIMARY KEY,
        outcome    TEXT NOT NULL CHECK (outcome IN ('placeholder', 'conflict-copy')),
        detail     TEXT NOT NULL,
        node       TEXT,
        first_seen TEXT NOT NULL,
        last_seen  TEXT NOT NULL
      ) STRICT, WITHOUT ROWID;
    `),
}

/** Brings its local tables; no kinds and no projections of its own. */
export const exchangeFeature: Feature = {
  name: 'exchange',
  kinds: [],
  migrations: [exchangeTables, stateTables],
  projections: [],
}

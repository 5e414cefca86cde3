// The tables of the network's projection. They follow from the receipts and the local settings, and are never migrated.
import type { Tx } from '#core/ledger/index.ts'

export const networkTables = [
  'network_standing',
  'network_admitted',
  'network_feed',
  'network_branch',
  'network_fork',
  'network_rule',
  'network_profile',
  'network_decision',
  'network_withdrawal',
] as const

export function createNetworkTables(tx: Tx): void {
  tx.exec(`
    CREATE TABLE network_standing (
      only        INTEGER NOT NULL PRIMARY KEY CHECK (only = 1),
      policy_hash TEXT    NOT NULL,
      policy      TEXT    NOT NULL,
      proposed    TEXT    NOT NULL
    ) STRICT;

    -- By id: a node may be admitted before anything of it was read.
    CREATE TABLE network_admitted (
      node TEXT NOT NULL PRIMARY KEY
    ) STRICT, WITHOUT ROWID;

    -- How far a feed is beyond doubt (base), and how far it is merged if its node counts (bound).
    CREATE TABLE network_feed (
      node_key  INTEGER NOT NULL PRIMARY KEY,
      admitted  INTEGER NOT NULL,
      forked    INTEGER NOT NULL,
      base_seq  INTEGER NOT NULL,
      base_id   BLOB,
      bound_seq INTEGER NOT NULL,
      bound_id  BLOB,
      -- Commits to every receipt that is kept beside the chosen course.
      aside     BLOB
    ) STRICT;

    -- Receipts after the base that a decided fork leads along.
    CREATE TABLE network_branch (
      node_key INTEGER NOT NULL,
      seq      INTEGER NOT NULL,
      arrival  INTEGER NOT NULL,
      PRIMARY KEY (node_key, seq)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE network_fork (
      node_key INTEGER NOT NULL,
      seq      INTEGER NOT NULL,
      members  TEXT    NOT NULL,
      PRIMARY KEY (node_key, seq)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE network_rule (
      arrival  INTEGER NOT NULL PRIMARY KEY,
      node_key INTEGER NOT NULL,
      seq      INTEGER NOT NULL,
      kind     TEXT    NOT NULL,
      body     TEXT    NOT NULL
    ) STRICT;

    CREATE TABLE network_profile (
      node_key INTEGER NOT NULL,
      seq      INTEGER NOT NULL,
      arrival  INTEGER NOT NULL,
      name     TEXT    NOT NULL,
      org      TEXT,
      region   TEXT,
      PRIMARY KEY (node_key, seq, arrival)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE network_decision (
      arrival     INTEGER NOT NULL PRIMARY KEY,
      subject_key INTEGER NOT NULL,
      node_key    INTEGER NOT NULL,
      seq         INTEGER NOT NULL,
      body        TEXT    NOT NULL
    ) STRICT;
    CREATE INDEX network_decision_by_subject ON network_decision (subject_key);

    CREATE TABLE network_withdrawal (
      decision BLOB    NOT NULL,
      node_key INTEGER NOT NULL,
      seq      INTEGER NOT NULL,
      arrival  INTEGER NOT NULL,
      reason   TEXT    NOT NULL,
      PRIMARY KEY (decision, node_key, seq, arrival)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX network_withdrawal_by_feed ON network_withdrawal (node_key, seq);
  `)
}

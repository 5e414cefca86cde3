// The tables of the reconcile projection. Ids are their bytes, so that no row depends on the order in which it was made.
import type { Tx } from '#core/ledger/index.ts'
import { createOriginTables, originTables } from './origin-tables.ts'

export const reconcileTables = [
  'reconcile_claim',
  'reconcile_misfit',
  'reconcile_anchor',
  'reconcile_due',
  'reconcile_conflict',
  'reconcile_member',
  'reconcile_count',
  'reconcile_facet',
  'reconcile_fresh',
  ...originTables,
] as const

export function createReconcileTables(tx: Tx): void {
  tx.exec(`
    -- Every claim, merged or not: which of a node's claims counts is asked when the subject is judged.
    CREATE TABLE reconcile_claim (
      subject_key INTEGER NOT NULL,
      node_key    INTEGER NOT NULL,
      seq         INTEGER NOT NULL,
      arrival     INTEGER NOT NULL,
      -- The receipt's id: to look it up by arrival would read a page of large rows for each claim of a conflict.
      id          BLOB    NOT NULL,
      time_ms     INTEGER NOT NULL,
      hash        TEXT    NOT NULL,
      anchor      TEXT,
      -- Only where a node claims for an imported directory: which one, in which round of imports of it, the hash of the bytes as they
      -- are, what is special (MARKS), and when the file says it was made.
      origin      TEXT,
      round       INTEGER,
      raw         TEXT,
      marks       INTEGER,
      stated_ms   INTEGER,
      PRIMARY KEY (subject_key, node_key, seq, arrival)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX reconcile_claim_by_anchor ON reconcile_claim (anchor, subject_key) WHERE anchor IS NOT NULL;
    CREATE INDEX reconcile_claim_by_origin ON reconcile_claim (subject_key, origin, round, node_key, seq, arrival)
      WHERE origin IS NOT NULL;

    -- Receipts of a known kind whose body does not fit it.
    CREATE TABLE reconcile_misfit (
      subject_key INTEGER NOT NULL,
      node_key    INTEGER NOT NULL,
      seq         INTEGER NOT NULL,
      arrival     INTEGER NOT NULL,
      id          BLOB    NOT NULL,
      time_ms     INTEGER NOT NULL,
      hash        TEXT    NOT NULL,
      PRIMARY KEY (subject_key, node_key, seq, arrival)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE reconcile_anchor (
      arrival  INTEGER NOT NULL PRIMARY KEY,
      node_key INTEGER NOT NULL,
      seq      INTEGER NOT NULL,
      time_ms  INTEGER NOT NULL,
      hash     TEXT    NOT NULL,
      previous TEXT,
      label    TEXT
    ) STRICT;
    CREATE INDEX reconcile_anchor_by_hash ON reconcile_anchor (hash);
    CREATE INDEX reconcile_anchor_by_feed ON reconcile_anchor (node_key, seq);

    -- Subjects whose state time alone will change, or has changed: so that an idle clock costs two look-ups.
    CREATE TABLE reconcile_due (
      subject_key INTEGER NOT NULL PRIMARY KEY,
      due_ms      INTEGER,
      passed_ms   INTEGER
    ) STRICT;
    CREATE INDEX reconcile_due_next ON reconcile_due (due_ms)    WHERE due_ms    IS NOT NULL;
    CREATE INDEX reconcile_due_last ON reconcile_due (passed_ms) WHERE passed_ms IS NOT NULL;

    -- owner: key of the subject; the negative key of a node for what concerns its feed; 0 for what only this node saw.
    -- status: 0 open, 1 settled, 2 hidden behind a conflict of decisions about it.
    CREATE TABLE reconcile_conflict (
      id           BLOB    NOT NULL PRIMARY KEY CHECK (length(id) = 32),
      owner        INTEGER NOT NULL,
      kind         INTEGER NOT NULL,
      severity     INTEGER NOT NULL CHECK (severity BETWEEN 1 AND 3),
      status       INTEGER NOT NULL CHECK (status BETWEEN 0 AND 2),
      subject      TEXT    NOT NULL,
      task         TEXT    NOT NULL,
      task_mark    INTEGER NOT NULL,
      node_marks   INTEGER NOT NULL,
      since_ms     INTEGER NOT NULL,
      member_count INTEGER NOT NULL,
      reopened     INTEGER NOT NULL,
      -- 1: open for longer than policy allows, and so one step more severe than its kind.
      escalated    INTEGER NOT NULL DEFAULT 0,
      from_seq     INTEGER,
      to_seq       INTEGER
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX reconcile_conflict_by_owner ON reconcile_conflict (owner);
    -- What time alone escalates next, and what it has: an idle clock costs two look-ups.
    CREATE INDEX reconcile_conflict_ageing   ON reconcile_conflict (since_ms) WHERE status = 0 AND escalated = 0;
    CREATE INDEX reconcile_conflict_overdue  ON reconcile_conflict (since_ms) WHERE escalated = 1;
    -- One for each sort, with everything that filters: a page never reads a row that it does not show.
    CREATE INDEX reconcile_conflict_by_severity ON reconcile_conflict
      (status, severity, since_ms, id, kind, task_mark, node_marks, subject);
    CREATE INDEX reconcile_conflict_by_time ON reconcile_conflict
      (status, since_ms, id, kind, severity, task_mark, node_marks, subject);
    CREATE INDEX reconcile_conflict_by_subject ON reconcile_conflict
      (status, subject, id, kind, severity, since_ms, task_mark, node_marks);

    CREATE TABLE reconcile_member (
      conflict BLOB    NOT NULL,
      position INTEGER NOT NULL,
      node_key INTEGER NOT NULL,
      seq      INTEGER NOT NULL,
      arrival  INTEGER NOT NULL,
      time_ms  INTEGER NOT NULL,
      hash     TEXT    NOT NULL,
      origin   TEXT,
      PRIMARY KEY (conflict, position)
    ) STRICT, WITHOUT ROWID;

    -- Kept, not counted.
    CREATE TABLE reconcile_count (
      kind     INTEGER NOT NULL,
      severity INTEGER NOT NULL,
      status   INTEGER NOT NULL,
      count    INTEGER NOT NULL,
      PRIMARY KEY (kind, severity, status)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE reconcile_facet (
      facet TEXT    NOT NULL CHECK (facet IN ('node', 'task')),
      value TEXT    NOT NULL,
      count INTEGER NOT NULL,
      PRIMARY KEY (facet, value)
    ) STRICT, WITHOUT ROWID;

    -- What a fresh set of tables has still to take from the local settings.
    CREATE TABLE reconcile_fresh (
      what TEXT NOT NULL PRIMARY KEY
    ) STRICT, WITHOUT ROWID;
    INSERT INTO reconcile_fresh (what) VALUES ('observations');
  `)
  createOriginTables(tx)
}

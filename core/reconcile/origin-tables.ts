// What importing node directories adds to the tables of the reconcile projection.
import type { Tx } from '#core/ledger/index.ts'

export const originTables = ['reconcile_origin', 'reconcile_plan', 'reconcile_present', 'reconcile_coverage'] as const

export function createOriginTables(tx: Tx): void {
  tx.exec(`
    -- What importing nodes say about directories as a whole.
    CREATE TABLE reconcile_origin (
      arrival  INTEGER NOT NULL PRIMARY KEY,
      node_key INTEGER NOT NULL,
      seq      INTEGER NOT NULL,
      time_ms  INTEGER NOT NULL,
      origin   TEXT    NOT NULL,
      round    INTEGER NOT NULL,
      -- The anchor that its governance stood at; how many events led there.
      head     TEXT,
      events   INTEGER NOT NULL,
      -- JSON: the chains that led there.
      lists    TEXT    NOT NULL
    ) STRICT;
    CREATE INDEX reconcile_origin_by_label ON reconcile_origin (origin, round);
    CREATE INDEX reconcile_origin_by_head  ON reconcile_origin (head) WHERE head IS NOT NULL;
    CREATE INDEX reconcile_origin_by_feed  ON reconcile_origin (node_key, seq);

    -- Imported files that belong to a plan, by themselves or because the plan names them.
    CREATE TABLE reconcile_plan (
      plan        TEXT    NOT NULL,
      step        TEXT    NOT NULL,
      subject_key INTEGER NOT NULL,
      node_key    INTEGER NOT NULL,
      seq         INTEGER NOT NULL,
      arrival     INTEGER NOT NULL,
      PRIMARY KEY (plan, step, subject_key, arrival)
    ) STRICT, WITHOUT ROWID;

    -- Who has which of the artefacts that policy expects. Empty where it expects none.
    CREATE TABLE reconcile_present (
      subject_key INTEGER NOT NULL,
      claimant    TEXT    NOT NULL,
      path        TEXT    NOT NULL,
      time_ms     INTEGER NOT NULL,
      PRIMARY KEY (subject_key, claimant)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX reconcile_present_by_path ON reconcile_present (path, claimant);
    CREATE INDEX reconcile_present_by_time ON reconcile_present (time_ms);

    -- Kept, not counted: how many artefacts fit a pattern and somebody has them (claimant ''), and how many of these each claimant has.
    CREATE TABLE reconcile_coverage (
      pattern  TEXT    NOT NULL,
      claimant TEXT    NOT NULL,
      count    INTEGER NOT NULL,
      PRIMARY KEY (pattern, claimant)
    ) STRICT, WITHOUT ROWID;
  `)
}

// Everything that did not simply go into the ledger, as one list for a person: what, where, since when, why, and what to do.
import type { Instant, NodeId, Trouble } from '#core/contract/index.ts'
import { feedTailOf, onlyRow, type ReadDb } from '#core/ledger/index.ts'
import { LIMITS } from '#core/receipts/index.ts'
import { quarantineSize } from './quarantine.ts'
import { remedyFor } from './refusal-texts.ts'
import { QUARANTINE_BYTES } from './segment.ts'
import type { RefusedBytes, TroublesQuery } from './types.ts'

interface Section {
  readonly outcome: Trouble['outcome']
  /** In the order of their keys, after `after`. */
  list(db: ReadDb, after: string, limit: number): readonly { readonly key: string; readonly trouble: Trouble }[]
}

/** Pages through the sections one after the other; a cursor names the section and the last key in it. */
export function listTroubles(
  db: ReadDb,
  { outcome, text = '', after, limit }: TroublesQuery,
): { readonly items: readonly Trouble[]; readonly next: string | null } {
  const asked = sections.filter((section) => outcome === undefined || section.outcome === outcome)
  const [fromSection, fromKey] = placeOf(after)
  const wanted = text.trim().toLowerCase()
  const items: { readonly section: number; readonly key: string; readonly trouble: Trouble }[] = []
  for (const [index, section] of asked.entries()) {
    if (index < fromSection || items.length > limit) continue
    for (let key = index === fromSection ? fromKey : ''; items.length <= limit;) {
      const most = wanted === '' ? limit + 1 - items.length : SEARCHED_AT_ONCE
      const listed = section.list(db, key, most)
      const found = listed.filter(({ trouble }) => wanted === '' || textOf(trouble).includes(wanted))
      items.push(...found.map((entry) => ({ ...entry, section: index })))
      const last = listed.at(-1)
      if (last === undefined || listed.length < most) break
      key = last.key
    }
  }
  const page = items.slice(0, limit)
  const last = page.at(-1)
  return {
    items: page.map(({ trouble }) => trouble),
    next: items.length > limit && last !== undefined ? `${last.section}:${last.key}` : null,
  }
}

const SEARCHED_AT_ONCE = 200

function textOf({ reason, detail, source, node }: Trouble): string {
  return [reason, detail, source, node ?? ''].join('\n').toLowerCase()
}

/** How many entries the whole list has. */
export function countTroubles(db: ReadDb): number {
  const { entries, beyond } = quarantineSize(db)
  const others = db.prepare<[], number>(`
      SELECT (SELECT count(DISTINCT node) FROM exchange_early WHERE outcome = 'waiting')
           + (SELECT count(*) FROM exchange_early WHERE outcome = 'held')
           + (SELECT count(*) FROM exchange_inbox_file WHERE state IN ('half', 'stopped', 'deferred', 'unreadable'))
           + (SELECT count(*) FROM exchange_note)
    `)
  return entries + beyond + onlyRow(others.pluck().get())
}

function placeOf(cursor: string | undefined): readonly [section: number, key: string] {
  if (cursor === undefined || !/^\d{1,2}:/.test(cursor)) return [0, '']
  const colon = cursor.indexOf(':')
  return [Number(cursor.slice(0, colon)), cursor.slice(colon + 1)]
}

// Keys are texts that sort in the order of the list; numbers are padded for that.
const pad = (key: number) => String(key).padStart(12, '0')

const refused: Section = {
  outcome: 'refused',
  list: (db, after, limit) =>
    db
      .prepare<[number, number], RefusalRow>(`
        SELECT key, source, reason, detail, node, size, length(bytes) AS kept, count, first_seen AS firstSeen, last_seen AS lastSeen
        FROM exchange_refusal WHERE key > ? ORDER BY key LIMIT ?
      `)
      .all(Number(after), limit)
      .map((row) => ({ key: pad(row.key), trouble: refusedTrouble(row) })),
}

interface RefusalRow {
  readonly key: number
  readonly source: string
  readonly reason: string
  readonly detail: string
  readonly node: NodeId | null
  readonly size: number
  readonly kept: number | null
  readonly count: number
  readonly firstSeen: Instant
  readonly lastSeen: Instant
}

function refusedTrouble({ key, kept, size, ...row }: RefusalRow): Trouble {
  return {
    id: `refused-${key}`,
    outcome: 'refused',
    reason: row.reason,
    detail: row.detail,
    source: row.source,
    node: row.node,
    remedy: remedyFor(row.reason),
    kept: keptText(kept, size),
    ...(kept === null || kept === 0 ? {} : { keptBytes: kept }),
    firstSeen: row.firstSeen,
    lastSeen: row.lastSeen,
    count: row.count,
  }
}

/** What is kept of a refusal, at most QUARANTINE_BYTES; null where the id names none, or only its hash is kept. */
export function refusedBytes(db: ReadDb, id: string): RefusedBytes | null {
  const row = db
    .prepare<[number], { sha256: string; bytes: Uint8Array | null }>(
      'SELECT sha256, bytes FROM exchange_refusal WHERE key = ?',
    )
    .get(Number(id.slice('refused-'.length)))
  if (row === undefined || row.bytes === null || row.bytes.length === 0) return null
  return { sha256: row.sha256, bytes: row.bytes }
}

function keptText(kept: number | null, size: number): string {
  if (kept === null || kept === 0) return 'Its hash and the reason are kept; the file stays where it lies.'
  if (kept >= size) return 'A copy is kept in quarantine; the original stays where it lies.'
  return `The first ${QUARANTINE_BYTES / 1024 / 1024} MiB are kept in quarantine; the original stays where it lies.`
}

/** One entry a node: what its waiting receipts wait for. */
const gaps: Section = {
  outcome: 'waiting',
  list: (db, after, limit) =>
    db
      .prepare<
        [string, number],
        { node: NodeId; receipts: number; firstSeq: number; source: string; firstSeen: Instant; lastSeen: Instant }
      >(`
        SELECT node, count(*) AS receipts, min(seq) AS firstSeq, source, min(first_seen) AS firstSeen, max(first_seen) AS lastSeen
        FROM exchange_early WHERE outcome = 'waiting' AND node > ? GROUP BY node ORDER BY node LIMIT ?
      `)
      .all(after, limit)
      .map(({ node, receipts, firstSeq, source, firstSeen, lastSeen }) => {
        const from = feedTailOf(db, node).seq + 1
        const isOne = from >= firstSeq - 1
        const last = firstSeq - 1
        const missing = isOne
          ? `#${from}, which is`
          : `#${from} ${last === from + 1 ? 'and' : 'to'} #${last}, which are`
        return {
          key: node,
          trouble: {
            id: `gap-${node}`,
            outcome: 'waiting',
            reason: 'gap',
            detail: `${receipts} ${receipts === 1 ? 'receipt waits' : 'receipts wait'} for ${missing} not here.`,
            source,
            node,
            remedy:
              'Wait until the sync tool has brought the rest; if it stays so, ask that node’s steward to check their folder.',
            kept:
              receipts === 1
                ? 'It is verified and kept; it is merged as soon as the gap closes.'
                : 'They are verified and kept; they are merged as soon as the gap closes.',
            firstSeen,
            lastSeen,
            count: receipts,
          },
        }
      }),
}

const unreadFiles: Section = {
  outcome: 'waiting',
  list: (db, after, limit) =>
    db
      .prepare<
        [string, number],
        {
          path: string
          node: NodeId
          state: keyof typeof fileTexts
          deferred: number
          firstSeen: Instant
          lastSeen: Instant
        }
      >(`
        SELECT path, node, state, deferred, first_seen AS firstSeen, last_seen AS lastSeen FROM exchange_inbox_file
        WHERE state IN ('half', 'stopped', 'deferred', 'unreadable') AND path > ? ORDER BY path LIMIT ?
      `)
      .all(after, limit)
      .map(({ path, node, state, deferred, firstSeen, lastSeen }) => ({
        key: path,
        trouble: {
          id: `file-${path}`,
          outcome: 'waiting',
          ...fileTexts[state],
          source: path,
          node,
          firstSeen,
          lastSeen,
          count: Math.max(1, deferred),
        },
      })),
}

const fileTexts = {
  half: {
    reason: 'half-synced',
    detail: 'The file is not whole yet, so nothing of it is used.',
    remedy: 'Wait for the sync tool; it is read again at every rescan.',
    kept: 'Nothing of it; the file stays where it lies.',
  },
  stopped: {
    reason: 'behind-bad-signature',
    detail: 'What follows a bad signature in this file is not looked at until the file changes.',
    remedy: 'Let the sync tool bring the file again, or ask the steward of that node to republish it.',
    kept: 'What stands before the bad signature was taken.',
  },
  deferred: {
    reason: 'rationed',
    detail: 'More of this node is dear to check, or waits, than is taken at once.',
    remedy: 'Nothing needs to be done: the rest is read at the next rescans.',
    kept: 'What could be judged was taken.',
  },
  unreadable: {
    reason: 'unreadable',
    detail: 'The system does not let this file be read.',
    remedy: 'Check the rights of the file and the drive; it is tried again at every rescan.',
    kept: 'Nothing of it; the file stays where it lies.',
  },
} as const

const held: Section = {
  outcome: 'held',
  list: (db, after, limit) =>
    db
      .prepare<
        [string, number],
        { id: string; node: NodeId; seq: number; time: Instant; source: string; firstSeen: Instant }
      >(`
        SELECT id, node, seq, time, source, first_seen AS firstSeen FROM exchange_early
        WHERE outcome = 'held' AND id > ? ORDER BY id LIMIT ?
      `)
      .all(after, limit)
      .map(({ id, node, seq, time, source, firstSeen }) => ({
        key: id,
        trouble: {
          id: `held-${id}`,
          outcome: 'held',
          reason: 'future-time',
          detail: `Receipt #${seq} says ${time}, more than ${LIMITS.aheadMs / 60_000} minutes ahead of the clock here.`,
          source,
          node,
          remedy: 'Check the clock of this machine; if it is right, tell the steward of that node.',
          kept: 'It is verified and kept; it is merged when its time has come.',
          firstSeen,
          lastSeen: firstSeen,
          count: 1,
        },
      })),
}

function notes(outcome: 'placeholder' | 'conflict-copy'): Section {
  return {
    outcome,
    list: (db, after, limit) =>
      db
        .prepare<
          [string, string, number],
          { path: string; detail: string; node: NodeId; firstSeen: Instant; lastSeen: Instant }
        >(`
          SELECT path, detail, node, first_seen AS firstSeen, last_seen AS lastSeen FROM exchange_note
          WHERE outcome = ? AND path > ? ORDER BY path LIMIT ?
        `)
        .all(outcome, after, limit)
        .map(({ path, ...row }) => ({
          key: path,
          trouble: { id: `${outcome}-${path}`, outcome, ...noteTexts[outcome], ...row, source: path, count: 1 },
        })),
  }
}

const noteTexts = {
  placeholder: {
    reason: 'not-downloaded',
    remedy: 'Not downloaded yet: make the exchange folder available offline in the sync tool.',
    kept: 'Nothing of it yet; it is read as soon as it is there.',
  },
  'conflict-copy': {
    reason: 'conflict-copy',
    remedy: 'Nothing needs to be done. If it happens often, make sure that no two machines run this node.',
    kept: 'What is signed in it was taken; the file stays where it lies.',
  },
} as const

const sections: readonly Section[] = [refused, gaps, unreadFiles, held, notes('placeholder'), notes('conflict-copy')]

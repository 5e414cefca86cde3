// Is everything as it was promised? Only reads: whatever it finds, the ledger is as it was.
import type { Check, Instant } from '#core/contract/index.ts'
import { invariant } from '#core/problem/index.ts'
import { openScratch, type Raw } from './database-adapter.ts'
import { checkFeedsAndReceipts } from './doctor-receipts.ts'
import { checkProjections, PROJECTION_CHECK } from './doctor-projections.ts'
import { rebuildProjections } from './projections.ts'
import type { Feature, Ledger, Pause } from './types.ts'

/**
 * Examines the ledger: the file, every receipt from its stored bytes, every feed, the kept counts, and each projection
 * against one rebuilt in a scratch database. About 0.2 ms a receipt; `pause` is called every few hundred.
 */
export async function doctor(
  ledger: Ledger,
  features: readonly Feature[],
  now: Instant,
  pause: Pause = () => Promise.resolve(),
): Promise<readonly Check[]> {
  const file = [checkFile(ledger.raw), checkReferences(ledger.raw), checkSettings(ledger.raw)]
  await pause()
  // What follows takes a while, and looks at one moment all the same: receipts that arrive meanwhile are no fault.
  const scratch = openScratch(ledger.raw)
  try {
    const receipts = await checkFeedsAndReceipts(scratch.raw, pause)
    const counts = checkCounts(scratch.raw)
    const projections = receipts.every((check) => check.ok)
      ? await checkProjections(ledger, scratch, features, now, pause)
      : [NOT_COMPARED]
    return [...file, ...receipts, counts, ...projections]
  } finally {
    scratch.raw.close()
  }
}

/** Makes the projections anew where `checks` found one that differs from its receipts; true where it did. No receipt is touched. */
export function repairProjections(ledger: Ledger, checks: readonly Check[], now: Instant): boolean {
  const isNeeded = checks.some((check) => !check.ok && check.name.startsWith(PROJECTION_CHECK))
  if (isNeeded) rebuildProjections(ledger, now)
  return isNeeded
}

const NOT_COMPARED: Check = {
  name: 'projections',
  ok: false,
  detail: 'Not compared, since they follow from receipts and those are damaged.',
}

function checkFile(raw: Raw): Check {
  const faults = raw.prepare<[], string>('PRAGMA integrity_check(10)').pluck().all()
  const ok = faults.length === 1 && faults[0] === 'ok'
  return {
    name: 'file',
    ok,
    detail: ok
      ? 'The ledger file is whole.'
      : 'The ledger file is damaged: keep a copy, restore the newest backup, then sync.',
    ...(ok ? {} : { expected: 'ok', found: faults.join('; ') }),
  }
}

function checkReferences(raw: Raw): Check {
  const broken = raw.prepare<[], { table: string; parent: string }>('PRAGMA foreign_key_check').all()
  const ok = broken.length === 0
  return {
    name: 'references',
    ok,
    detail: ok ? 'Every row refers to rows that exist.' : `${broken.length} rows refer to rows that do not exist.`,
    ...(ok
      ? {}
      : { expected: 'none', found: [...new Set(broken.map((row) => `${row.table} to ${row.parent}`))].join(', ') }),
  }
}

function checkSettings(raw: Raw): Check {
  const expected = { synchronous: 2, foreign_keys: 1, trusted_schema: 0, cell_size_check: 1 }
  const found = Object.fromEntries(Object.keys(expected).map((name) => [name, raw.pragma(name, { simple: true })]))
  const journal: unknown = raw.pragma('journal_mode', { simple: true })
  const ok =
    Object.entries(expected).every(([name, value]) => found[name] === value) && (journal === 'wal' || raw.memory)
  return {
    name: 'durability',
    ok,
    detail: ok
      ? 'Every acknowledged change is on the disk before it is acknowledged.'
      : 'The database does not run with the settings that make acknowledged changes durable: restart Steward.',
    expected: JSON.stringify({ ...expected, journal_mode: 'wal' }),
    found: JSON.stringify({ ...found, journal_mode: journal }),
  }
}

/** What is kept instead of being counted, counted. */
function checkCounts(raw: Raw): Check {
  const counted = raw
    .prepare<[], Record<'receipts' | 'last' | 'tallied' | 'arrived' | 'wrong', number | null>>(`
      SELECT count(*) AS receipts, max(arrival) AS last,
        (SELECT sum(receipts) FROM tally) AS tallied,
        (SELECT sum(receipts) FROM arrivals) AS arrived,
        (SELECT count(*) FROM (
          SELECT node_key, kind, receipts FROM tally
          EXCEPT SELECT node_key, kind, count(*) FROM receipt GROUP BY node_key, kind
        )) AS wrong
      FROM receipt
    `)
    .get()
  invariant(counted !== undefined, 'counts are one row')
  const { receipts, last, tallied, arrived, wrong } = counted
  // Of nothing there is no last and no sum.
  const kept = [last, tallied, arrived].map((count) => count ?? 0)
  const ok = kept.every((count) => count === receipts) && wrong === 0
  return {
    name: 'counts',
    ok,
    detail: ok ? `The kept counts are right: ${receipts} receipts.` : 'A kept count is not what is counted.',
    expected: String(receipts),
    found: kept.join(', '),
  }
}

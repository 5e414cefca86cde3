// Who has which of the artefacts that policy expects: kept subject by subject as claims come and go, so that a figure never needs a
// count. An artefact is a path that fits a pattern and that somebody has; where nobody has any, the pattern itself is missing.
import type { Policy } from '#core/contract/index.ts'
import type { ReadDb, Tx } from '#core/ledger/index.ts'
import { admittedNodes, blockedNodes, type MergedFeeds, type ReceiptPlace } from '#core/network/index.ts'
import type { PlacedClaim } from './claim-reading.ts'
import { OPEN } from './conflict-codes.ts'
import { conflictId } from './conflict-id.ts'
import type { ConflictStore, WantedConflict } from './conflict-store.ts'
import { isMarked } from './imported.ts'
import { importingNodes } from './importing-nodes.ts'
import { subjectPattern, type SubjectPattern } from './subject-pattern.ts'

/** Gathers what changed over one write; `settle` is called once when all subjects were judged. */
export class CoverageKeeper {
  readonly #tx: Tx
  readonly #patterns: readonly { readonly pattern: string; readonly fits: SubjectPattern }[]

  /** `anew`: another policy is in force, and every subject is about to be judged. */
  constructor(tx: Tx, policy: Policy, anew: boolean) {
    this.#tx = tx
    this.#patterns = (policy.expected ?? []).map((pattern) => ({ pattern, fits: subjectPattern(pattern) }))
    if (!anew) return
    tx.prepare<[], never>('DELETE FROM reconcile_present').run()
    tx.prepare<[], never>('DELETE FROM reconcile_coverage').run()
  }

  get expectsAnything(): boolean {
    return this.#patterns.length > 0
  }

  /** Says whose claims stand on a subject now. */
  note(subjectKey: number, subject: () => string, claims: readonly PlacedClaim[], feeds: MergedFeeds): void {
    if (!this.expectsAnything) return
    const path = subject()
    const fitting = this.#patterns.filter(({ fits }) => fits(path)).map(({ pattern }) => pattern)
    if (fitting.length === 0) return
    const wanted = new Map<string, number>()
    for (const claim of claims) {
      if (isMarked(claim.marks, 'gone')) continue
      const claimant = claim.origin ?? feeds.nodeOf(claim.nodeKey)
      wanted.set(claimant, Math.max(claim.timeMs, wanted.get(claimant) ?? 0))
    }
    this.#replace(subjectKey, path, fitting, wanted)
  }

  /** Makes one conflict for everybody who lacks something. */
  settle(store: ConflictStore, feeds: MergedFeeds): void {
    store.replace(COVERAGE, this.expectsAnything ? missingConflicts(this.#tx, feeds, this.#patterns) : [])
  }

  #replace(subjectKey: number, path: string, fitting: readonly string[], wanted: ReadonlyMap<string, number>): void {
    const standing = this.#tx
      .prepare<[number], { claimant: string; timeMs: number }>(
        'SELECT claimant, time_ms AS timeMs FROM reconcile_present WHERE subject_key = ?',
      )
      .all(subjectKey)
    const before = new Map(standing.map(({ claimant, timeMs }) => [claimant, timeMs]))
    const changed = [...wanted].filter(([claimant, timeMs]) => before.get(claimant) !== timeMs)
    const dropped = [...before.keys()].filter((claimant) => !wanted.has(claimant))
    if (changed.length + dropped.length === 0) return
    // Another task may hold the same path: what counts is whether a claimant has the path at all.
    const had = this.#havers(path)
    for (const claimant of dropped) {
      this.#tx
        .prepare<[number, string], never>('DELETE FROM reconcile_present WHERE subject_key = ? AND claimant = ?')
        .run(subjectKey, claimant)
    }
    for (const [claimant, timeMs] of changed) {
      this.#tx
        .prepare<[number, string, string, number], never>(
          'INSERT OR REPLACE INTO reconcile_present (subject_key, claimant, path, time_ms) VALUES (?, ?, ?, ?)',
        )
        .run(subjectKey, claimant, path, timeMs)
    }
    this.#count(fitting, had, this.#havers(path))
  }

  #havers(path: string): ReadonlySet<string> {
    return new Set(
      this.#tx
        .prepare<[string], string>('SELECT DISTINCT claimant FROM reconcile_present WHERE path = ?')
        .pluck()
        .all(path),
    )
  }

  #count(fitting: readonly string[], had: ReadonlySet<string>, have: ReadonlySet<string>): void {
    for (const pattern of fitting) {
      for (const claimant of have) if (!had.has(claimant)) this.#add(pattern, claimant, 1)
      for (const claimant of had) if (!have.has(claimant)) this.#add(pattern, claimant, -1)
      if (had.size === 0 && have.size > 0) this.#add(pattern, EVERYBODY, 1)
      if (had.size > 0 && have.size === 0) this.#add(pattern, EVERYBODY, -1)
    }
  }

  #add(pattern: string, claimant: string, by: 1 | -1): void {
    this.#tx
      .prepare<[string, string, number], never>(`
        INSERT INTO reconcile_coverage (pattern, claimant, count) VALUES (?, ?, ?)
        ON CONFLICT (pattern, claimant) DO UPDATE SET count = count + excluded.count
      `)
      .run(pattern, claimant, by)
    // A count that is gone leaves no row behind, or rebuilt tables would differ.
    this.#tx
      .prepare<[string, string], never>(
        'DELETE FROM reconcile_coverage WHERE pattern = ? AND claimant = ? AND count = 0',
      )
      .run(pattern, claimant)
  }
}

/** Of whom artefacts are expected, as node id or label: see `claimantsOf`. */
export interface Share {
  readonly claimant: string
  readonly expected: number
  readonly present: number
  readonly patterns: readonly { readonly pattern: string; readonly expected: number; readonly present: number }[]
}

/** Every claimant's share, in the order of their names as told. */
export function sharesOf(db: ReadDb, feeds: MergedFeeds, patterns: readonly string[]): Share[] {
  const counts = new Map(
    db
      .prepare<[], { pattern: string; claimant: string; count: number }>(
        'SELECT pattern, claimant, count FROM reconcile_coverage',
      )
      .all()
      .map(({ pattern, claimant, count }) => [`${claimant}\n${pattern}`, count]),
  )
  const distinct = [...new Set(patterns)]
  return claimantsOf(db, feeds).map((claimant) => {
    const shares = distinct.map((pattern) => ({
      pattern,
      expected: Math.max(1, counts.get(`${EVERYBODY}\n${pattern}`) ?? 0),
      present: counts.get(`${claimant}\n${pattern}`) ?? 0,
    }))
    return {
      claimant,
      expected: sum(shares.map(({ expected }) => expected)),
      present: sum(shares.map(({ present }) => present)),
      patterns: shares,
    }
  })
}

/** Owner of these conflicts; no subject and no node has this key. */
const COVERAGE = Number.MIN_SAFE_INTEGER
/** Stands in the place of a claimant for what somebody has at all. */
const EVERYBODY = ''

/** Imported directories, and admitted nodes; a node that imports and has none of the artefacts itself only looks after others'. */
function claimantsOf(db: ReadDb, feeds: MergedFeeds): string[] {
  const imports = db
    .prepare<[], ReceiptPlace & { origin: string }>(
      'SELECT node_key AS nodeKey, seq, arrival, origin FROM reconcile_origin',
    )
    .all()
    .filter((row) => feeds.isMerged(row))
  const importing = importingNodes(db, feeds)
  const having = new Set(db.prepare<[], string>('SELECT DISTINCT claimant FROM reconcile_coverage').pluck().all())
  const blocked = new Set(blockedNodes(db))
  const nodes = [...admittedNodes(db)].filter(
    (node) => !blocked.has(node) && (!importing.has(node) || having.has(node)),
  )
  return [...new Set([...imports.map(({ origin }) => origin), ...nodes])].sort()
}

function missingConflicts(
  tx: Tx,
  feeds: MergedFeeds,
  patterns: readonly { readonly pattern: string }[],
): WantedConflict[] {
  const lacking = sharesOf(
    tx,
    feeds,
    patterns.map(({ pattern }) => pattern),
  ).filter(({ present, expected }) => present < expected)
  if (lacking.length === 0) return []
  const sinceMs = newestExpectedMs(tx)
  return lacking.map(({ claimant, expected, present }) => ({
    id: conflictId({
      kind: 'missing-artefact',
      subject: claimant,
      task: null,
      members: [],
      range: [expected - present, expected],
    }),
    kind: 'missing-artefact',
    status: OPEN,
    subject: claimant,
    task: null,
    sinceMs,
    reopened: false,
    members: [],
    // What is missing is counted: so many of so many.
    range: { node: nodeOrNull(claimant), fromSeq: expected - present, toSeq: expected },
  }))
}

/** Since when it is so, as far as that follows from receipts: since the newest of the artefacts, or since the rules were signed. */
function newestExpectedMs(tx: Tx): number {
  const newest = tx.prepare<[], number | null>('SELECT max(time_ms) FROM reconcile_present').pluck().get()
  if (newest !== undefined && newest !== null) return newest
  const rules = tx
    .prepare<[], number | null>(`
      SELECT max(receipt.time_ms) FROM network_rule AS rule JOIN receipt ON receipt.arrival = rule.arrival
    `)
    .pluck()
    .get()
  return rules ?? 0
}

function nodeOrNull(claimant: string): NonNullable<WantedConflict['range']>['node'] {
  // Labels of directories never begin like this: their schema refuses it.
  return claimant.startsWith('did:key:') ? (claimant as NonNullable<WantedConflict['range']>['node']) : null
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0)
}

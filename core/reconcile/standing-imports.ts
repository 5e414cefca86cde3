// What is known of a directory that is imported again: what stands for each of its files, so that nothing is said twice.
import type { ContentHash, Json, NodeId } from '#core/contract/index.ts'
import { nodeKeyOf, type ReadDb } from '#core/ledger/index.ts'
import { MergedFeeds, type ReceiptPlace } from '#core/network/index.ts'
import { parseStoredLine } from '#core/receipts/index.ts'
import { isSigned } from './imported-claims.ts'

type Body = { readonly [key: string]: Json }

export interface StandingImport {
  /** The subject: the path of the file, or for the directory as a whole its label. */
  readonly subject: string
  readonly bodies: readonly Body[]
}

/**
 * For each file of an origin what its last import says; several bodies where nodes imported it without knowing of each other. What
 * this node signed counts here even where it is not merged, or a node that waits for its admission would sign everything again.
 */
export function* standingImports(db: ReadDb, node: NodeId, origin: string): Generator<StandingImport, void, void> {
  const standing = standingRows(
    db,
    node,
    db
      .prepare<[string], ImportRow>(`
        SELECT subject.subject, claim.node_key AS nodeKey, claim.seq, claim.arrival, claim.round
        FROM reconcile_claim AS claim JOIN subject ON subject.key = claim.subject_key
        WHERE claim.origin = ?
      `)
      .all(origin),
  )
  for (const [subject, rows] of standing) yield { subject, bodies: rows.map(({ arrival }) => bodyAt(db, arrival)) }
}

/** What the newest import of a file says that had a signature that holds; empty where none ever had one. */
export function lastSignedImport(db: ReadDb, node: NodeId, origin: string, subject: string): readonly Body[] {
  const rows = db
    .prepare<[string, string], ImportRow & { readonly marks: number }>(`
      SELECT subject.subject, claim.node_key AS nodeKey, claim.seq, claim.arrival, claim.round, claim.marks
      FROM subject CROSS JOIN reconcile_claim AS claim ON claim.subject_key = subject.key
      WHERE subject.subject = ? AND claim.origin = ?
    `)
    .all(subject, origin)
    .filter(isSigned)
  return [...standingRows(db, node, rows).values()].flatMap((last) => last.map(({ arrival }) => bodyAt(db, arrival)))
}

/** What the last import says about the directory as a whole; empty for one that was never imported. */
export function standingOrigin(db: ReadDb, node: NodeId, origin: string): readonly Body[] {
  const rows = db
    .prepare<[string], ImportRow>(`
      SELECT origin AS subject, node_key AS nodeKey, seq, arrival, round FROM reconcile_origin WHERE origin = ?
    `)
    .all(origin)
  return [...standingRows(db, node, rows).values()].flatMap((last) => last.map(({ arrival }) => bodyAt(db, arrival)))
}

/**
 * Every content that this node itself has imported of an origin below a folder, the newest first. Only its own: what somebody else
 * says they saw there makes no key of it.
 */
export function ownImportsBelow(
  db: ReadDb,
  node: NodeId,
  origin: string,
  folder: string,
): readonly { readonly path: string; readonly content: ContentHash }[] {
  return db
    .prepare<[string, string, NodeId, string], { path: string; content: ContentHash }>(`
      SELECT subject.subject AS path, claim.raw AS content
      FROM subject CROSS JOIN reconcile_claim AS claim ON claim.subject_key = subject.key
      WHERE subject.subject > ? || '/' AND subject.subject < ? || '0'
        AND claim.node_key = (SELECT key FROM node WHERE id = ?) AND claim.origin = ? AND claim.raw IS NOT NULL
      ORDER BY claim.seq DESC
    `)
    .all(folder, folder, node, origin)
}

/** The round of the next import: one more than the highest that is known here. */
export function nextRound(db: ReadDb, origin: string): number {
  const highest = db
    .prepare<[string], number | null>('SELECT max(round) FROM reconcile_origin WHERE origin = ?')
    .pluck()
    .get(origin)
  // Who signs the highest number that there is gains nothing: the next import ties with it, and both stand.
  return Math.min((highest ?? 0) + 1, HIGHEST_ROUND)
}

const HIGHEST_ROUND = 1_000_000_000

interface ImportRow extends ReceiptPlace {
  readonly subject: string
  readonly round: number
}

function standingRows(db: ReadDb, node: NodeId, rows: readonly ImportRow[]): Map<string, ImportRow[]> {
  const feeds = new MergedFeeds(db)
  const own = nodeKeyOf(db, node)
  const standing = new Map<string, ImportRow[]>()
  for (const row of rows) {
    if (row.nodeKey !== own && !feeds.isMerged(row)) continue
    const last = standing.get(row.subject)
    const [first] = last ?? []
    if (last === undefined || first === undefined || first.round < row.round) standing.set(row.subject, [row])
    else if (first.round === row.round) last.push(row)
  }
  return standing
}

function bodyAt(db: ReadDb, arrival: number): Body {
  const row = db.prepare<[number], { line: string }>('SELECT line FROM receipt WHERE arrival = ?').get(arrival)
  return row === undefined ? {} : parseStoredLine(row.line).receipt.body
}

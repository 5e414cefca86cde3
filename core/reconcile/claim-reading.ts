// Claims as the tables hold them: written when a receipt comes in, read when a subject is judged.
import { hash } from 'node:crypto'
import type { ContentHash } from '#core/contract/index.ts'
import { receiptIdToBytes, type KindSpec, type ProjectedReceipt, type ReadDb, type Tx } from '#core/ledger/index.ts'
import { networkKinds, type MergedFeeds, type ReceiptPlace } from '#core/network/index.ts'
import type { Receipt } from '#core/receipts/index.ts'
import { insertClaim } from './claim-rows.ts'
import { ANCHOR, AnchorBody, reconcileKinds } from './kinds.ts'
import { importedBody, MARKS, ORIGIN } from './imported.ts'
import { areEnough, lastImports, type RoundedClaim } from './imported-claims.ts'
import { underDirectoryAnchors } from './origin-heads.ts'
import { keepImportedClaim, keepOrigin, withChains } from './keep-imported.ts'
import type { Claim } from './judge-claims.ts'

/** A claim with the place of its receipt. */
export interface PlacedClaim extends Claim, ReceiptPlace {
  /** The receipt's id as bytes: most claims are never asked for it. */
  readonly id: Buffer
}

interface ClaimRow extends PlacedClaim, RoundedClaim {}

const kindByName: ReadonlyMap<string, KindSpec> = new Map(
  [...networkKinds, ...reconcileKinds].map((spec) => [spec.kind, spec]),
)

/** Why a body does not fit its kind, one line; null where it fits or the kind is not known here. */
export function bodyFault({ kind, body }: Receipt): string | null {
  const judged = kindByName.get(kind)?.body.safeParse(body)
  if (judged === undefined || judged.success) return null
  const [issue] = judged.error.issues
  const field = issue === undefined || issue.path.length === 0 ? 'the body' : `“${issue.path.join('.')}”`
  return `${field}: ${issue?.message ?? 'does not fit'}`
}

/** What a receipt was kept as. */
export type Kept =
  | { readonly as: 'claim' | 'misfit' | 'nothing' }
  | { readonly as: 'anchor'; readonly hashes: readonly ContentHash[] }
  | { readonly as: 'origin'; readonly origin: string; readonly hashes: readonly ContentHash[] }

const CLAIM: Kept = { as: 'claim' }
const MISFIT: Kept = { as: 'misfit' }
const NOTHING: Kept = { as: 'nothing' }

/** Keeps what the receipt says about its subject. A kind that is not known here says nothing here. */
export function keepClaim(tx: Tx, row: ProjectedReceipt): Kept {
  const { arrival, nodeKey, subjectKey, receipt: candidate } = row
  const { kind, body, seq, time } = candidate.receipt
  const spec = kindByName.get(kind)
  if (spec === undefined) return NOTHING
  if (!spec.body.safeParse(body).success) {
    tx.prepare<[number, number, number, number, Buffer, number, string], never>(`
      INSERT INTO reconcile_misfit (subject_key, node_key, seq, arrival, id, time_ms, hash) VALUES (?, ?, ?, ?, ?, ?, ?)
    `).run(subjectKey, nodeKey, seq, arrival, receiptIdToBytes(candidate.id), Date.parse(time), contentHash(row))
    return MISFIT
  }
  if (kind === ANCHOR) {
    const { hash: named, previous, label } = AnchorBody.parse(body)
    tx.prepare<[number, number, number, number, string, string | null, string | null], never>(`
      INSERT INTO reconcile_anchor (arrival, node_key, seq, time_ms, hash, previous, label)
      VALUES (?, ?, ?, ?, ?, ?, ?)
    `).run(arrival, nodeKey, seq, Date.parse(time), named, previous, label ?? null)
    return { as: 'anchor', hashes: [named] }
  }
  if (kind === ORIGIN) return { as: 'origin', ...keepOrigin(tx, row) }
  if (!spec.isClaim) return NOTHING
  const imported = importedBody(body)
  if (imported !== null) {
    keepImportedClaim(tx, row, imported)
    return CLAIM
  }
  insertClaim(tx, row, contentHash(row), null)
  return CLAIM
}

/**
 * The same as `contentHashOf(body)` of core/receipts at a tenth of its cost: in a canonical line the keys are sorted, so the
 * canonical body stands between the first `,"body":` (before it is only the anchor, of fixed form) and the last `,"kind":`
 * (behind it are only texts, in which a quote is escaped).
 */
function contentHash({ receipt: { line, receipt } }: ProjectedReceipt): ContentHash {
  const content = receipt.body['content']
  if (typeof content === 'object' && content !== null && 'hash' in content) {
    const named = content['hash']
    // The pattern is the whole rule of a ContentHash.
    if (typeof named === 'string' && CONTENT_HASH.test(named)) return named as ContentHash
  }
  const body = line.slice(line.indexOf(BODY) + BODY.length, line.lastIndexOf(KIND))
  // A fresh hash in its usual form is a ContentHash.
  return `sha256:${hash('sha256', body, 'hex')}` as ContentHash
}

const CONTENT_HASH = /^sha256:[0-9a-f]{64}$/
const BODY = ',"body":'
const KIND = ',"kind":'

/**
 * Those of the subjects on which no claim, merged or not, ever said anything else than the others: whichever of them count, they
 * agree. One question for all, since a read of most subjects' claims would find just that.
 */
export function undisputedAmong(db: ReadDb, subjectKeys: readonly number[]): ReadonlySet<number> {
  return new Set(
    db
      .prepare<[string], number>(`
        SELECT subject_key FROM reconcile_claim WHERE subject_key IN (SELECT value FROM json_each(?))
        GROUP BY subject_key HAVING min(hash) = max(hash) AND total(marks & ${MARKED}) = 0
      `)
      .pluck()
      .all(JSON.stringify(subjectKeys)),
  )
}

/**
 * The same for a subject that comes alone, of which at most `READ_AT_ONCE` claims are looked at; false as well where a body does not fit
 * its kind. Cheaper by half than to read the claims and judge them, which for nearly every receipt comes to this.
 */
export function agreesAlone(db: ReadDb, subjectKey: number): boolean {
  return db.prepare<[number, number], { agrees: 0 | 1 | null }>(AGREES_ALONE).get(subjectKey, subjectKey)?.agrees === 1
}

/** More than this many claims of a subject are not read at once: most of them are not the newest of their node. */
const READ_AT_ONCE = 32

/** The newest merged claim of each node on a subject, and what the last import of each directory says for it. */
export function newestClaims(db: ReadDb, feeds: MergedFeeds, subjectKey: number): PlacedClaim[] {
  const rows = db.prepare<[number], ClaimRow>(NEWEST_FIRST).all(subjectKey)
  if (rows.length === READ_AT_ONCE) {
    return [...newestClaimsOneByOne(db, feeds, subjectKey), ...lastImportsOneByOne(db, feeds, subjectKey)]
  }
  const claims: PlacedClaim[] = []
  const imported: ClaimRow[] = []
  let taken = 0
  for (const row of rows) {
    if (row.origin !== null) imported.push(row)
    else if (row.nodeKey !== taken && feeds.isMerged(row)) {
      taken = row.nodeKey
      claims.push(row)
    }
  }
  return imported.length === 0 ? claims : [...claims, ...asTheyStand(db, feeds, lastImports(imported, feeds))]
}

/** From node to node by the index, and within a node from the newest claim down to the first that is merged. */
function newestClaimsOneByOne(db: ReadDb, feeds: MergedFeeds, subjectKey: number): PlacedClaim[] {
  const nextNode = db.prepare<[number, number], { nodeKey: number }>(`
    SELECT node_key AS nodeKey FROM reconcile_claim
    WHERE subject_key = ? AND node_key > ? ORDER BY node_key LIMIT 1
  `)
  const claims: PlacedClaim[] = []
  for (let next = nextNode.get(subjectKey, 0); next !== undefined; next = nextNode.get(subjectKey, next.nodeKey)) {
    const feed = feeds.feed(next.nodeKey)
    if (feed === null || !feed.admitted || feed.blocked) continue
    const rows = db
      .prepare<[number, number, number], PlacedClaim>(`
        ${SELECT_CLAIM} WHERE subject_key = ? AND node_key = ? AND seq <= ? AND origin IS NULL
        ORDER BY seq DESC, arrival DESC
      `)
      .iterate(subjectKey, next.nodeKey, feed.boundSeq)
    for (const row of rows) {
      if (!feeds.isMerged(row)) continue
      claims.push(row)
      break
    }
  }
  return claims
}

/** From directory to directory by the index, and within one from its highest round down to the last that says what stands. */
function lastImportsOneByOne(db: ReadDb, feeds: MergedFeeds, subjectKey: number): PlacedClaim[] {
  const nextOrigin = db
    .prepare<[number, string], string>(`
      SELECT origin FROM reconcile_claim WHERE subject_key = ? AND origin > ? ORDER BY origin LIMIT 1
    `)
    .pluck()
  const claims: ClaimRow[] = []
  for (let next = nextOrigin.get(subjectKey, ''); next !== undefined; next = nextOrigin.get(subjectKey, next)) {
    const rows = db
      .prepare<[number, string], ClaimRow>(`
        ${SELECT_CLAIM} WHERE subject_key = ? AND origin = ? ORDER BY round DESC, node_key, seq, arrival
      `)
      .iterate(subjectKey, next)
    const merged: ClaimRow[] = []
    for (const row of rows) {
      if (merged.at(-1)?.round !== row.round && areEnough(merged)) break
      if (feeds.isMerged(row)) merged.push(row)
    }
    claims.push(...lastImports(merged, feeds))
  }
  return asTheyStand(db, feeds, claims)
}

function asTheyStand(db: ReadDb, feeds: MergedFeeds, claims: readonly ClaimRow[]): PlacedClaim[] {
  return withChains(db, underDirectoryAnchors(db, feeds, claims))
}

/** Merged receipts about a subject whose body does not fit their kind, unless their node has made a newer claim since. */
export function standingMisfits(
  db: ReadDb,
  feeds: MergedFeeds,
  subjectKey: number,
  claims: readonly PlacedClaim[],
): PlacedClaim[] {
  const claimedSeq = new Map<number, number>()
  for (const { nodeKey, seq } of claims) claimedSeq.set(nodeKey, Math.max(seq, claimedSeq.get(nodeKey) ?? 0))
  return db
    .prepare<[number], PlacedClaim>(`
      SELECT node_key AS nodeKey, seq, arrival, id, time_ms AS timeMs, hash, NULL AS anchor
      FROM reconcile_misfit WHERE subject_key = ? ORDER BY node_key, seq, arrival
    `)
    .all(subjectKey)
    .filter((row) => feeds.isMerged(row) && row.seq > (claimedSeq.get(row.nodeKey) ?? 0))
}

const SELECT_CLAIM = `
  SELECT node_key AS nodeKey, seq, arrival, id, time_ms AS timeMs, hash, anchor, origin, round, raw, marks,
         stated_ms AS statedMs
  FROM reconcile_claim
`
/** What is said about a claim even where all agree. */
const MARKED = MARKS.badSignature | MARKS.mismatch

const NEWEST_FIRST = `
  ${SELECT_CLAIM} WHERE subject_key = ? ORDER BY node_key DESC, seq DESC, arrival DESC LIMIT ${READ_AT_ONCE}
`

const AGREES_ALONE = `
  SELECT count(*) < ${READ_AT_ONCE} AND min(hash) = max(hash) AND total(marks & ${MARKED}) = 0
         AND NOT EXISTS (SELECT 1 FROM reconcile_misfit WHERE subject_key = ?) AS agrees
  FROM (SELECT hash, marks FROM reconcile_claim WHERE subject_key = ? LIMIT ${READ_AT_ONCE})
`

// All anchors of the network at once: the chain, who stands where, and what the most recent one put aside.
import type { AnchorEntry, AnchorsView, ContentHash, Instant, NodeId, ReceiptRef } from '#core/contract/index.ts'
import { receiptIdFromBytes, type ReadDb } from '#core/ledger/index.ts'
import { createNames, MergedFeeds, type Names, type ReceiptPlace } from '#core/network/index.ts'
import { parseStoredLine, shortId } from '#core/receipts/index.ts'
import { importedBody } from './imported.ts'
import { claimStandings } from './claim-standing.ts'
import { ANCHOR } from './kinds.ts'

const SHOWN_ANCHORS = 500
const SHOWN_SUPERSEDED = 200
/** Subjects that are looked at for claims put aside: newest claims under older anchors. */
const LOOKED_AT = 2_000

export function anchorsView(db: ReadDb, now: Instant): AnchorsView {
  const feeds = new MergedFeeds(db)
  const names = createNames(db)
  const signed = signedAnchors(db, feeds, names)
  const use = anchorUse(db, feeds)
  const followed = new Set([...signed.values()].flatMap(({ previous, hash }) => previous.filter((one) => one !== hash)))
  const depths = depthsOf(signed)
  const labelOf = (hash: ContentHash) => signed.get(hash)?.label ?? shortId(hash)

  const entries = [...signed.values()]
    .map(({ hash, label, timeMs, previous, signedBy }): AnchorEntry => ({
      hash,
      label,
      time: instantFromMs(timeMs),
      previous: previous.map((before) => ({ hash: before, label: labelOf(before) })),
      state: followed.has(hash) ? 'followed' : 'newest',
      depth: depths.get(hash) ?? 0,
      signedBy,
      claims: use.claims.get(hash) ?? 0,
      standing: standingAt(use, hash, feeds, names),
    }))
    .toSorted((a, b) => b.depth - a.depth || (a.hash < b.hash ? -1 : 1))
  const origins = originHeads(db)
  return {
    anchors: entries.slice(0, SHOWN_ANCHORS),
    more: Math.max(0, entries.length - SHOWN_ANCHORS),
    unknown: [...use.claims]
      .filter(([hash]) => !signed.has(hash) && !origins.has(hash))
      .map(([hash, claims]) => ({ hash, claims, standing: standingAt(use, hash, feeds, names) }))
      .toSorted((a, b) => b.claims - a.claims || (a.hash < b.hash ? -1 : 1))
      .slice(0, SHOWN_ANCHORS),
    without: nodesWithout(db, feeds, names, use),
    superseded: supersededClaims(db, feeds, names, now),
  }
}

interface SignedAnchor {
  readonly hash: ContentHash
  readonly label: string
  readonly timeMs: number
  readonly previous: ContentHash[]
  readonly signedBy: ReceiptRef[]
}

function signedAnchors(db: ReadDb, feeds: MergedFeeds, names: Names): ReadonlyMap<ContentHash, SignedAnchor> {
  const rows = db
    .prepare<
      [],
      ReceiptPlace & {
        hash: ContentHash
        previous: ContentHash | null
        label: string | null
        timeMs: number
        id: Buffer
      }
    >(`
      SELECT anchor.node_key AS nodeKey, anchor.seq, anchor.arrival, anchor.hash, anchor.previous, anchor.label,
             receipt.time_ms AS timeMs, receipt.id
      FROM reconcile_anchor AS anchor JOIN receipt ON receipt.arrival = anchor.arrival
      ORDER BY receipt.time_ms, receipt.id
    `)
    .all()
  const signed = new Map<ContentHash, SignedAnchor>()
  for (const row of rows) {
    if (!feeds.isMerged(row)) continue
    const node = feeds.nodeOf(row.nodeKey)
    const ref: ReceiptRef = {
      id: receiptIdFromBytes(row.id),
      node,
      nodeName: names.of(node),
      seq: row.seq,
      time: instantFromMs(row.timeMs),
      kind: ANCHOR,
    }
    const entry = signed.get(row.hash) ?? {
      hash: row.hash,
      label: row.label ?? shortId(row.hash),
      timeMs: row.timeMs,
      previous: [],
      signedBy: [],
    }
    entry.signedBy.push(ref)
    if (row.previous !== null && !entry.previous.includes(row.previous)) entry.previous.push(row.previous)
    signed.set(row.hash, entry)
  }
  return signed
}

/** The longest way back; a circle ends where it closes. */
function depthsOf(signed: ReadonlyMap<ContentHash, SignedAnchor>): ReadonlyMap<ContentHash, number> {
  const depths = new Map<ContentHash, number>()
  // Each round settles at least those whose predecessors are settled, so there are no more rounds than anchors.
  for (let round = 0; round < signed.size; round++) {
    let grew = false
    for (const { hash, previous } of signed.values()) {
      const before = previous.filter((one) => one !== hash && signed.has(one))
      const depth = before.length === 0 ? 0 : Math.max(...before.map((one) => (depths.get(one) ?? 0) + 1))
      if (depth === (depths.get(hash) ?? 0) || depth >= signed.size) continue
      depths.set(hash, depth)
      grew = true
    }
    if (!grew) break
  }
  return depths
}

interface AnchorUse {
  readonly claims: ReadonlyMap<ContentHash, number>
  /** Of each node the anchor that its newest claim under any names. */
  readonly newestOf: ReadonlyMap<number, ContentHash>
}

function anchorUse(db: ReadDb, feeds: MergedFeeds): AnchorUse {
  const rows = db
    .prepare<[], { anchor: ContentHash; nodeKey: number; seq: number; claims: number }>(`
      SELECT anchor, node_key AS nodeKey, max(seq) AS seq, count(*) AS claims
      FROM reconcile_claim WHERE anchor IS NOT NULL GROUP BY anchor, node_key
    `)
    .all()
    .filter(({ nodeKey }) => isCounted(feeds, nodeKey))
  const claims = new Map<ContentHash, number>()
  const newest = new Map<number, { anchor: ContentHash; seq: number }>()
  for (const row of rows) {
    claims.set(row.anchor, (claims.get(row.anchor) ?? 0) + row.claims)
    if ((newest.get(row.nodeKey)?.seq ?? 0) < row.seq) newest.set(row.nodeKey, row)
  }
  return { claims, newestOf: new Map([...newest].map(([nodeKey, { anchor }]) => [nodeKey, anchor])) }
}

function isCounted(feeds: MergedFeeds, nodeKey: number): boolean {
  const feed = feeds.feed(nodeKey)
  return feed !== null && feed.admitted && !feed.blocked
}

function standingAt({ newestOf }: AnchorUse, hash: ContentHash, feeds: MergedFeeds, names: Names) {
  return named(
    [...newestOf].filter(([, anchor]) => anchor === hash).map(([nodeKey]) => feeds.nodeOf(nodeKey)),
    names,
  )
}

function nodesWithout(db: ReadDb, feeds: MergedFeeds, names: Names, { newestOf }: AnchorUse) {
  const keys = db
    .prepare<[], number>('SELECT key FROM node WHERE EXISTS (SELECT 1 FROM tally WHERE tally.node_key = node.key)')
    .pluck()
    .all()
  return named(
    keys.filter((key) => !newestOf.has(key) && isCounted(feeds, key)).map((key) => feeds.nodeOf(key)),
    names,
  )
}

function named(nodes: readonly NodeId[], names: Names) {
  return nodes
    .map((node) => ({ node, name: names.of(node) }))
    .toSorted((a, b) => (a.name === b.name ? (a.node < b.node ? -1 : 1) : a.name < b.name ? -1 : 1))
}

/** Anchors of imported directories: they have a place of their own. */
function originHeads(db: ReadDb): ReadonlySet<ContentHash> {
  return new Set(
    db.prepare<[], ContentHash>('SELECT DISTINCT head FROM reconcile_origin WHERE head IS NOT NULL').pluck().all(),
  )
}

function supersededClaims(db: ReadDb, feeds: MergedFeeds, names: Names, now: Instant): AnchorsView['superseded'] {
  const standings = claimStandings(db, now)
  const rows = db
    .prepare<[number], ReceiptPlace & { subjectKey: number; idBytes: Buffer; line: string; timeMs: number }>(`
      SELECT claim.node_key AS nodeKey, claim.seq, claim.arrival, claim.subject_key AS subjectKey,
             receipt.id AS idBytes, receipt.line, receipt.time_ms AS timeMs
      FROM reconcile_claim AS claim JOIN receipt ON receipt.arrival = claim.arrival
      WHERE claim.subject_key IN (
        SELECT subject_key FROM reconcile_claim WHERE anchor IS NOT NULL
        GROUP BY subject_key HAVING min(anchor) <> max(anchor) LIMIT ?
      )
      ORDER BY receipt.time_ms DESC, receipt.id
    `)
    .all(LOOKED_AT)
  const found: AnchorsView['superseded'] = []
  for (const row of rows) {
    if (found.length === SHOWN_SUPERSEDED) break
    if (!feeds.isMerged(row)) continue
    const why = standings.superseded({ ...row, isClaim: true })
    // A claim that its own node replaced is no matter of anchors.
    if (why === null || !why.startsWith('Put aside by rule')) continue
    const { receipt } = parseStoredLine(row.line)
    found.push({
      id: receiptIdFromBytes(row.idBytes),
      node: receipt.node,
      nodeName: names.of(receipt.node),
      seq: receipt.seq,
      time: receipt.time,
      kind: receipt.kind,
      subject: receipt.subject,
      task: receipt.task,
      claimant: importedBody(receipt.body)?.origin ?? names.of(receipt.node),
      why,
    })
  }
  return found
}

function instantFromMs(ms: number): Instant {
  // toISOString is the form of an Instant for every year from 0 to 9999, which is what receipts may carry.
  return new Date(ms).toISOString() as Instant
}

// Anchors as the tables hold them, and as a steward sees them beside a claim.
import type { AnchorView, ContentHash, Instant, ReceiptId } from '#core/contract/index.ts'
import { receiptIdFromBytes, type ReadDb } from '#core/ledger/index.ts'
import { MergedFeeds, type NetworkChanges, type ReceiptPlace } from '#core/network/index.ts'
import { shortId, type Anchor } from '#core/receipts/index.ts'
import {
  goesOnFrom,
  originAnchorsInRanges,
  originBeyondAnchor,
  originsAtAnchor,
  originStates,
} from './origin-anchors.ts'
import { anchorChains, type AnchorChains, type AnchorLink } from './anchors.ts'

/** Chains over all merged anchor receipts, read when the first question is asked: most subjects ask none. */
export function mergedAnchors(db: ReadDb, feeds: MergedFeeds): AnchorChains {
  let chains: AnchorChains | null = null
  const read = () => (chains ??= readChains(db, feeds))
  return {
    isVerified: (anchor) => read().isVerified(anchor),
    isNewer: (anchor, other) => read().isNewer(anchor, other),
    get newest() {
      return read().newest
    },
  }
}

function readChains(db: ReadDb, feeds: MergedFeeds): AnchorChains {
  const signed = anchorChains(anchorRows(db).filter((row) => feeds.isMerged(row)))
  const origins = originStates(db, feeds)
  if (origins.size === 0) return signed
  return {
    isVerified: (anchor) => signed.isVerified(anchor) || origins.has(anchor),
    isNewer(anchor, other) {
      const [one, two] = [origins.get(anchor), origins.get(other)]
      return one === undefined || two === undefined ? signed.isNewer(anchor, other) : goesOnFrom(one, two)
    },
    // Nobody signs under a directory's anchor by hand, so none of them is offered for that.
    newest: signed.newest,
  }
}

export function allAnchorLinks(db: ReadDb): AnchorLink[] {
  return anchorRows(db)
}

/** Anchors that receipts in these parts of feeds have signed. */
export function anchorsInRanges(db: ReadDb, ranges: NetworkChanges['ranges']): ContentHash[] {
  if (ranges.length === 0) return []
  const ofOrigins = originAnchorsInRanges(db, ranges)
  const inRange = db.prepare<[number, number, number], { hash: ContentHash }>(
    'SELECT hash FROM reconcile_anchor WHERE node_key = ? AND seq BETWEEN ? AND ?',
  )
  const ofNetwork = ranges.flatMap(({ nodeKey, fromSeq, toSeq }) => inRange.all(nodeKey, fromSeq, toSeq))
  return [...ofOrigins, ...ofNetwork.map((row) => row.hash)]
}

/** What a receipt's anchor is worth here: signed by an admitted node, named but unknown, or not named. */
export function anchorView(db: ReadDb, anchor: Anchor | null, feeds = new MergedFeeds(db)): AnchorView {
  if (anchor === null) return { state: 'missing' }
  const [first] = [...mergedReceiptsOf(db, feeds, anchor.hash), ...originsAtAnchor(db, feeds, anchor.hash)]
  if (first === undefined) return { state: 'unknown', ...anchor }
  const signed = {
    hash: anchor.hash,
    time: instantFromMs(first.timeMs),
    label: first.label ?? shortId(anchor.hash),
    receipt: first.id,
  }
  const by = followerOf(db, feeds, anchor.hash)
  return by === null ? { state: 'verified', ...signed } : { state: 'stale', ...signed, by }
}

/** An anchor that follows this one; of several the one with the smallest hash. Null for an anchor that is the newest of its chain. */
function followerOf(db: ReadDb, feeds: MergedFeeds, hash: ContentHash) {
  const [next] = anchorRows(db)
    .filter((row) => row.previous === hash && row.hash !== hash && feeds.isMerged(row))
    .map((row) => row.hash)
    .sort()
  const [first] = next === undefined ? [] : mergedReceiptsOf(db, feeds, next)
  if (next !== undefined && first !== undefined) {
    return { hash: next, label: first.label ?? shortId(next), receipt: first.id }
  }
  const beyond = originBeyondAnchor(db, feeds, hash)
  return beyond === null ? null : { hash: beyond.hash, label: beyond.label, receipt: beyond.id }
}

/** The anchor to sign under: one that no other follows; of several the one with the smallest hash. Null where there is none. */
export function newestAnchor(db: ReadDb): Anchor | null {
  const [newest] = mergedAnchors(db, new MergedFeeds(db)).newest
  return newest === undefined ? null : anchorByHash(db, newest)
}

/** Null where no merged receipt has signed this anchor. */
export function anchorByHash(db: ReadDb, hash: ContentHash): Anchor | null {
  const [first] = mergedReceiptsOf(db, new MergedFeeds(db), hash)
  return first === undefined ? null : { hash, time: instantFromMs(first.timeMs) }
}

interface AnchorRow extends ReceiptPlace, AnchorLink {}

interface AnchorReceipt extends ReceiptPlace {
  readonly id: ReceiptId
  readonly timeMs: number
  readonly label: string | null
}

function anchorRows(db: ReadDb): AnchorRow[] {
  return db
    .prepare<[], AnchorRow>('SELECT node_key AS nodeKey, seq, arrival, hash, previous FROM reconcile_anchor')
    .all()
}

/** The earliest first; of equal times the smaller id. Only for show: no rule looks at these times. */
function mergedReceiptsOf(db: ReadDb, feeds: MergedFeeds, hash: ContentHash): AnchorReceipt[] {
  return db
    .prepare<[ContentHash], ReceiptPlace & { idBytes: Buffer; timeMs: number; label: string | null }>(`
      SELECT anchor.node_key AS nodeKey, anchor.seq, anchor.arrival, anchor.label,
             receipt.id AS idBytes, receipt.time_ms AS timeMs
      FROM reconcile_anchor AS anchor JOIN receipt ON receipt.arrival = anchor.arrival
      WHERE anchor.hash = ?
      ORDER BY receipt.time_ms, receipt.id
    `)
    .all(hash)
    .filter((row) => feeds.isMerged(row))
    .map(({ idBytes, ...row }) => ({ ...row, id: receiptIdFromBytes(idBytes) }))
}

function instantFromMs(ms: number): Instant {
  // toISOString is the form of an Instant for every year from 0 to 9999, which is what receipts may carry.
  return new Date(ms).toISOString() as Instant
}

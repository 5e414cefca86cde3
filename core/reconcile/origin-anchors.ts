// The anchors of imported directories: their chains of governance events, by the hashes that importing nodes have signed. They order the
// claims of directories; nobody signs under them by hand, so they are never among the newest anchors of the network.
import type { ContentHash, ReceiptId } from '#core/contract/index.ts'
import { receiptIdFromBytes, type ReadDb } from '#core/ledger/index.ts'
import type { MergedFeeds, NetworkChanges, ReceiptPlace } from '#core/network/index.ts'
import type { AnchorLink } from './anchors.ts'

export interface OriginLink extends ReceiptPlace, AnchorLink {
  readonly ofOrigin: true
}

export function originLinks(db: ReadDb): OriginLink[] {
  return db
    .prepare<[], ReceiptPlace & AnchorLink>(`
      SELECT origin.node_key AS nodeKey, origin.seq, origin.arrival, link.hash, link.previous
      FROM reconcile_link AS link JOIN reconcile_origin AS origin ON origin.arrival = link.arrival
    `)
    .all()
    .map((row) => ({ ...row, ofOrigin: true }))
}

/** Anchors in chains that receipts in these parts of feeds have signed. */
export function originAnchorsInRanges(db: ReadDb, ranges: NetworkChanges['ranges']): ContentHash[] {
  const inRange = db
    .prepare<[number, number, number], ContentHash>(`
      SELECT DISTINCT link.hash
      FROM reconcile_origin AS origin JOIN reconcile_link AS link ON link.arrival = origin.arrival
      WHERE origin.node_key = ? AND origin.seq BETWEEN ? AND ?
    `)
    .pluck()
  return ranges.flatMap(({ nodeKey, fromSeq, toSeq }) => inRange.all(nodeKey, fromSeq, toSeq))
}

export interface OriginAnchor extends ReceiptPlace {
  readonly hash: ContentHash
  readonly id: ReceiptId
  readonly timeMs: number
  readonly label: string
}

/** Merged receipts whose directory stood at this anchor; the earliest first, of equal times the smaller id. */
export function originsAtAnchor(db: ReadDb, feeds: MergedFeeds, hash: ContentHash): OriginAnchor[] {
  return readOrigins(db, feeds, 'origin.head = @hash', hash)
}

/** Merged receipts whose directory has gone on from this anchor. */
export function originsBeyondAnchor(db: ReadDb, feeds: MergedFeeds, hash: ContentHash): OriginAnchor[] {
  const beyond = 'origin.head <> @hash AND origin.arrival IN (SELECT arrival FROM reconcile_link WHERE hash = @hash)'
  return readOrigins(db, feeds, beyond, hash)
}

function readOrigins(db: ReadDb, feeds: MergedFeeds, condition: string, hash: ContentHash): OriginAnchor[] {
  return db
    .prepare<
      { hash: ContentHash },
      Omit<OriginAnchor, 'id' | 'label'> & { idBytes: Buffer; origin: string; events: number }
    >(`
      SELECT origin.node_key AS nodeKey, origin.seq, origin.arrival, origin.head AS hash, origin.origin, origin.events,
             receipt.id AS idBytes, receipt.time_ms AS timeMs
      FROM reconcile_origin AS origin JOIN receipt ON receipt.arrival = origin.arrival
      WHERE ${condition}
      ORDER BY receipt.time_ms, receipt.id
    `)
    .all({ hash })
    .filter((row) => feeds.isMerged(row))
    .map(({ idBytes, origin, events, ...row }) => ({
      ...row,
      id: receiptIdFromBytes(idBytes),
      label: `${origin} at ${events.toLocaleString('en')} ${events === 1 ? 'event' : 'events'}`,
    }))
}

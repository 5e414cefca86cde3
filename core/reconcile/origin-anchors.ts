// The anchors of imported directories, as importing nodes have signed them: four append-only lists each. They order the claims of
// directories among each other; nobody signs under them by hand, so they are never the newest anchor of the network.
import type { ContentHash, ReceiptId } from '#core/contract/index.ts'
import { receiptIdFromBytes, type ReadDb } from '#core/ledger/index.ts'
import type { MergedFeeds, NetworkChanges, ReceiptPlace } from '#core/network/index.ts'
import { ORIGIN_LISTS, type OriginLists } from './imported.ts'

/** Where one anchor stands: of each list the newest hash, and all that are known to lead there. */
export interface OriginState {
  readonly head: ContentHash
  readonly lists: readonly { readonly tip: ContentHash | null; readonly chain: ReadonlySet<ContentHash> }[]
}

/** Whether `one` goes on from `other`: none of its lists is shorter or different at the front, and at least one is longer. */
export function goesOnFrom(one: OriginState, other: OriginState): boolean {
  if (one.head === other.head) return false
  // Each hash covers everything before it, so the other's last one, found inside, is a common beginning.
  return other.lists.every(({ tip }, index) => tip === null || one.lists[index]?.chain.has(tip) === true)
}

/** Anchors of directories that receipts in these parts of feeds have told of. */
export function originAnchorsInRanges(db: ReadDb, ranges: NetworkChanges['ranges']): ContentHash[] {
  if (ranges.length === 0) return []
  const inRange = db
    .prepare<[number, number, number], ContentHash>(`
      SELECT head FROM reconcile_origin WHERE node_key = ? AND seq BETWEEN ? AND ? AND head IS NOT NULL
    `)
    .pluck()
  return ranges.flatMap(({ nodeKey, fromSeq, toSeq }) => inRange.all(nodeKey, fromSeq, toSeq))
}

/** Every anchor of a directory that a merged receipt tells of. */
export function originStates(db: ReadDb, feeds: MergedFeeds): ReadonlyMap<ContentHash, OriginState> {
  const rows = db
    .prepare<[], ReceiptPlace & { head: ContentHash; lists: string }>(`
      SELECT node_key AS nodeKey, seq, arrival, head, lists FROM reconcile_origin WHERE head IS NOT NULL
    `)
    .all()
    .filter((row) => feeds.isMerged(row))
  const textsByHead = new Map<ContentHash, Set<string>>()
  for (const { head, lists } of rows) textsByHead.set(head, (textsByHead.get(head) ?? new Set()).add(lists))
  return new Map([...textsByHead].map(([head, texts]) => [head, stateFrom(head, [...texts])]))
}

/** Anchors of directories that no other directory's go on from, in the order of their hashes. */
export function newestOriginAnchors(db: ReadDb, feeds: MergedFeeds): ContentHash[] {
  const states = [...originStates(db, feeds).values()]
  return states
    .filter((state) => !states.some((other) => goesOnFrom(other, state)))
    .map(({ head }) => head)
    .sort()
}

/** A head names the last hash of each list. What leads there is told by whoever signed: what anybody told is joined. */
function stateFrom(head: ContentHash, texts: readonly string[]): OriginState {
  // Written by keepOrigin alone, from this very type.
  const told = texts.map((text) => JSON.parse(text) as OriginLists)
  return {
    head,
    lists: ORIGIN_LISTS.map((name) => ({
      tip: told[0]?.[name].at(-1) ?? null,
      chain: new Set(told.flatMap((lists) => lists[name])),
    })),
  }
}

export interface OriginAnchor extends ReceiptPlace {
  readonly hash: ContentHash
  readonly id: ReceiptId
  readonly timeMs: number
  readonly label: string
}

/** Merged receipts whose directory stood at this anchor; the earliest first, of equal times the smaller id. */
export function originsAtAnchor(db: ReadDb, feeds: MergedFeeds, hash: ContentHash): OriginAnchor[] {
  return db
    .prepare<[ContentHash], ReceiptPlace & { idBytes: Buffer; timeMs: number; origin: string; events: number }>(`
      SELECT origin.node_key AS nodeKey, origin.seq, origin.arrival, origin.origin, origin.events,
             receipt.id AS idBytes, receipt.time_ms AS timeMs
      FROM reconcile_origin AS origin JOIN receipt ON receipt.arrival = origin.arrival
      WHERE origin.head = ?
      ORDER BY receipt.time_ms, receipt.id
    `)
    .all(hash)
    .filter((row) => feeds.isMerged(row))
    .map(({ idBytes, origin, events, ...row }) => ({
      ...row,
      hash,
      id: receiptIdFromBytes(idBytes),
      label: `${origin} at ${events.toLocaleString('en')} ${events === 1 ? 'event' : 'events'}`,
    }))
}

/** The first, by its hash, of the anchors that have gone on from this one; null where none has. */
export function originBeyondAnchor(db: ReadDb, feeds: MergedFeeds, hash: ContentHash): OriginAnchor | null {
  const states = originStates(db, feeds)
  const here = states.get(hash)
  if (here === undefined) return null
  const [next] = [...states.values()]
    .filter((state) => goesOnFrom(state, here))
    .map(({ head }) => head)
    .sort()
  return next === undefined ? null : (originsAtAnchor(db, feeds, next)[0] ?? null)
}

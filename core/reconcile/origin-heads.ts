// Under which anchor the claims of an imported directory stand now: that of its last import. A file that did not change since an
// earlier import is not signed again, and goes along with its directory.
import type { ContentHash } from '#core/contract/index.ts'
import type { ReadDb } from '#core/ledger/index.ts'
import type { MergedFeeds, NetworkChanges, ReceiptPlace } from '#core/network/index.ts'
import type { Anchor } from '#core/receipts/index.ts'
import type { RoundedClaim } from './imported-claims.ts'
import { goesOnFrom, originStates } from './origin-anchors.ts'

/** The same claims, each under the anchor of its directory's last import. */
export function underDirectoryAnchors<C extends RoundedClaim>(
  db: ReadDb,
  feeds: MergedFeeds,
  claims: readonly C[],
): C[] {
  const heads = headsOf(db, feeds)
  return claims.map((claim) => {
    const ofOrigin = heads.get(claim.origin ?? '')
    return ofOrigin === undefined ? claim : { ...claim, anchor: headFor(db, feeds, claim, ofOrigin) }
  })
}

/** The anchor that a claim stands under now: of a node's own the one that it names. */
export function currentAnchor(
  db: ReadDb,
  feeds: MergedFeeds,
  { origin, nodeKey }: { readonly origin: string | null; readonly nodeKey: number },
  named: Anchor | null,
): Anchor | null {
  const ofOrigin = origin === null ? undefined : headsOf(db, feeds).get(origin)
  if (ofOrigin === undefined) return named
  const hash = headFor(db, feeds, { nodeKey, anchor: named?.hash ?? null }, ofOrigin)
  // The time is only shown, and only where nobody told of the anchor.
  return hash === null || named === null ? null : { hash, time: named.time }
}

/** Directories that receipts in these parts of feeds have told of. */
export function originsInRanges(db: ReadDb, ranges: NetworkChanges['ranges']): string[] {
  if (ranges.length === 0) return []
  const inRange = db
    .prepare<[number, number, number], string>(
      'SELECT DISTINCT origin FROM reconcile_origin WHERE node_key = ? AND seq BETWEEN ? AND ?',
    )
    .pluck()
  return ranges.flatMap(({ nodeKey, fromSeq, toSeq }) => inRange.all(nodeKey, fromSeq, toSeq))
}

/** Of the last round of one directory, what each node that imported it found. */
type LastHeads = ReadonlyMap<number, ContentHash | null>

const headsByFeeds = new WeakMap<MergedFeeds, ReadonlyMap<string, LastHeads>>()

/** Read once for all that is judged or answered with one view of the feeds. */
function headsOf(db: ReadDb, feeds: MergedFeeds): ReadonlyMap<string, LastHeads> {
  let heads = headsByFeeds.get(feeds)
  if (heads === undefined) {
    heads = readHeads(db, feeds)
    headsByFeeds.set(feeds, heads)
  }
  return heads
}

interface HeadRow extends ReceiptPlace {
  readonly origin: string
  readonly round: number
  readonly head: ContentHash | null
}

function readHeads(db: ReadDb, feeds: MergedFeeds): ReadonlyMap<string, LastHeads> {
  const rows = db
    .prepare<[], HeadRow>(`
      SELECT node_key AS nodeKey, seq, arrival, origin, round, head FROM reconcile_origin ORDER BY seq
    `)
    .all()
    .filter((row) => feeds.isMerged(row))
  return new Map(
    [...Map.groupBy(rows, ({ origin }) => origin)].map(([origin, all]) => {
      const last = Math.max(...all.map(({ round }) => round))
      // In the order of seq, so that of one node the newest stays.
      return [origin, new Map(all.filter(({ round }) => round === last).map(({ nodeKey, head }) => [nodeKey, head]))]
    }),
  )
}

/** Nodes that imported without knowing of each other may have found different anchors: then the most recent, if there is one. */
function headFor(
  db: ReadDb,
  feeds: MergedFeeds,
  claim: Pick<RoundedClaim, 'nodeKey' | 'anchor'>,
  heads: LastHeads,
): ContentHash | null {
  const own = heads.get(claim.nodeKey)
  if (own !== undefined) return own
  const distinct = [...new Set(heads.values())]
  const [only = null] = distinct
  if (distinct.length === 1) return only
  const states = originStates(db, feeds)
  const known = distinct.flatMap((head) => {
    const state = head === null ? undefined : states.get(head)
    return state === undefined ? [] : [state]
  })
  const newest = known.find((state) => known.every((other) => other === state || goesOnFrom(state, other)))
  return newest === undefined ? claim.anchor : newest.head
}

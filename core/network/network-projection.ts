// Receipt in, feed bounds, admissions and policy out. The usual receipt, the next one of its feed, costs a comparison; everything
// else (a second story, a rule, a decision on a fork) marks what is computed anew when the batch settles.
import type { ReceiptId } from '#core/contract/index.ts'
import {
  receiptIdFromBytes,
  receiptIdToBytes,
  type ProjectedReceipt,
  type Projection,
  type Tx,
} from '#core/ledger/index.ts'
import { changesOf } from './changes.ts'
import { recourseFeed } from './feed-recourse.ts'
import { MergedFeeds } from './merged-feeds.ts'
import { projectRule } from './rule-projection.ts'
import { hasStanding, isAdmitted, recomputeStanding } from './standing-store.ts'
import { createNetworkTables, networkTables } from './tables.ts'

export const networkProjection: Projection = {
  name: 'network',
  version: 1,
  tables: networkTables,
  create: createNetworkTables,
  project(tx, rows) {
    const feeds = feedsOf(tx)
    for (const row of rows) {
      followTail(feedState(tx, feeds, row), row)
      projectRule(tx, row)
    }
  },
  settle(tx) {
    const feeds = feedsOf(tx)
    const changes = changesOf(tx)
    for (const [nodeKey, feed] of feeds) settleBase(tx, nodeKey, feed)
    if (changes.rulesChanged || !hasStanding(tx)) {
      recomputeStanding(tx)
      // Who may decide on a fork, and how many must, may be others now.
      for (const nodeKey of forkedFeeds(tx)) changes.forkedFeeds.add(nodeKey)
    }
    settleCourses(tx, feeds)
    feeds.clear()
  },
}

/** A feed's base while a batch is read. */
interface FeedState {
  readonly isNew: boolean
  forked: boolean
  baseSeq: number
  baseId: ReceiptId | null
  boundSeq: number
  /** The lowest seq at which this batch brought something else than the next receipt. */
  troubleFrom: number | null
}

const feedsByTx = new WeakMap<Tx, Map<number, FeedState>>()

function feedsOf(tx: Tx): Map<number, FeedState> {
  let feeds = feedsByTx.get(tx)
  if (feeds === undefined) {
    feeds = new Map()
    feedsByTx.set(tx, feeds)
  }
  return feeds
}

function followTail(feed: FeedState, { receipt }: ProjectedReceipt): void {
  const { seq, prev } = receipt.receipt
  if (!feed.forked && feed.troubleFrom === null && seq === feed.baseSeq + 1 && prev === feed.baseId) {
    feed.baseSeq = seq
    feed.baseId = receipt.id
  } else {
    feed.troubleFrom = Math.min(seq, feed.troubleFrom ?? seq)
  }
}

function feedState(tx: Tx, feeds: Map<number, FeedState>, { nodeKey, receipt }: ProjectedReceipt): FeedState {
  const known = feeds.get(nodeKey)
  if (known !== undefined) return known
  const row = tx
    .prepare<[number], { forked: number; baseSeq: number; baseId: Buffer | null; boundSeq: number }>(`
      SELECT forked, base_seq AS baseSeq, base_id AS baseId, bound_seq AS boundSeq
      FROM network_feed WHERE node_key = ?
    `)
    .get(nodeKey)
  const feed: FeedState = {
    isNew: row === undefined,
    forked: row?.forked === 1,
    baseSeq: row?.baseSeq ?? 0,
    baseId: row?.baseId ? receiptIdFromBytes(row.baseId) : null,
    boundSeq: row?.boundSeq ?? 0,
    troubleFrom: null,
  }
  if (feed.isNew) {
    tx.prepare<[number, number], never>(`
      INSERT INTO network_feed (node_key, admitted, forked, base_seq, base_id, bound_seq, bound_id, aside)
      VALUES (?, ?, 0, 0, NULL, 0, NULL, NULL)
    `).run(nodeKey, isAdmitted(tx, receipt.receipt.node) ? 1 : 0)
  }
  feeds.set(nodeKey, feed)
  return feed
}

/**
 * Writes how far a feed is beyond doubt now. A second story before that point takes it back to the last receipt that both share,
 * and with it the rules and the decisions that were signed behind.
 */
function settleBase(tx: Tx, nodeKey: number, feed: FeedState): void {
  if (feed.troubleFrom !== null) {
    feed.forked = true
    if (feed.troubleFrom <= feed.baseSeq) {
      feed.baseSeq = feed.troubleFrom - 1
      feed.baseId = onlyIdAt(tx, nodeKey, feed.baseSeq)
      const changes = changesOf(tx)
      changes.ranges.push({ nodeKey, fromSeq: feed.troubleFrom, toSeq: feed.boundSeq })
      changes.rulesChanged = true
    }
  }
  const baseId = feed.baseId === null ? null : receiptIdToBytes(feed.baseId)
  if (feed.forked) {
    tx.prepare<[number, Buffer | null, number], never>(
      'UPDATE network_feed SET forked = 1, base_seq = ?, base_id = ? WHERE node_key = ?',
    ).run(feed.baseSeq, baseId, nodeKey)
  } else {
    tx.prepare<[number, Buffer | null, number, Buffer | null, number], never>(
      'UPDATE network_feed SET forked = 0, base_seq = ?, base_id = ?, bound_seq = ?, bound_id = ? WHERE node_key = ?',
    ).run(feed.baseSeq, baseId, feed.baseSeq, baseId, nodeKey)
  }
}

function settleCourses(tx: Tx, feeds: ReadonlyMap<number, FeedState>): void {
  const changes = changesOf(tx)
  const merged = new MergedFeeds(tx)
  for (const nodeKey of changes.forkedFeeds) {
    if (merged.feed(nodeKey)?.forked === true) recourseFeed(tx, merged, nodeKey, 'base')
  }
  for (const [nodeKey, feed] of feeds) {
    if (feed.troubleFrom === null || changes.forkedFeeds.has(nodeKey)) continue
    // What came in behind the bound cannot change how the feed got there.
    recourseFeed(
      tx,
      merged,
      nodeKey,
      feed.troubleFrom > feed.boundSeq && feed.boundSeq >= feed.baseSeq ? 'bound' : 'base',
    )
    changes.forkedFeeds.add(nodeKey)
  }
}

function forkedFeeds(tx: Tx): number[] {
  return tx
    .prepare<[], { nodeKey: number }>('SELECT node_key AS nodeKey FROM network_feed WHERE forked = 1')
    .all()
    .map((row) => row.nodeKey)
}

function onlyIdAt(tx: Tx, nodeKey: number, seq: number): ReceiptId | null {
  if (seq === 0) return null
  const row = tx
    .prepare<[number, number], { id: Buffer }>(
      'SELECT id FROM receipt WHERE node_key = ? AND seq = ? ORDER BY id LIMIT 1',
    )
    .get(nodeKey, seq)
  return row === undefined ? null : receiptIdFromBytes(row.id)
}

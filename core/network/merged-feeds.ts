// Which receipts count. One look-up a feed, then arithmetic: the base of a feed is one number.
import type { NodeId, ReceiptState } from '#core/contract/index.ts'
import type { ReadDb } from '#core/ledger/index.ts'
import { invariant } from '#core/problem/index.ts'

export interface FeedRow {
  readonly admitted: boolean
  readonly blocked: boolean
  readonly forked: boolean
  readonly baseSeq: number
  readonly boundSeq: number
}

/** Where a receipt stands: two stories of one seq differ in their row. */
export interface ReceiptPlace {
  readonly nodeKey: number
  readonly seq: number
  readonly arrival: number
}

/** A view of the feeds as they stand in one transaction or one answer; make a new one for the next. */
export class MergedFeeds {
  readonly #db: ReadDb
  readonly #feeds = new Map<number, FeedRow | null>()
  readonly #nodes = new Map<number, NodeId>()
  #blocked: ReadonlySet<number> | null = null

  constructor(db: ReadDb) {
    this.#db = db
  }

  feed(nodeKey: number): FeedRow | null {
    let feed = this.#feeds.get(nodeKey)
    if (feed === undefined) {
      feed = this.#readFeed(nodeKey)
      this.#feeds.set(nodeKey, feed)
    }
    return feed
  }

  nodeOf(nodeKey: number): NodeId {
    let node = this.#nodes.get(nodeKey)
    if (node === undefined) {
      const row = this.#db.prepare<[number], { id: NodeId }>('SELECT id FROM node WHERE key = ?').get(nodeKey)
      invariant(row !== undefined, 'a feed has a node')
      node = row.id
      this.#nodes.set(nodeKey, node)
    }
    return node
  }

  /** Counts here: admitted, not blocked by this installation, and on the chosen course of its feed. */
  isMerged(place: ReceiptPlace): boolean {
    const feed = this.feed(place.nodeKey)
    return feed !== null && feed.admitted && !feed.blocked && this.#isOnCourse(feed, place)
  }

  /** Counts for everybody and whatever is decided: admitted, and before the first fork of its feed. */
  isBeyondDoubt(place: { readonly nodeKey: number; readonly seq: number }): boolean {
    const feed = this.feed(place.nodeKey)
    return feed !== null && feed.admitted && place.seq <= feed.baseSeq
  }

  stateOf(place: ReceiptPlace): ReceiptState {
    const feed = this.feed(place.nodeKey)
    if (feed?.blocked === true) return 'blocked'
    if (feed === null || !feed.admitted) return 'not-admitted'
    if (this.#isOnCourse(feed, place)) return 'merged'
    return this.#isAtFork(place) ? 'forked' : 'behind-fork'
  }

  #isOnCourse(feed: FeedRow, { nodeKey, seq, arrival }: ReceiptPlace): boolean {
    if (seq <= feed.baseSeq) return true
    if (seq > feed.boundSeq) return false
    const row = this.#db
      .prepare<[number, number, number], { found: number }>(
        'SELECT 1 AS found FROM network_branch WHERE node_key = ? AND seq = ? AND arrival = ?',
      )
      .get(nodeKey, seq, arrival)
    return row !== undefined
  }

  #isAtFork({ nodeKey, seq }: ReceiptPlace): boolean {
    const row = this.#db
      .prepare<[number, number], { found: number }>(
        'SELECT 1 AS found FROM network_fork WHERE node_key = ? AND seq = ?',
      )
      .get(nodeKey, seq)
    return row !== undefined
  }

  #readFeed(nodeKey: number): FeedRow | null {
    const row = this.#db
      .prepare<[number], { admitted: number; forked: number; baseSeq: number; boundSeq: number }>(`
        SELECT admitted, forked, base_seq AS baseSeq, bound_seq AS boundSeq FROM network_feed WHERE node_key = ?
      `)
      .get(nodeKey)
    if (row === undefined) return null
    this.#blocked ??= blockedKeys(this.#db)
    return {
      admitted: row.admitted === 1,
      blocked: this.#blocked.has(nodeKey),
      forked: row.forked === 1,
      baseSeq: row.baseSeq,
      boundSeq: row.boundSeq,
    }
  }
}

function blockedKeys(db: ReadDb): ReadonlySet<number> {
  return new Set(
    db
      .prepare<[], { key: number }>('SELECT node.key FROM network_block JOIN node ON node.id = network_block.node')
      .all()
      .map((row) => row.key),
  )
}

// Follows a forked feed through what was decided and writes down how far it is merged.
import { createHash } from 'node:crypto'
import type { NodeId, ReceiptId } from '#core/contract/index.ts'
import { receiptIdFromBytes, receiptIdToBytes, type ReadDb, type Tx } from '#core/ledger/index.ts'
import { invariant } from '#core/problem/index.ts'
import { changesOf } from './changes.ts'
import { resolve, type CastDecision, type Resolution } from './decisions.ts'
import { decisionsOn, mayDecideFork, saidOfFeed, standingDecisions } from './decision-store.ts'
import { followFeed, isFlood, type FeedLink, type ForkVerdict } from './feed-course.ts'
import type { MergedFeeds } from './merged-feeds.ts'
import { policyInForce } from './standing-store.ts'

/** `from`: where to begin; from the bound only if nothing before it can have changed. */
export function recourseFeed(tx: Tx, merged: MergedFeeds, nodeKey: number, from: 'base' | 'bound'): void {
  const feed = readPlaces(tx, nodeKey)
  const start = from === 'base' ? { seq: feed.baseSeq, id: feed.baseId } : { seq: feed.boundSeq, id: feed.boundId }
  const arrivals = new Map<ReceiptId, number>()
  const judge = forkJudge(tx, merged, nodeKey)
  const course = followFeed(
    start,
    (seq) => linksAt(tx, nodeKey, seq, arrivals),
    (members) => verdictFrom(judge(members)),
  )

  const chosen = course.chosen.map(({ seq, id }) => {
    const arrival = arrivals.get(id)
    invariant(arrival !== undefined, 'what was chosen was among the links')
    return { seq, arrival }
  })
  const before = tx
    .prepare<[number, number], { seq: number; arrival: number }>(
      'SELECT seq, arrival FROM network_branch WHERE node_key = ? AND seq > ? ORDER BY seq',
    )
    .all(nodeKey, start.seq)
  const firstChange = firstDifference(before, chosen, start.seq)
  if (firstChange !== null) {
    changesOf(tx).ranges.push({
      nodeKey,
      fromSeq: firstChange,
      toSeq: Math.max(feed.boundSeq, course.bound.seq),
    })
    replaceBranch(tx, nodeKey, firstChange, chosen)
  }
  replaceForks(tx, nodeKey, start.seq, course.forks)
  tx.prepare<[number, Buffer | null, number], never>(
    'UPDATE network_feed SET bound_seq = ?, bound_id = ? WHERE node_key = ?',
  ).run(course.bound.seq, course.bound.id === null ? null : receiptIdToBytes(course.bound.id), nodeKey)
  tx.prepare<[Buffer, number], never>('UPDATE network_feed SET aside = ? WHERE node_key = ?').run(
    digestAside(tx, nodeKey, feed.baseSeq),
    nodeKey,
  )
  tx.touched('network')
  tx.touched('conflicts')
}

/** Every fork of a feed that stands in the tables, with what the decisions on it come to. */
export function forksOfFeed(
  db: ReadDb,
  merged: MergedFeeds,
  nodeKey: number,
): { readonly seq: number; readonly members: readonly ReceiptId[]; readonly resolution: Resolution }[] {
  const judge = forkJudge(db, merged, nodeKey)
  return db
    .prepare<[number], { seq: number; members: string }>(
      'SELECT seq, members FROM network_fork WHERE node_key = ? ORDER BY seq',
    )
    .all(nodeKey)
    .map(({ seq, members: text }) => {
      // Written below, from ids.
      const members = text.split(' ') as ReceiptId[]
      return { seq, members, resolution: judge(members) }
    })
}

/** Reads the decisions once, and only when there is a fork to judge. */
function forkJudge(db: ReadDb, merged: MergedFeeds, nodeKey: number): (members: readonly ReceiptId[]) => Resolution {
  let cast: CastDecision[] | null = null
  return (members) => {
    const node = merged.nodeOf(nodeKey)
    cast ??= castOnFeed(db, merged, node)
    const said = members.map((receipt) => ({ receipt, node, hash: receipt }))
    return resolve('fork', said, cast, policyInForce(db).decisionsNeeded)
  }
}

/** Decisions on the forks of a feed, and on those decisions, by the stewards who may decide about it. */
export function castOnFeed(db: ReadDb, merged: MergedFeeds, node: NodeId): CastDecision[] {
  const subject = db
    .prepare<[NodeId], { key: number }>("SELECT key FROM subject WHERE subject = ? AND task = ''")
    .get(node)
  if (subject === undefined) return []
  return standingDecisions(db, decisionsOn(db, subject.key), mayDecideFork(merged, node), saidOfFeed(db, node))
}

function verdictFrom({ outcome }: Resolution): ForkVerdict {
  if (outcome.state !== 'settled') return { outcome: 'undecided' }
  return outcome.verdict.type === 'pick' ? { outcome: 'pick', receipt: outcome.verdict.receipt } : { outcome: 'none' }
}

function linksAt(tx: Tx, nodeKey: number, seq: number, arrivals: Map<ReceiptId, number>): FeedLink[] {
  return tx
    .prepare<[number, number], { arrival: number; id: Buffer; prev: ReceiptId | null }>(`
      SELECT arrival, id, json_extract(line, '$.prev') AS prev
      FROM receipt WHERE node_key = ? AND seq = ? ORDER BY id
    `)
    .all(nodeKey, seq)
    .map((row) => {
      const id = receiptIdFromBytes(row.id)
      arrivals.set(id, row.arrival)
      return { id, prev: row.prev }
    })
}

function firstDifference(
  before: readonly { readonly seq: number; readonly arrival: number }[],
  after: readonly { readonly seq: number; readonly arrival: number }[],
  startSeq: number,
): number | null {
  // Both go up by one from the start, so the index tells the seq.
  const longest = Math.max(before.length, after.length)
  for (let index = 0; index < longest; index++) {
    if (before[index]?.arrival !== after[index]?.arrival) return startSeq + 1 + index
  }
  return null
}

function replaceBranch(
  tx: Tx,
  nodeKey: number,
  fromSeq: number,
  chosen: readonly { readonly seq: number; readonly arrival: number }[],
): void {
  tx.prepare<[number, number], never>('DELETE FROM network_branch WHERE node_key = ? AND seq >= ?').run(
    nodeKey,
    fromSeq,
  )
  const insert = tx.prepare<[number, number, number], never>(
    'INSERT INTO network_branch (node_key, seq, arrival) VALUES (?, ?, ?)',
  )
  for (const { seq, arrival } of chosen) if (seq >= fromSeq) insert.run(nodeKey, seq, arrival)
}

function replaceForks(
  tx: Tx,
  nodeKey: number,
  startSeq: number,
  forks: readonly { readonly seq: number; readonly members: readonly ReceiptId[] }[],
): void {
  tx.prepare<[number, number], never>('DELETE FROM network_fork WHERE node_key = ? AND seq > ?').run(nodeKey, startSeq)
  const insert = tx.prepare<[number, number, string], never>(
    'INSERT INTO network_fork (node_key, seq, members) VALUES (?, ?, ?)',
  )
  for (const { seq, members } of forks) insert.run(nodeKey, seq, members.join(' '))
}

/**
 * SHA-256 over the ids of all receipts behind the base that are not on the chosen course, in the order of seq and id. Where a seq is
 * flooded it goes over that alone: which of the stories are kept differs from node to node.
 */
function digestAside(tx: Tx, nodeKey: number, baseSeq: number): Buffer {
  const digest = createHash('sha256')
  const rows = tx
    .prepare<[number, number], { seq: number; id: Buffer }>(`
      SELECT receipt.seq, receipt.id FROM receipt
      WHERE receipt.node_key = ? AND receipt.seq > ? AND NOT EXISTS (
        SELECT 1 FROM network_branch AS branch
        WHERE branch.node_key = receipt.node_key AND branch.seq = receipt.seq AND branch.arrival = receipt.arrival
      )
      ORDER BY receipt.seq, receipt.id
    `)
    .iterate(nodeKey, baseSeq)
  let seq = 0
  let ids: Buffer[] = []
  const take = () => {
    if (isFlood(ids.length)) digest.update(`flood ${seq}`)
    else for (const id of ids) digest.update(id)
  }
  for (const row of rows) {
    if (row.seq !== seq) {
      take()
      ;[seq, ids] = [row.seq, []]
    }
    ids.push(row.id)
  }
  take()
  return digest.digest()
}

interface FeedPlaces {
  readonly baseSeq: number
  readonly baseId: ReceiptId | null
  readonly boundSeq: number
  readonly boundId: ReceiptId | null
}

function readPlaces(tx: Tx, nodeKey: number): FeedPlaces {
  const row = tx
    .prepare<[number], { baseSeq: number; baseId: Buffer | null; boundSeq: number; boundId: Buffer | null }>(`
      SELECT base_seq AS baseSeq, base_id AS baseId, bound_seq AS boundSeq, bound_id AS boundId
      FROM network_feed WHERE node_key = ?
    `)
    .get(nodeKey)
  invariant(row !== undefined, 'a forked feed has its row')
  return {
    baseSeq: row.baseSeq,
    baseId: row.baseId === null ? null : receiptIdFromBytes(row.baseId),
    boundSeq: row.boundSeq,
    boundId: row.boundId === null ? null : receiptIdFromBytes(row.boundId),
  }
}

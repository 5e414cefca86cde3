// What other nodes signed about themselves and others beside their receipts: heads, what they hold, and who asks to join.
import type { Instant, NodeId, ReceiptId, Way } from '#core/contract/index.ts'
import { feedTailOf, onlyRow, type ReadDb, type Tx } from '#core/ledger/index.ts'
import type { FeedTail, VerifiedHead, VerifiedSeen } from '#core/receipts/index.ts'
import type { KnownState, PendingNode } from './types.ts'

export interface HeadRecord {
  readonly node: NodeId
  readonly seq: number
  readonly id: ReceiptId
  readonly root: Uint8Array
  readonly time: Instant
  readonly behindSince: Instant | null
  readonly mismatch: string | null
  readonly aheadMs: number
}

const SELECT_HEAD = `
  SELECT node, seq, id, root, time, behind_since AS behindSince, mismatch, ahead_ms AS aheadMs FROM exchange_head
`

export function headOf(db: ReadDb, node: NodeId): HeadRecord | null {
  return db.prepare<[NodeId], HeadRecord>(`${SELECT_HEAD} WHERE node = ?`).get(node) ?? null
}

/** The newest head as its node signed it. */
export function headNoteOf(db: ReadDb, node: NodeId): string | null {
  return db.prepare<[NodeId], { note: string }>('SELECT note FROM exchange_head WHERE node = ?').get(node)?.note ?? null
}

export function allHeads(db: ReadDb): readonly HeadRecord[] {
  return db.prepare<[], HeadRecord>(`${SELECT_HEAD} ORDER BY node`).all()
}

/** The longest feed that a node has signed counts: an older copy of its folder takes nothing back. True where it is news. */
export function recordHead(tx: Tx, head: VerifiedHead, note: Uint8Array): boolean {
  const known = headOf(tx, head.node)
  if (known !== null && (head.seq < known.seq || (head.seq === known.seq && head.time <= known.time))) return false
  const aheadMs = Date.parse(head.time) - Date.parse(tx.now)
  tx.prepare<[NodeId, number, ReceiptId, Uint8Array, Instant, string, number], never>(`
    INSERT INTO exchange_head (node, seq, id, root, time, note, behind_since, mismatch, ahead_ms)
    VALUES (?, ?, ?, ?, ?, ?, NULL, NULL, ?)
    ON CONFLICT (node) DO UPDATE SET
      seq = excluded.seq, id = excluded.id, root = excluded.root, time = excluded.time, note = excluded.note,
      mismatch = NULL, ahead_ms = excluded.ahead_ms
  `).run(head.node, head.seq, head.id, head.root, head.time, Buffer.from(note).toString('utf8'), aheadMs)
  return true
}

/** The own head as it was just written: what was known before does not count, even if it named more. */
export function replaceHead(tx: Tx, head: VerifiedHead, note: Uint8Array): void {
  tx.prepare<[NodeId], never>('DELETE FROM exchange_head WHERE node = ?').run(head.node)
  recordHead(tx, head, note)
}

/** Since when less is here than the node's head names; the first time counts. */
export function recordBehind(tx: Tx, node: NodeId, isBehind: boolean): void {
  if (isBehind) {
    tx.prepare<[Instant, NodeId], never>(
      'UPDATE exchange_head SET behind_since = ? WHERE node = ? AND behind_since IS NULL',
    ).run(tx.now, node)
  } else {
    tx.prepare<[NodeId], never>('UPDATE exchange_head SET behind_since = NULL WHERE node = ?').run(node)
  }
}

/** Nodes of which less is here than their head names. */
export function nodesBehind(db: ReadDb): readonly NodeId[] {
  return db
    .prepare<[], NodeId>('SELECT node FROM exchange_head WHERE behind_since IS NOT NULL ORDER BY node')
    .pluck()
    .all()
}

export function recordMismatch(tx: Tx, node: NodeId, mismatch: string | null): void {
  tx.prepare<[string | null, NodeId], never>('UPDATE exchange_head SET mismatch = ? WHERE node = ?').run(mismatch, node)
}

/**
 * A note carries no time. But a node only comes to hold more: one that names more of some feed, and less of none, was signed after the one
 * that is known. Of any other nobody can tell, since a node may also have lost what it held; then only its own folder is believed.
 */
export function saysMore(db: ReadDb, seen: VerifiedSeen): boolean {
  const known = db
    .prepare<[NodeId], { node: NodeId; seq: number }>('SELECT node, seq FROM exchange_seen WHERE holder = ?')
    .all(seen.node)
  const seqNow = new Map(seen.rows.map(({ node, seq }) => [node, seq]))
  const seqBefore = new Map(known.map(({ node, seq }) => [node, seq]))
  const takesBack = known.some(({ node, seq }) => (seqNow.get(node) ?? 0) < seq)
  return !takesBack && seen.rows.some(({ node, seq }) => seq > (seqBefore.get(node) ?? 0))
}

/** In the place of what it said before: who names others each time would fill the ledger. */
export function recordSeen(tx: Tx, seen: VerifiedSeen): void {
  tx.prepare<[NodeId], never>('DELETE FROM exchange_seen WHERE holder = ?').run(seen.node)
  const put = tx.prepare<[NodeId, NodeId, number, ReceiptId, Instant], never>(
    'INSERT INTO exchange_seen (holder, node, seq, id, said) VALUES (?, ?, ?, ?, ?)',
  )
  for (const row of seen.rows) put.run(seen.node, row.node, row.seq, row.id, tx.now)
}

/** What nodes say that they hold, as far as it can be so. */
export function knownStates(db: ReadDb, self: NodeId): readonly KnownState[] {
  const isPossible = canHold(db, self)
  return db
    .prepare<[], KnownState>('SELECT holder, node, seq, id, said FROM exchange_seen ORDER BY holder, node')
    .all()
    .filter(isPossible)
}

/**
 * Whether somebody can hold what they say: the receipt that they name lies here at that place as well, or the feed goes on beyond what is
 * here. Nobody has more of the own feed than this node signed; and who holds another story, or makes one up, holds no copy of this one.
 */
export function canHold(db: ReadDb, self: NodeId): (said: Pick<KnownState, 'node' | 'seq' | 'id'>) => boolean {
  const tails = new Map<NodeId, FeedTail>()
  return ({ node, seq, id }) => {
    const tail = tails.get(node) ?? feedTailOf(db, node)
    tails.set(node, tail)
    return seq > tail.seq ? node !== self : tail.idsAt(seq).includes(id)
  }
}

/** What is said about one feed. */
export function sayingsAbout(db: ReadDb, node: NodeId): readonly KnownState[] {
  return db
    .prepare<[NodeId], KnownState>(
      'SELECT holder, node, seq, id, said FROM exchange_seen WHERE node = ? ORDER BY holder',
    )
    .all(node)
}

export function recordLastSeen(tx: Tx, node: NodeId, way: Way): void {
  tx.prepare<[NodeId, Way, Instant], never>(`
    INSERT INTO exchange_last_seen (node, way, at) VALUES (?, ?, ?) ON CONFLICT (node, way) DO UPDATE SET at = excluded.at
  `).run(node, way, tx.now)
}

export function lastSeenOf(db: ReadDb, node: NodeId): { readonly way: Way; readonly at: Instant } | null {
  const row = db
    .prepare<[NodeId], { way: Way; at: Instant }>(
      'SELECT way, at FROM exchange_last_seen WHERE node = ? ORDER BY at DESC, way LIMIT 1',
    )
    .get(node)
  return row ?? null
}

export function recordPending(
  tx: Tx,
  pending: {
    readonly node: NodeId
    readonly name: string
    readonly org: string | null
    readonly region: string | null
  },
  headSeq: number,
): void {
  tx.prepare<[NodeId, string, string | null, string | null, number, Instant, Instant], never>(`
    INSERT INTO exchange_pending (node, name, org, region, head_seq, first_seen, last_seen)
    VALUES (?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT (node) DO UPDATE SET
      name = excluded.name, org = excluded.org, region = excluded.region, head_seq = excluded.head_seq,
      last_seen = excluded.last_seen
  `).run(pending.node, pending.name, pending.org, pending.region, headSeq, tx.now, tx.now)
}

export function dropPending(tx: Tx, node: NodeId): void {
  tx.prepare<[NodeId], never>('DELETE FROM exchange_pending WHERE node = ?').run(node)
}

export function pendingOf(db: ReadDb, node: NodeId): PendingNode | null {
  return db.prepare<[NodeId], PendingNode>(`${SELECT_PENDING} WHERE node = ?`).get(node) ?? null
}

export function pendingCount(db: ReadDb): number {
  return onlyRow(db.prepare<[], number>('SELECT count(*) FROM exchange_pending').pluck().get())
}

export function pendingRecords(db: ReadDb): readonly PendingNode[] {
  return db.prepare<[], PendingNode>(`${SELECT_PENDING} ORDER BY first_seen, node`).all()
}

const SELECT_PENDING = `
  SELECT node, name, org, region, head_seq AS headSeq, first_seen AS firstSeen, last_seen AS lastSeen FROM exchange_pending
`

// What the exchange knows of the nodes beside their receipts, put together from its tables. Reads only.
import type { Instant, NodeId } from '#core/contract/index.ts'
import { feedTailOf, onlyRow, type ReadDb } from '#core/ledger/index.ts'
import { admittedNodes, blockedNodes } from '#core/network/index.ts'
import { LIMITS } from '#core/receipts/index.ts'
import { firstWaiting, heldReceipts, isHeldAt, notArrived, shareOf } from './early-receipts.ts'
import { lostHeadSeq } from './own-folder.ts'
import { allHeads, canHold, headOf, lastSeenOf, sayingsAbout, type HeadRecord } from './peer-records.ts'
import type { Observation, OwnHeadState, PeerKnowledge } from './types.ts'

const MOST_HELD_SHOWN = 1_000

export function peerKnowledge(db: ReadDb, self: NodeId, node: NodeId): PeerKnowledge {
  const head = headOf(db, node)
  const ours = sayingsAbout(db, self).find((said) => said.holder === node && canHold(db, self)(said))
  const waiting = shareOf(db, node, 'waiting').receipts
  return {
    node,
    head: head === null ? null : { seq: head.seq, id: head.id, time: head.time },
    lastSeen: lastSeenOf(db, node),
    hasOfOurs: ours?.seq ?? null,
    said: ours?.said ?? null,
    waiting,
    held: shareOf(db, node, 'held').receipts,
    trouble: node === self ? null : troubleOf(db, node, head, waiting),
  }
}

/** The worst thing that keeps a feed from going on; forks are told by the network, which decides on them. */
function troubleOf(db: ReadDb, node: NodeId, head: HeadRecord | null, waiting: number): PeerKnowledge['trouble'] {
  if (head !== null && head.mismatch !== null) {
    return {
      what: head.mismatch,
      remedy: 'Its steward or its folder is not to be trusted: compare heads with another node.',
    }
  }
  const files = unreadFilesOf(db, node)
  if (files.stopped > 0) {
    return {
      what: 'A signature in its feed does not hold; what follows it is not read.',
      remedy: 'Ask its steward to publish again, and look at who may write to the folder.',
    }
  }
  if (files.bad > 0) {
    return {
      what: 'A file of its feed is broken and does not change any more.',
      remedy: 'Let the sync tool bring it again, or ask its steward to publish again.',
    }
  }
  if (files.unreadable > 0) {
    return {
      what: 'A file of its feed may not be read.',
      remedy: 'Check the rights in the exchange folder and the drive.',
    }
  }
  const { seq } = feedTailOf(db, node)
  const missing = missingOf(db, head)
  if (head !== null && missing !== null) {
    return {
      what: `It signed ${head.seq} receipts; ${whatIsMissing(missing, firstWaiting(db, node), waiting)}.`,
      remedy: 'Wait for the sync tool. If it stays so, the node withholds them: ask its steward.',
    }
  }
  if (isHeldAt(db, node, seq + 1)) {
    return {
      what: `Receipt #${seq + 1} of its feed is dated ahead of the clock here and held until then.`,
      remedy: 'Check the clock of both machines.',
    }
  }
  if (waiting > 0) {
    return {
      what: `Receipt #${seq + 1} of its feed is missing; ${waiting} behind it wait.`,
      remedy: 'Wait for the sync tool, or ask its steward.',
    }
  }
  if (head !== null && head.aheadMs > LIMITS.aheadMs) {
    return {
      what: `Its clock was ${Math.round(head.aheadMs / 60_000)} minutes ahead of the one here; receipts from the future are held.`,
      remedy: 'Check the clock of both machines.',
    }
  }
  return null
}

interface MissingRange {
  readonly fromSeq: number
  readonly toSeq: number
}

/** Only what did not arrive is held against a node. */
function missingOf(db: ReadDb, head: HeadRecord | null): MissingRange | null {
  if (head === null || head.behindSince === null) return null
  const { seq } = feedTailOf(db, head.node)
  return head.seq <= seq ? null : notArrived(db, head.node, { fromSeq: seq + 1, toSeq: head.seq })
}

/** What came and waits behind the first gap is said as such. */
function whatIsMissing({ fromSeq, toSeq }: MissingRange, waitsFrom: number | null, waiting: number): string {
  const isBehind = waitsFrom !== null && waitsFrom > fromSeq
  const to = isBehind ? waitsFrom - 1 : toSeq
  const missing =
    to === fromSeq ? `#${fromSeq}` : to === fromSeq + 1 ? `#${fromSeq} and #${to}` : `#${fromSeq} to #${to}`
  if (!isBehind) return `${missing} did not arrive`
  const them = to === fromSeq ? 'it' : 'them'
  return `${missing} did not arrive; ${waiting === 1 ? `#${waitsFrom} waits` : `${waiting} wait`} behind ${them}`
}

function unreadFilesOf(
  db: ReadDb,
  node: NodeId,
): { readonly stopped: number; readonly bad: number; readonly unreadable: number } {
  const count = db.prepare<[NodeId], { stopped: number; bad: number; unreadable: number }>(`
    SELECT count(*) FILTER (WHERE state = 'stopped') AS stopped,
           count(*) FILTER (WHERE state = 'bad') AS bad,
           count(*) FILTER (WHERE state = 'unreadable') AS unreadable
    FROM exchange_inbox_file WHERE node = ?
  `)
  return onlyRow(count.get(node))
}

/** A head is written last, but sync tools keep no order: for so long what it names is still on its way, not withheld. */
const STILL_COMING_MS = 60_000

/** Ranges that heads name and that are not here, and receipts from the future: of nodes that count here. */
export function observationsOf(db: ReadDb, self: NodeId, now: Instant): readonly Observation[] {
  const admitted = admittedNodes(db)
  const blocked = blockedNodes(db)
  const counts = (node: NodeId) => node !== self && admitted.has(node) && !blocked.has(node)
  const withheld = allHeads(db).flatMap((head): Observation[] => {
    const { node, id: headId, behindSince: since } = head
    if (!counts(node) || since === null || Date.parse(now) - Date.parse(since) < STILL_COMING_MS) return []
    const missing = missingOf(db, head)
    return missing === null ? [] : [{ type: 'withheld', node, ...missing, headId, since }]
  })
  const held = heldReceipts(db, MOST_HELD_SHOWN)
    .filter(({ node }) => counts(node))
    .map(({ node, id: receipt, seq, time, firstSeen: since }): Observation => ({
      type: 'held-future',
      node,
      receipt,
      seq,
      time,
      since,
    }))
  return [...withheld, ...held]
}

/**
 * Median by which the clocks of those others ran ahead when their heads were read, where most of them did by over five minutes.
 * A clock that is behind cannot be told from a head that was long on its way.
 */
export function clockOffMs(db: ReadDb, self: NodeId): number | null {
  const admitted = admittedNodes(db)
  const others = allHeads(db).filter(({ node }) => node !== self && admitted.has(node))
  const ahead = others
    .map(({ aheadMs }) => aheadMs)
    .filter((ms) => ms > LIMITS.aheadMs)
    .toSorted((a, b) => a - b)
  const median = ahead[Math.floor((ahead.length - 1) / 2)]
  return median === undefined || ahead.length * 2 < others.length ? null : median
}

/** `isRead`: the folder was asked for the own head. `readCompletely`: the folder is there and was read to the end since it came back. */
export function ownHeadStateOf(
  db: ReadDb,
  self: NodeId,
  { isRead, readCompletely }: { readonly isRead: boolean; readonly readCompletely: boolean },
): OwnHeadState {
  const seqHere = feedTailOf(db, self).seq
  const lost = lostHeadSeq(db)
  const head = headOf(db, self)
  const seqInFolder = head === null ? null : head.seq
  const sayings = sayingsAbout(db, self)
  const seqElsewhere = sayings.length === 0 ? null : Math.max(...sayings.map(({ seq }) => seq))
  const most = Math.max(seqInFolder ?? 0, seqElsewhere ?? 0)
  const isAhead = most > Math.max(seqHere, lost)
  const isOutrun = (seqInFolder ?? 0) > Math.max(seqHere, lost)
  const complete = readCompletely && seqInFolder !== null && !isAhead
  return { seqHere, seqInFolder, seqElsewhere, complete, isAhead, isOutrun, isRead, reason: ownHeadReason() }

  function ownHeadReason(): string {
    if (complete) return `All ${seqHere} receipts of the own feed are here.`
    if (!isRead) return 'The own head in the exchange folder has not been read yet.'
    if (!readCompletely) return 'The exchange folder has not been read completely yet.'
    if (isAhead) return `${most} own receipts are known elsewhere; ${seqHere} of them are here.`
    return 'The exchange folder holds no head of this node.'
  }
}

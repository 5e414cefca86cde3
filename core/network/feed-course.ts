// Along which receipts a feed with several stories goes on. From the last receipt that is beyond doubt, the feed is followed seq by
// seq; where it stops being one chain there is a fork, and only a decision of other nodes leads past it. Nothing leads past a flood.
import type { ReceiptId } from '#core/contract/index.ts'
import { LIMITS } from '#core/receipts/index.ts'

export interface FeedPlace {
  readonly seq: number
  readonly id: ReceiptId | null
}

export interface FeedLink {
  readonly id: ReceiptId
  readonly prev: ReceiptId | null
}

/** What was decided about one fork. */
export type ForkVerdict =
  | { readonly outcome: 'pick'; readonly receipt: ReceiptId }
  | { readonly outcome: 'none' }
  | { readonly outcome: 'undecided' }

export interface FeedFork {
  readonly seq: number
  /** Every receipt that contradicts another one here, in the order of their ids. */
  readonly members: readonly ReceiptId[]
  readonly verdict: ForkVerdict
}

export interface FeedCourse {
  /** Up to here the feed is merged. */
  readonly bound: FeedPlace
  /** The receipts after the start, along the chosen branches. */
  readonly chosen: readonly { readonly seq: number; readonly id: ReceiptId }[]
  readonly forks: readonly FeedFork[]
}

/**
 * `start` is a receipt of the chosen course (or seq 0). Nothing before it matters: every other receipt at its seq was put aside.
 * `linksAt` answers in the order of ids.
 */
export function followFeed(
  start: FeedPlace,
  linksAt: (seq: number) => readonly FeedLink[],
  verdictOn: (members: readonly ReceiptId[]) => ForkVerdict,
): FeedCourse {
  const chosen: { seq: number; id: ReceiptId }[] = []
  const forks: FeedFork[] = []
  let bound = start
  let aside = new Set(start.seq === 0 ? [] : idsExcept(linksAt(start.seq), start.id))

  for (;;) {
    const seq = bound.seq + 1
    const links = linksAt(seq)
    if (isFlood(links.length)) return { bound, chosen, forks: [...forks, floodAt(seq, links, bound.id)] }
    const live = links.filter((link) => link.prev === null || !aside.has(link.prev))
    const next = live.length === 1 ? live[0] : undefined
    let onward = next !== undefined && next.prev === bound.id ? next : undefined

    if (onward === undefined) {
      if (live.length === 0) return { bound, chosen, forks }
      const fork = forkAt(seq, live, bound.id, verdictOn)
      forks.push(fork)
      onward = continuation(fork.verdict, live, bound.id)
      if (onward === undefined) return { bound, chosen, forks }
    }
    bound = { seq, id: onward.id }
    chosen.push({ seq, id: onward.id })
    aside = new Set(idsExcept(links, onward.id))
  }
}

/**
 * Of more stories than are kept at one seq, those that came first are: which ones these are differs from node to node. So the feed ends
 * there whatever anybody decides, and nothing that is shown or compared names one of them.
 */
export function isFlood(storiesAtSeq: number): boolean {
  return storiesAtSeq >= LIMITS.storiesPerSeq
}

function floodAt(seq: number, links: readonly FeedLink[], before: ReceiptId | null): FeedFork {
  // The last receipt that everybody has stands for them. Before the first receipt there is none: there two are shown.
  const members = before === null ? links.slice(0, 2).map((link) => link.id) : [before]
  return { seq, members, verdict: { outcome: 'none' } }
}

function forkAt(
  seq: number,
  live: readonly FeedLink[],
  before: ReceiptId | null,
  verdictOn: (members: readonly ReceiptId[]) => ForkVerdict,
): FeedFork {
  const members = live.map((link) => link.id)
  // One receipt that does not name the one before it: the two of them are the proof.
  if (members.length === 1 && before !== null) members.push(before)
  members.sort()
  return { seq, members, verdict: verdictOn(members) }
}

// A picked receipt whose predecessor is not here leads nowhere yet: the feed stands until the rest of that story arrives.
function continuation(verdict: ForkVerdict, live: readonly FeedLink[], before: ReceiptId | null): FeedLink | undefined {
  if (verdict.outcome !== 'pick') return undefined
  return live.find((link) => link.id === verdict.receipt && link.prev === before)
}

function idsExcept(links: readonly FeedLink[], id: ReceiptId | null): ReceiptId[] {
  return links.map((link) => link.id).filter((other) => other !== id)
}

// This node's merged state beside another's, in words: the same four words, or the first receipt that differs and what to do about it.
import type { CompareStep, Comparison, FirstDifference, NodeId, StateOfNode } from '#core/contract/index.ts'
import { feedTailOf } from '#core/ledger/index.ts'
import {
  admittedNodes,
  compareStates,
  createNames,
  fingerprintOf,
  mergedIdAt,
  mergedLeaves,
  mergedState,
  type FeedDifference,
  type Names,
} from '#core/network/index.ts'
import { StewardError } from '#core/problem/index.ts'
import { shortId, type FeedLeaf, type NetworkState, type PublishedRow, type StateRow } from '#core/receipts/index.ts'
import type { Session } from './session.ts'

/** @throws StewardError OWN_NODE. */
export async function compareWith(session: Session, node: NodeId): Promise<Comparison> {
  if (node === session.node) throw ownNode()
  const { exchange, ledger } = session
  const names = createNames(ledger.read)
  const said = exchange.stateOf(node)
  // Files are waited for first; what is read of the ledger then belongs together.
  const theirLeaves = said === null ? new Map<NodeId, readonly FeedLeaf[]>() : await leavesOf(session, node, said.rows)
  const ours = mergedState(ledger.read)
  const ourPrint = fingerprintOf(ours)
  const nodeName = names.of(node)
  const sides = { node, nodeName, ours: ourPrint }
  if (said === null) {
    const sentence = `${nodeName} has not said yet what it has merged.`
    return { ...sides, outcome: 'not-said', said: null, theirs: null, sentence, first: null, differing: 0, steps: [] }
  }
  const theirs = fingerprintOf(said)
  const differences = compareStates({
    ours,
    theirs: said,
    idAt: (feed, seq) => mergedIdAt(ledger.read, feed, seq),
    leavesOf(feed) {
      const leaves = theirLeaves.get(feed)
      return leaves === undefined ? null : { ours: mergedLeaves(ledger.read, feed), theirs: leaves }
    },
  })
  const [first] = differences
  const words = { names, nodeName, heldUpTo: (feed: NodeId) => feedTailOf(ledger.read, feed).seq }
  return {
    ...sides,
    outcome: theirs.fingerprint === ourPrint.fingerprint ? 'same' : 'differs',
    said: said.said,
    theirs,
    sentence: first === undefined ? sameSentence(nodeName, ours, said) : differenceSentence(first, words),
    first: first === undefined ? null : firstOf(first, words),
    differing: differences.length,
    steps: stepsOf(ours, said, first, names),
  }
}

/** What every other admitted node last said, by its four words. */
export function statesOf({ exchange, ledger, node: self }: Session): readonly StateOfNode[] {
  const names = createNames(ledger.read)
  const { fingerprint } = fingerprintOf(mergedState(ledger.read))
  return [...admittedNodes(ledger.read)]
    .filter((node) => node !== self)
    .map((node): StateOfNode => {
      const said = exchange.stateOf(node)
      const theirs = said === null ? null : fingerprintOf(said)
      const outcome = theirs === null ? 'not-said' : theirs.fingerprint === fingerprint ? 'same' : 'differs'
      return { node, name: names.of(node), outcome, words: theirs?.words ?? null, said: said?.said ?? null }
    })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
}

async function leavesOf(
  { exchange }: Session,
  holder: NodeId,
  rows: readonly PublishedRow[],
): Promise<ReadonlyMap<NodeId, readonly FeedLeaf[]>> {
  const found = new Map<NodeId, readonly FeedLeaf[]>()
  for (const node of feedsToDescend(rows)) {
    const leaves = await exchange.leavesOf(holder, node)
    if (leaves !== null) found.set(node, leaves)
  }
  return found
}

/** As many as one file of the largest size holds: what is read at once comes from somebody else. */
const MOST_LEAVES = 300_000

/** Feeds of which the other's leaves are read: the first ones that together are not too many. Of the others it is told about where they part. */
export function feedsToDescend(rows: readonly PublishedRow[], mostLeaves: number = MOST_LEAVES): readonly NodeId[] {
  let leaves = 0
  const feeds: NodeId[] = []
  for (const { node, seq, root } of rows) {
    if (root === null || leaves + seq > mostLeaves) continue
    leaves += seq
    feeds.push(node)
  }
  return feeds
}

interface Words {
  readonly names: Names
  readonly nodeName: string
  /** Of a feed, whether it counts or not. */
  readonly heldUpTo: (feed: NodeId) => number
}

function sameSentence(nodeName: string, ours: NetworkState, theirs: NetworkState): string {
  return ours.policy === theirs.policy
    ? `You and ${nodeName} hold the same receipts under the same rules, to the last byte.`
    : `You and ${nodeName} hold the same receipts, and follow other rules.`
}

function differenceSentence(difference: FeedDifference, { names, nodeName }: Words): string {
  const feed = names.of(difference.node)
  switch (difference.type) {
    case 'they-lack':
      return `${nodeName} has not merged ${receiptRange(feed, difference)}; up to there you both hold the same.`
    case 'we-lack':
      return `You have not merged ${receiptRange(feed, difference)}, which ${nodeName} has.`
    case 'two-stories':
      return difference.isExact
        ? `You and ${nodeName} hold different receipts #${difference.seq} of ${feed}: its key told two stories.`
        : `You and ${nodeName} hold different stories of ${feed}, beginning at #${difference.seq} or before.`
    case 'aside':
      return `You and ${nodeName} follow the same story of ${feed} up to #${difference.seq}, but one of you knows another story that the other does not.`
    case 'admitted':
      return difference.by === 'us'
        ? `${nodeName} has not heard yet that ${feed} was admitted.`
        : `You have not heard yet that ${feed} was admitted, which ${nodeName} has.`
  }
}

function receiptRange(feed: string, { from, to }: { readonly from: number; readonly to: number }): string {
  const behind = to - from
  return `${feed}’s receipt #${from}${behind === 0 ? '' : behind === 1 ? ' and the one after it' : ` and ${behind} after it`}`
}

function firstOf(difference: FeedDifference, words: Words): FirstDifference {
  const { node, type } = difference
  const common = { type, feed: node, feedName: words.names.of(node), remedy: remedyFor(difference, words) }
  switch (difference.type) {
    case 'they-lack':
      return { ...common, seq: difference.from, ours: difference.receipt, theirs: null }
    case 'we-lack':
      return { ...common, seq: difference.from, ours: null, theirs: difference.receipt }
    case 'two-stories':
      return { ...common, seq: difference.seq, ours: difference.ours, theirs: difference.theirs }
    case 'aside':
      return { ...common, seq: difference.seq, ours: null, theirs: null }
    case 'admitted':
      return { ...common, seq: 0, ours: null, theirs: null }
  }
}

function remedyFor(difference: FeedDifference, { names, nodeName, heldUpTo }: Words): string {
  const feed = names.of(difference.node)
  switch (difference.type) {
    case 'they-lack':
      return `Let the folder sync; if it stays so, ask ${nodeName} whether it can read ${feed}’s folder.`
    case 'we-lack':
      return heldUpTo(difference.node) >= difference.from
        ? `It is here and does not count: look among the conflicts for a fork of ${feed}.`
        : `Let the folder sync; if it stays so, ask ${nodeName} for a bundle with ${feed}’s feed.`
    case 'two-stories':
    case 'aside':
      return `Exchange ${feed}’s feed by a bundle, both ways: then both of you hold both stories, which proves the fork, and it can be decided.`
    case 'admitted':
      return 'Let the folder sync: the admission is a receipt that is still on its way.'
  }
}

/** The way down, each step with the value of both sides. */
function stepsOf(
  ours: NetworkState,
  theirs: NetworkState,
  first: FeedDifference | undefined,
  names: Names,
): CompareStep[] {
  const whole = { what: 'Whole state', ...both(fourWords(ours), fourWords(theirs)) }
  const rules = { what: 'Rules', ...both(shortId(ours.policy), shortId(theirs.policy)) }
  const theirRows = new Map(theirs.rows.map((row) => [row.node, row]))
  const ourRows = new Map(ours.rows.map((row) => [row.node, row]))
  const feeds = [...new Set([...ourRows.keys(), ...theirRows.keys()])].sort().map((node) => ({
    what: `Feed of ${names.of(node)}`,
    ...both(rowText(ourRows.get(node)), rowText(theirRows.get(node))),
  }))
  const subtrees =
    first?.type === 'two-stories'
      ? first.subtrees.map(([from, to]) => ({
          what: from === to ? `Receipt #${from}` : `Tree over #${from} to #${to}`,
          ours: 'differs',
          theirs: 'differs',
          same: false,
        }))
      : []
  return [whole, rules, ...feeds, ...subtrees]
}

function fourWords(state: NetworkState): string {
  return fingerprintOf(state).words.join(' · ')
}

function rowText(row: StateRow | undefined): string {
  if (row === undefined) return 'not admitted'
  if (row.id === null) return 'nothing merged'
  return `up to #${row.seq}, ${shortId(row.id)}${row.aside === null ? '' : `, aside ${row.aside.slice(0, 8)}`}`
}

function both(ours: string, theirs: string) {
  return { ours, theirs, same: ours === theirs }
}

function ownNode(): StewardError {
  return new StewardError({
    code: 'OWN_NODE',
    happened: 'A node is always like itself.',
    kept: 'Nothing was changed.',
    remedy: 'Choose another node to compare with.',
  })
}

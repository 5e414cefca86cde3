// The inbox: every other node's folder, as far as its node may be read. Who is admitted follows from what was read, so it is asked
// again until nobody is new.
import type { NodeId, ReceiptId } from '#core/contract/index.ts'
import { admittedNodes, blockedNodes } from '#core/network/index.ts'
import { LIMITS } from '#core/receipts/index.ts'
import { clearBundleRefusals, type HeldNotes } from './bundle-refusals.ts'
import { HEAD } from './exchange-paths.ts'
import { findFounder } from './find-founder.ts'
import { forgetStrangersExcept } from './forget-strangers.ts'
import { releaseEarly } from './ingest.ts'
import { inTurn, NodeFolders } from './node-folders.ts'
import { unlessFolderFails, type Pass } from './pass.ts'
import { dropPendingExcept, readHead, readHeadAndSeen, readPending } from './peer-files.ts'
import { nodesBehind, pendingRecords } from './peer-records.ts'
import { compareWithHead } from './compare-head.ts'
import { planFeed, type SegmentFile } from './plan-feed.ts'
import { openSegment, takeSegment } from './take-segment.ts'

/** Folders of nodes that are not admitted and that are looked at; more are shown as not read. */
const MOST_STRANGERS = 10_000
/** Of those, heads and profiles that are read before others have their turn. */
const READ_TOGETHER = 32
/** Receipts; fewer are read before anybody has seen that they are being read. */
const WORTH_TELLING = 256
/** Admitted nodes that are read. */
const MOST_ADMITTED = 1_000

export interface Reading {
  /** Names of node folders that an event touched; null reads all of them. */
  readonly touched: ReadonlySet<string> | null
  readonly network: ReceiptId | null
  /** Admitted nodes that were read since the folder came; a new one is read even if nothing touched it. */
  readonly everRead: Set<NodeId>
}

/** What lies in `nodes` beside what is read. */
export interface NodesFacts {
  readonly ignored: number
  readonly notRead: number
  /** Of those not read, what may be the folder of somebody who asks to join. */
  readonly strangersNotRead: number
}

/** Reads what may be read. Throws the system's error only where `nodes` itself cannot be listed. */
export async function readOthers(pass: Pass, { touched, network, everRead }: Reading): Promise<NodesFacts> {
  const folders = await NodeFolders.list(pass)
  let admittedNotRead = 0
  let strangersNotRead = folders.notListed
  const facts = (): NodesFacts => ({
    ignored: folders.ignored,
    notRead: admittedNotRead + strangersNotRead,
    strangersNotRead,
  })
  if (network === null) return facts()
  const founder = await findFounder(pass, network, folders)

  const done = new Set<NodeId>()
  const takeReadable = async (): Promise<readonly NodeId[]> => {
    const blocked = blockedNodes(pass.ledger.read)
    for (const node of blocked) everRead.delete(node)
    const readable = new Set(admittedNodes(pass.ledger.read))
    if (founder !== null) readable.add(founder)
    const next: NodeId[] = []
    let found = 0
    for (const node of [...readable].sort()) {
      if (node === pass.self || blocked.has(node)) continue
      const names = await folders.namesOf(node)
      if (names.length === 0) continue
      found++
      const isDue = touched === null || !everRead.has(node) || names.some((name) => touched.has(name))
      if (isDue && !done.has(node) && done.size < MOST_ADMITTED) {
        done.add(node)
        next.push(node)
      }
    }
    admittedNotRead = Math.max(0, found - MOST_ADMITTED)
    return next
  }
  for (let isFirst = true; ; isFirst = false) {
    const next = await takeReadable()
    // Once more after nobody was left: what was early may be due although no file has changed.
    if (next.length === 0 && !isFirst) break
    const news = await readNodes(pass, next, folders, takeReadable)
    await releaseEarly(pass)
    for (const node of new Set([...news, ...nodesBehind(pass.ledger.read)])) compareWithHead(pass, node)
    if (pass.isCancelled()) return facts()
    for (const node of done) everRead.add(node)
  }
  strangersNotRead += await readAsking(pass, folders, touched, founder)
  if (pass.isFull && !pass.isCancelled()) clearBundleRefusals(pass, NONE)
  return facts()
}

const NONE: HeldNotes = new Map()

/**
 * Lists all first, so that progress knows its end; then reads ahead while it appends, so that no core is idle. A first segment may admit
 * others: they are asked for after it, and read behind those without a pause. Answers of which nodes there was news.
 */
async function readNodes(
  pass: Pass,
  nodes: readonly NodeId[],
  folders: NodeFolders,
  admittedMeanwhile: () => Promise<readonly NodeId[]>,
): Promise<readonly NodeId[]> {
  const news: NodeId[] = []
  const files = await planNodes(pass, nodes, folders, news)
  await readFiles(pass, files, async () => planNodes(pass, await admittedMeanwhile(), folders, news))
  // Who was told of what was read asks for it now, and is answered before the pass goes on.
  if (files.length > 0) await pass.rest()
  return news
}

/** Which segments of the nodes are to be opened; the nodes of which there is something new are added to `news`. */
async function planNodes(
  pass: Pass,
  nodes: readonly NodeId[],
  folders: NodeFolders,
  news: NodeId[],
): Promise<SegmentFile[]> {
  const files: SegmentFile[] = []
  for (const node of nodes) {
    if (pass.isCancelled()) break
    const names = await folders.namesOf(node)
    for (const name of names) {
      const besides = names.filter((other) => other !== name)
      const planned = await unlessFolderFails(() =>
        Promise.all([
          // What a node says of others carries no time: only its folder itself is asked, no copy that may be older.
          name === names[0] ? readHeadAndSeen(pass, node, name) : readHead(pass, node, name),
          planFeed(pass, node, name, besides),
        ]),
      )
      if (planned === null) continue
      const [isNews, found] = planned
      if (isNews || found.length > 0) news.push(node)
      files.push(...found)
    }
  }
  return files
}

/** `afterFirst` says what else is to be read, once the first file is in the ledger. */
async function readFiles(pass: Pass, files: SegmentFile[], afterFirst: () => Promise<SegmentFile[]>): Promise<void> {
  // The pool may only come to life when it is asked, so it is not.
  if (files.length === 0) return
  const ahead = pass.verification.size + 1
  const opened: ReturnType<typeof openSegment>[] = []
  let total = receiptsInAll(files)
  let done = 0
  for (const [index, file] of files.entries()) {
    while (opened.length < Math.min(index + ahead, files.length)) {
      const next = files[opened.length]
      if (next === undefined) break
      opened.push(openSegment(pass, next))
    }
    const reading = await opened[index]
    if (reading === undefined || pass.isCancelled()) return
    if (total >= WORTH_TELLING) pass.progress(done, total)
    await takeSegment(pass, file, reading)
    // What was read is let go of: only those ahead are held in memory.
    opened[index] = NOTHING_MORE
    done += receiptsIn(file.range)
    if (index === 0) {
      const more = await afterFirst()
      files.push(...more)
      total += receiptsInAll(more)
    }
  }
}

function receiptsInAll(files: readonly SegmentFile[]): number {
  return files.reduce((sum, { range }) => sum + receiptsIn(range), 0)
}

const NOTHING_MORE = Promise.resolve({ result: 'gone' } as const)

// A name may promise anything; a segment holds no more than this.
function receiptsIn({ first, last }: SegmentFile['range']): number {
  return Math.min(last - first + 1, LIMITS.segmentLines)
}

/**
 * Reads who asks to join: those who were seen to ask before, whatever else lies in the folder, and of the others as many as the limit
 * leaves. A folder without a head costs one look and is nobody's yet. Answers how many are not looked at.
 */
async function readAsking(
  pass: Pass,
  folders: NodeFolders,
  touched: ReadonlySet<string> | null,
  founder: NodeId | null,
): Promise<number> {
  const decided = new Set([pass.self, ...admittedNodes(pass.ledger.read), ...blockedNodes(pass.ledger.read)])
  if (founder !== null) decided.add(founder)
  const asking = new Map<NodeId, string>()
  for (const { node } of pendingRecords(pass.ledger.read)) {
    const [name] = decided.has(node) ? [] : await folders.namesOf(node)
    if (name !== undefined) asking.set(node, name)
  }
  const strangers = folders.others([...decided, ...asking.keys()])
  const room = Math.max(0, MOST_STRANGERS - asking.size)
  const due = touched === null ? strangers : strangers.filter(({ name }) => touched.has(name))
  const looked = inTurn(due, room, pass.now())
  const withHead = new Set(await folders.holding(looked, HEAD, 'file'))
  for (const folder of looked) {
    if (pass.isCancelled()) break
    const node = withHead.has(folder) || folder.node === null ? await folders.nodeOf(folder) : null
    if (node !== null && !decided.has(node) && !asking.has(node)) asking.set(node, folder.name)
  }
  let read = 0
  for (const [node, name] of asking) {
    if (pass.isCancelled()) break
    if (touched !== null && !touched.has(name)) continue
    await readPending(pass, node, name)
    if (++read % READ_TOGETHER === 0) await pass.rest()
  }
  if (!pass.isCancelled()) dropPendingExcept(pass, new Set(asking.keys()))
  if (!pass.isCancelled() && touched === null) forgetStrangersExcept(pass, new Set([...decided, ...asking.keys()]))
  return Math.max(0, strangers.length - room)
}

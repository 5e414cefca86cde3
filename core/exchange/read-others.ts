// The inbox: every other node's folder, as far as its node may be read. Who is admitted follows from what was read, so it is asked
// again until nobody is new.
import { join } from 'node:path'
import type { NodeId, ReceiptId } from '#core/contract/index.ts'
import { admittedNodes, blockedNodes } from '#core/network/index.ts'
import { LIMITS } from '#core/receipts/index.ts'
import { isFoldedNodeName, nodeFolderName, nodeOfFolderName, NODES } from './exchange-paths.ts'
import { findFounder } from './find-founder.ts'
import { releaseEarly } from './ingest.ts'
import { unlessFolderFails, type Pass } from './pass.ts'
import { dropPendingExcept, nodeOfFoldedFolder, readHeadAndSeen, readPending } from './peer-files.ts'
import { nodesBehind } from './peer-records.ts'
import { compareWithHead } from './compare-head.ts'
import { MOST_ENTRIES, planFeed, type SegmentFile } from './plan-feed.ts'
import { openSegment, takeSegment } from './take-segment.ts'

/** Node folders that are looked at; more are shown as not read. */
const MOST_NODES = 10_000
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

/** What lies in `nodes` beside folders of nodes. */
export interface NodesFacts {
  readonly ignored: number
  readonly notRead: number
}

/** Reads what may be read. Throws the system's error only where `nodes` itself cannot be listed. */
export async function readOthers(pass: Pass, { touched, network, everRead }: Reading): Promise<NodesFacts> {
  const { folders, facts } = await listNodes(pass)
  if (network === null) return facts
  const founder = await findFounder(pass, network, folders)

  const done = new Set<NodeId>()
  const readableNow = (): readonly NodeId[] => {
    const blocked = blockedNodes(pass.ledger.read)
    const admitted = admittedNodes(pass.ledger.read)
    for (const node of blocked) everRead.delete(node)
    return [...folders.keys()]
      .filter((node) => (admitted.has(node) || node === founder) && !blocked.has(node) && !done.has(node))
      .filter((node) => touched === null || !everRead.has(node) || isTouched(touched, folders.get(node)))
      .slice(0, MOST_ADMITTED - done.size)
  }
  for (let isFirst = true; ; isFirst = false) {
    const next = readableNow()
    // Once more after nobody was left: what was early may be due although no file has changed.
    if (next.length === 0 && !isFirst) break
    for (const node of next) done.add(node)
    const news = await readNodes(pass, next, folders, () => {
      const admittedMeanwhile = readableNow()
      for (const node of admittedMeanwhile) done.add(node)
      return admittedMeanwhile
    })
    await releaseEarly(pass)
    for (const node of new Set([...news, ...nodesBehind(pass.ledger.read)])) compareWithHead(pass, node)
    if (pass.isCancelled()) return facts
    for (const node of done) everRead.add(node)
  }
  await readAsking(pass, folders, touched, founder)
  return facts
}

function isTouched(touched: ReadonlySet<string>, names: readonly string[] | undefined): boolean {
  return names?.some((name) => touched.has(name)) === true
}

interface ListedNodes {
  /** Folder names of each node; more than one where a copy lost its capitals. */
  readonly folders: ReadonlyMap<NodeId, readonly string[]>
  readonly facts: NodesFacts
}

async function listNodes(pass: Pass): Promise<ListedNodes> {
  const listing = await pass.files.list(join(pass.folder, NODES), MOST_ENTRIES)
  const folders = new Map<NodeId, string[]>()
  let ignored = 0
  let notRead = listing?.notRead ?? 0
  for (const { name, kind } of (listing?.entries ?? []).toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
    if (kind !== 'folder') {
      ignored++
    } else if (folders.size >= MOST_NODES) {
      notRead++
    } else {
      const node = nodeOfFolderName(name) ?? (isFoldedNodeName(name) ? await nodeOfFoldedFolder(pass, name) : null)
      if (node === null) ignored++
      else if (node !== pass.self) folders.set(node, [...(folders.get(node) ?? []), name])
    }
  }
  const here = new Set([...folders.values(), [nodeFolderName(pass.self)]].flat())
  for (const name of pass.facts.keys()) if (!here.has(name)) pass.facts.delete(name)
  return { folders, facts: { ignored, notRead } }
}

/**
 * Lists all first, so that progress knows its end; then reads ahead while it appends, so that no core is idle. A first segment may admit
 * others: they are asked for after it, and read behind those without a pause. Answers of which nodes there was news.
 */
async function readNodes(
  pass: Pass,
  nodes: readonly NodeId[],
  folders: ReadonlyMap<NodeId, readonly string[]>,
  admittedMeanwhile: () => readonly NodeId[],
): Promise<readonly NodeId[]> {
  const news: NodeId[] = []
  const files = await planNodes(pass, nodes, folders, news)
  await readFiles(pass, files, () => planNodes(pass, admittedMeanwhile(), folders, news))
  // Who was told of what was read asks for it now, and is answered before the pass goes on.
  if (files.length > 0) await pass.rest()
  return news
}

/** Which segments of the nodes are to be opened; the nodes of which there is something new are added to `news`. */
async function planNodes(
  pass: Pass,
  nodes: readonly NodeId[],
  folders: ReadonlyMap<NodeId, readonly string[]>,
  news: NodeId[],
): Promise<SegmentFile[]> {
  const files: SegmentFile[] = []
  for (const node of nodes) {
    if (pass.isCancelled()) break
    for (const name of folders.get(node) ?? []) {
      const planned = await unlessFolderFails(() =>
        Promise.all([readHeadAndSeen(pass, node, name), planFeed(pass, node, name)]),
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

async function readAsking(
  pass: Pass,
  folders: ReadonlyMap<NodeId, readonly string[]>,
  touched: ReadonlySet<string> | null,
  founder: NodeId | null,
): Promise<void> {
  const admitted = admittedNodes(pass.ledger.read)
  const blocked = blockedNodes(pass.ledger.read)
  const asking = [...folders.keys()].filter((node) => !admitted.has(node) && !blocked.has(node) && node !== founder)
  for (const node of asking) {
    if (pass.isCancelled()) return
    const [name = nodeFolderName(node)] = folders.get(node) ?? []
    if (touched !== null && !touched.has(name)) continue
    await readPending(pass, node, name)
    await pass.rest()
  }
  dropPendingExcept(pass, new Set(asking))
}

// A bundle out of the ledger: chosen feeds in the exchange's own layout, with their heads and the content that their receipts name.
// It can be dropped into another Steward, or be used as an exchange folder.
import type { ContentHash, ExportWish, NodeId, ReceiptId } from '#core/contract/index.ts'
import { blobPath, heldFeeds, namedContent } from '#core/exchange/index.ts'
import { feedTailOf, receiptsOfNode, treeAt, type ReceiptRow } from '#core/ledger/index.ts'
import { PROFILE } from '#core/network/index.ts'
import { invariant } from '#core/problem/index.ts'
import { LIMITS, parseStoredLine, segmentName, signHead, signSeen } from '#core/receipts/index.ts'
import type { BundleDeps, Work } from './job-types.ts'
import type { BundleWriter } from './types.ts'

interface Exported {
  readonly nodes: number
  readonly receipts: number
  readonly contents: number
  readonly contentsMissing: number
}

/** Writes everything but the end. @throws the signal's reason where it was aborted. */
export async function exportBundle(
  deps: BundleDeps,
  wish: ExportWish,
  writer: BundleWriter,
  work: Work,
): Promise<Exported> {
  const feeds = feedsFor(deps, wish)
  const total = feeds.reduce((sum, { from, to }) => sum + to - from + 1, 0)
  const contents = new Map<ContentHash, NodeId>()
  const network = deps.network()
  if (network !== null) {
    const marker = { format: 'steward-exchange/1', network: network.id, name: network.name }
    await writer.add('steward-exchange.json', Buffer.from(`${JSON.stringify(marker)}\n`))
  }
  let receipts = 0
  for (const feed of feeds) {
    let profile: string | null = null
    for (const segment of segmentsOf(deps, feed)) {
      work.signal.throwIfAborted()
      await writer.add(`${folderOf(feed.node)}/feed/${segment.name}`, Buffer.from(`${segment.lines.join('\n')}\n`))
      receipts += segment.lines.length
      for (const content of segment.contents) contents.set(content, feed.node)
      profile = segment.profile ?? profile
      work.progress({ what: 'Writing receipts', done: Math.min(receipts, total), total, unit: 'receipts' })
      await deps.pause()
    }
    profile ??= newestProfile(deps, feed.node)
    if (profile !== null) await writer.add(`${folderOf(feed.node)}/profile.json`, Buffer.from(`${profile}\n`))
    // After what it names, here as everywhere.
    const head = headOf(deps, feed.node)
    if (head !== null) await writer.add(`${folderOf(feed.node)}/head`, Buffer.from(head))
  }
  const signing = deps.signer()
  if (signing !== null) {
    const seen = signSeen(heldFeeds(deps.ledger.read, deps.node), signing)
    await writer.add(`${folderOf(deps.node)}/seen`, Buffer.from(seen))
  }
  const written = wish.contents
    ? await writeContents(deps, contents, writer, work)
    : { contents: 0, contentsMissing: 0 }
  return { nodes: feeds.length, receipts, ...written }
}

interface Feed {
  readonly node: NodeId
  readonly from: number
  readonly to: number
}

/** The chosen feeds; for somebody who lacks part of them, from where what they said they hold ends. */
function feedsFor(deps: BundleDeps, { nodes, lackedBy }: ExportWish): readonly Feed[] {
  const { read } = deps.ledger
  const all = read.prepare<[], NodeId>('SELECT id FROM node ORDER BY id').pluck().all()
  const held = new Map(
    deps.exchange
      .knownState()
      .filter(({ holder }) => holder === lackedBy)
      .map(({ node, seq }) => [node, seq]),
  )
  return all
    .filter((node) => nodes === undefined || nodes.includes(node))
    .filter((node) => node !== lackedBy)
    .map((node) => ({ node, from: (held.get(node) ?? 0) + 1, to: feedTailOf(read, node).seq }))
    .filter(({ from, to }) => from <= to)
}

interface SegmentText {
  readonly name: string
  readonly lines: readonly string[]
  readonly contents: readonly ContentHash[]
  /** The newest profile in it. */
  readonly profile: string | null
}

/** Segments of one story each; every further story at a seq lies beside them, as a sync tool would lay a copy. */
function* segmentsOf({ ledger }: BundleDeps, { node, from, to }: Feed): Generator<SegmentText> {
  let rows: ReceiptRow[] = []
  let bytes = 0
  let seq = from - 1
  let stories = 0
  for (const row of receiptsOfNode(ledger.read, node, from, to)) {
    stories = row.seq === seq ? stories + 1 : 1
    seq = row.seq
    if (stories > 1) {
      yield segmentOf([row], ` (${stories - 1})`)
      continue
    }
    const lineBytes = Buffer.byteLength(row.line) + 1
    if (rows.length === LIMITS.segmentLines || bytes + lineBytes > LIMITS.segmentBytes) {
      yield segmentOf(rows, '')
      rows = []
      bytes = 0
    }
    rows.push(row)
    bytes += lineBytes
  }
  yield segmentOf(rows, '')
}

function segmentOf(rows: readonly ReceiptRow[], mark: string): SegmentText {
  const contents: ContentHash[] = []
  let profile: string | null = null
  for (const { line, kind } of rows) {
    if (kind === PROFILE) profile = line
    const content = line.includes('"hash":') ? namedContent(parseStoredLine(line).receipt) : null
    if (content !== null) contents.push(content)
  }
  const [first, last] = [rows.at(0), rows.at(-1)]
  invariant(first !== undefined && last !== undefined, 'a segment holds receipts')
  const name = segmentName(first.seq, last.seq).replace('.jsonl', `${mark}.jsonl`)
  return { name, lines: rows.map(({ line }) => line), contents, profile }
}

function newestProfile({ ledger }: BundleDeps, node: NodeId): string | null {
  const row = ledger.read
    .prepare<[NodeId, string], { line: string }>(`
      SELECT line FROM receipt WHERE node_key = (SELECT key FROM node WHERE id = ?) AND kind = ?
      ORDER BY seq DESC LIMIT 1
    `)
    .get(node, PROFILE)
  return row?.line ?? null
}

/** The newest head that is known; the own one is signed anew where the key is open and the feed has grown. */
function headOf({ node: self, ledger, exchange, signer, clock }: BundleDeps, node: NodeId): string | null {
  const known = exchange.headNote(node)
  const signing = node === self ? signer() : null
  if (signing === null) return known
  const tail = feedTailOf(ledger.read, node)
  const tree = treeAt(ledger.read, node, tail.seq)
  const [id]: readonly (ReceiptId | undefined)[] = tail.idsAt(tail.seq)
  if (tree === null || id === undefined) return known
  return signHead({ seq: tail.seq, id, root: tree.root(), time: clock() }, signing)
}

async function writeContents(
  deps: BundleDeps,
  contents: ReadonlyMap<ContentHash, NodeId>,
  writer: BundleWriter,
  work: Work,
): Promise<Pick<Exported, 'contents' | 'contentsMissing'>> {
  let written = 0
  let missing = 0
  for (const [hash, node] of contents) {
    work.signal.throwIfAborted()
    const isHere = await deps.blobs.has(hash)
    const name = [folderOf(node), 'blobs', ...blobPath(hash)].join('/')
    if (isHere && (await writer.addFile(name, deps.blobs.pathOf(hash)))) written++
    else missing++
    work.progress({ what: 'Copying content', done: written + missing, total: contents.size, unit: 'files' })
    await deps.pause()
  }
  return { contents: written, contentsMissing: missing }
}

/** A colon is no file name everywhere, so a node's folder has its did without `did:key:`. */
function folderOf(node: NodeId): string {
  return `nodes/${node.slice('did:key:'.length)}`
}

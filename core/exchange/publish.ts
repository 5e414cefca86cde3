// The outbox: whatever the folder lacks of the own feed is written, in order, and the head last, so that whoever sees a head may
// rely on every segment that it names. Nothing is ever written outside the own folder.
import { join } from 'node:path'
import type { ContentHash, Instant } from '#core/contract/index.ts'
import { feedTailOf, nodeKeyOf, receiptsOfNode, treeAt, treeOf, type Tx } from '#core/ledger/index.ts'
import { PROFILE as PROFILE_KIND } from '#core/network/index.ts'
import { invariant } from '#core/problem/index.ts'
import {
  LIMITS,
  parseStoredLine,
  segmentName,
  signHead,
  signSeen,
  type Signer,
  type TreeState,
} from '#core/receipts/index.ts'
import { blobPath, BLOB_LIMIT_BYTES, type BlobStore } from './blob-store.ts'
import { BLOBS, FEED, HEAD, LEAVES, nodeFolder, NODES, PROFILE, SEEN, STATE } from './exchange-paths.ts'
import type { FileStat } from './folder-adapter.ts'
import {
  folderRecord,
  forgetOwnFile,
  isMissingContent,
  NOT_WRITTEN,
  ownFiles,
  recordOwnFile,
  recordPublished,
  type OwnFile,
} from './folder-records.ts'
import { heldFeeds } from './held-feeds.ts'
import { namedContent } from './ingest.ts'
import type { Pass } from './pass.ts'
import { headOf, replaceHead } from './peer-records.ts'
import { judgeHead, judgeSeen } from './peer-files.ts'
import type { Rivals } from './rivals.ts'
import { sha256Of } from './segment.ts'
import { judgeState, stateFiles } from './state-files.ts'

/** More small segments than this are made into one: soon after a look at the whole folder, later where somebody waits. */
const MOST_SMALL_SEGMENTS = { whole: 16, quick: 256 } as const
/** A segment with fewer receipts than this is small. */
const SMALL_RECEIPTS = 1024

export interface Outbox extends Pick<Pass, 'self' | 'folder' | 'files' | 'ledger' | 'now' | 'rest' | 'verifier'> {
  readonly blobs: BlobStore
  readonly written: Written
  readonly rivals: Rivals
}

/** What this node has written into its folder, as far as it is known to lie there. */
export interface Written {
  readonly files: Map<string, OwnFile>
  /** Not in the ledger yet: a commit for each file would cost as much as the file itself. */
  readonly unrecorded: ((tx: Tx) => void)[]
  /** Up to where the own head goes; null where there is none. */
  headSeq: number | null
  /** What the newest head that was written since names: the next one goes on from it. */
  tree: TreeState | null
}

/** What the ledger says of it. */
export function writtenBefore({ ledger, self }: Pick<Pass, 'ledger' | 'self'>): Written {
  return {
    files: new Map(ownFiles(ledger.read)),
    unrecorded: [],
    headSeq: headOf(ledger.read, self)?.seq ?? null,
    tree: null,
  }
}

/** How thorough publishing is: after one more receipt was signed, what can wait waits for the next look at the folder. */
export type Thoroughness = 'quick' | 'whole'

/** Brings the own folder up to the ledger; answers how many receipts were written. Throws the system's error where it cannot. */
export async function publishAll(outbox: Outbox, signer: Signer, how: Thoroughness): Promise<number> {
  const { seq } = feedTailOf(outbox.ledger.read, outbox.self)
  try {
    const receipts = await publishFeed(outbox, signer)
    await writeProfile(outbox)
    await writeMissingContent(outbox)
    await writeSeen(outbox, signer)
    await writeState(outbox, signer)
    if (folderRecord(outbox.ledger.read)?.publishedSeq !== seq)
      outbox.written.unrecorded.push((tx) => recordPublished(tx, seq))
    flush(outbox)
    await compact(outbox, how)
    return receipts
  } finally {
    // Also after a failure: what lies in the folder need not be written again.
    flush(outbox)
  }
}

/** The feed and nothing else: segments for what the folder lacks of it, then the head. Answers how many receipts were written. */
export async function publishFeed(outbox: Outbox, signer: Signer): Promise<number> {
  const { seq } = feedTailOf(outbox.ledger.read, outbox.self)
  const segments = missingSegments(outbox, seq)
  // While the system looks at the folders, what goes into them is made.
  const looking = makeFolders(outbox)
  // Met below; until then nobody listens.
  looking.catch(() => undefined)
  const first = segments.next()
  const head = newHead(outbox, signer, seq)
  await looking
  let receipts = 0
  let newest: SegmentText | null = null
  for (let next = first; next.done !== true; next = segments.next()) {
    const segment = next.value
    if (newest !== null) {
      await writeOwn(outbox, [segmentFile(newest)])
      await outbox.rest()
    }
    await writeBlobs(outbox, segment.contents)
    newest = segment
    receipts += segment.last - segment.first + 1
  }
  await writeOwn(outbox, [...(newest === null ? [] : [segmentFile(newest)]), ...(head === null ? [] : [head])])
  return receipts
}

/** Segments for what of 1 to `seq` no own segment holds; answers how many receipts were written. */
export async function publishUpTo(outbox: Outbox, seq: number): Promise<number> {
  await makeFolders(outbox)
  let receipts = 0
  for (const segment of missingSegments(outbox, seq)) receipts += await writeSegment(outbox, segment)
  return receipts
}

/** Writes down in the ledger what was written to the folder. */
export function flush({ ledger, now, written: { unrecorded } }: Pick<Outbox, 'ledger' | 'now' | 'written'>): void {
  if (unrecorded.length === 0) return
  ledger.write(now(), (tx) => {
    for (const tell of unrecorded) tell(tx)
  })
  unrecorded.length = 0
}

async function makeFolders({ files, folder, self }: Outbox): Promise<void> {
  const own = nodeFolder(folder, self)
  const paths = [join(folder, NODES), own, join(own, FEED)]
  // Looked at each time: a link in the place of one of them would have us write elsewhere.
  const stats = await Promise.all(paths.map((path) => files.stat(path)))
  if (stats.every((stat) => stat?.kind === 'folder')) return
  for (const path of paths) await files.makeFolder(path)
}

interface Range {
  readonly first: number
  readonly last: number
}

function* missingSegments(outbox: Outbox, seq: number): Generator<SegmentText> {
  for (const { first, last } of uncovered(outbox.written.files, seq)) yield* segmentsBetween(outbox, first, last)
}

/** What of 1 to `seq` no own segment holds. */
function uncovered(files: ReadonlyMap<string, OwnFile>, seq: number): readonly Range[] {
  const ranges = segmentsOf(files).toSorted((a, b) => a.first - b.first)
  const gaps: Range[] = []
  let reached = 0
  for (const { first, last } of ranges) {
    if (first > reached + 1) gaps.push({ first: reached + 1, last: Math.min(first - 1, seq) })
    reached = Math.max(reached, last)
  }
  if (reached < seq) gaps.push({ first: reached + 1, last: seq })
  return gaps.filter(({ first, last }) => first <= last)
}

function segmentsOf(files: ReadonlyMap<string, OwnFile>): readonly (Range & { readonly path: string })[] {
  return [...files.values()].flatMap(({ path, firstSeq, lastSeq }) =>
    firstSeq === null || lastSeq === null ? [] : [{ path, first: firstSeq, last: lastSeq }],
  )
}

async function writeSegment(outbox: Outbox, segment: SegmentText): Promise<number> {
  await writeBlobs(outbox, segment.contents)
  await writeOwn(outbox, [segmentFile(segment)])
  await outbox.rest()
  return segment.last - segment.first + 1
}

function segmentFile({ first, last, text }: SegmentText): OwnFileToWrite {
  return { path: `${FEED}/${segmentName(first, last)}`, bytes: Buffer.from(text), range: { first, last } }
}

interface SegmentText extends Range {
  readonly text: string
  readonly contents: readonly ContentHash[]
}

function* segmentsBetween({ ledger, self }: Outbox, first: number, last: number): Generator<SegmentText> {
  let lines: string[] = []
  let bytes = 0
  let contents: ContentHash[] = []
  let from = first
  for (const row of receiptsOfNode(ledger.read, self, first, last)) {
    const lineBytes = Buffer.byteLength(row.line) + 1
    if (lines.length === LIMITS.segmentLines || bytes + lineBytes > LIMITS.segmentBytes) {
      yield { first: from, last: row.seq - 1, text: `${lines.join('\n')}\n`, contents }
      ;[lines, bytes, contents, from] = [[], 0, [], row.seq]
    }
    invariant(row.seq === from + lines.length, 'the own feed tells one story without gaps where it is published')
    lines.push(row.line)
    bytes += lineBytes
    const content = row.line.includes('"hash":') ? namedContent(parseStoredLine(row.line).receipt) : null
    if (content !== null) contents.push(content)
  }
  if (lines.length > 0) yield { first: from, last: from + lines.length - 1, text: `${lines.join('\n')}\n`, contents }
}

/** Content goes before the receipts that name it. */
async function writeBlobs(outbox: Outbox, contents: readonly ContentHash[]): Promise<void> {
  for (const content of new Set(contents)) {
    if (!outbox.written.files.has([BLOBS, ...blobPath(content)].join('/'))) await writeBlob(outbox, content)
  }
}

async function writeMissingContent(outbox: Outbox): Promise<void> {
  for (const file of outbox.written.files.values()) {
    // A file that was recorded as content has the hash that it was copied under.
    if (isMissingContent(file)) await writeBlob(outbox, `sha256:${file.sha256}` as ContentHash)
  }
}

/** What this node does not hold either, it cannot share. */
async function writeBlob(outbox: Outbox, content: ContentHash): Promise<void> {
  if (!(await outbox.blobs.has(content))) return
  const [fan, name] = blobPath(content)
  const folder = join(nodeFolder(outbox.folder, outbox.self), BLOBS)
  const to = join(folder, fan, name)
  await outbox.files.makeFolder(folder)
  await outbox.files.makeFolder(join(folder, fan))
  const path = [BLOBS, fan, name].join('/')
  const known = outbox.written.files.get(path)
  if (known !== undefined && (await adoptOwn(outbox, path, name, BLOB_LIMIT_BYTES))) return
  const check = { sha256: name, limitBytes: BLOB_LIMIT_BYTES }
  const { outcome } = await outbox.files.copy(outbox.blobs.pathOf(content), to, check)
  const stat = outcome === 'copied' ? await outbox.files.stat(to) : null
  // It is here, and only could not be read in this moment, or somebody took it away in the folder: the next publishing brings it.
  const isLeft = stat === null && (outcome === 'copied' || outcome === 'missing')
  if (stat !== null || isLeft) record(outbox, path, stat ?? NOT_WRITTEN, name, null)
}

async function writeProfile(outbox: Outbox): Promise<void> {
  const nodeKey = nodeKeyOf(outbox.ledger.read, outbox.self)
  if (nodeKey === null) return
  // The plus keeps SQLite on the index by kind: profiles are few, a feed may be long.
  const row = outbox.ledger.read
    .prepare<[string, number], { line: string }>(
      'SELECT line FROM receipt WHERE kind = ? AND +node_key = ? ORDER BY seq DESC LIMIT 1',
    )
    .get(PROFILE_KIND, nodeKey)
  if (row !== undefined) await writeIfNew(outbox, PROFILE, Buffer.from(`${row.line}\n`))
}

/** Whose feeds are held here and up to where: what other nodes count replication from. */
async function writeSeen(outbox: Outbox, signer: Signer): Promise<void> {
  const rows = heldFeeds(outbox.ledger.read, outbox.self)
  await writeStatement(outbox, SEEN, Buffer.from(signSeen(rows, signer)))
}

/** What is merged here, and the leaves of feeds of which others have merged another story. Leaves before the note that names them. */
async function writeState(outbox: Outbox, signer: Signer): Promise<void> {
  const { note, leaves } = stateFiles(outbox.ledger.read, signer)
  const isWritten = await writeStatement(outbox, STATE, Buffer.from(note), async () => {
    if (leaves.size > 0) await outbox.files.makeFolder(join(nodeFolder(outbox.folder, outbox.self), LEAVES))
    for (const [name, text] of leaves) await writeIfNew(outbox, `${LEAVES}/${name}`, Buffer.from(text))
  })
  if (!isWritten) return
  for (const path of outbox.written.files.keys()) {
    if (path.startsWith(`${LEAVES}/`) && !leaves.has(path.slice(LEAVES.length + 1))) await removeOwn(outbox, path)
  }
}

/** What this place says that it holds, with what must be there before it; false where it is left to another place that has this key. */
async function writeStatement(
  outbox: Outbox,
  path: typeof SEEN | typeof STATE,
  bytes: Uint8Array,
  writeFirst = async (): Promise<void> => {},
): Promise<boolean> {
  const isOthers = await isOthersStatement(outbox, path, bytes)
  if (isOthers && outbox.rivals.givesWay(path)) return false
  await writeFirst()
  await writeIfNew(outbox, path, bytes)
  if (isOthers) outbox.rivals.putBack(path)
  outbox.rivals.standsAt(path, sha256Of(bytes))
  return true
}

/** Signed with the own key, it says something else, and it was never written here. */
async function isOthersStatement(
  outbox: Outbox,
  path: typeof SEEN | typeof STATE,
  wanted: Uint8Array,
): Promise<boolean> {
  if (outbox.written.files.has(path)) return false
  const there = await outbox.files.read(ownPath(outbox, path), path === SEEN ? LIMITS.seenBytes : LIMITS.stateBytes)
  if (there === null || Buffer.from(wanted).equals(there) || outbox.rivals.isOwn(sha256Of(there))) return false
  const verdict = path === SEEN ? judgeSeen(outbox, outbox.self, there) : judgeState(outbox, outbox.self, there)
  return verdict.ok === true
}

/** Null where the one that is there will do: it is signed anew only when the feed has grown, since its time is when it did. */
function newHead(outbox: Outbox, signer: Signer, seq: number): OwnFileToWrite | null {
  const { ledger, self, written } = outbox
  if (seq === 0 || (written.files.has(HEAD) && written.headSeq === seq)) return null
  const time: Instant = outbox.now()
  const tree = treeAt(ledger.read, self, seq, written.tree)
  const [id] = feedTailOf(ledger.read, self).idsAt(seq)
  invariant(tree !== null && id !== undefined, 'the own feed tells one story where it is published')
  const bytes = Buffer.from(signHead({ seq, id, root: tree.root(), time }, signer))
  const onceWritten = () => {
    written.headSeq = seq
    written.tree = tree.state()
    written.unrecorded.push((tx) => {
      const verdict = judgeHead(outbox, self, bytes)
      invariant(verdict.ok === true, 'a head that was signed here holds')
      // The tree goes on from here next time.
      treeOf(tx, self, seq)
      replaceHead(tx, verdict.value, bytes)
    })
  }
  return { path: HEAD, bytes, range: null, onceWritten }
}

async function writeIfNew(outbox: Outbox, path: string, bytes: Uint8Array): Promise<void> {
  const known = outbox.written.files.get(path)
  const sha256 = sha256Of(bytes)
  if (known?.sha256 === sha256) return
  if (known === undefined && (await adoptOwn(outbox, path, sha256, bytes.length))) return
  await writeOwn(outbox, [{ path, bytes, range: null }])
}

/**
 * True where these very bytes lie there already: another place that has this key, or an earlier life, wrote them. Once more would only
 * change their time, and where two places do so never end.
 */
async function adoptOwn(outbox: Outbox, path: string, sha256: string, limitBytes: number): Promise<boolean> {
  const to = ownPath(outbox, path)
  // Looked at before it is read: what is written in between is found by the next look.
  const stat = await outbox.files.stat(to)
  if (stat?.kind !== 'file' || stat.sizeBytes > limitBytes) return false
  const there = await outbox.files.read(to, limitBytes)
  if (there === null || sha256Of(there) !== sha256) return false
  record(outbox, path, stat, sha256, null)
  return true
}

interface OwnFileToWrite {
  readonly path: string
  readonly bytes: Uint8Array
  /** Null for files that are no segments. */
  readonly range: Range | null
  readonly onceWritten?: () => void
}

/** Writes them in this order. */
async function writeOwn(outbox: Outbox, files: readonly OwnFileToWrite[]): Promise<void> {
  await outbox.files.writeInOrder(files.map(({ path, bytes }) => ({ path: ownPath(outbox, path), bytes })))
  const stats = await Promise.all(files.map(({ path }) => outbox.files.stat(ownPath(outbox, path))))
  for (const [index, { path, bytes, range, onceWritten }] of files.entries()) {
    onceWritten?.()
    const stat = stats[index] ?? null
    // If somebody took it away in this very moment, the next check writes it again.
    if (stat !== null) record(outbox, path, stat, sha256Of(bytes), range)
  }
}

async function removeOwn(outbox: Outbox, path: string): Promise<void> {
  await outbox.files.remove(ownPath(outbox, path))
  outbox.written.files.delete(path)
  outbox.written.unrecorded.push((tx) => forgetOwnFile(tx, path))
}

function ownPath({ folder, self }: Pick<Outbox, 'folder' | 'self'>, path: string): string {
  return join(nodeFolder(folder, self), ...path.split('/'))
}

/** A file of this content lies in the own folder now; the ledger is told with the next `flush`. */
export function record(
  { written }: Pick<Outbox, 'written'>,
  path: string,
  stat: FileStat,
  sha256: string,
  range: Range | null,
): void {
  const { sizeBytes, mtimeNs } = stat
  const [firstSeq, lastSeq] = range === null ? [null, null] : [range.first, range.last]
  written.files.set(path, { path, sizeBytes, mtimeNs, sha256, firstSeq, lastSeq })
  written.unrecorded.push((tx) => recordOwnFile(tx, path, stat, sha256, range))
}

/** One segment for many small ones: the new one is whole in the folder before the first old one goes. */
async function compact(outbox: Outbox, how: Thoroughness): Promise<void> {
  const { files } = outbox.written
  const small = segmentsOf(files)
    .filter(({ first, last }) => last - first + 1 < SMALL_RECEIPTS)
    .toSorted((a, b) => a.first - b.first)
  if (small.length > MOST_SMALL_SEGMENTS[how]) {
    for (const run of runsOf(small)) {
      for (const segment of segmentsBetween(outbox, run.first, run.last)) await writeSegment(outbox, segment)
    }
    flush(outbox)
  }
  for (const path of supersededIn(files)) await removeOwn(outbox, path)
}

/** Ranges that follow each other without a gap, joined; single segments are left as they are. */
function runsOf(segments: readonly Range[]): readonly Range[] {
  const runs: { first: number; last: number; count: number }[] = []
  for (const { first, last } of segments) {
    const run = runs.at(-1)
    if (run !== undefined && first <= run.last + 1) {
      run.last = Math.max(run.last, last)
      run.count++
    } else {
      runs.push({ first, last, count: 1 })
    }
  }
  return runs.filter(({ count }) => count > 1)
}

/** Own segments whose whole range another, larger one holds: left by a compaction, or by a crash in one. */
function supersededIn(files: ReadonlyMap<string, OwnFile>): readonly string[] {
  const segments = segmentsOf(files)
  return segments
    .filter((small) =>
      segments.some((large) => large.path !== small.path && large.first <= small.first && large.last >= small.last),
    )
    .map(({ path }) => path)
}

// The outbox: whatever the folder lacks of the own feed is written, in order, and the head last, so that whoever sees a head may
// rely on every segment that it names. Nothing is ever written outside the own folder.
import { join } from 'node:path'
import type { ContentHash, Instant } from '#core/contract/index.ts'
import { feedTailOf, nodeKeyOf, receiptsOfNode, treeAt, treeOf, type ReadDb, type Tx } from '#core/ledger/index.ts'
import { PROFILE as PROFILE_KIND } from '#core/network/index.ts'
import { invariant } from '#core/problem/index.ts'
import {
  LIMITS,
  parseStoredLine,
  segmentName,
  signHead,
  signSeen,
  type SeenRow,
  type Signer,
} from '#core/receipts/index.ts'
import { blobPath, BLOB_LIMIT_BYTES, type BlobStore } from './blob-store.ts'
import { BLOBS, FEED, HEAD, LEAVES, nodeFolder, NODES, PROFILE, SEEN, STATE } from './exchange-paths.ts'
import type { FileStat } from './folder-adapter.ts'
import {
  folderRecord,
  forgetOwnFile,
  isMissingContent,
  ownFiles,
  recordOwnFile,
  recordPublished,
  type OwnFile,
} from './folder-records.ts'
import { namedContent } from './ingest.ts'
import type { Pass } from './pass.ts'
import { headOf, replaceHead } from './peer-records.ts'
import { judgeHead } from './peer-files.ts'
import { sha256Of } from './segment.ts'
import { stateFiles } from './state-files.ts'

/** More small segments than this are made into one: soon after a look at the whole folder, later where somebody waits. */
const MOST_SMALL_SEGMENTS = { whole: 16, quick: 256 } as const
/** A segment with fewer receipts than this is small. */
const SMALL_RECEIPTS = 1024

export interface Outbox extends Pick<Pass, 'self' | 'folder' | 'files' | 'ledger' | 'now' | 'rest' | 'verifier'> {
  readonly blobs: BlobStore
  /** Written to the folder, not to the ledger yet: a commit for each file would cost as much as the file itself. */
  readonly unrecorded: ((tx: Tx) => void)[]
}

/** How thorough publishing is: after one more receipt was signed, what can wait waits for the next look at the folder. */
export type Thoroughness = 'quick' | 'whole'

/** Brings the own folder up to the ledger; answers how many receipts were written. Throws the system's error where it cannot. */
export async function publishAll(outbox: Outbox, signer: Signer, how: Thoroughness): Promise<number> {
  const { seq } = feedTailOf(outbox.ledger.read, outbox.self)
  const files = ownFiles(outbox.ledger.read)
  try {
    const written = await publishUpTo(outbox, seq)
    await writeHead(outbox, signer, seq, files)
    await writeProfile(outbox, files)
    await writeMissingContent(outbox, files)
    await writeSeen(outbox, signer, files)
    await writeState(outbox, signer, files)
    if (folderRecord(outbox.ledger.read)?.publishedSeq !== seq) outbox.unrecorded.push((tx) => recordPublished(tx, seq))
    flush(outbox)
    await compact(outbox, how)
    return written
  } finally {
    // Also after a failure: what lies in the folder need not be written again.
    flush(outbox)
  }
}

/** Segments for what of 1 to `seq` no own segment holds; answers how many receipts were written. */
export async function publishUpTo(outbox: Outbox, seq: number): Promise<number> {
  const files = ownFiles(outbox.ledger.read)
  await makeFolders(outbox)
  let written = 0
  for (const gap of uncovered(files, seq)) written += await writeRange(outbox, gap.first, gap.last, files)
  return written
}

/** Writes down in the ledger what was written to the folder. */
export function flush({ ledger, now, unrecorded }: Outbox): void {
  if (unrecorded.length === 0) return
  ledger.write(now(), (tx) => {
    for (const record of unrecorded) record(tx)
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

async function writeRange(
  outbox: Outbox,
  first: number,
  last: number,
  files: ReadonlyMap<string, OwnFile>,
): Promise<number> {
  let written = 0
  for (const segment of segmentsBetween(outbox.ledger.read, outbox, first, last)) {
    await writeBlobs(outbox, segment.contents, files)
    await writeOwn(outbox, `${FEED}/${segmentName(segment.first, segment.last)}`, Buffer.from(segment.text), segment)
    written += segment.last - segment.first + 1
    await outbox.rest()
  }
  return written
}

interface SegmentText extends Range {
  readonly text: string
  readonly contents: readonly ContentHash[]
}

function* segmentsBetween(db: ReadDb, { self }: Outbox, first: number, last: number): Generator<SegmentText> {
  let lines: string[] = []
  let bytes = 0
  let contents: ContentHash[] = []
  let from = first
  for (const row of receiptsOfNode(db, self, first, last)) {
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
async function writeBlobs(
  outbox: Outbox,
  contents: readonly ContentHash[],
  files: ReadonlyMap<string, OwnFile>,
): Promise<void> {
  for (const content of new Set(contents)) {
    if (!files.has([BLOBS, ...blobPath(content)].join('/'))) await writeBlob(outbox, content)
  }
}

async function writeMissingContent(outbox: Outbox, files: ReadonlyMap<string, OwnFile>): Promise<void> {
  for (const file of files.values()) {
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
  const check = { sha256: name, limitBytes: BLOB_LIMIT_BYTES }
  const copied = await outbox.files.copy(outbox.blobs.pathOf(content), to, check)
  const stat = copied.outcome === 'copied' ? await outbox.files.stat(to) : null
  if (stat !== null) outbox.unrecorded.push((tx) => recordOwnFile(tx, [BLOBS, fan, name].join('/'), stat, name, null))
}

async function writeProfile(outbox: Outbox, files: ReadonlyMap<string, OwnFile>): Promise<void> {
  const nodeKey = nodeKeyOf(outbox.ledger.read, outbox.self)
  if (nodeKey === null) return
  // The plus keeps SQLite on the index by kind: profiles are few, a feed may be long.
  const row = outbox.ledger.read
    .prepare<[string, number], { line: string }>(
      'SELECT line FROM receipt WHERE kind = ? AND +node_key = ? ORDER BY seq DESC LIMIT 1',
    )
    .get(PROFILE_KIND, nodeKey)
  if (row !== undefined) await writeIfNew(outbox, PROFILE, Buffer.from(`${row.line}\n`), files)
}

/** Whose feeds are held here and up to where: what other nodes count replication from. */
async function writeSeen(outbox: Outbox, signer: Signer, files: ReadonlyMap<string, OwnFile>): Promise<void> {
  const nodes = outbox.ledger.read
    .prepare<[string], SeenRow['node']>('SELECT id FROM node WHERE id <> ? ORDER BY id')
    .pluck()
    .all(outbox.self)
  const rows = nodes.flatMap((node): SeenRow[] => {
    const tail = feedTailOf(outbox.ledger.read, node)
    const [id] = tail.idsAt(tail.seq)
    return id === undefined ? [] : [{ node, seq: tail.seq, id }]
  })
  await writeIfNew(outbox, SEEN, Buffer.from(signSeen(rows, signer)), files)
}

/** What is merged here, and the leaves of feeds of which others have merged another story. Leaves before the note that names them. */
async function writeState(outbox: Outbox, signer: Signer, files: ReadonlyMap<string, OwnFile>): Promise<void> {
  const { note, leaves } = stateFiles(outbox.ledger.read, signer)
  if (leaves.size > 0) await outbox.files.makeFolder(join(nodeFolder(outbox.folder, outbox.self), LEAVES))
  for (const [name, text] of leaves) await writeIfNew(outbox, `${LEAVES}/${name}`, Buffer.from(text), files)
  await writeIfNew(outbox, STATE, Buffer.from(note), files)
  for (const { path } of files.values()) {
    if (!path.startsWith(`${LEAVES}/`) || leaves.has(path.slice(LEAVES.length + 1))) continue
    await outbox.files.remove(join(nodeFolder(outbox.folder, outbox.self), ...path.split('/')))
    outbox.unrecorded.push((tx) => forgetOwnFile(tx, path))
  }
}

/** Signed anew only when the feed has grown: its time is when it did. */
async function writeHead(
  outbox: Outbox,
  signer: Signer,
  seq: number,
  files: ReadonlyMap<string, OwnFile>,
): Promise<void> {
  if (seq === 0 || (files.has(HEAD) && headOf(outbox.ledger.read, outbox.self)?.seq === seq)) return
  const time: Instant = outbox.now()
  const { ledger, self } = outbox
  const tree = treeAt(ledger.read, self, seq)
  const [id] = feedTailOf(ledger.read, self).idsAt(seq)
  invariant(tree !== null && id !== undefined, 'the own feed tells one story where it is published')
  const bytes = Buffer.from(signHead({ seq, id, root: tree.root(), time }, signer))
  await writeOwn(outbox, HEAD, bytes, null)
  const verdict = judgeHead(outbox, self, bytes)
  invariant(verdict.ok === true, 'a head that was signed here holds')
  outbox.unrecorded.push((tx) => {
    // The tree goes on from here next time.
    treeOf(tx, self, seq)
    replaceHead(tx, verdict.value, bytes)
  })
}

async function writeIfNew(
  outbox: Outbox,
  path: string,
  bytes: Uint8Array,
  files: ReadonlyMap<string, OwnFile>,
): Promise<void> {
  if (files.get(path)?.sha256 !== sha256Of(bytes)) await writeOwn(outbox, path, bytes, null)
}

async function writeOwn(outbox: Outbox, path: string, bytes: Uint8Array, range: Range | null): Promise<void> {
  const to = join(nodeFolder(outbox.folder, outbox.self), ...path.split('/'))
  await outbox.files.write(to, bytes)
  const stat: FileStat | null = await outbox.files.stat(to)
  // If somebody took it away in this very moment, the next check writes it again.
  if (stat === null) return
  outbox.unrecorded.push((tx) => recordOwnFile(tx, path, stat, sha256Of(bytes), range))
}

/** One segment for many small ones: the new one is whole in the folder before the first old one goes. */
async function compact(outbox: Outbox, how: Thoroughness): Promise<void> {
  const files = ownFiles(outbox.ledger.read)
  const small = segmentsOf(files)
    .filter(({ first, last }) => last - first + 1 < SMALL_RECEIPTS)
    .toSorted((a, b) => a.first - b.first)
  if (small.length > MOST_SMALL_SEGMENTS[how]) {
    for (const run of runsOf(small)) await writeRange(outbox, run.first, run.last, files)
    flush(outbox)
  }
  for (const path of supersededIn(ownFiles(outbox.ledger.read))) {
    await outbox.files.remove(join(nodeFolder(outbox.folder, outbox.self), ...path.split('/')))
    outbox.unrecorded.push((tx) => forgetOwnFile(tx, path))
  }
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

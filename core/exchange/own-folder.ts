// The own folder as it lies in the exchange, read back before anything is written: after a restore it may hold more of the own
// feed than this ledger does, and somebody may have changed or deleted what was written. Only what is the same counts as published.
import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { feedTailOf, forkSeqOf, nodeKeyOf, receiptsOfNode, treeOf } from '#core/ledger/index.ts'
import { LIMITS, type VerifiedHead } from '#core/receipts/index.ts'
import { causes, type Cause } from './causes.ts'
import { BLOBS, FEED, HEAD, isTemporary, nodeFolder, nodeFolderName } from './exchange-paths.ts'
import type { FileStat } from './folder-adapter.ts'
import {
  forgetOwnFile,
  ownFileAt,
  ownFiles,
  recordMissingContent,
  recordOwnFile,
  type OwnFile,
} from './folder-records.ts'
import { isSameFile } from './inbox-files.ts'
import { inParallel, type Pass } from './pass.ts'
import { judgeHead } from './peer-files.ts'
import { headOf, recordHead, sayingsAbout } from './peer-records.ts'
import { planFeed, type SegmentFile } from './plan-feed.ts'
import { sha256Of } from './segment.ts'
import { openSegment, takeSegment } from './take-segment.ts'

/** Own blobs looked at in one check; the others have their turn in the next ones. */
const BLOBS_LOOKED_AT = 500

/** Why nothing may be published now, or null. Throws the system's error where the own folder cannot be read. */
export async function checkOwnFolder(
  pass: Pass,
  fromBlob: string,
): Promise<{ readonly stop: Cause | null; readonly nextBlob: string }> {
  const head = await readOwnHead(pass)
  await readBackFeed(pass)
  if (head !== null) adoptHead(pass, head)
  const nextBlob = await forgetWhatChanged(pass, fromBlob)
  return { stop: whyNotPublish(pass), nextBlob }
}

export function whyNotPublish(pass: Pick<Pass, 'ledger' | 'self'>): Cause | null {
  if (ownForkSeq(pass) !== null) return causes.ownFeedForked
  return isOwnHeadAhead(pass) ? causes.ownHeadAhead : null
}

/** The first seq at which the own feed tells two stories; null while it tells one. */
export function ownForkSeq({ ledger, self }: Pick<Pass, 'ledger' | 'self'>): number | null {
  const nodeKey = nodeKeyOf(ledger.read, self)
  return nodeKey === null ? null : forkSeqOf(ledger.read, nodeKey)
}

/** The own head in the folder, which only the own key can have signed, names receipts that are not here. */
function isOwnHeadAhead({ ledger, self }: Pick<Pass, 'ledger' | 'self'>): boolean {
  const head = headOf(ledger.read, self)
  return head !== null && head.seq > Math.max(feedTailOf(ledger.read, self).seq, lostHeadSeq(ledger.read))
}

/** Up to where a steward declared the own feed lost; 0 where never. */
export function lostHeadSeq(db: Pass['ledger']['read']): number {
  return db.prepare<[], { seq: number }>('SELECT seq FROM exchange_lost_head').get()?.seq ?? 0
}

export function declareLost({ ledger, self, now }: Pick<Pass, 'ledger' | 'self' | 'now'>): void {
  ledger.write(now(), (tx) => {
    const named = [headOf(tx, self)?.seq ?? 0, ...sayingsAbout(tx, self).map(({ seq }) => seq)]
    tx.prepare<[number], never>(
      'INSERT INTO exchange_lost_head (only, seq) VALUES (1, ?) ON CONFLICT (only) DO UPDATE SET seq = max(seq, excluded.seq)',
    ).run(Math.max(...named))
  })
}

interface OwnHead {
  readonly head: VerifiedHead
  readonly bytes: Uint8Array
  readonly stat: FileStat
}

/** The head in the own folder; null where none holds. Throws the system's error where the folder does not answer. */
export async function readOwnHead(pass: Pass): Promise<OwnHead | null> {
  const path = join(nodeFolder(pass.folder, pass.self), HEAD)
  const stat = await pass.files.stat(path)
  const bytes = await pass.files.read(path, LIMITS.headBytes)
  const verdict = bytes === null ? null : judgeHead(pass, pass.self, bytes)
  if (stat === null || bytes === null || verdict?.ok !== true) return null
  const head = verdict.value
  const known = headOf(pass.ledger.read, pass.self)
  if (known === null || known.seq < head.seq) pass.ledger.write(pass.now(), (tx) => void recordHead(tx, head, bytes))
  return { head, bytes, stat }
}

/**
 * A head that another place with this key signed, or this node in an earlier life, is as good as one signed here where it says the same of
 * the same feed: of two places the later one's stays, or each would go on putting its own in the place of the other's.
 */
function adoptHead(pass: Pass, { head, bytes, stat }: OwnHead): void {
  const { read } = pass.ledger
  const sha256 = sha256Of(bytes)
  const written = ownFileAt(read, HEAD)
  if (written !== null && written.sha256 === sha256 && isSameFile(written, stat)) return
  const tail = feedTailOf(read, pass.self)
  const known = headOf(read, pass.self)
  const isNewest = known === null || known.seq < head.seq || (known.seq === head.seq && known.time <= head.time)
  if (!isNewest || head.seq !== tail.seq || !tail.idsAt(head.seq).includes(head.id)) return
  pass.ledger.write(pass.now(), (tx) => {
    const tree = treeOf(tx, pass.self, head.seq)
    if (tree === null || !Buffer.from(tree.root()).equals(head.root)) return
    recordHead(tx, head, bytes)
    recordOwnFile(tx, HEAD, stat, sha256, null)
  })
}

/** Own segments that are not as they were written are read like a peer's: whatever they prove is kept. */
async function readBackFeed(pass: Pass): Promise<void> {
  const written = ownFiles(pass.ledger.read)
  const name = nodeFolderName(pass.self)
  const asWritten = (file: SegmentFile) => {
    const own = written.get(ownPathOf(file))
    return own !== undefined && isSameFile(own, file.stat)
  }
  const files = (await planFeed(pass, pass.self, name)).filter((file) => !asWritten(file))
  for (const [index, file] of files.entries()) {
    if (pass.isCancelled()) return
    pass.progress(index, files.length)
    const reading = await openSegment(pass, file)
    await takeSegment(pass, file, reading)
    const isWhole = reading.result === 'read' && reading.refused.length === 0 && reading.deferred === 0
    if (isWhole) adopt(pass, file, reading.sha256)
  }
}

/**
 * It holds what this ledger holds: as good as written by this node, which it was, in an earlier life. Byte for byte: a receipt that is
 * known is known by its id, which says nothing of the signature, and whoever does not know it yet would stop at one that fell over.
 */
function adopt(pass: Pass, file: SegmentFile, sha256: string): void {
  if (feedTailOf(pass.ledger.read, pass.self).seq < file.range.last) return
  if (ownPathOf(file) !== `${FEED}/${file.range.first}-${file.range.last}.jsonl`) return
  if (sha256 !== sha256InLedger(pass, file.range)) return
  pass.ledger.write(pass.now(), (tx) => recordOwnFile(tx, ownPathOf(file), file.stat, sha256, file.range))
}

/** Of the bytes that this node would write for the range, in hex. */
function sha256InLedger({ ledger, self }: Pass, { first, last }: SegmentFile['range']): string {
  const digest = createHash('sha256')
  for (const { line } of receiptsOfNode(ledger.read, self, first, last)) digest.update(`${line}\n`)
  return digest.digest('hex')
}

function ownPathOf(file: SegmentFile): string {
  return file.path.split('/').slice(2).join('/')
}

/** Forgets own files that somebody deleted or changed, so that they are written again. Answers where to go on with blobs. */
async function forgetWhatChanged(pass: Pass, fromBlob: string): Promise<string> {
  const files = [...ownFiles(pass.ledger.read).values()]
  const blobs = files.filter(({ path }) => path.startsWith(`${BLOBS}/`) && path > fromBlob).toSorted(byPath)
  const looked = blobs.slice(0, BLOBS_LOOKED_AT)
  const folder = nodeFolder(pass.folder, pass.self)
  const checked = [...files.filter(({ path }) => !path.startsWith(`${BLOBS}/`)), ...looked]
  const stats = await inParallel(checked, STATS_AT_ONCE, ({ path }) =>
    pass.files.stat(join(folder, ...path.split('/'))),
  )
  const looksChanged = (file: OwnFile, index: number) => {
    const stat = stats[index] ?? null
    return stat?.kind !== 'file' || !isSameFile(file, stat)
  }
  const changed = [
    ...checked.filter(looksChanged),
    ...(await rotten(
      pass,
      checked.filter((file, index) => !file.path.startsWith(`${BLOBS}/`) && !looksChanged(file, index)),
    )),
  ]
  if (changed.length > 0) {
    pass.ledger.write(pass.now(), (tx) => {
      for (const { path } of changed) {
        if (path.startsWith(`${BLOBS}/`)) recordMissingContent(tx, path)
        else forgetOwnFile(tx, path)
      }
    })
  }
  return blobs.length > looked.length ? (looked.at(-1)?.path ?? '') : ''
}

const STATS_AT_ONCE = 32

/**
 * Those of the files whose bytes are not as they were written, though size and time are: a bit that fell over, or a tool that keeps
 * times. Some are read in each look, from another place on each time; only who owns a file can put it right.
 */
async function rotten(pass: Pass, files: readonly OwnFile[]): Promise<readonly OwnFile[]> {
  const from = files.length === 0 ? 0 : Date.parse(pass.now()) % files.length
  const found: OwnFile[] = []
  let bytesRead = 0
  for (const file of [...files.slice(from), ...files.slice(0, from)].slice(0, FILES_READ)) {
    if (bytesRead > BYTES_READ || pass.isCancelled()) break
    const path = join(nodeFolder(pass.folder, pass.self), ...file.path.split('/'))
    const bytes = await pass.files.read(path, LIMITS.segmentBytes)
    if (bytes !== null && sha256Of(bytes) !== file.sha256) found.push(file)
    bytesRead += bytes?.length ?? 0
  }
  return found
}

/** Own files that are read in one look. */
const FILES_READ = 64
const BYTES_READ = 4 * 1024 * 1024

function byPath(a: OwnFile, b: OwnFile): number {
  return a.path < b.path ? -1 : 1
}

/** What an interrupted write left behind in the own folder. */
export async function removeLeftovers(pass: Pass): Promise<void> {
  const folder = nodeFolder(pass.folder, pass.self)
  for (const sub of [folder, join(folder, FEED)]) {
    const listing = await pass.files.list(sub, LEFTOVERS_LOOKED_FOR)
    for (const { name, kind } of listing?.entries ?? []) {
      if (kind === 'file' && isTemporary(name)) await pass.files.remove(join(sub, name))
    }
  }
}

const LEFTOVERS_LOOKED_FOR = 10_000

// Which segments of a node must be opened, and what else lies in its folder. Names and times only; nothing is read.
import { join } from 'node:path'
import type { Instant, NodeId } from '#core/contract/index.ts'
import { feedTailOf } from '#core/ledger/index.ts'
import { LIMITS, parseSegmentName, type SegmentRange } from '#core/receipts/index.ts'
import { shareOf } from './early-receipts.ts'
import {
  BLOBS,
  FEED,
  HEAD,
  isTemporary,
  LEAVES,
  meaningOf,
  NODES,
  PROFILE,
  SEEN,
  STATE,
  type EntryMeaning,
} from './exchange-paths.ts'
import type { FileStat, FolderListing } from './folder-adapter.ts'
import { keepNotes, notesDiffer, type FolderNote, type NotedFolder } from './folder-notes.ts'
import { forgetFile, inboxFilesOf, isFinal, isSuspect, needsReading, type InboxFile } from './inbox-files.ts'
import { inParallel, type FolderFacts, type Pass } from './pass.ts'
import { headOf } from './peer-records.ts'
import { clearRefusals, hasRefusedKnown, refusedFilesIn } from './quarantine.ts'

/** Entries of one folder that are looked at. */
export const MOST_ENTRIES = 100_000
const STATS_AT_ONCE = 32
/** Files of one node that are suspect and that are read again in one full rescan; the others have their turn in the next ones. */
const SUSPECTS_READ = 16
/** Files of one node that are listed one by one; the others are counted. */
const MOST_NOTES = 1_000

/** A segment file that is to be opened. */
export interface SegmentFile {
  readonly node: NodeId
  /** Relative to the exchange, with `/`. */
  readonly path: string
  readonly range: SegmentRange
  readonly stat: FileStat
  /** A moment before `stat` was asked for. */
  readonly lookedAt: Instant
  readonly before: InboxFile | undefined
  readonly settled: readonly string[]
}

/**
 * Lists a node's folder and says which segments must be read, in the order of the feed. `besides` are other folders of this node, as a copy
 * that lost its capitals makes them.
 */
export async function planFeed(
  pass: Pass,
  node: NodeId,
  folderName: string,
  besides: readonly string[] = [],
): Promise<readonly SegmentFile[]> {
  const root = await pass.files.list(join(pass.folder, NODES, folderName), MOST_ENTRIES)
  const hasFeed = root?.entries.some(({ name, kind }) => name === FEED && kind === 'folder') === true
  const feed = hasFeed ? await pass.files.list(join(pass.folder, NODES, folderName, FEED), MOST_ENTRIES) : null
  const listed = [...sort(root, '', [HEAD, PROFILE, SEEN, STATE, LEAVES, FEED, BLOBS]), ...sort(feed, `${FEED}/`, [])]
  const before = inboxFilesOf(pass.ledger.read, node)
  const isHeadOfAnother = (headOf(pass.ledger.read, node)?.mismatch ?? null) !== null
  const lookedAt = pass.now()
  const stats = await statAll(pass, folderName, listed)

  const files: SegmentFile[] = []
  const suspects: (SegmentFile & { readonly before: InboxFile })[] = []
  const facts = { ignored: 0, placeholders: 0, conflictCopies: 0, notRead: (root?.notRead ?? 0) + (feed?.notRead ?? 0) }
  const share = shareOf(pass.ledger.read, node, 'waiting')
  const hasRoom = share.receipts < LIMITS.waitingReceiptsPerNode / 2 && share.bytes < LIMITS.waitingBytesPerNode / 2
  const notes: FolderNote[] = []
  for (const [index, { name, meaning }] of listed.entries()) {
    const path = [NODES, folderName, name].join('/')
    const stat = stats[index] ?? null
    if (meaning.is === 'foreign') facts.ignored++
    if (meaning.is === 'placeholder' || (stat !== null && isPlaceholder(stat, pass.reportsBlocks))) {
      facts.placeholders++
      notes.push({ path, outcome: 'placeholder', detail: 'The sync tool has not downloaded this file.', node })
      continue
    }
    if (meaning.is === 'conflict-copy') {
      facts.conflictCopies++
      notes.push({
        path,
        outcome: 'conflict-copy',
        detail: `A sync tool put it beside ${meaning.of} because it saw two versions. It is judged by its signatures, like any file.`,
        node,
      })
    }
    const range = meaning.is === 'segment' || meaning.is === 'conflict-copy' ? meaning.range : null
    if (range === null || stat?.kind !== 'file') continue
    const known = before.get(path)
    if (!needsReading(known, stat, { hasRoom, isFull: pass.isFull })) {
      if (known !== undefined && isSuspect(known, isHeadOfAnother)) {
        suspects.push({
          node,
          path,
          range,
          stat,
          lookedAt,
          before: known,
          settled: settledHashes(pass, known, undefined),
        })
      }
      continue
    }
    const original =
      meaning.is === 'conflict-copy' ? before.get([NODES, folderName, FEED, meaning.of].join('/')) : undefined
    files.push({ node, path, range, stat, lookedAt, before: known, settled: settledHashes(pass, known, original) })
  }
  if (pass.isFull) files.push(...suspects.sort(byLastRead).slice(0, SUSPECTS_READ))
  pass.facts.set(folderName, facts satisfies FolderFacts)
  noteListing(
    pass,
    { node, besides: besides.map((name) => [NODES, name, ''].join('/')) },
    notes.slice(0, MOST_NOTES),
    listed.length > 0 ? missingFiles(before, folderName, listed, root, feed) : [],
  )
  if (pass.isFull && root?.notRead === 0 && feed?.notRead === 0) clearReplaced(pass, node, folderName, listed)
  return files.sort(
    (a, b) => a.range.first - b.range.first || b.range.last - a.range.last || (a.path < b.path ? -1 : 1),
  )
}

function byLastRead(
  one: { readonly path: string; readonly before: InboxFile },
  other: { readonly path: string; readonly before: InboxFile },
): number {
  if (one.before.lastSeen !== other.before.lastSeen) return one.before.lastSeen < other.before.lastSeen ? -1 : 1
  return one.path < other.path ? -1 : 1
}

interface Listed {
  readonly name: string
  readonly meaning: EntryMeaning
}

function sort(listing: FolderListing | null, prefix: string, ours: readonly string[]): readonly Listed[] {
  return (listing?.entries ?? [])
    .filter(({ name }) => !isTemporary(name))
    .map((entry) => ({ name: prefix + entry.name, meaning: inPlace(meaningOf(entry, ours), prefix) }))
    .filter(({ name, meaning }) => meaning.is !== 'ours' || SMALL_FILES.includes(name))
}

/** A segment outside `feed` is none. */
function inPlace(meaning: EntryMeaning, prefix: string): EntryMeaning {
  const isSegment = meaning.is === 'segment' || (meaning.is === 'conflict-copy' && meaning.range !== null)
  return isSegment && prefix === '' ? { is: 'foreign' } : meaning
}

const SMALL_FILES: readonly string[] = [HEAD, PROFILE, SEEN, STATE]

/** Only of what may be ours: a folder full of foreign files costs its listing and nothing more. */
async function statAll(pass: Pass, folderName: string, listed: readonly Listed[]): Promise<(FileStat | null)[]> {
  return inParallel(listed, STATS_AT_ONCE, async ({ name, meaning }) => {
    if (meaning.is === 'foreign' || meaning.is === 'placeholder') return null
    // What cannot be looked at now is looked at in the next rescan.
    return pass.files.stat(join(pass.folder, NODES, folderName, name)).catch(() => null)
  })
}

function isPlaceholder(stat: FileStat, reportsBlocks: boolean): boolean {
  return stat.kind === 'file' && (stat.sizeBytes === 0 || (reportsBlocks && stat.blocks === 0))
}

// The same bytes under another time (a drive with other time zones) or another name need not be judged twice, however they were judged;
// only where what was refused has come by another way since they are, and stand better then.
function settledHashes(pass: Pass, known: InboxFile | undefined, original: InboxFile | undefined): string[] {
  const standsBetter = (file: InboxFile) =>
    ['refused', 'stopped'].includes(file.state) && hasRefusedKnown(pass.ledger.read, file.path)
  const own = known !== undefined && isFinal(known) && !standsBetter(known) ? [known] : []
  const beside = original?.state === 'done' ? [original] : []
  return [...own, ...beside].flatMap(({ sha256 }) => (sha256 === null ? [] : [sha256]))
}

function missingFiles(
  before: ReadonlyMap<string, InboxFile>,
  folderName: string,
  listed: readonly Listed[],
  root: FolderListing | null,
  feed: FolderListing | null,
): string[] {
  if (root === null || root.notRead > 0 || (feed?.notRead ?? 0) > 0) return []
  const here = new Set(listed.map(({ name }) => [NODES, folderName, name].join('/')))
  const prefix = [NODES, folderName, ''].join('/')
  return [...before.keys()].filter((path) => path.startsWith(prefix) && !here.has(path))
}

// Whoever owns a feed makes a few segments into one: what was wrong with a file that gave way to another is over once its receipts are here.
function clearReplaced(pass: Pass, node: NodeId, folderName: string, listed: readonly Listed[]): void {
  const folder = [NODES, folderName, FEED].join('/')
  const refused = refusedFilesIn(pass.ledger.read, folder)
  if (refused.size === 0) return
  const here = new Set(listed.map(({ name }) => [NODES, folderName, name].join('/')))
  const { seq } = feedTailOf(pass.ledger.read, node)
  const replaced = [...refused].filter((path) => {
    const range = here.has(path) ? null : parseSegmentName(path.slice(folder.length + 1))
    return range !== null && range.last <= seq
  })
  if (replaced.length === 0) return
  pass.ledger.write(pass.now(), (tx) => {
    for (const path of replaced) clearRefusals(tx, { path, stands: () => false })
  })
}

function noteListing(pass: Pass, folder: NotedFolder, notes: readonly FolderNote[], missing: readonly string[]): void {
  if (!notesDiffer(pass.ledger.read, folder, notes) && missing.length === 0) return
  pass.ledger.write(pass.now(), (tx) => {
    keepNotes(tx, folder, notes)
    for (const path of missing) forgetFile(tx, path)
  })
}

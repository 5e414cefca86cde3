// The files of interest in a node directory, in one order on every machine: folder by folder, names by code point.
import { compareCodePoints } from './code-points.ts'
import { joined } from './directory.ts'
import type { DirectoryReader } from './directory.ts'
import { finding } from './finding.ts'
import type { Finding } from './finding.ts'
import { LEDGER_INDEX, LEDGER_STATE } from './hash-ledger.ts'
import { TEOF_LIMITS } from './limits.ts'
import { ARCHIVE_FOLDER, REPORT_FOLDER } from './recognise.ts'

export type Walked =
  /** `isLedgerState`: the state.json of a hash-ledger; where ledgers are merely ahead of one another, it differs and is no conflict. */
  | { readonly type: 'file'; readonly path: string; readonly isLedgerState: boolean }
  /** A folder that holds a hash-ledger. */
  | { readonly type: 'hash-ledger'; readonly folder: string }
  /** Something that was passed over, and why. */
  | { readonly type: 'finding'; readonly finding: Finding }

export interface WalkOptions {
  /** Also what lies in `_apoptosis`. */
  readonly withArchive: boolean
}

/** Every receipt file `_report/…/*.json`, one by one, without holding more than one folder's names. */
export async function* walkReceipts(reader: DirectoryReader, options: WalkOptions): AsyncGenerator<Walked> {
  yield* walkFolder(reader, REPORT_FOLDER, 1, options)
}

async function* walkFolder(
  reader: DirectoryReader,
  folder: string,
  depth: number,
  options: WalkOptions,
): AsyncGenerator<Walked> {
  const listing = await reader.list(folder, TEOF_LIMITS.folderEntries)
  if (listing.outcome === 'failed') yield notRead(folder, `nothing could be read: ${listing.why}`)
  if (listing.outcome !== 'listed') return
  if (listing.notRead > 0) yield notRead(folder, `${listing.notRead} more entries were not read`)
  const isLedger = [LEDGER_INDEX, LEDGER_STATE].every((wanted) =>
    listing.entries.some(({ name, kind }) => name === wanted && kind === 'file'),
  )
  if (isLedger) yield { type: 'hash-ledger', folder }
  for (const { name, kind } of listing.entries.toSorted((a, b) => compareCodePoints(a.name, b.name))) {
    const path = joined(folder, name)
    if (name === ARCHIVE_FOLDER && !options.withArchive) continue
    if (path.length > TEOF_LIMITS.pathCharacters)
      yield notRead(folder, 'a name was not read, since its path is too long')
    else if (kind === 'folder' && depth >= TEOF_LIMITS.folderDepth)
      yield notRead(path, 'nothing was read, since it lies too deep')
    else if (kind === 'folder') yield* walkFolder(reader, path, depth + 1, options)
    else if (!name.endsWith('.json')) continue
    else if (kind === 'file') yield { type: 'file', path, isLedgerState: isLedger && name === LEDGER_STATE }
    else yield linkNotFollowed(path, kind)
  }
}

function notRead(path: string, what: string): Walked {
  return {
    type: 'finding',
    finding: finding(
      'not-read',
      path,
      `In ${path}, ${what}.`,
      'Make it readable, or split it, and read the node again.',
    ),
  }
}

function linkNotFollowed(path: string, kind: 'link' | 'other'): Walked {
  return {
    type: 'finding',
    finding: finding(
      'link-not-followed',
      path,
      `${path} is ${kind === 'link' ? 'a link' : 'no plain file'}, and was not opened.`,
      'Put the file itself there, if it is part of the node’s evidence.',
    ),
  }
}

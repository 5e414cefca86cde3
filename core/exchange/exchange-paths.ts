// Names in the shared folder. What a name says is a hint where to look; what is in a file is judged by its signatures.
import { join } from 'node:path'
import { NodeId } from '#core/contract/index.ts'
import { parseSegmentName, type SegmentRange } from '#core/receipts/index.ts'
import type { FolderEntry } from './folder-adapter.ts'

export const MARKER = 'steward-exchange.json'
export const NODES = 'nodes'
export const HEAD = 'head'
export const PROFILE = 'profile.json'
export const SEEN = 'seen'
export const STATE = 'state'
export const LEAVES = 'leaves'
export const FEED = 'feed'
export const BLOBS = 'blobs'

/** A colon is no file name everywhere, so a node's folder has its did without `did:key:`. */
export function nodeFolderName(node: NodeId): string {
  return node.slice(DID.length)
}

export function nodeFolder(exchange: string, node: NodeId): string {
  return join(exchange, NODES, nodeFolderName(node))
}

/** The node that a folder's name names; null for a name that is none of ours. */
export function nodeOfFolderName(name: string): NodeId | null {
  const node = NodeId.safeParse(`${DID}${name}`)
  return node.success ? node.data : null
}

/** A node's folder whose name lost its capitals on the way (FAT, some sync tools): its head says which node it is. */
export function isFoldedNodeName(name: string): boolean {
  return /^z6mk[1-9a-z]{44}$/i.test(name) && nodeOfFolderName(name) === null
}

export type EntryMeaning =
  | { readonly is: 'segment'; readonly range: SegmentRange }
  /** Made by a sync tool that thought two writers met. `of` is the name that it stands beside. */
  | { readonly is: 'conflict-copy'; readonly of: string; readonly range: SegmentRange | null }
  /** Stands for a file that the sync tool has not downloaded. */
  | { readonly is: 'placeholder'; readonly of: string }
  | { readonly is: 'ours' }
  | { readonly is: 'foreign' }

/** What an entry of a node's folder (or of its `feed`) is by its name and kind. Names compare in NFC: macOS hands out NFD. */
export function meaningOf(entry: FolderEntry, ours: readonly string[]): EntryMeaning {
  const name = entry.name.normalize('NFC')
  if (ours.includes(name)) return { is: 'ours' }
  if (entry.kind !== 'file') return { is: 'foreign' }
  const range = parseSegmentName(name)
  if (range !== null) return { is: 'segment', range }
  if (PLACEHOLDER.test(name)) {
    const of = name.replace(PLACEHOLDER, '$1$2')
    return ours.includes(of) || parseSegmentName(of) !== null ? { is: 'placeholder', of } : { is: 'foreign' }
  }
  const copy = originalOfCopy(name)
  if (copy === null) return { is: 'foreign' }
  const copiedRange = parseSegmentName(copy)
  return copiedRange !== null || ours.includes(copy)
    ? { is: 'conflict-copy', of: copy, range: copiedRange }
    : { is: 'foreign' }
}

/** True for what our own atomic writing leaves when it is interrupted. */
export function isTemporary(name: string): boolean {
  return name.startsWith('.') && name.endsWith('.tmp')
}

const DID = 'did:key:'

// iCloud hides `.name.icloud`; others append their own ending to a file without content.
const PLACEHOLDER = /^\.(.+)\.icloud$|^(.+)\.dropbox$/

// Syncthing; Dropbox, in every wording around "conflicted copy"; Google Drive, browsers and Finder: " (1)".
const COPY_MARKS = [
  /\.sync-conflict-\d{8}-\d{6}-[A-Z0-9]{7}/g,
  / \([^)]*conflicted copy[^)]*\)/gi,
  / \([^)]*case conflict[^)]*\)/gi,
  / \(\d{1,3}\)/g,
]

/** Also of the copy of a copy: it may be all that is left of what the file held. */
function originalOfCopy(name: string): string | null {
  const original = COPY_MARKS.reduce((rest, mark) => rest.replace(mark, ''), name)
  return original === name ? null : original
}

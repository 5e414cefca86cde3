// Which folders are TEOF nodes: any that has a `_report` folder, itself or a few folders below what was given.
import { compareCodePoints } from './code-points.ts'
import { joined, readerBelow } from './directory.ts'
import type { DirectoryReader } from './directory.ts'

export interface NodeDirectory {
  /** The origin: the folder's name, unique among the nodes that were found together. */
  readonly label: string
  /** The folder's own name, also where the label was numbered. */
  readonly name: string
  /** Where it lies below what was given; '' for the folder itself. */
  readonly folder: string
  readonly reader: DirectoryReader
}

export type Recognised =
  | { readonly outcome: 'nodes'; readonly nodes: readonly NodeDirectory[]; readonly foldersNotLookedAt: number }
  /** `remedy` says what to give instead. */
  | { readonly outcome: 'none'; readonly happened: string; readonly remedy: string }

/** Finds the node directories in a folder of the given name. */
export async function recogniseNodes(reader: DirectoryReader, name: string): Promise<Recognised> {
  const search = new Search(reader)
  await search.lookAt('', 0)
  if (search.found.length === 0) return nothingFound(name)
  const nameOf = (folder: string) => (folder === '' ? name : lastPart(folder))
  const labels = uniqueLabels(search.found.map((folder) => ({ label: nameOf(folder), place: folder })))
  const nodes = search.found.map((folder, index) => ({
    label: labels[index] ?? folder,
    name: cleanLabel(nameOf(folder)),
    folder,
    reader: readerBelow(reader, folder),
  }))
  return { outcome: 'nodes', nodes, foldersNotLookedAt: search.foldersNotLookedAt }
}

/**
 * Labels for origins, in the order given, none equal to another also where case is not told apart. Of equal ones the first by `place`
 * keeps the name and the others are numbered, whatever order they come in; so no origin overwrites another.
 */
export function uniqueLabels(wanted: readonly { readonly label: string; readonly place: string }[]): readonly string[] {
  const order = wanted
    .map((one, index) => ({ index, place: one.place, label: cleanLabel(one.label) }))
    .toSorted((a, b) => compareCodePoints(a.place, b.place) || compareCodePoints(a.label, b.label) || a.index - b.index)
  const taken = new Set<string>()
  const given = new Map<number, string>()
  // Names that stand alone first: `x (2)` may be a folder's own name.
  const counts = new Map<string, number>()
  for (const { label } of order) counts.set(folded(label), (counts.get(folded(label)) ?? 0) + 1)
  for (const { index, label } of order) {
    if (counts.get(folded(label)) !== 1) continue
    taken.add(folded(label))
    given.set(index, label)
  }
  for (const { index, label } of order) {
    if (given.has(index)) continue
    let candidate = label
    for (let number = 2; taken.has(folded(candidate)); number++) candidate = `${label} (${number})`
    taken.add(folded(candidate))
    given.set(index, candidate)
  }
  return wanted.map((_, index) => given.get(index) ?? '')
}

export const REPORT_FOLDER = '_report'
/** TEOF's archive: what lies there is put aside. */
export const ARCHIVE_FOLDER = '_apoptosis'

const LOOKED_AT_DEPTH = 4
const LOOKED_AT_FOLDERS = 2_000
const LISTED_ENTRIES = 100_000
const LABEL_CHARACTERS = 100

class Search {
  readonly found: string[] = []
  foldersNotLookedAt = 0
  readonly #reader: DirectoryReader
  #lookedAt = 0

  constructor(reader: DirectoryReader) {
    this.#reader = reader
  }

  /** What lies below a node belongs to that node. */
  async lookAt(folder: string, depth: number): Promise<void> {
    if (++this.#lookedAt > LOOKED_AT_FOLDERS) {
      this.foldersNotLookedAt++
      return
    }
    const listing = await this.#reader.list(folder, LISTED_ENTRIES)
    if (listing.outcome === 'failed') this.foldersNotLookedAt++
    if (listing.outcome !== 'listed') return
    const folders = listing.entries.filter(({ kind }) => kind === 'folder').map(({ name }) => name)
    if (folders.includes(REPORT_FOLDER)) {
      this.found.push(folder)
      return
    }
    if (depth === LOOKED_AT_DEPTH) return
    for (const name of folders.toSorted(compareCodePoints))
      if (!isPutAside(name)) await this.lookAt(joined(folder, name), depth + 1)
  }
}

function isPutAside(name: string): boolean {
  return name.startsWith('.') || name === ARCHIVE_FOLDER || name === 'node_modules'
}

function nothingFound(name: string): Recognised {
  if (name === REPORT_FOLDER)
    return {
      outcome: 'none',
      happened: `This is the “${REPORT_FOLDER}” folder of a node, without its keys, plans and anchors.`,
      remedy: 'Give the folder that contains it.',
    }
  return {
    outcome: 'none',
    happened: `“${cleanLabel(name)}” holds no TEOF node: neither it nor a folder in it has a “${REPORT_FOLDER}” folder.`,
    remedy: `Give a node directory, or a folder whose folders are node directories.`,
  }
}

function cleanLabel(label: string): string {
  const clean = label
    .normalize('NFC')
    // Control characters and what turns the direction of writing: a label stands in sentences and file names.
    .replaceAll(/[\p{Cc}\p{Cf}\p{Cs}]/gu, '')
    .trim()
  return clean === '' ? 'node' : Array.from(clean).slice(0, LABEL_CHARACTERS).join('')
}

function folded(label: string): string {
  return label.toLowerCase()
}

function lastPart(folder: string): string {
  return folder.slice(folder.lastIndexOf('/') + 1)
}

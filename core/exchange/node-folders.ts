// What lies in `nodes`. Whoever may write there makes as many folders with as good names as they like, without a key. So a node that is
// known is looked up by its name, whatever else lies there; what is only counted against a limit is the rest.
import { join } from 'node:path'
import type { Instant, NodeId } from '#core/contract/index.ts'
import { codeOf } from '#core/problem/index.ts'
import { isFoldedNodeName, nodeFolderName, nodeOfFolderName, NODES } from './exchange-paths.ts'
import { inParallel, type FolderFacts, type Pass } from './pass.ts'
import { nodeOfFoldedFolder } from './peer-files.ts'
import { MOST_ENTRIES } from './plan-feed.ts'

/** Folders of one node whose names differ in capitals only; there is one where no harm is meant. */
const MOST_SPELLINGS = 8
const STATS_AT_ONCE = 32
/** After so many folders others have their turn. */
const STATS_TOGETHER = 512

/** A folder with the name of a node; `node` is null where the name lost its capitals, so that only a head can say whose it is. */
export interface NamedFolder {
  readonly name: string
  readonly node: NodeId | null
}

/** The folders of nodes as one pass finds them. */
export class NodeFolders {
  /** What is no folder of a node by its kind or name. */
  readonly ignored: number
  /** Entries that the listing leaves out: any could be a node's. */
  readonly notListed: number
  readonly #pass: Pass
  /** By name in small letters, each in the order of the names. */
  readonly #named: ReadonlyMap<string, readonly NamedFolder[]>
  readonly #found = new Map<NodeId, readonly string[]>()

  private constructor(
    pass: Pass,
    named: ReadonlyMap<string, readonly NamedFolder[]>,
    { ignored, notListed }: { readonly ignored: number; readonly notListed: number },
  ) {
    this.#pass = pass
    this.#named = named
    this.ignored = ignored
    this.notListed = notListed
  }

  /** Throws the system's error where `nodes` itself cannot be listed. */
  static async list(pass: Pass): Promise<NodeFolders> {
    const listing = await pass.files.list(join(pass.folder, NODES), MOST_ENTRIES)
    const named: NamedFolder[] = []
    let ignored = 0
    for (const { name, kind } of listing?.entries ?? []) {
      const node = kind === 'folder' ? nodeOfFolderName(name) : null
      if (node !== null || (kind === 'folder' && isFoldedNodeName(name))) named.push({ name, node })
      else ignored++
    }
    named.sort((a, b) => (a.name < b.name ? -1 : 1))
    const notListed = listing?.notRead ?? 0
    if (notListed === 0) forgetFactsExcept(pass, new Set(named.map(({ name }) => name)))
    const bySmallLetters = Map.groupBy(named, ({ name }) => name.toLowerCase())
    return new NodeFolders(pass, bySmallLetters, { ignored, notListed })
  }

  /** Folder names of a node: none, one, or more where a copy lost its capitals. */
  async namesOf(node: NodeId): Promise<readonly string[]> {
    const found = this.#found.get(node) ?? (await this.#lookUp(node))
    this.#found.set(node, found)
    return found
  }

  async #lookUp(node: NodeId): Promise<readonly string[]> {
    const exact = nodeFolderName(node)
    const listed = this.#spellingsOf(exact)
    const names = listed.includes(exact) || (await this.#isThere(exact)) ? [exact] : []
    const folded = listed.filter((name) => nodeOfFolderName(name) === null)
    if (names.length === 0) {
      for (const name of [exact.toLowerCase(), exact.toUpperCase()])
        if (!folded.includes(name) && (await this.#isThere(name))) folded.push(name)
    }
    for (const name of folded) if ((await this.nodeOf({ name, node: null })) === node) names.push(name)
    return names
  }

  /** First as it is, then as some drive or tool would spell it; beyond the limit nothing is looked at. */
  #spellingsOf(exact: string): readonly string[] {
    const listed = new Set((this.#named.get(exact.toLowerCase()) ?? []).map(({ name }) => name))
    const usual = [exact, exact.toLowerCase(), exact.toUpperCase()].filter((name) => listed.has(name))
    const spellings = [...new Set([...usual, ...listed])]
    for (const name of spellings.slice(MOST_SPELLINGS)) this.#pass.facts.set(name, NOBODYS)
    return spellings.slice(0, MOST_SPELLINGS)
  }

  /** Only where the listing is not whole does a name that it lacks say nothing. A drive that cannot answer now is asked again when it is read. */
  async #isThere(name: string): Promise<boolean> {
    if (this.notListed === 0) return false
    try {
      const isFolder = (await this.#pass.files.stat(join(this.#pass.folder, NODES, name)))?.kind === 'folder'
      if (!isFolder) this.#pass.facts.delete(name)
      return isFolder
    } catch (error) {
      if (codeOf(error) === null) throw error
      return true
    }
  }

  /** The node of a folder; null, and counted as ignored, where the name lost its capitals and no head says whose it is. */
  async nodeOf({ name, node }: NamedFolder): Promise<NodeId | null> {
    const found = node ?? (await nodeOfFoldedFolder(this.#pass, name))
    if (found === null) this.#pass.facts.set(name, NOBODYS)
    else if (this.#pass.facts.get(name) === NOBODYS) this.#pass.facts.delete(name)
    return found
  }

  /** Folders that are of none of these nodes, whatever they are. */
  others(than: Iterable<NodeId>): readonly NamedFolder[] {
    const known = new Set([...than].map((node) => nodeFolderName(node).toLowerCase()))
    return [...this.#named].flatMap(([name, folders]) => (known.has(name) ? [] : folders))
  }

  /** Those among `folders` in which there is an entry of the name and kind, for one look at each. */
  async holding(
    folders: readonly NamedFolder[],
    name: string,
    kind: 'file' | 'folder',
  ): Promise<readonly NamedFolder[]> {
    const { files, folder: exchange, isCancelled, rest } = this.#pass
    const holding: NamedFolder[] = []
    for (let at = 0; at < folders.length && !isCancelled(); at += STATS_TOGETHER) {
      if (at > 0) await rest()
      const some = folders.slice(at, at + STATS_TOGETHER)
      const kinds = await inParallel(some, STATS_AT_ONCE, async (folder) => {
        // What cannot be looked at now is looked at in the next rescan.
        const stat = await files.stat(join(exchange, NODES, folder.name, name)).catch(() => null)
        return stat?.kind
      })
      holding.push(...some.filter((_, index) => kinds[index] === kind))
    }
    return holding
  }
}

/**
 * At most so many of them. Where there are more, the clock says with which to begin: who fills the folder does not choose who is never
 * looked at.
 */
export function inTurn<T>(all: readonly T[], most: number, now: Instant): readonly T[] {
  if (all.length <= most) return all
  const start = Date.parse(now) % all.length
  return [...all.slice(start), ...all.slice(0, start)].slice(0, most)
}

const NOBODYS: FolderFacts = { ignored: 1, placeholders: 0, conflictCopies: 0, notRead: 0 }

function forgetFactsExcept(pass: Pass, listed: ReadonlySet<string>): void {
  const own = nodeFolderName(pass.self)
  for (const name of pass.facts.keys()) if (name !== own && !listed.has(name)) pass.facts.delete(name)
}

// Which origin a directory is. A folder's name says little: two nodes may call theirs the same, and neither may take the other's place.
// So a label that is known already is only taken again by a directory whose anchors go on from what stands under it, or lead there.
import type { Json } from '#core/contract/index.ts'
import { invariant, StewardError } from '#core/problem/index.ts'
import { sha256Id } from '#core/receipts/index.ts'
import { ORIGIN_LISTS, OriginBody, standingImports, standingOrigin, type OriginLists } from '#core/reconcile/index.ts'
import {
  ANCHORS_PATH,
  finding,
  TEOF_LIMITS,
  type DirectoryReader,
  type Finding,
  type NodeFacts,
} from '#core/teof/index.ts'
import { anchorLists } from './describe-origin.ts'
import type { ImportedDirectory, ImportingNode } from './types.ts'

export interface FoundDirectory extends ImportedDirectory {
  readonly facts: NodeFacts
}

export interface LabelledDirectory {
  readonly label: string
  readonly reader: DirectoryReader
  readonly facts: NodeFacts
  /** Why it is called otherwise than its folder. */
  readonly renamed: Finding | null
}

/** In the order given. @throws StewardError LABEL_TWICE where a steward gave one label to several directories. */
export async function settleLabels(
  node: ImportingNode,
  directories: readonly FoundDirectory[],
): Promise<readonly LabelledDirectory[]> {
  const labels = new Labels(node)
  for (const directory of directories) if (directory.isGiven === true) labels.give(directory)
  // Whoever is known by its own label keeps it, before others look for theirs.
  for (const directory of directories) await labels.recognise(directory, [directory.label])
  for (const directory of directories) await labels.recognise(directory, candidates(directory))
  for (const directory of directories) labels.giveFree(directory)
  const labelled: LabelledDirectory[] = []
  for (const directory of directories) {
    const { label: wished, reader, facts } = directory
    const label = labels.of(directory)
    const standing = label === wished ? 'itself' : await standingAs(node, directory, wished)
    labelled.push({ label, reader, facts, renamed: renamed(wished, label, standing) })
  }
  return labelled
}

class Labels {
  readonly #node: ImportingNode
  readonly #labels = new Map<FoundDirectory, string>()
  /** Labels are told apart without case. */
  readonly #taken = new Set<string>()

  constructor(node: ImportingNode) {
    this.#node = node
  }

  of(directory: FoundDirectory): string {
    const label = this.#labels.get(directory)
    invariant(label !== undefined, 'every directory has got a label')
    return label
  }

  give(directory: FoundDirectory): void {
    if (this.#isTaken(directory.label)) throw givenTwice(directory.label)
    this.#set(directory, directory.label)
  }

  /** Gives it the first of the labels under which it stands already. */
  async recognise(directory: FoundDirectory, labels: Iterable<string>): Promise<void> {
    if (this.#labels.has(directory)) return
    for (const label of labels) {
      if (this.#isTaken(label)) continue
      const standing = await standingAs(this.#node, directory, label)
      if (standing === 'itself') return this.#set(directory, label)
      // Numbers are given one after the other: behind a free one there is nothing.
      if (standing === 'unknown' && label !== directory.label) return
    }
  }

  giveFree(directory: FoundDirectory): void {
    if (this.#labels.has(directory)) return
    const { ledger, node } = this.#node
    for (const label of candidates(directory)) {
      if (this.#isTaken(label) || standingOrigin(ledger.read, node, label).length > 0) continue
      return this.#set(directory, label)
    }
  }

  #set(directory: FoundDirectory, label: string): void {
    this.#labels.set(directory, label)
    this.#taken.add(label.toLowerCase())
  }

  #isTaken(label: string): boolean {
    return this.#taken.has(label.toLowerCase())
  }
}

/** Without end, in the order in which they are given: as many are known or taken as somebody imported. */
function* candidates({ label, name = label }: FoundDirectory): Generator<string, void, void> {
  yield label
  if (name !== label) yield name
  for (let number = 2; ; number++) yield `${name} (${number})`
}

/** What a directory is to the one that was imported under a label. */
type Standing = 'unknown' | 'itself' | 'other anchors' | 'other content'

async function standingAs(node: ImportingNode, directory: FoundDirectory, label: string): Promise<Standing> {
  const statements = standingOrigin(node.ledger.read, node.node, label)
  if (statements.length === 0) return 'unknown'
  const { anchors } = directory.facts
  const here = anchors === null ? NO_LISTS : anchorLists(anchors)
  const known = statements.map((statement) => OriginBody.parse(statement).anchors.lists)
  if (!known.some((lists) => leadsTo(lists, here) || leadsTo(here, lists))) return 'other anchors'
  // Where only one of the two has anchors, these say nothing: then what else is there has to.
  const saysNothing = known.every((lists) => isEmpty(lists) !== isEmpty(here))
  return saysNothing && (await isAllDifferent(node, directory, label)) ? 'other content' : 'itself'
}

const NO_LISTS: OriginLists = { events: [], anchors: [], releases: [], scope: [] }

/** Each hash covers everything before it, so the last one, found in the other list, is a common beginning. */
function leadsTo(earlier: OriginLists, later: OriginLists): boolean {
  return ORIGIN_LISTS.every((name) => {
    const tip = earlier[name].at(-1)
    return tip === undefined || later[name].includes(tip)
  })
}

function isEmpty(lists: OriginLists): boolean {
  return ORIGIN_LISTS.every((name) => lists[name].length === 0)
}

/** Fewer files than this may all have changed from one import to the next. */
const COMPARED_AT_LEAST = 3
const COMPARED_AT_MOST = 64

/** None of the files that stand under the label is in the directory as it was. */
async function isAllDifferent(
  { ledger, node }: ImportingNode,
  { reader }: FoundDirectory,
  label: string,
): Promise<boolean> {
  let compared = 0
  for (const { subject, bodies } of standingImports(ledger.read, node, label)) {
    const hashes = new Set(bodies.map(rawHashOf).filter((hash) => hash !== null))
    if (subject === ANCHORS_PATH || hashes.size === 0) continue
    const read = await reader.read(subject, TEOF_LIMITS.jsonBytes)
    if (read.outcome === 'read' && hashes.has(sha256Id(read.bytes))) return false
    if (++compared === COMPARED_AT_MOST) break
  }
  return compared >= COMPARED_AT_LEAST
}

function rawHashOf({ content }: { readonly [key: string]: Json }): string | null {
  const isNamed = typeof content === 'object' && content !== null && 'hash' in content
  return isNamed && typeof content['hash'] === 'string' ? content['hash'] : null
}

function renamed(wished: string, label: string, standing: Standing): Finding | null {
  const why = WHY_RENAMED[standing]
  if (why === null) return null
  return finding(
    'another-node',
    '',
    `Another directory named ${wished} was imported before; ${why}, so this one is called ${label}.`,
    `If it is the same node after all, say so: steward import --node "${wished}=<folder>".`,
  )
}

const WHY_RENAMED: Readonly<Record<Standing, string | null>> = {
  unknown: null,
  itself: null,
  'other anchors': 'the anchors of this one do not continue it',
  'other content': 'nothing that stood in it is in this one',
}

function givenTwice(label: string): StewardError {
  return new StewardError({
    code: 'LABEL_TWICE',
    happened: `“${label}” was given to several directories.`,
    kept: 'Nothing was read or signed.',
    remedy: 'Give each directory a label of its own; capital and small letters are not told apart.',
  })
}

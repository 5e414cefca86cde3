// The work of one thread on one batch of paths: read, judge, count, and print the lines that the outputs are made of.
import type { SignatureChecker } from '#core/teof/index.ts'
import { checkArtifact } from './check-artifact.ts'
import { checkLedgers, isLedgerState } from './check-ledger.ts'
import { itemEntry, pathEntry, type ItemEntry } from './entries.ts'
import { gatherPath, KeptBytes, type GatheredPath } from './gather-path.ts'
import { groupsIn, type PathBatch } from './groups.ts'
import { judgePath, type PathFacts } from './judge-path.ts'
import { patternsOf } from './patterns.ts'
import { LineBytes } from './line-bytes.ts'
import type { FileReader } from './read-file-adapter.ts'
import { indented, isReferencePath, referenceSignature, referenceVariants } from './reference-entries.ts'
import { countPath, emptyTally, type Tally } from './tally.ts'
import { ITEM_SEVERITY, type ItemKind, type JudgedPath, type Rules, type SourceNode } from './types.ts'

/** Plain data: it is handed to each thread once. */
export interface WorkSetting {
  readonly rules: Rules
  readonly nodes: readonly SourceNode[]
  readonly checkSignatures: boolean
  readonly format: 'steward' | 'reference'
}

export interface BatchOrder {
  readonly batch: PathBatch
  /** For the lines of the answer: those of an earlier one, so that nothing is cloned or thrown away. May be too few. */
  readonly rooms: readonly ArrayBuffer[]
  /** Kinds of which the summary shows all that it may; an order made earlier may not know of one yet. */
  readonly full: readonly ItemKind[]
}

/**
 * The lists are lines with commas between, as UTF-8: an answer waits for those before it, and as text it would outlive the nursery,
 * so that memory grew with the number of receipts.
 */
export interface BatchAnswer {
  readonly ledger: Uint8Array<ArrayBuffer>
  readonly conflicts: Uint8Array<ArrayBuffer>
  readonly notices: Uint8Array<ArrayBuffer>
  /** The reference format's signature results, by node; empty in Steward's own. */
  readonly signatures: readonly Uint8Array<ArrayBuffer>[]
  /** Paths and conflicts that the reference format counts. */
  readonly referencePaths: number
  readonly referenceConflicts: number
  readonly tally: Tally
  /** The first items of each kind, for the summary. */
  readonly shown: readonly ItemEntry[]
  /** The first conflicts of the reference format, for its summary. */
  readonly shownReference: readonly string[]
}

export type Work = (order: BatchOrder) => BatchAnswer

/** What the lines of an answer lie in, to be given to the next order once they are written. */
export function roomsOf({ ledger, conflicts, notices, signatures }: BatchAnswer): ArrayBuffer[] {
  return [ledger, conflicts, notices, ...signatures].map(({ buffer }) => buffer)
}

export interface WorkDeps {
  readonly reader: FileReader
  readonly checker: SignatureChecker
}

export function createWork(setting: WorkSetting, { reader, checker }: WorkDeps): Work {
  const { rules, nodes } = setting
  const patterns = patternsOf(rules)
  const gathering = { nodes, reader, checker: setting.checkSignatures ? checker : null, kept: new KeptBytes() }
  return ({ batch, rooms, full }) => {
    const lines =
      setting.format === 'steward'
        ? new StewardLines(rules, rooms, full)
        : new ReferenceLines(rules, rooms, full, setting.checkSignatures)
    const tally = emptyTally(nodes.length)
    for (const group of groupsIn(batch)) {
      const gathered = gatherPath(group, gathering)
      const judged = judgePath(withChecks(group.path, gathered, setting, reader), rules, patterns)
      countPath(tally, judged)
      lines.add(judged, gathered)
    }
    return { ...lines.answer(), tally }
  }
}

/** So many items of each kind are shown in the summary. */
export const SHOWN_OF_A_KIND = 20

type Lines = Omit<BatchAnswer, 'tally'>

/** The first items of each kind. */
class ShownItems {
  readonly entries: ItemEntry[] = []
  readonly #byKind: Map<ItemKind, number>

  constructor(full: readonly ItemKind[]) {
    this.#byKind = new Map(full.map((kind) => [kind, SHOWN_OF_A_KIND]))
  }

  takes(kind: ItemKind): boolean {
    return (this.#byKind.get(kind) ?? 0) < SHOWN_OF_A_KIND
  }

  add(entry: ItemEntry): void {
    if (!this.takes(entry.kind)) return
    this.#byKind.set(entry.kind, (this.#byKind.get(entry.kind) ?? 0) + 1)
    this.entries.push(entry)
  }
}

class StewardLines {
  readonly #rules: Rules
  readonly #ledger: LineBytes
  readonly #conflicts: LineBytes
  readonly #notices: LineBytes
  readonly #shown: ShownItems

  constructor(rules: Rules, [ledger, conflicts, notices]: readonly ArrayBuffer[], full: readonly ItemKind[]) {
    this.#rules = rules
    this.#ledger = new LineBytes(ledger)
    this.#conflicts = new LineBytes(conflicts)
    this.#notices = new LineBytes(notices)
    this.#shown = new ShownItems(full)
  }

  add(judged: JudgedPath): void {
    this.#ledger.add(JSON.stringify(pathEntry(judged, this.#rules)))
    for (const item of judged.items) {
      const entry = itemEntry(item, judged, this.#rules)
      const list = ITEM_SEVERITY[item.kind] > 1 ? this.#conflicts : this.#notices
      list.add(JSON.stringify(entry))
      this.#shown.add(entry)
    }
  }

  answer(): Lines {
    return {
      ledger: this.#ledger.bytes(),
      conflicts: this.#conflicts.bytes(),
      notices: this.#notices.bytes(),
      signatures: [],
      referencePaths: 0,
      referenceConflicts: 0,
      shown: this.#shown.entries,
      shownReference: [],
    }
  }
}

/** That tool lists this many conflicts in its summary. */
const SHOWN_REFERENCE = 10

class ReferenceLines {
  readonly #rules: Rules
  readonly #withSignatures: boolean
  readonly #ledger: LineBytes
  readonly #conflicts: LineBytes
  readonly #notices: LineBytes
  readonly #signatures: readonly LineBytes[]
  /** Its files have no place for these; who asked for them is told all the same. */
  readonly #shown: ShownItems
  readonly #shownConflicts: string[] = []

  constructor(rules: Rules, rooms: readonly ArrayBuffer[], full: readonly ItemKind[], withSignatures: boolean) {
    const [ledger, conflicts, notices, ...signatures] = rooms
    this.#rules = rules
    this.#ledger = new LineBytes(ledger)
    this.#conflicts = new LineBytes(conflicts)
    // That format has none.
    this.#notices = new LineBytes(notices)
    this.#shown = new ShownItems(full)
    this.#withSignatures = withSignatures
    this.#signatures = rules.labels.map((_, node) => new LineBytes(signatures[node]))
  }

  add(judged: JudgedPath, { modifiedMs }: GatheredPath): void {
    const { path, claims } = judged
    for (const item of judged.items)
      if (this.#shown.takes(item.kind)) this.#shown.add(itemEntry(item, judged, this.#rules))
    if (!isReferencePath(path) || claims.length === 0) return
    const { labels, requireSignatures } = this.#rules
    const variants = referenceVariants(claims, labels, modifiedMs)
    this.#ledger.add(indented({ path, variants }, 2))
    if (variants.length > 1) {
      this.#conflicts.add(indented({ path, variant_count: variants.length, variants }, 1))
      if (this.#shownConflicts.length < SHOWN_REFERENCE)
        this.#shownConflicts.push(
          `- ${path} → ${variants.length} variants (${variants.map(({ nodes }) => nodes.join('/')).join(', ')})\n`,
        )
    }
    if (!this.#withSignatures) return
    for (const { node, file } of claims)
      this.#signatures[node]?.add(
        indented(referenceSignature(path, labels[node] ?? '', file.envelope, requireSignatures), 4),
      )
  }

  answer(): Lines {
    return {
      ledger: this.#ledger.bytes(),
      conflicts: this.#conflicts.bytes(),
      notices: this.#notices.bytes(),
      signatures: this.#signatures.map((of) => of.bytes()),
      referencePaths: this.#ledger.count,
      referenceConflicts: this.#conflicts.count,
      shown: this.#shown.entries,
      shownReference: this.#shownConflicts,
    }
  }
}

/** What a file says about other files of its node. */
function withChecks(
  path: string,
  { claims, findings }: GatheredPath,
  { nodes }: WorkSetting,
  reader: FileReader,
): PathFacts {
  const more = [...findings]
  for (const { node, file } of claims) {
    const folder = nodes[node]?.folder
    if (file.artifact === null || folder === undefined) continue
    const found = checkArtifact(folder, path, file.artifact, reader)
    if (found !== null) more.push({ node, finding: found })
  }
  if (!isLedgerState(path)) return { path, claims, findings: more, ahead: null }
  const holders = claims.map(({ node }) => node)
  const ledgers = checkLedgers(path, holders, nodes, reader)
  return { path, claims, findings: [...more, ...ledgers.findings], ahead: ledgers.ahead }
}

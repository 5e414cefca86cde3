// The work of one thread on one batch of paths: read, judge, count, and print the lines that the outputs are made of.
import type { SignatureChecker } from '#core/teof/index.ts'
import { checkArtifact } from './check-artifact.ts'
import { checkLedgers, isLedgerState } from './check-ledger.ts'
import { itemEntry, pathEntry, type ItemEntry } from './entries.ts'
import { gatherPath, KeptBytes, type GatheredPath } from './gather-path.ts'
import { groupsIn, type PathBatch } from './groups.ts'
import { judgePath, type PathFacts } from './judge-path.ts'
import { patternsOf } from './patterns.ts'
import { LineBytes, LINE_SEPARATOR } from './line-bytes.ts'
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

export interface BatchAnswer {
  /** Lines of the ledger with commas between, as UTF-8: most of an answer, and so not text that lives until the batch is done. */
  readonly ledger: Uint8Array<ArrayBuffer>
  /** Of the conflicts and of the notices likewise. */
  readonly conflicts: string
  readonly notices: string
  /** The reference format's signature results, by node; empty in Steward's own. */
  readonly signatures: readonly string[]
  /** Paths and conflicts that the reference format counts. */
  readonly referencePaths: number
  readonly referenceConflicts: number
  readonly tally: Tally
  /** The first items of each kind, for the summary. */
  readonly shown: readonly ItemEntry[]
  /** The first conflicts of the reference format, for its summary. */
  readonly shownReference: readonly string[]
}

/** The ledger's lines are put into `room`, or into a larger one where they do not fit. */
export type Work = (batch: PathBatch, room: ArrayBuffer) => BatchAnswer

export interface WorkDeps {
  readonly reader: FileReader
  readonly checker: SignatureChecker
}

export function createWork(setting: WorkSetting, { reader, checker }: WorkDeps): Work {
  const { rules, nodes } = setting
  const patterns = patternsOf(rules)
  const gathering = { nodes, reader, checker: setting.checkSignatures ? checker : null, kept: new KeptBytes() }
  return (batch, room) => {
    const ledger = new LineBytes(room)
    const lines =
      setting.format === 'steward'
        ? new StewardLines(rules, ledger)
        : new ReferenceLines(rules, ledger, setting.checkSignatures)
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

class StewardLines {
  readonly #rules: Rules
  readonly #ledger: LineBytes
  readonly #conflicts: string[] = []
  readonly #notices: string[] = []
  readonly #shown: ItemEntry[] = []
  readonly #shownByKind = new Map<ItemKind, number>()

  constructor(rules: Rules, ledger: LineBytes) {
    this.#rules = rules
    this.#ledger = ledger
  }

  add(judged: JudgedPath): void {
    this.#ledger.add(JSON.stringify(pathEntry(judged, this.#rules)))
    for (const item of judged.items) {
      const entry = itemEntry(item, judged, this.#rules)
      const list = ITEM_SEVERITY[item.kind] > 1 ? this.#conflicts : this.#notices
      list.push(JSON.stringify(entry))
      const shown = this.#shownByKind.get(item.kind) ?? 0
      if (shown >= SHOWN_OF_A_KIND) continue
      this.#shownByKind.set(item.kind, shown + 1)
      this.#shown.push(entry)
    }
  }

  answer(): Lines {
    return {
      ledger: this.#ledger.bytes(),
      conflicts: this.#conflicts.join(LINE_SEPARATOR),
      notices: this.#notices.join(LINE_SEPARATOR),
      signatures: [],
      referencePaths: 0,
      referenceConflicts: 0,
      shown: this.#shown,
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
  readonly #conflicts: string[] = []
  readonly #signatures: string[][]
  readonly #shown: string[] = []

  constructor(rules: Rules, ledger: LineBytes, withSignatures: boolean) {
    this.#rules = rules
    this.#ledger = ledger
    this.#withSignatures = withSignatures
    this.#signatures = rules.labels.map(() => [])
  }

  add({ path, claims }: JudgedPath, { modifiedMs }: GatheredPath): void {
    if (!isReferencePath(path) || claims.length === 0) return
    const { labels, requireSignatures } = this.#rules
    const variants = referenceVariants(claims, labels, modifiedMs)
    this.#ledger.add(indented({ path, variants }, 2))
    if (variants.length > 1) {
      this.#conflicts.push(indented({ path, variant_count: variants.length, variants }, 1))
      if (this.#shown.length < SHOWN_REFERENCE)
        this.#shown.push(
          `- ${path} → ${variants.length} variants (${variants.map(({ nodes }) => nodes.join('/')).join(', ')})\n`,
        )
    }
    if (!this.#withSignatures) return
    for (const { node, file } of claims)
      this.#signatures[node]?.push(
        indented(referenceSignature(path, labels[node] ?? '', file.envelope, requireSignatures), 4),
      )
  }

  answer(): Lines {
    return {
      ledger: this.#ledger.bytes(),
      conflicts: this.#conflicts.join(LINE_SEPARATOR),
      notices: '',
      signatures: this.#signatures.map((of) => of.join(LINE_SEPARATOR)),
      referencePaths: this.#ledger.count,
      referenceConflicts: this.#conflicts.length,
      shown: [],
      shownReference: this.#shown,
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

// Several node directories, reconciled without making a node: their paths stream by in one order, threads judge them, and the files
// are written as the answers come. What is in memory does not grow with the number of receipts.
import { countCoverage, compareCodePoints, type Coverage, type Finding, type FreshnessLimit } from '#core/teof/index.ts'
import type { Instant } from '#core/contract/index.ts'
import { batchesOf, groupsOf, type PathGroup } from './groups.ts'
import { nodeItems } from './node-items.ts'
import type { NodeFolders } from './node-folders-adapter.ts'
import type { OutputFolder } from './output-adapter.ts'
import { includedBy } from './patterns.ts'
import { readNodes, type KnownNodes, type NamedFolder } from './read-nodes.ts'
import { isReferencePath } from './reference-entries.ts'
import { ReferenceFiles, type ReferenceChecks } from './reference-files.ts'
import { StewardFiles } from './steward-files.ts'
import { summaryOf, type Settings, type Summary } from './summary.ts'
import { addTally, countItem, emptyTally, type Tally } from './tally.ts'
import type { Item, Rules } from './types.ts'

export interface ReconcileOptions {
  /** Reads and judges what lies in the folders. */
  readonly folders: NodeFolders
  /** Labels are unique; the order does not matter. */
  readonly nodes: readonly NamedFolder[]
  /** Only paths that fit one of these; all where there is none. */
  readonly include: readonly string[]
  /** Artefacts that every node should have. */
  readonly expect: readonly string[]
  readonly freshness: readonly FreshnessLimit[]
  readonly signatures: Settings['signatures']
  readonly asOf: Instant
  readonly format: 'steward' | 'reference'
  /** What the reference format says beside signatures. */
  readonly referenceChecks: Omit<ReferenceChecks, 'signatures'>
  /** Where to write; null writes nothing. */
  readonly output: OutputFolder | null
  /** Absolute folders that hold results and no evidence. */
  readonly leftOut: readonly string[]
  readonly onProgress?: (files: number) => void
}

/** Reconciles; throws a StewardError only for what cannot be done at all. The output is put in place, or left as it was. */
export async function reconcileDirectories(options: ReconcileOptions): Promise<Summary> {
  const named = options.nodes.toSorted((a, b) => compareCodePoints(a.label, b.label))
  const known = await readNodes(named, options.folders)
  try {
    const summary = await new Run(options, known).summary()
    options.output?.commit()
    return summary
  } catch (error) {
    options.output?.discard()
    throw error
  }
}

/** Paths that a thread is given at a time: small enough that the last ones do not leave the other threads idle for long. */
const BATCH = 128

class Run {
  readonly #options: ReconcileOptions
  readonly #known: KnownNodes
  readonly #rules: Rules
  readonly #settings: Settings
  readonly #tally: Tally
  readonly #coverage: ReturnType<typeof countCoverage>

  constructor(options: ReconcileOptions, known: KnownNodes) {
    const { asOf, include, expect, freshness, signatures } = options
    this.#options = options
    this.#known = known
    const labels = known.nodes.map(({ label }) => label)
    const expected = [...new Set(expect)].toSorted(compareCodePoints)
    this.#rules = {
      labels,
      anchors: known.anchors,
      freshness,
      expect: expected,
      requireSignatures: signatures === 'required',
      asOf,
      plans: known.plans,
    }
    this.#settings = {
      asOf,
      include: [...new Set(include)].toSorted(compareCodePoints),
      expect: expected,
      freshness: freshness.map(({ pattern, limitMs }) => ({ pattern, hours: limitMs / 3_600_000 })),
      signatures,
    }
    this.#tally = emptyTally(labels.length)
    this.#coverage = countCoverage(expected, labels)
  }

  async summary(): Promise<Summary> {
    const { format, output } = this.#options
    const isReference = format === 'reference'
    const own = new StewardFiles(isReference ? null : output, this.#settings, this.#rules.labels)
    const reference = isReference && output !== null ? new ReferenceFiles(output, this.#rules.labels.length) : null
    for (const item of nodeItems(this.#known)) this.#tell(item, own)
    const walked: Item[] = []
    await this.#judgeAll(own, reference, walked)
    const coverage = this.#coverage.result()
    for (const item of [...walked, ...this.#expectedNowhere(coverage)]) this.#tell(item, own)
    const summary = summaryOf({
      settings: this.#settings,
      known: this.#known,
      tally: this.#tally,
      coverage,
      shown: own.shown,
      reference: reference?.conflicts ?? null,
    })
    own.end(summary)
    reference?.end({
      known: this.#known,
      checks: { ...this.#options.referenceChecks, signatures: this.#options.signatures },
      expect: this.#rules.expect,
      coverage,
      timestamp: compactTime(this.#options.asOf),
      signatureStatus: summary.checks.signatures.status,
    })
    return summary
  }

  async #judgeAll(own: StewardFiles, reference: ReferenceFiles | null, walked: Item[]): Promise<void> {
    const { folders, signatures, format, onProgress } = this.#options
    const setting = {
      rules: this.#rules,
      nodes: this.#known.nodes.map(({ label, folder, keys }) => ({ label, folder, keys })),
      checkSignatures: signatures !== 'skipped',
      format,
    }
    let files = 0
    const source = { batches: batchesOf(this.#groups(walked), BATCH), full: () => own.full }
    for await (const answer of folders.judge(setting, source)) {
      addTally(this.#tally, answer.tally)
      own.add(answer)
      reference?.add(answer)
      files += answer.tally.nodes.reduce((sum, node) => sum + node.files, 0)
      onProgress?.(files)
    }
  }

  *#groups(walked: Item[]): Generator<PathGroup> {
    const { folders, include, leftOut, format } = this.#options
    const isIncluded = includedBy(include)
    const walks = this.#known.nodes.map(({ folder }, node) =>
      folders.walk({ folder, leftOut, onFinding: (found) => walked.push(walkedItem(node, found)) }),
    )
    for (const group of groupsOf(walks)) {
      if (!isIncluded(group.path) || (format === 'reference' && !isReferencePath(group.path))) continue
      if (this.#rules.expect.length > 0)
        this.#coverage.add(group.path, new Set(group.holders.map((node) => this.#rules.labels[node] ?? '')))
      yield group
    }
  }

  #tell(item: Item, own: StewardFiles): void {
    countItem(this.#tally, item)
    own.addItem(item, this.#rules)
  }

  /** Patterns that nothing fits at any node. */
  *#expectedNowhere({ rows }: Coverage): Generator<Item> {
    for (const pattern of this.#rules.expect) {
      if (rows.some((row) => row.pattern === pattern && row.present > 0)) continue
      yield {
        kind: 'missing-artefact',
        path: pattern,
        nodes: [...this.#rules.labels.keys()],
        happened: `${pattern} is expected, and no node has anything that fits.`,
        remedy: 'Ask the nodes for it, or correct the pattern.',
        since: null,
        members: [],
      }
    }
  }
}

function walkedItem(node: number, { code, path, happened, remedy }: Finding): Item {
  return {
    kind: code === 'not-read' ? 'unreadable' : 'notice',
    code,
    path,
    nodes: [node],
    happened,
    remedy,
    since: null,
    members: [],
  }
}

function compactTime(instant: Instant): string {
  return `${instant.slice(0, 19).replaceAll(/[-:]/g, '')}Z`
}

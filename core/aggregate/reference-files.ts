// The reference tool's three files, in its schema, without the paths of this machine that its ledger tells.
import type { Coverage } from '#core/teof/index.ts'
import type { OutputFile, OutputFolder } from './output-adapter.ts'
import type { KnownNodes } from './read-nodes.ts'
import type { ReferenceConflicts } from './summary.ts'
import type { BatchAnswer } from './work.ts'

/** What of the nodes that tool would check. */
export interface ReferenceChecks {
  readonly anchor: boolean
  readonly capsule: boolean
  readonly signatures: 'required' | 'checked' | 'skipped'
}

export interface ReferenceEnd {
  readonly known: KnownNodes
  readonly checks: ReferenceChecks
  readonly expect: readonly string[]
  readonly coverage: Coverage
  /** 20250922T203249Z */
  readonly timestamp: string
  readonly signatureStatus: string
}

const SEPARATOR = ',\n'
const SHOWN_CONFLICTS = 10
// Where the two long lists go. No label holds a control character, and nothing else stands in front of the one or behind the other.
const ARTIFACTS = '\0artifacts'
const RESULTS = '\0results'

/** Its ledger begins with a count and ends with the signatures of one node after the other: both wait aside until the end. */
export class ReferenceFiles {
  readonly #folder: OutputFolder
  readonly #artifacts: ListPart
  readonly #conflicts: ListPart
  readonly #signatures: readonly ListPart[]
  readonly #shown: string[] = []
  #paths = 0
  #conflictCount = 0

  /** So far; the first of them as lines. */
  get conflicts(): ReferenceConflicts {
    return { count: this.#conflictCount, shown: this.#shown.map((line) => line.slice(2).trimEnd()) }
  }

  constructor(folder: OutputFolder, nodes: number) {
    this.#folder = folder
    this.#artifacts = new ListPart(folder.spill())
    this.#conflicts = new ListPart(folder.spill())
    this.#signatures = Array.from({ length: nodes }, () => new ListPart(folder.spill()))
  }

  add(answer: BatchAnswer): void {
    this.#paths += answer.referencePaths
    this.#conflictCount += answer.referenceConflicts
    this.#artifacts.add(answer.ledger)
    this.#conflicts.add(answer.conflicts)
    for (const [node, lines] of answer.signatures.entries()) this.#signatures[node]?.add(lines)
    for (const line of answer.shownReference) if (this.#shown.length < SHOWN_CONFLICTS) this.#shown.push(line)
  }

  end(end: ReferenceEnd): void {
    const coverage = coverageOf(end)
    const checks = checksOf(end)
    this.#writeLedger(end, coverage, checks)
    this.#writeConflicts()
    this.#folder.file('summary.md').write(this.#summary(end, coverage, checks))
  }

  #writeLedger(end: ReferenceEnd, coverage: CoverageList, checks: Checks): void {
    const { known, timestamp, signatureStatus } = end
    const signature =
      end.checks.signatures === 'skipped' ? { status: signatureStatus } : { status: signatureStatus, results: RESULTS }
    const text = JSON.stringify(
      {
        generated_at: timestamp,
        node_count: known.nodes.length,
        // That tool writes the absolute path, and with it a user's name, into its ledger.
        nodes: known.nodes.map(({ label }) => ({ node_id: label, root: label })),
        artifact_count: this.#paths,
        artifacts: ARTIFACTS,
        coverage,
        checks: { ...checks, signature },
      },
      null,
      2,
    )
    const artifactsAt = text.indexOf(JSON.stringify(ARTIFACTS))
    const resultsAt = text.lastIndexOf(JSON.stringify(RESULTS))
    const file = this.#folder.file('ledger.json')
    file.write(text.slice(0, artifactsAt))
    writeList(file, [this.#artifacts], '  ')
    const rest = artifactsAt + JSON.stringify(ARTIFACTS).length
    if (resultsAt < 0) file.write(`${text.slice(rest)}\n`)
    else {
      file.write(text.slice(rest, resultsAt))
      writeList(file, this.#signatures, '      ')
      file.write(`${text.slice(resultsAt + JSON.stringify(RESULTS).length)}\n`)
    }
  }

  #writeConflicts(): void {
    const file = this.#folder.file('conflicts.json')
    writeList(file, [this.#conflicts], '')
    file.write('\n')
  }

  #summary({ known, timestamp, signatureStatus }: ReferenceEnd, coverage: CoverageList, checks: Checks): string {
    const missing = coverage.filter((one) => one.missing.length > 0)
    return [
      '# Receipt sync summary\n',
      `Generated at: ${timestamp}\n`,
      `Nodes: ${known.nodes.length}\n`,
      `Artifacts scanned: ${this.#paths}\n`,
      ...(coverage.length === 0 ? [] : [`Coverage expectations: ${coverage.length} node(s) checked\n`]),
      ...missing.map((one) => `- ${one.node_id}: missing ${one.missing.join(', ')}\n`),
      ...(checks.anchor === undefined ? [] : [`Anchor check: ${checks.anchor.status}\n`]),
      ...(checks.capsule === undefined ? [] : [`Capsule check: ${checks.capsule.status}\n`]),
      `Signature check: ${signatureStatus}\n`,
      `Conflicts detected: ${this.#conflictCount}\n`,
      ...this.#shown,
    ].join('')
  }
}

type CoverageList = readonly {
  readonly node_id: string
  readonly expected: number
  readonly missing: readonly string[]
}[]

/** There a pattern is missing at a node where nothing of the node's fits it, whatever others have. */
function coverageOf({ known, expect, coverage }: ReferenceEnd): CoverageList {
  if (expect.length === 0) return []
  return known.nodes.map(({ label }) => ({
    node_id: label,
    expected: expect.length,
    missing: coverage.rows
      .filter((row) => row.label === label && row.present === 0)
      .map(({ pattern }) => pattern)
      .toSorted(),
  }))
}

interface Checks {
  readonly anchor?: { readonly status: string; readonly hashes: Readonly<Record<string, string | null>> }
  readonly capsule?: {
    readonly status: string
    readonly values: Readonly<Record<string, { readonly pointer: string | null; readonly hash: string | null }>>
  }
}

function checksOf({ known, checks }: ReferenceEnd): Checks {
  const { nodes } = known
  return {
    ...(checks.anchor
      ? {
          anchor: {
            status: uniformStatus(nodes.map(({ facts }) => facts.anchors?.rawHash ?? null)),
            hashes: Object.fromEntries(nodes.map(({ label, facts }) => [label, hexOf(facts.anchors?.rawHash)])),
          },
        }
      : {}),
    ...(checks.capsule
      ? {
          capsule: {
            status: capsuleStatus(nodes),
            values: Object.fromEntries(
              nodes.map(({ label, facts: { capsules } }) => [
                label,
                {
                  pointer: pointerOf(capsules),
                  hash: hexOf(capsules.current?.rawHash),
                },
              ]),
            ),
          },
        }
      : {}),
  }
}

/** That tool knows equal and not equal: an older anchor is a conflict to it. */
function uniformStatus(values: readonly (string | null)[]): string {
  const present = values.filter((value) => value !== null)
  if (present.length === 0) return 'missing'
  if (new Set(present).size > 1) return 'conflict'
  return present.length < values.length ? 'partial' : 'ok'
}

function capsuleStatus(nodes: KnownNodes['nodes']): string {
  const pointers = uniformStatus(nodes.map(({ facts }) => pointerOf(facts.capsules)))
  const hashes = uniformStatus(nodes.map(({ facts }) => facts.capsules.current?.rawHash ?? null))
  return pointers === 'conflict' ? 'conflict' : hashes
}

function pointerOf({ pointer }: KnownNodes['nodes'][number]['facts']['capsules']): string | null {
  return pointer?.folder.split('/').at(-1) ?? null
}

function hexOf(hash: string | undefined): string | null {
  return hash?.replace('sha256:', '') ?? null
}

/** One list, written as it comes. */
class ListPart {
  readonly file: OutputFile
  isEmpty = true

  constructor(file: OutputFile) {
    this.file = file
  }

  add(lines: Uint8Array): void {
    if (lines.length === 0) return
    if (!this.isEmpty) this.file.write(SEPARATOR)
    this.isEmpty = false
    this.file.write(lines)
  }
}

/** The parts one after the other as one list, its brackets at the given indentation. */
function writeList(file: OutputFile, parts: readonly ListPart[], indent: string): void {
  const filled = parts.filter(({ isEmpty }) => !isEmpty)
  if (filled.length === 0) {
    file.write('[]')
    return
  }
  file.write('[\n')
  for (const [at, part] of filled.entries()) {
    if (at > 0) file.write(SEPARATOR)
    file.writeAllOf(part.file)
  }
  file.write(`\n${indent}]`)
}

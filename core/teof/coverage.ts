// Which expected artefacts each node has. A pattern expects every path that fits it and that any node has, or, where no node has one,
// one artefact that is missing everywhere: so a withheld file shows as soon as one other node has it.
import { pathPattern } from './path-pattern.ts'
import { compareCodePoints } from './code-points.ts'

export interface CoverageRow {
  readonly label: string
  readonly pattern: string
  readonly expected: number
  readonly present: number
  /** Parts per million, rounded down: anything missing shows. */
  readonly ppm: number
  /** Paths that others have and this node has not, in order, at most MISSING_LISTED; the pattern itself where nobody has one. */
  readonly missing: readonly string[]
}

export interface CoverageRatio {
  readonly expected: number
  readonly present: number
  /** Null where nothing is expected: then nothing was measured. */
  readonly ppm: number | null
}

export interface Coverage {
  /** For every node and pattern, nodes in order of label, patterns as given. */
  readonly rows: readonly CoverageRow[]
  readonly byNode: ReadonlyMap<string, CoverageRatio>
  readonly byPattern: ReadonlyMap<string, CoverageRatio>
  readonly whole: CoverageRatio
}

export interface CoverageCount {
  /** One path and the labels of all nodes that have it; each path once, in any order. */
  add(path: string, labels: ReadonlySet<string>): void
  result(): Coverage
}

/** Counts coverage while paths stream by: memory does not grow with them. */
export function countCoverage(patterns: readonly string[], labels: readonly string[]): CoverageCount {
  const ordered = labels.toSorted(compareCodePoints)
  const counts = [...new Set(patterns)].map((pattern) => new PatternCount(pattern, ordered))
  return {
    add(path, having) {
      for (const count of counts) count.add(path, having)
    },
    result: () => coverageOf(counts, ordered),
  }
}

const MISSING_LISTED = 100

class PatternCount {
  readonly pattern: string
  expected = 0
  readonly #fits: (path: string) => boolean
  readonly #present = new Map<string, number>()
  readonly #missing = new Map<string, string[]>()

  constructor(pattern: string, labels: readonly string[]) {
    this.pattern = pattern
    this.#fits = pathPattern(pattern)
    for (const label of labels) {
      this.#present.set(label, 0)
      this.#missing.set(label, [])
    }
  }

  add(path: string, having: ReadonlySet<string>): void {
    if (!this.#fits(path)) return
    this.expected++
    for (const [label, missing] of this.#missing) {
      if (having.has(label)) this.#present.set(label, (this.#present.get(label) ?? 0) + 1)
      else keepFirst(missing, path)
    }
  }

  row(label: string): CoverageRow {
    const present = this.#present.get(label) ?? 0
    const expected = Math.max(1, this.expected)
    const missing = this.expected === 0 ? [this.pattern] : (this.#missing.get(label) ?? [])
    return {
      label,
      pattern: this.pattern,
      present,
      expected,
      ppm: ppmOf(present, expected),
      missing: missing.toSorted(compareCodePoints),
    }
  }
}

/** The first of all in order of code point, whatever order they come in. */
function keepFirst(missing: string[], path: string): void {
  if (missing.length < MISSING_LISTED) {
    missing.push(path)
    if (missing.length === MISSING_LISTED) missing.sort(compareCodePoints)
    return
  }
  const last = missing.at(-1)
  if (last === undefined || compareCodePoints(path, last) >= 0) return
  missing.pop()
  const at = missing.findIndex((other) => compareCodePoints(path, other) < 0)
  missing.splice(at < 0 ? missing.length : at, 0, path)
}

function coverageOf(counts: readonly PatternCount[], labels: readonly string[]): Coverage {
  const rows = labels.flatMap((label) => counts.map((count) => count.row(label)))
  return {
    rows,
    byNode: new Map(labels.map((label) => [label, sumOf(rows.filter((row) => row.label === label))])),
    byPattern: new Map(counts.map(({ pattern }) => [pattern, sumOf(rows.filter((row) => row.pattern === pattern))])),
    whole: sumOf(rows),
  }
}

function sumOf(rows: readonly CoverageRow[]): CoverageRatio {
  const expected = rows.reduce((sum, row) => sum + row.expected, 0)
  const present = rows.reduce((sum, row) => sum + row.present, 0)
  return { present, expected, ppm: expected === 0 ? null : ppmOf(present, expected) }
}

function ppmOf(present: number, expected: number): number {
  return Math.floor((present * 1_000_000) / expected)
}

// Coverage of what policy expects: for each pattern, everything that anybody has is expected of everybody; where nobody has
// anything that fits, the pattern itself is missing everywhere.
import type { ReportCoverage } from '#core/contract/index.ts'
import { subjectPattern, type SubjectPattern } from '#core/reconcile/index.ts'
import { ppmOf } from './wording.ts'

/** A node or an imported directory. */
export interface Claimant {
  readonly key: string
  readonly name: string
  readonly origin: boolean
}

/** So many missing artefacts of a pattern are named, the first in the order of subject and node; all of them are counted. */
const NAMED_MISSING = 50

export class ExpectedCoverage {
  readonly #patterns: readonly PatternCoverage[]

  constructor(patterns: readonly string[]) {
    this.#patterns = [...new Set(patterns)].sort().map((pattern) => new PatternCoverage(pattern))
  }

  add(subject: string, claimants: readonly string[]): void {
    for (const pattern of this.#patterns) pattern.add(subject, claimants)
  }

  answer(claimants: readonly Claimant[]): ReportCoverage {
    const patterns = this.#patterns.map((pattern) => pattern.answer(claimants))
    const all = patterns.flatMap((pattern) => pattern.claimants)
    const have = all.reduce((sum, claimant) => sum + claimant.have, 0)
    const of = all.reduce((sum, claimant) => sum + claimant.of, 0)
    return { basis: 'expected', ratio: ppmOf(have, of), have, of, patterns }
  }
}

class PatternCoverage {
  readonly #pattern: string
  readonly #fits: SubjectPattern
  /** Who has which; what is expected is little, by nature. */
  readonly #claimantsBySubject = new Map<string, Set<string>>()

  constructor(pattern: string) {
    this.#pattern = pattern
    this.#fits = subjectPattern(pattern)
  }

  /** One subject may be spoken of within several tasks: it is one artefact all the same. */
  add(subject: string, claimants: readonly string[]): void {
    if (!this.#fits(subject)) return
    const having = this.#claimantsBySubject.get(subject) ?? new Set()
    for (const claimant of claimants) having.add(claimant)
    this.#claimantsBySubject.set(subject, having)
  }

  answer(claimants: readonly Claimant[]): ReportCoverage['patterns'][number] {
    const artefacts =
      this.#claimantsBySubject.size === 0 ? new Map([[this.#pattern, new Set<string>()]]) : this.#claimantsBySubject
    const missing: { name: string; subject: string }[] = []
    let missingCount = 0
    const have = new Map<string, number>()
    for (const subject of [...artefacts.keys()].sort()) {
      for (const { key, name } of claimants) {
        if (artefacts.get(subject)?.has(key) === true) have.set(key, (have.get(key) ?? 0) + 1)
        else if (++missingCount <= NAMED_MISSING) missing.push({ name, subject })
      }
    }
    const all = artefacts.size * claimants.length
    return {
      pattern: this.#pattern,
      ratio: ppmOf(all - missingCount, all),
      claimants: claimants.map(({ key, name, origin }) => ({
        claimant: key,
        name,
        origin,
        have: have.get(key) ?? 0,
        of: artefacts.size,
      })),
      missing,
      missingCount,
    }
  }
}

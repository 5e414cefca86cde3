// One walk over every subject that somebody claims something about: agreement now and on the days before, drift and its repair, coverage.
import type { ContentHash, Instant, NodeId, Ocers, ReportCoverage } from '#core/contract/index.ts'
import type { ReadDb } from '#core/ledger/index.ts'
import type { MergedFeeds } from '#core/network/index.ts'
import {
  anchorSignedMs,
  importingNodes,
  ORIGIN_CLAIMANT,
  surveySubjects,
  type SurveyedSubject,
} from '#core/reconcile/index.ts'
import { expectedCoverage } from './expected-coverage.ts'
import { DAY_MS, HISTORY_DAYS, HOUR_MS, instantOf } from './facts.ts'
import { median, ppmOf, rounded } from './wording.ts'

export interface SubjectTally {
  readonly subjects: number
  /** Spoken of by several nodes. */
  readonly shared: number
  readonly agreed: number
  readonly superseded: number
  readonly returned: number
  readonly anchors: SurveyedSubject['anchors']
  /** By the id of a node, or the name of an imported directory behind ORIGIN_CLAIMANT. */
  readonly subjectsByClaimant: ReadonlyMap<string, number>
  /** Nodes that import directories and claim nothing themselves: they only look after others' evidence. */
  readonly importersOnly: ReadonlySet<NodeId>
  readonly coverage: ReportCoverage
  readonly coherence: Ocers['coherence']
  readonly selfRepair: Ocers['selfRepair']
  /** Minutes from the beginning of a drift to the signing of the anchor that ended it, within the history. */
  readonly anchorMinutes: readonly number[]
  /** When the claims on a subject began to differ, where they still do. */
  readonly openedMs: ReadonlyMap<number, number>
}

export interface SubjectsContext {
  readonly feeds: MergedFeeds
  readonly dayEndsMs: readonly number[]
  /** Admitted and not blocked here. */
  readonly nodes: readonly NodeId[]
}

const SUBJECTS_A_STEP = 512

/** Yields the number of subjects met so far; the answer is there at the end. */
export function* walkSubjects(db: ReadDb, context: SubjectsContext): Generator<number, SubjectTally, void> {
  const gathering = new Gathering(db, context)
  let met = 0
  for (const surveyed of surveySubjects(db, context.feeds, context.dayEndsMs, context.dayEndsMs.at(-1) ?? 0)) {
    gathering.add(surveyed)
    met++
    if (met % SUBJECTS_A_STEP === 0) yield met
  }
  return gathering.answer()
}

class Gathering {
  readonly #db: ReadDb
  readonly #context: SubjectsContext
  readonly #days: { shared: number; agreed: number; closed: number }[]
  readonly #subjectsByClaimant = new Map<string, number>()
  readonly #openedMs = new Map<number, number>()
  readonly #repairHours: number[] = []
  readonly #anchorMinutes: number[] = []
  readonly #signedMs = new Map<ContentHash, number | null>()
  readonly #counts = { subjects: 0, shared: 0, agreed: 0, superseded: 0, returned: 0, found: 0, open: 0 }
  readonly #anchors = { none: 0, newest: 0, older: 0, unknown: 0 }

  constructor(db: ReadDb, context: SubjectsContext) {
    this.#db = db
    this.#context = context
    this.#days = context.dayEndsMs.map(() => ({ shared: 0, agreed: 0, closed: 0 }))
  }

  add(subject: SurveyedSubject): void {
    const counts = this.#counts
    counts.subjects++
    if (subject.claimants.length > 1) counts.shared++
    if (subject.agreed) counts.agreed++
    counts.superseded += subject.superseded
    counts.returned += subject.returned
    for (const key of ['none', 'newest', 'older', 'unknown'] as const) this.#anchors[key] += subject.anchors[key]
    for (const claimant of subject.claimants) {
      this.#subjectsByClaimant.set(claimant, (this.#subjectsByClaimant.get(claimant) ?? 0) + 1)
    }
    this.#addDrift(subject)
  }

  answer(): SubjectTally {
    const { subjects, shared, agreed, superseded, returned, found, open } = this.#counts
    const until = (index: number): Instant => instantOf(this.#context.dayEndsMs[index] ?? 0)
    const hours = median(this.#repairHours)
    const importersOnly = this.#importersOnly()
    return {
      subjects,
      shared,
      agreed,
      superseded,
      returned,
      anchors: this.#anchors,
      subjectsByClaimant: this.#subjectsByClaimant,
      importersOnly,
      coverage: this.#coverage(importersOnly),
      coherence: {
        value: ppmOf(agreed, shared),
        agreed,
        shared,
        history: this.#days.map((day, index) => ({ until: until(index), value: ppmOf(day.agreed, day.shared) })),
      },
      selfRepair: {
        found,
        closed: this.#repairHours.length,
        open,
        medianHours: hours === null ? null : rounded(hours),
        history: this.#days.map((day, index) => ({ until: until(index), value: day.closed })),
      },
      anchorMinutes: this.#anchorMinutes,
      openedMs: this.#openedMs,
    }
  }

  #addDrift({ subjectKey, drift }: SurveyedSubject): void {
    for (const [index, then] of drift.atInstants.entries()) {
      const day = this.#days[index]
      if (day === undefined) continue
      if (then.shared) day.shared++
      if (then.agreed) day.agreed++
    }
    const endMs = this.#context.dayEndsMs.at(-1) ?? 0
    const fromMs = endMs - HISTORY_DAYS * DAY_MS
    for (const { beganMs, endedMs, endedBy, anchor } of drift.episodes) {
      if (beganMs > fromMs) this.#counts.found++
      if (endedMs === null) {
        this.#counts.open++
        this.#openedMs.set(subjectKey, beganMs)
        continue
      }
      if (endedMs <= fromMs) continue
      this.#repairHours.push((endedMs - beganMs) / HOUR_MS)
      const day = this.#days[this.#context.dayEndsMs.findIndex((end) => endedMs <= end)]
      if (day !== undefined) day.closed++
      if (endedBy === 'anchor' && anchor !== null) this.#addAnchor(beganMs, anchor)
    }
  }

  /** An anchor that was there before the drift began took no time. */
  #addAnchor(beganMs: number, anchor: ContentHash): void {
    let signedMs = this.#signedMs.get(anchor)
    if (signedMs === undefined) {
      signedMs = anchorSignedMs(this.#db, this.#context.feeds, anchor)
      this.#signedMs.set(anchor, signedMs)
    }
    if (signedMs !== null) this.#anchorMinutes.push(Math.max(0, signedMs - beganMs) / 60_000)
  }

  #importersOnly(): ReadonlySet<NodeId> {
    const importing = importingNodes(this.#db, this.#context.feeds)
    return new Set([...importing].filter((node) => !this.#subjectsByClaimant.has(node)))
  }

  /** Where policy expects nothing: of what anybody speaks of, how much each node and each imported directory speaks of. */
  #coverage(importersOnly: ReadonlySet<NodeId>): ReportCoverage {
    const expected = expectedCoverage(this.#db)
    if (expected !== null) return expected
    const origins = [...this.#subjectsByClaimant.keys()].filter((key) => key.startsWith(ORIGIN_CLAIMANT))
    const have = [...this.#subjectsByClaimant.values()].reduce((sum, count) => sum + count, 0)
    const nodes = this.#context.nodes.filter((node) => !importersOnly.has(node))
    const of = this.#counts.subjects * (nodes.length + origins.length)
    return { basis: 'subjects', ratio: ppmOf(have, of), have, of, patterns: [] }
  }
}

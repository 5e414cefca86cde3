// From a figure of a report to the list that it was counted from. The list is the one of now: a report is of its own time.
import type { Measured, ReportRisk, SummaryFile } from '#core/contract/index.ts'
import { hrefTo } from '#ui/router.ts'

export interface ReportLink {
  readonly text: string
  readonly href: string
}

/** Of a criterion or a measure of convergence; empty for one that a later version makes. */
export function linksOfMeasured({ id }: Pick<Measured, 'id'>): readonly ReportLink[] {
  return Object.hasOwn(MEASURED, id) ? (MEASURED[id] ?? []) : []
}

export function linksOfRisk(risk: ReportRisk['risk']): readonly ReportLink[] {
  return RISKS[risk]
}

/** The three marks: what is new, what is told alike, and what differed and came together again. */
export function linksOfMarks({ asOf }: Pick<SummaryFile, 'asOf'>) {
  const from = new Date(Date.parse(asOf) - OBSERVED_MS).toISOString()
  return {
    observation: { text: 'See these receipts', href: hrefTo('receipts', null, { from, to: asOf }) },
    coherence: { text: 'See what is told differently', href: conflictsOf('open', DIFFERING) },
    selfRepair: { text: 'See what differed, open and settled', href: conflictsOf('all', DIFFERING) },
  }
}

export function conflictsAt(node: string): string {
  return hrefTo('conflicts', null, { status: 'open', node })
}

const OBSERVED_MS = 7 * 86_400_000

type Kind = SummaryFile['conflicts']['openByKind'][number]['kind']

/** Kinds in which claims differ, as opposed to what is wrong about one feed or file. */
const DIFFERING: readonly Kind[] = ['hash-mismatch', 'missing-anchor', 'unknown-anchor', 'diverging-anchors', 'stale']

function conflictsOf(status: 'open' | 'all', kinds: readonly Kind[]): string {
  return hrefTo('conflicts', null, { status, kind: kinds.join(',') })
}

const NOT_MERGED = { text: 'What was not merged', href: hrefTo('receipts', 'not-merged') }
const FORKS = { text: 'Forks', href: conflictsOf('all', ['fork']) }
const SIGNATURES = { text: 'False signatures', href: conflictsOf('all', ['invalid-signature']) }
const HASHES = { text: 'False hashes', href: conflictsOf('all', ['content-mismatch']) }
const MISFITS = { text: 'Invalid content', href: conflictsOf('all', ['invalid-content']) }
const WITHHELD = { text: 'What has not come', href: conflictsOf('open', ['withheld']) }
const AHEAD = { text: 'Dated ahead', href: conflictsOf('open', ['held-future']) }
const MISSING = { text: 'Missing artefacts', href: conflictsOf('open', ['missing-artefact']) }
const COVERAGE = { text: 'Who has what', href: hrefTo('network') }
const ANCHORS = { text: 'Anchors', href: hrefTo('network', 'anchors') }
const ANCHOR_CONFLICTS = {
  text: 'Conflicts about anchors',
  href: conflictsOf('open', ['unknown-anchor', 'diverging-anchors', 'missing-anchor']),
}
const STALE = { text: 'Stale claims', href: conflictsOf('open', ['stale']) }
const RECEIPTS = { text: 'All receipts', href: hrefTo('receipts') }
const OPEN = { text: 'What is open', href: hrefTo('conflicts', null, { status: 'open' }) }

const MEASURED: Readonly<Record<string, readonly ReportLink[]>> = {
  signatures: [NOT_MERGED, SIGNATURES, HASHES],
  determinism: [RECEIPTS],
  forks: [FORKS],
  'open-conflicts': [OPEN],
  anchors: [ANCHOR_CONFLICTS, ANCHORS],
  withheld: [WITHHELD],
  coverage: [COVERAGE, MISSING],
  nodes: [
    { text: 'Nodes', href: hrefTo('network') },
    { text: 'Directories', href: hrefTo('network', 'anchors') },
  ],
  'hash-match': [{ text: 'What is told differently', href: conflictsOf('open', DIFFERING) }],
  'gap-rate': [WITHHELD],
  'anchor-latency': [ANCHORS],
  'tag-ratio': [{ text: 'Tasks', href: hrefTo('tasks') }],
  'automation-accuracy': [{ text: 'Standing rules', href: hrefTo('conflicts', 'rules') }],
}

const RISKS: Readonly<Record<ReportRisk['risk'], readonly ReportLink[]>> = {
  byzantine: [FORKS, NOT_MERGED, SIGNATURES, HASHES, MISFITS],
  replay: [RECEIPTS],
  withholding: [WITHHELD, AHEAD, MISSING, COVERAGE],
  'stale-anchor': [ANCHORS, ANCHOR_CONFLICTS, STALE, HASHES],
}

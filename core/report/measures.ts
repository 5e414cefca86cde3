// Figures against their bounds: what the recommendation rests on, and how far the nodes have converged. Each says what it was computed
// from; one that Steward cannot know says so and counts neither way.
import type { Measured } from '#core/contract/index.ts'
import type { RefusalReason } from '#core/receipts/index.ts'
import type { OriginsAnswer } from '#core/reconcile/index.ts'
import type { ConflictTally } from './conflicts-pass.ts'
import { HISTORY_DAYS, type ReportFacts } from './facts.ts'
import type { ReceiptTally } from './receipts-pass.ts'
import type { SubjectTally } from './subjects-pass.ts'
import { counted, grouped, median, ppmOf, rounded } from './wording.ts'

export interface Tallies {
  readonly facts: ReportFacts
  readonly receipts: ReceiptTally
  readonly subjects: SubjectTally
  readonly conflicts: ConflictTally
  /** Imported directories. */
  readonly origins: OriginsAnswer
}

/** The pilot asks for three independent nodes at least. */
const NODES_NEEDED = 3
const COVERAGE_NEEDED = 950_000

/** Reasons for which a receipt is refused that say that it was not what its node signed. */
const FORGED: ReadonlySet<string> = new Set<RefusalReason>([
  'bad-signature',
  'weak-key',
  'wrong-node',
  'content-mismatch',
])

export function isForged(reason: string): boolean {
  return FORGED.has(reason)
}

/** Nodes of which something with a false signature was refused and whose feed is not whole here since. */
export function unresolvedForgeries({ facts, conflicts }: Tallies): number {
  const nodes = facts.refused.filter(
    ({ node, reason }) => node !== null && isForged(reason) && conflicts.missing.has(node),
  )
  return new Set(nodes.map(({ node }) => node)).size
}

/** What a go asks for. */
export function criteriaOf(tallies: Tallies): Measured[] {
  const { facts, receipts, subjects, conflicts, origins } = tallies
  const receiptsCheck = failedChecks(facts, ['receipts', 'feeds', 'file'])
  const projections = failedChecks(facts, ['projections'])
  const invalid = conflicts.openByKind.get('invalid-signature') ?? 0
  const mismatched = conflicts.openByKind.get('content-mismatch') ?? 0
  const forged = unresolvedForgeries(tallies)
  const anchors = openOf(conflicts, ['unknown-anchor', 'diverging-anchors', 'missing-anchor'])
  const forks = openOf(conflicts, ['fork'])
  const waiting = (conflicts.openBySeverity.get(2) ?? 0) + (conflicts.openBySeverity.get(3) ?? 0)
  const missing = missingReceipts(conflicts)
  const { coverage, importersOnly } = subjects
  const merging = receipts.nodes.filter((node) => node.merged > 0)
  const speaking = merging.filter(({ node }) => !importersOnly.has(node))
  const importing = merging.filter(({ node }) => importersOnly.has(node))
  const directories = independentDirectories(origins)
  const isExpected = coverage.basis === 'expected'
  return [
    measured({
      id: 'signatures',
      label: 'Signatures hold',
      definition:
        'Receipts, feeds and imported files whose signature, hash or order does not hold and that nobody has put right.',
      value: receiptsCheck === null ? null : receiptsCheck + forged + invalid + mismatched,
      threshold: 0,
      basis:
        receiptsCheck === null
          ? 'The stored receipts were not read again for this report.'
          : `${counted(receipts.receipts, 'receipt')} read again from the disk and verified; ${counted(forged, 'node')} with a forged receipt in place of a missing one; ${counted(invalid, 'imported file')} with a false signature, ${grouped(mismatched)} with a false hash.`,
    }),
    measured({
      id: 'determinism',
      label: 'Merging is deterministic',
      definition: 'Tables that came out differently when everything was made anew from the receipts.',
      value: projections,
      threshold: 0,
      basis:
        projections === null
          ? 'Nothing was made anew for this report.'
          : 'Every figure here was made anew from the receipts in another database and compared.',
    }),
    measured({
      id: 'forks',
      label: 'No node tells two stories',
      definition: 'Open forks: two receipts of one node with one number.',
      value: forks,
      threshold: 0,
      basis: `${counted(forks, 'open fork')}, ${counted(conflicts.everByKind.get('fork') ?? 0, 'fork')} ever.`,
    }),
    measured({
      id: 'open-conflicts',
      label: 'Nothing waits for a person',
      definition: 'Open conflicts of severity 2 and 3.',
      value: waiting,
      threshold: 0,
      basis: `${counted(conflicts.open, 'open conflict')} in all, ${grouped(conflicts.settled)} settled.`,
    }),
    measured({
      id: 'anchors',
      label: 'Anchors are known',
      definition: 'Open conflicts because a claim names no anchor, an unknown one, or one of another chain.',
      value: anchors,
      threshold: 0,
      basis: `${grouped(subjects.anchors.newest + subjects.anchors.older)} newest claims stand under a signed anchor, ${grouped(subjects.anchors.unknown)} under an unknown one, ${grouped(subjects.anchors.none)} under none.`,
    }),
    measured({
      id: 'withheld',
      label: 'Nothing is withheld',
      definition: 'Receipts that a signed head counts and that have not come.',
      value: missing,
      threshold: 0,
      basis: `${counted(conflicts.missing.size, 'feed')} with a gap.`,
    }),
    measured({
      id: 'coverage',
      label: 'Expected artefacts are covered',
      definition: 'Share of the artefacts expected by policy that the nodes have, over all nodes and patterns.',
      value: isExpected ? coverage.ratio : null,
      unit: 'ppm',
      bound: 'at-least',
      threshold: COVERAGE_NEEDED,
      basis: isExpected
        ? `${grouped(coverage.have)} of ${grouped(coverage.of)}.`
        : 'The network’s policy names no expected artefacts.',
    }),
    measured({
      id: 'nodes',
      label: 'Enough independent nodes',
      definition:
        'Admitted nodes with at least one merged receipt, but those that only import directories; and imported directories with anchors of their own, or a file whose signature holds under a key of their own. Equal copies of a directory count once.',
      value: speaking.length + directories,
      bound: 'at-least',
      threshold: NODES_NEEDED,
      basis:
        [
          counted(receipts.nodes.length, 'admitted node'),
          ...(importing.length === 0
            ? []
            : [
                `${grouped(importing.length)} of these only ${importing.length === 1 ? 'imports' : 'import'} directories`,
              ]),
          ...(origins.items.length === 0
            ? []
            : [
                `${grouped(directories)} of ${counted(origins.items.length, 'imported directory', 'imported directories')} counted by their own anchors or keys`,
              ]),
        ].join(', ') + '.',
    }),
  ]
}

/** What shows that a directory is a node's own and no copy of another's: a chain of anchors, or a key that signed one of its files. */
function independentDirectories({ items }: OriginsAnswer): number {
  const own = items.filter(({ anchors, signatures }) => anchors.anchor !== null || (signatures['ok'] ?? 0) > 0)
  return new Set(own.map(({ listing }) => listing)).size
}

/** TEOF's convergence measures, from what Steward knows. */
export function convergenceOf(tallies: Tallies): Measured[] {
  const { receipts, subjects, conflicts } = tallies
  const missing = missingReceipts(conflicts)
  const lately = `within ${HISTORY_DAYS} days`
  const latency = median(subjects.anchorMinutes)
  const { steps, tagged } = receipts.plans
  const { decisions, stand } = receipts.automation
  return [
    measured({
      id: 'hash-match',
      label: 'Hash match',
      definition:
        'Of the subjects that several nodes speak of, the share on which the newest claims of all have one hash.',
      value: ppmOf(subjects.agreed, subjects.shared),
      unit: 'ppm',
      bound: 'at-least',
      threshold: 950_000,
      basis:
        subjects.shared === 0
          ? 'No subject is spoken of by several nodes.'
          : `${grouped(subjects.agreed)} of ${counted(subjects.shared, 'subject')}.`,
    }),
    measured({
      id: 'gap-rate',
      label: 'Gap rate',
      definition: 'Receipts that signed heads count and that have not come, as a share of all that they count.',
      value: receipts.receipts + missing === 0 ? null : ceilPpm(missing, receipts.receipts + missing),
      unit: 'ppm',
      threshold: 50_000,
      basis: `${grouped(missing)} missing beside ${counted(receipts.receipts, 'receipt')} held.`,
    }),
    measured({
      id: 'anchor-latency',
      label: 'Anchor latency',
      definition: `Median time from when claims began to differ to the signing of the anchor that put the older ones aside, ${lately}.`,
      value: latency === null ? null : rounded(latency),
      unit: 'minutes',
      threshold: 30,
      basis:
        latency === null
          ? `No drift was ended by an anchor ${lately}.`
          : `${counted(subjects.anchorMinutes.length, 'drift')} ended by an anchor ${lately}.`,
    }),
    measured({
      id: 'tag-ratio',
      label: 'Tag ratio',
      definition: 'Of the plan steps in force, the share whose note names a commandment (CMD-1 and so on).',
      value: ppmOf(tagged, steps),
      unit: 'ppm',
      bound: 'at-least',
      threshold: 800_000,
      basis: steps === 0 ? 'No plan step was signed.' : `${grouped(tagged)} of ${counted(steps, 'plan step')}.`,
    }),
    measured({
      id: 'automation-accuracy',
      label: 'Automation accuracy',
      definition: `Of the decisions signed by standing rules ${lately}, the share that nobody withdrew or decided otherwise.`,
      value: ppmOf(stand, decisions),
      unit: 'ppm',
      bound: 'at-least',
      threshold: 900_000,
      basis:
        decisions === 0
          ? `No decision was signed by a standing rule ${lately}.`
          : `${grouped(stand)} of ${counted(decisions, 'decision')} by standing rules ${lately}.`,
    }),
  ]
}

/** Receipts that signed heads count and that have not come. */
export function missingReceipts(conflicts: ConflictTally): number {
  return [...conflicts.missing.values()].flat().reduce((sum, { from, to }) => sum + to - from + 1, 0)
}

/** How many of these checks failed; null where one of them was not made. */
function failedChecks({ checks }: ReportFacts, ids: readonly string[]): number | null {
  const asked = checks.filter((check) => ids.includes(check.id))
  if (asked.length === 0 || asked.some((check) => check.ok === null)) return null
  return asked.filter((check) => check.ok === false).length
}

function openOf(conflicts: ConflictTally, kinds: readonly Parameters<ConflictTally['openByKind']['get']>[0][]): number {
  return kinds.reduce((sum, kind) => sum + (conflicts.openByKind.get(kind) ?? 0), 0)
}

/** A bound that is met from below is missed by the least thing: rounded up. */
function ceilPpm(part: number, whole: number): number {
  return Math.ceil((part * 1_000_000) / whole)
}

function measured(
  figure: Omit<Measured, 'state' | 'unit' | 'bound'> & Partial<Pick<Measured, 'unit' | 'bound'>>,
): Measured {
  const { id, label, definition, value, unit = 'count', bound = 'at-most', threshold, basis } = figure
  const state = value === null ? 'not-measured' : meets(value, bound, threshold) ? 'ok' : 'fail'
  return { id, label, definition, value, unit, bound, threshold, state, basis }
}

export function meets(value: number, bound: Measured['bound'], threshold: number): boolean {
  return bound === 'at-least' ? value >= threshold : value <= threshold
}
